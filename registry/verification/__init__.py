"""The three answers of a verification."""
