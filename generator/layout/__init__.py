"""Layout: the tree of a document, units, charts, and its text."""
