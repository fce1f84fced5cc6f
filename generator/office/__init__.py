"""A region's own Word form (自有表样): checked against the field catalogue, filled in a sandbox, turned into PDF."""
