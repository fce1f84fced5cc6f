"""Registry (登记): the only room with SQL. Numbers, issuing, status, log, verification."""
