"""The numbered steps of an examination."""
