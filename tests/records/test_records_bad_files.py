"""Every file of samples/bad yields exactly what `expected.toml` says; huge ones are made here."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from records.errors import RecordsError
from records.input.checking import check_file
from records.input.reading import BatchUnreadable, read_batch
from records.input.workbook.guard import Limits, guard
from tests.records.conftest import ROOT

BAD = ROOT / "samples" / "bad"
EXPECTED = tomllib.loads((BAD / "expected.toml").read_text("utf-8"))
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("name", EXPECTED["errors"])
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(name: str) -> None:
    """One sentence with the file's name and a remedy; exit code 1."""
    with pytest.raises(BatchUnreadable) as caught:
        read_batch(BAD / name)
    assert caught.value.key == EXPECTED["errors"][name]
    assert caught.value.exit_code == 1
    assert name in caught.value.diagnostics()
    assert caught.value.diagnostics("en") != caught.value.diagnostics()


@pytest.mark.parametrize("name", EXPECTED["findings"])
def test_a_defect_is_found_at_its_cell_and_nothing_else(name: str) -> None:
    """Rule and cell of every finding of reading."""
    found = sorted((item.rule, item.cell or "") for item in read_batch(BAD / name).findings)
    assert found == sorted((rule, cell) for rule, cell in EXPECTED["findings"][name])


def test_forty_planted_defects_are_found_and_nothing_else() -> None:
    """Forty kinds of defect in one workbook of 36 people: exactly those, each at its cell."""
    name = "forty_planted_defects.xlsx"
    planted = sorted((rule, cell) for rule, cell in EXPECTED["checked"][name])
    found = sorted((item.rule, item.cell or "") for item in check_file(BAD / name).findings)
    assert found == planted
    assert len(planted) == len({rule for rule, _ in planted}) == 40


def test_the_files_are_what_their_script_makes(tmp_path: Path) -> None:
    """`samples/make_bad.py` plants the same defects again."""
    script = ROOT / "samples" / "make_bad.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, timeout=300)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in BAD.iterdir()}
    assert (tmp_path / "expected.toml").read_bytes() == (BAD / "expected.toml").read_bytes()
    for name in (*EXPECTED["findings"], *EXPECTED["checked"]):
        assert read_batch(tmp_path / name).batch == read_batch(BAD / name).batch, name


def test_every_file_is_expected_and_named_after_its_defect() -> None:
    """No file without an expectation."""
    planned = {*EXPECTED["errors"], *EXPECTED["findings"], "expected.toml", *EXPECTED.get("checked", {})}
    assert {path.name for path in BAD.iterdir()} == planned
    assert len(planned) > 20


def test_a_sixty_megabyte_file_is_refused_unread(tmp_path: Path) -> None:
    """The size alone decides; the message says how large is too large."""
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as handle:
        handle.write(b"PK\x03\x04")
        handle.truncate(60 * MEGABYTE)
    with pytest.raises(BatchUnreadable, match=r"60 MB.*50 MB") as caught:
        read_batch(path)
    assert caught.value.key == "file_too_large"


def test_an_archive_of_too_many_entries_is_refused(tmp_path: Path) -> None:
    """A bomb need not be large."""
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60):
            archive.writestr(f"xl/{number}.xml", b"")
    with pytest.raises(RecordsError) as caught:
        guard(path, Limits(entries=50))
    assert caught.value.key == "zip_bomb"


def test_a_directory_that_lies_about_sizes_is_found_out(tmp_path: Path, workbook_path: Path) -> None:
    """The stated size is changed in the central directory; unpacking once tells."""
    data = bytearray(workbook_path.read_bytes())
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    path = tmp_path / "liar.xlsx"
    path.write_bytes(bytes(data))
    with pytest.raises(BatchUnreadable) as caught:
        read_batch(path)
    assert caught.value.key == "workbook_damaged"


@pytest.mark.parametrize("name", ["nothing.xlsx", "nothing.json", "nothing.ndjson", "nothing.txt"])
def test_a_file_that_is_not_there_is_said_so(tmp_path: Path, name: str) -> None:
    """The same sentence for every kind of file."""
    with pytest.raises(BatchUnreadable) as caught:
        read_batch(tmp_path / name)
    assert caught.value.key == "batch_unreadable"


def test_another_kind_of_file_is_named(tmp_path: Path) -> None:
    """Only .xlsx, .json and .ndjson are batches."""
    path = tmp_path / "batch.csv"
    path.write_text("a,b", "utf-8")
    with pytest.raises(BatchUnreadable, match=r"\.csv"):
        read_batch(path)
