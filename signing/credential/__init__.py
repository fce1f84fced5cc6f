"""The machine-readable credential: made, verified, judged offline."""
