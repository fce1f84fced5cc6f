"""What the rules say of a batch, and how it is said."""
