"""Whether the register is whole: checks, MACs of rows."""
