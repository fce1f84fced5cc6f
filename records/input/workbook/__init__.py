"""The workbook (工作簿): read with calamine, written blank or filled with XlsxWriter, handed back with findings."""

from records.input.workbook.writer import write_batch, write_blank

__all__ = ["write_batch", "write_blank"]
