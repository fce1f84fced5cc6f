"""Shared things of the records tests: one sample batch, its workbook, and small hands for editing workbooks."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook

from records.batch.model import Batch
from records.input.workbook import write_batch
from records.sample import sample_batch, write_photos

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def batch() -> Batch:
    """Twelve people: long enough for every kind of row, short enough to be quick."""
    return sample_batch(12, 7)


@pytest.fixture(scope="session")
def workbook_path(batch: Batch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The batch as a workbook with its photos beside it; tests must not change it."""
    folder = tmp_path_factory.mktemp("sample")
    write_batch(batch, folder / "batch.xlsx")
    write_photos(batch, folder)
    return folder / "batch.xlsx"


class Editor:
    """Opens the sample workbook, changes cells by head, saves it under a name of its own."""

    def __init__(self, source: Path, target: Path) -> None:
        self.book: Workbook = load_workbook(source)
        self.path = target

    def cell(self, sheet: str, head: str, row: int = 0) -> Cell:
        """The cell of a head; on 批次 the one beside the item."""
        page = self.book[sheet]
        if sheet == "批次":
            rows = {str(page.cell(r, 1).value).rstrip("*"): r for r in range(1, page.max_row + 1)}
            return page.cell(rows[head], 2)
        heads = {str(cell.value).rstrip("*"): cell.column for cell in page[1]}
        return page.cell(row, heads[head])

    def put(self, sheet: str, head: str, row: int, value: object) -> str:
        """Put a value; returns the address as findings write it."""
        cell = self.cell(sheet, head, row)
        cell.value = value
        if value is not None and not isinstance(value, str):
            cell.number_format = "General"
        return f"{sheet}!{cell.coordinate}"

    def save(self) -> Path:
        """The file."""
        self.book.save(self.path)
        return self.path


@pytest.fixture
def editor(workbook_path: Path, tmp_path: Path) -> Editor:
    """An editor of a private copy; the photos stand beside it."""
    for photo in (workbook_path.parent / "photos").iterdir():
        (tmp_path / "photos").mkdir(exist_ok=True)
        (tmp_path / "photos" / photo.name).write_bytes(photo.read_bytes())
    return Editor(workbook_path, tmp_path / "edited.xlsx")
