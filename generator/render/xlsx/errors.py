"""Errors of the spreadsheet writer."""

from generator.errors import GeneratorError


class CellNotWritable(GeneratorError):
    """Raised when a cell's text is too long or holds a character that a workbook cannot carry.

    Data: `sheet`, `row`, `column`, `reason`.
    """

    key = "xlsx_cell_not_writable"


class RowDoesNotFit(GeneratorError):
    """Raised when a row has another number of cells than the sheet has columns; data: `sheet`, `row`."""

    key = "xlsx_row_does_not_fit"
