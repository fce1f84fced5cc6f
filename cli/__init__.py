"""The command line: one module per command; it stands on every room, and no room stands on it."""
