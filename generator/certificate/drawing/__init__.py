"""What is drawn on every certificate of a batch: ground, ornament, headings, tags."""
