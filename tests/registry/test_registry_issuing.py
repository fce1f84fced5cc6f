"""Issuing: each passed person gets exactly one certificate, whatever happens in between."""

from __future__ import annotations

import csv
import hashlib
import json
import stat
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from registry_helpers import ACTOR, assert_sound, change, issue_blank, rows

from core.errors import HouseError
from core.settings import Home
from records.batch.model import Approval, Complaint, Finding, Place, Severity
from registry.applications.misconduct import Dishonesty, Subject, enter
from registry.clock import local_day, now
from registry.errors import BatchHeadChanged, IssueRefused, StoreNotWritable
from registry.issuing.numbering import is_number
from registry.issuing.produce import BlankMaker, Maker, blank_maker
from registry.issuing.run import issue
from registry.issuing.types import Order
from registry.model import State
from registry.register import Register

if TYPE_CHECKING:
    from records.batch.model import Batch

ROOT = Path(__file__).parents[2]


def test_everybody_who_passed_gets_a_certificate(register: Register, batch: Batch, tmp_path: Path) -> None:
    """A batch gives one registered file per passed person and nothing to the others."""
    report = issue_blank(register, batch, tmp_path / "out")
    assert (report.issued, report.already) == (len(batch.passed), 0)
    assert report.not_passed == len(batch.applications) - len(batch.passed)
    assert report.complete
    assert_sound(register, batch, tmp_path / "out")


def test_issuing_again_changes_nothing(register: Register, batch: Batch, tmp_path: Path) -> None:
    """The second run issues nobody and writes the same files into an empty folder."""
    issue_blank(register, batch, tmp_path / "out")
    before = rows(register, "SELECT number, code, sha256 FROM certificates ORDER BY id")
    report = issue_blank(register, batch, tmp_path / "second")
    assert (report.issued, report.already) == (0, len(batch.passed))
    assert rows(register, "SELECT number, code, sha256 FROM certificates ORDER BY id") == before
    assert_sound(register, batch, tmp_path / "second")
    first, second = (
        (tmp_path / name / "distribution.csv").read_text("utf-8-sig") for name in ("out", "second")
    )
    assert first == second


def test_the_row_holds_what_the_records_say(register: Register, batch: Batch, tmp_path: Path) -> None:
    """Facts, number and look-up by code, number, file and person agree with the application."""
    issue_blank(register, batch, tmp_path / "out")
    application = batch.passed[0]
    person = application.person
    assert person.name
    assert person.identity_number
    (found,) = register.lookup.query(person.name, person.identity_number.lower())
    assert found.state is State.VALID
    assert is_number(found.number)
    assert found.facts.name == person.name
    assert found.facts.title == application.sought.name
    assert person.identity_number not in found.facts.to_json()
    data = register.storage.get(found.sha256)
    lookup = register.lookup
    same = [
        lookup.by_code(found.code.lower()),
        lookup.by_number(found.number),
        lookup.by_file(data),
        lookup.by_licence(found.licence_id),
        lookup.find(found.number),
    ]
    assert same == [found] * 5
    assert lookup.query("他人", person.identity_number) == ()
    assert lookup.query(person.name, person.identity_number, "NM0") == ()
    assert lookup.by_code("X" * 26) is None


def test_identity_numbers_and_telephones_are_not_in_the_database(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Neither in the clear nor as a hash that anybody could compute; the vault opens them."""
    issue_blank(register, batch, tmp_path / "out")
    held = rows(
        register, "SELECT id, number, identity_sealed, identity_index, phone_sealed FROM applications"
    )
    numbers = {one.number: one.person for one in batch.applications}
    for row_id, number, sealed, index, phone in held:
        person = numbers[number]
        assert person.identity_number
        assert person.identity_number.encode() not in bytes(sealed) + bytes(index)
        assert bytes(index) != hashlib.sha256(person.identity_number.encode()).digest()
        assert register.vault.unseal(sealed, f"applications.identity:{row_id}") == person.identity_number
        assert register.vault.unseal(phone, f"applications.phone:{row_id}") == person.phone
    for (detail,) in rows(register, "SELECT leaf || detail FROM events"):
        assert not any(
            p.name in detail or str(p.identity_number) in detail for p in numbers.values() if p.name
        )


def test_the_distribution_list_names_each_person_with_a_pickup_code(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """CSV and XLSX hold the same rows; each code opens its own certificate only; both files are private."""
    out = tmp_path / "out"
    issue_blank(register, batch, out)
    with (out / "distribution.csv").open(encoding="utf-8-sig", newline="") as handle:
        listed = list(csv.DictReader(handle))
    sheet = openpyxl.load_workbook(out / "distribution.xlsx").active
    assert [[str(cell) for cell in row] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        list(row.values()) for row in listed
    ]
    assert [row["姓名"] for row in listed] == [one.person.name for one in batch.passed]
    first, second = (register.lookup.find(row["证书编号"]) for row in listed[:2])
    assert register.lookup.pickup_matches(first, listed[0]["领取码"].lower())
    assert not register.lookup.pickup_matches(second, listed[0]["领取码"])
    for name in ("distribution.csv", "distribution.xlsx"):
        assert stat.S_IMODE((out / name).stat().st_mode) == 0o600


def test_the_distribution_list_is_printed_as_it_stands(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """A4 across, every column on one page, the head on each page, long names and addresses folded, ruled."""
    out = tmp_path / "out"
    issue_blank(register, batch, out)
    sheet = openpyxl.load_workbook(out / "distribution.xlsx").active
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert batch.number in sheet.oddHeader.center.text
    assert all(cell.alignment.wrap_text and cell.border.top.style for row in sheet for cell in row)
    names = {row[0].row: row[3].value for row in sheet.iter_rows(min_row=2)}
    long = [row for row, name in names.items() if len(name) > 16]
    assert long
    assert all(sheet.row_dimensions[row].height >= 30 for row in long)


def test_the_manifest_lists_every_file_with_its_hash(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """`manifest.json` has one entry per file, none missing, hashes right, lists marked confidential."""
    out = tmp_path / "out"
    issue_blank(register, batch, out)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["batch"] == batch.number
    on_disk = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()} - {"manifest.json"}
    assert {entry["path"] for entry in manifest["files"]} == on_disk
    for entry in manifest["files"]:
        assert hashlib.sha256((out / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
        assert entry["audience"] == ("internal" if entry["format"] == "pdf" else "confidential")


def test_a_person_with_a_mandatory_finding_is_left_out_and_reported(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """The others get theirs; after the data is mended the person gets one too, without a gap."""
    bad = batch.passed[3].number
    finding = Finding(
        rule="B-X03",
        severity=Severity.MANDATORY,
        clauses=("GB 11643",),
        sheet="申报人员",
        application_number=bad,
        message="身份证号校验位错误",
        remedy="改正",
    )
    report = issue_blank(register, batch, tmp_path / "out", findings=[finding])
    assert report.issued == len(batch.passed) - 1
    assert [(one.application_number, one.reasons) for one in report.left_out] == [
        (bad, ("B-X03 身份证号校验位错误",))
    ]
    assert issue_blank(register, batch, tmp_path / "out").issued == 1
    assert_sound(register, batch, tmp_path / "out")


def test_an_open_complaint_holds_only_its_person_back(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """无未结举报 is a condition per person (B-S07)."""
    bad = batch.passed[0].number
    complaint = Complaint(place=Place(sheet="举报", row=9), number="J9", application_number=bad)
    changed = batch.model_copy(update={"complaints": (*batch.complaints, complaint)})
    report = issue_blank(register, changed, tmp_path / "out")
    assert [one.application_number for one in report.left_out] == [bad]
    assert "举报" in report.left_out[0].reasons[0]


def test_a_person_in_the_integrity_archive_gets_no_certificate(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Within the three years of 第七十二条 nothing is issued; other people of the batch are not affected."""
    person = batch.passed[2].person
    assert person.name
    assert person.identity_number
    entry = Dishonesty(
        Subject.APPLICANT, person.name, person.identity_number, "提供虚假申报材料", "第七十二条", "撤销职称",
        local_day(now()),
    )  # fmt: skip
    assert entry.until_on.year - entry.effective_on.year in (2, 3)
    enter(register, entry, ACTOR)
    report = issue_blank(register, batch, tmp_path / "out")
    assert [one.application_number for one in report.left_out] == [batch.passed[2].number]


@pytest.mark.parametrize(
    ("change_", "missing"),
    [
        ({"approval": Approval()}, "核准"),
        ({"publicity": {"ends": date(2999, 1, 1)}}, "公示"),
        ({"committee": {"filing_number": None}}, "备案"),
        ({"committee": {"filing_valid_until": date(2000, 1, 1)}}, "过期"),
    ],
)
def test_a_batch_that_lacks_a_condition_is_refused(
    register: Register, batch: Batch, tmp_path: Path, change_: dict[str, Any], missing: str
) -> None:
    """B-S04 and B-S07 stop the whole batch before anything is written."""
    update = {
        name: getattr(batch, name).model_copy(update=value) if isinstance(value, dict) else value
        for name, value in change_.items()
    }
    with pytest.raises(IssueRefused, match=missing):
        issue_blank(register, batch.model_copy(update=update), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert rows(register, "SELECT count(*) FROM numbers") == [(0,)]


def test_a_batch_number_belongs_to_one_batch(register: Register, batch: Batch, tmp_path: Path) -> None:
    """The same number with another committee is refused."""
    issue_blank(register, batch, tmp_path / "out")
    other = batch.model_copy(
        update={"committee": batch.committee.model_copy(update={"name": "另一评审委员会"})}
    )
    with pytest.raises(BatchHeadChanged, match="committee"):
        issue_blank(register, other, tmp_path / "out")


def test_records_corrected_after_issue_are_pointed_out(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """The certificate stays as it is; the report says whose records differ."""
    issue_blank(register, batch, tmp_path / "out")
    first = batch.passed[0]
    mended = first.model_copy(update={"employer": first.employer.model_copy(update={"name": "新单位"})})
    people = tuple(mended if one.number == first.number else one for one in batch.applications)
    report = issue_blank(register, batch.model_copy(update={"applications": people}), tmp_path / "out")
    assert report.changed == [first.number]
    assert report.issued == 0


def test_a_store_that_cannot_be_written_stops_the_run_and_loses_nothing(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """A file where a folder of the store should be (as on a full or read-only disk): reported, nothing registered."""
    in_the_way = register.home.files / "incoming"
    in_the_way.write_text("")
    with pytest.raises(StoreNotWritable):
        issue_blank(register, batch, tmp_path / "out")
    assert rows(register, "SELECT count(*) FROM certificates") == [(0,)]
    assert rows(register, "SELECT state FROM jobs") == [("failed",)]
    in_the_way.unlink()
    assert issue_blank(register, batch, tmp_path / "out").issued == len(batch.passed)
    assert_sound(register, batch, tmp_path / "out")


class PickyMaker(BlankMaker):
    """Cannot make the certificate of one person."""

    def make(self, order: Order, credential: str) -> bytes:
        if order.slot.number.endswith("3"):
            raise Unmakeable
        return super().make(order, credential)


class Unmakeable(HouseError):
    """Stands for a name that no font can draw."""

    room = "registry"
    key = "log_entry_unknown"

    def __init__(self) -> None:
        super().__init__(position=0, size=0)


def picky_maker(home: Home) -> Maker:
    del home
    return PickyMaker()


def test_one_certificate_that_cannot_be_made_does_not_stop_the_others(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """It is reported with its reason; the run after the mending gives it the number that was kept for it."""
    report = issue(register, batch, tmp_path / "out", actor=ACTOR, factory=picky_maker)
    assert report.left_out
    assert report.issued == len(batch.passed) - len(report.left_out)
    assert issue_blank(register, batch, tmp_path / "out").issued == len(report.left_out)
    assert_sound(register, batch, tmp_path / "out")


def test_a_number_whose_series_turned_out_wrong_is_void(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Reserved as one grade, corrected to another before pressing: the first number is never used."""
    issue_blank(register, batch, tmp_path / "out")
    change(register, "DELETE FROM certificates WHERE id = 1")
    change(register, "UPDATE numbers SET series = 'elsewhere' WHERE id = 1")
    assert issue_blank(register, batch, tmp_path / "out").issued == 1
    assert rows(register, "SELECT max(attempt) FROM numbers") == [(2,)]
    assert rows(register, "SELECT count(DISTINCT number), count(*) FROM numbers") == [
        (len(batch.passed) + 1, len(batch.passed) + 1)
    ]


def test_the_blank_maker_fits_the_protocol() -> None:
    """The null implementation has the methods of a maker."""
    maker: Maker = blank_maker(Home(Path("/nonexistent")))
    assert callable(maker.make)
    assert callable(maker.credential)
