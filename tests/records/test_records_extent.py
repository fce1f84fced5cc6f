"""A cell far from the table: bounded before anything is allocated; blank ones are left out, others named."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.batch.model import Batch
from records.input.reading import BatchUnreadable, read_batch
from records.input.workbook.extent import Extent, column_number
from records.input.workbook.layout import letters

MEASURE = """
import re, sys
from pathlib import Path
from records.input.reading import BatchUnreadable, read_batch
try:
    print(len(read_batch(Path(sys.argv[1])).batch.applications))
except BatchUnreadable as error:
    print(error.key)
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
MOST_MB = 200  # without the stray cell it is about 50; ru_maxrss would count the parent, too


def with_cell(source: Path, target: Path, sheet: str, address: str, value: str) -> Path:
    book = openpyxl.load_workbook(source)
    book[sheet][address] = value
    book.save(target)
    return target


@pytest.mark.parametrize(
    ("address", "value", "said"),
    [
        ("XFD1048576", "x", "sheet_too_large"),
        ("XFD20000", "x", "sheet_too_large"),
        ("A1048576", " ", "read"),
        ("XFD1048576", "\u3000", "read"),
        ("XFD20000", " ", "read"),
    ],
)
def test_a_stray_cell_costs_no_memory(
    workbook_path: Path, batch: Batch, tmp_path: Path, address: str, value: str, said: str
) -> None:
    """The file is read without it when it is blank, else the cell is named; never is a sheet of billions allocated."""
    path = with_cell(workbook_path, tmp_path / "stray.xlsx", "申报人员", address, value)
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True, timeout=120
    )
    answer, megabytes = run.stdout.split()
    assert answer == (str(len(batch.applications)) if said == "read" else said)
    assert int(megabytes) < MOST_MB


def test_the_batch_is_the_same_without_the_blank(workbook_path: Path, batch: Batch, tmp_path: Path) -> None:
    """Nothing else is lost."""
    path = with_cell(workbook_path, tmp_path / "stray.xlsx", "学习经历", "XFD1048576", " ")
    assert read_batch(path).batch == read_batch(workbook_path).batch == batch


def test_the_sentence_names_sheet_and_cell(workbook_path: Path, tmp_path: Path) -> None:
    """What to delete, and where."""
    path = with_cell(workbook_path, tmp_path / "stray.xlsx", "评委", "XFD1048576", "x")
    with pytest.raises(BatchUnreadable, match=r"评委.*XFD1048576") as caught:
        read_batch(path)
    assert "XFD1048576" in caught.value.diagnostics("en")


def test_a_far_cell_of_a_sheet_that_is_not_read_does_not_matter(workbook_path: Path, tmp_path: Path) -> None:
    """Somebody's own sheet is never loaded."""
    book = openpyxl.load_workbook(workbook_path)
    book.create_sheet("我的草稿")["XFD1048576"] = "x"
    book.save(tmp_path / "own.xlsx")
    assert read_batch(tmp_path / "own.xlsx").batch.applications


def test_formatted_cells_far_away_are_no_strays(workbook_path: Path, tmp_path: Path) -> None:
    """A colour down to the last row holds nothing."""
    changed = io.BytesIO()
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    with zipfile.ZipFile(workbook_path) as archive, zipfile.ZipFile(changed, "w") as target:
        for entry in archive.infolist():
            data = archive.read(entry)
            if entry.filename.startswith("xl/worksheets/sheet"):
                data = data.replace(b"</sheetData>", far)
            target.writestr(entry, data)
    path = tmp_path / "coloured.xlsx"
    path.write_bytes(changed.getvalue())
    assert read_batch(path).batch.applications


@given(st.lists(st.tuples(st.integers(1, 16_384), st.integers(1, 1_048_576)), min_size=1, max_size=30))
def test_the_widest_column_and_the_furthest_row_are_seen(places: list[tuple[int, int]]) -> None:
    """Whatever the order of the cells; rows matter from 100,000 on."""
    extent = Extent()
    for column, row in places:
        extent.see(f'<c r="{letters(column - 1)}{row}" s="1"><v>1</v></c>'.encode())
    assert extent.column == max(column for column, _ in places)
    rows = max(row for _, row in places)
    assert extent.row == (rows if rows >= 100_000 else 0)
    assert all(column_number(letters(column - 1).encode()) == column for column, _ in places)
