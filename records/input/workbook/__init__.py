"""The workbook (工作簿): read with calamine, written blank or filled with XlsxWriter, handed back with findings."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from records.input.workbook.writer import write_batch, write_blank

__all__ = ["write_batch", "write_blank"]


def __getattr__(name: str) -> Any:
    """Load the writer when it is first asked for: whoever reads needs no XlsxWriter."""
    if name not in __all__:
        raise AttributeError(name)
    from records.input.workbook import writer

    return getattr(writer, name)
