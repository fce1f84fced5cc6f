"""Text: font roles and faces, coverage of rare characters, embedding, Chinese line breaking."""
