"""DOCX: a layout tree becomes an editable Word file with real styles, tables, fields and page setups.

The package's own name is `generator.render.docx`; the library python-docx is imported as `docx` (absolute imports keep them
apart). The body is written as WordprocessingML text: building a table row by row through python-docx is quadratic.
"""

from generator.render.docx.writer import render

__all__ = ["render"]
