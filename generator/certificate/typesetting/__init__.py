"""Text in its field: fitting, filling, freezing of what does not differ."""
