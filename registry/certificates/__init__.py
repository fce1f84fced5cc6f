"""A certificate in the register: look-up, life, copies, status lists."""
