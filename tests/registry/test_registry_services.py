"""Electronic archive, destruction register, progress, look-up records."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from click.testing import CliRunner
from registry_helpers import ACTOR, GROUNDS, change, issue_blank, rows
from sqlalchemy import update

from registry.applications.archive import archive_states, attach, missing_scans, scan_file, scan_of
from registry.applications.disposals import Disposal, disposable, disposals_of, dispose
from registry.applications.errors import (
    ApplicationUnknown,
    DisposalTooEarly,
    InquirerUnnamed,
    PaperKept,
    ScanRefused,
    ScanUnusable,
)
from registry.applications.progress import (
    Origin,
    Stage,
    note_batch,
    progress_for,
    progress_of,
    progress_of_certificate,
    set_stage,
)
from registry.audit.checks import check_register
from registry.certificates import lifecycle
from registry.certificates.annotated_copies import annotate
from registry.clock import local_day, now
from registry.database.backup import back_up, restore
from registry.database.service_tables import batch_terms
from registry.issuing.produce import BlankMaker
from registry.privacy.inquiries import Channel, forget_inquiries, inquiries_of, note_inquiries
from registry.register import Register
from registry.verification.answers import RegisterCode
from registry.verification.verifier import Verifier
from signing.authority.opening import open_authority
from signing.validate import validate
from zhicheng import cli

if TYPE_CHECKING:
    from pathlib import Path

    from core.settings import Home
    from records.batch.model import Batch
    from registry.model import Certificate

TODAY = local_day(now())


def scanned(pages: int = 2, text: str = "a") -> bytes:
    """A scanned form as a scanner writes it."""
    pdf, output = pikepdf.new(), BytesIO()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.docinfo["/Title"] = text
    pdf.save(output)
    return output.getvalue()


@pytest.fixture
def issued(register: Register, batch: Batch, tmp_path: Path) -> Certificate:
    """The first certificate of an issued batch whose progress was noted."""
    issue_blank(register, batch, tmp_path / "out")
    note_batch(register, batch)
    certificate = register.lookup.by_id(1)
    assert certificate
    return certificate


def problems(register: Register) -> list[str]:
    """Codes of what the register's check finds, files included."""
    keyset = open_authority(register.home).keyset
    return [one.code for one in check_register(register, keyset).problems]


def test_a_scanned_form_is_signed_with_a_time_stamp_and_kept(
    register: Register, issued: Certificate, tmp_path: Path
) -> None:
    """It is an archive paper at level B-T, survives a backup, and adding it again changes nothing."""
    data = scanned()
    scan = attach(register, issued.number, data, ACTOR)
    signed = scan_file(register, scan)
    report = validate(signed, open_authority(register.home).anchors)
    assert (str(report.code), report.level, scan.pages) == ("archive_signature", "B-T", 2)
    assert attach(register, issued.code, data, ACTOR) == scan
    assert attach(register, issued.code, signed, ACTOR) == scan
    assert problems(register) == []
    if register.database.is_sqlite:
        back_up(register, tmp_path / "backup.tar")
        target = type(register.home)(tmp_path / "restored")
        restore(tmp_path / "backup.tar", target)
        with Register.open(target) as other:
            assert scan_file(other, scan) == signed


def test_a_better_scan_takes_the_place_of_the_first(register: Register, issued: Certificate) -> None:
    """The newest scan counts, for every version of the certificate; the first stays in the store."""
    first = attach(register, issued.number, scanned(), ACTOR)
    second = attach(register, issued.number, scanned(3), ACTOR)
    assert scan_of(register, issued) == second
    assert scan_file(register, first)


def test_what_is_no_scan_is_refused(register: Register, issued: Certificate) -> None:
    """Neither other files, nor locked ones, nor for revoked certificates; nothing is kept."""
    locked = BytesIO()
    with pikepdf.open(BytesIO(scanned())) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user=""))
    for data in (b"no pdf", locked.getvalue(), scanned(0)):
        with pytest.raises(ScanUnusable):
            attach(register, issued.number, data, ACTOR)
    lifecycle.revoke(register, issued.number, GROUNDS)
    with pytest.raises(ScanRefused):
        attach(register, issued.number, scanned(), ACTOR)
    assert rows(register, "SELECT count(*) FROM scans") == [(0,)]


def test_the_month_after_approval_is_watched(register: Register, issued: Certificate, batch: Batch) -> None:
    """Who lacks a scan is counted until the postponed day a month after approval, then is overdue."""
    approved = batch.approval.approved_on
    assert approved
    attach(register, issued.number, scanned(), ACTOR)
    (state,) = archive_states(register, approved)
    total = len(batch.passed)
    assert (state.certificates, state.missing, state.overdue) == (total, total - 1, False)
    assert 28 <= state.days_left <= 42
    assert archive_states(register, state.due_on)[0].overdue is False
    assert archive_states(register, state.due_on + timedelta(days=1))[0].overdue is True
    missing = missing_scans(register, batch.number)
    assert len(missing) == total - 1
    assert issued.number not in missing


def test_a_rewritten_archive_is_found(register: Register, issued: Certificate) -> None:
    """Rows of scans are bound into the log."""
    attach(register, issued.number, scanned(), ACTOR)
    change(register, "UPDATE scans SET pages = 9")
    assert problems(register) == ["scan_content", "table_rows"]


def entry(batch: Batch, day: date, papers: str = "个人申报材料") -> Disposal:
    """A destruction of papers on that day."""
    return Disposal(batch.number, papers, 36, day, "内人社办发〔2026〕9号", "甲", "乙")


def test_papers_are_destroyed_after_a_year_and_never_the_form(
    register: Register, issued: Certificate, batch: Batch
) -> None:
    """细则第五十八条: not before the year is over, not the 评审表; an entry that was rewritten is found."""
    del issued
    (known,) = disposable(register)
    approved, ended = batch.approval.approved_on, batch.review.ends
    assert approved
    assert ended
    assert known.allowed_from > max(approved, ended) + timedelta(days=365)
    for day in (known.allowed_from - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(DisposalTooEarly):
            dispose(register, entry(batch, day), ACTOR)
    with pytest.raises(PaperKept):
        dispose(register, entry(batch, known.allowed_from, "申报材料、评审表"), ACTOR)
    with register.database.write() as connection:
        connection.execute(update(batch_terms).values(approved_on="2020-01-02", review_ended_on="2020-01-01"))
    assert dispose(register, entry(batch, date(2021, 1, 3)), ACTOR) == 1
    assert disposals_of(register, batch.number) == (entry(batch, date(2021, 1, 3)),)
    assert problems(register) == []
    change(register, "UPDATE disposals SET copies = 1")
    assert problems(register) == ["disposal_content", "table_rows"]


def test_progress_follows_the_batch_and_the_certificate(
    register: Register, issued: Certificate, batch: Batch
) -> None:
    """A passed person goes from 公示中 to 已发证, then 已撤销; one who failed stays at 未通过."""
    passed = batch.passed[0]
    found = progress_of(register, passed.number)
    stages = [mark.stage for mark in found.marks]
    assert found.current
    assert found.current.stage is Stage.ISSUED
    assert stages[-4:] == [Stage.EVALUATION, Stage.RESULT_PUBLICITY, Stage.APPROVED, Stage.ISSUED]
    assert [mark.at for mark in found.marks] == sorted(mark.at for mark in found.marks)
    failed = next(one for one in batch.applications if not one.passed)
    assert (last := progress_of(register, failed.number).current)
    assert last.stage is Stage.NOT_PASSED
    note_batch(register, batch)
    assert progress_of(register, passed.number) == found
    lifecycle.revoke(register, issued.number, GROUNDS)
    assert (last := progress_of_certificate(register, issued).current)
    assert (last.stage, last.origin) == (Stage.REVOKED, Origin.CERTIFICATE)


def test_early_stages_are_noted_by_hand(register: Register, batch: Batch) -> None:
    """Before there is a batch; they stay in front when the batch comes; 已发证 cannot be claimed."""
    number = batch.passed[0].number
    start = now().replace(year=2020)
    set_stage(register, number, Stage.REGISTERED, ACTOR, at=start)
    set_stage(register, number, Stage.SUPPLEMENT, ACTOR, at=start + timedelta(days=9), note="补学历证明")
    assert [mark.stage.step for mark in progress_of(register, number).marks] == [1, 8]
    note_batch(register, batch)
    found = progress_of(register, number)
    assert (found.batch_number, found.marks[0].stage) == (batch.number, Stage.REGISTERED)
    with pytest.raises(ValueError, match="issued"):
        set_stage(register, number, Stage.ISSUED, ACTOR)
    assert problems(register) == []
    assert [stage.step for stage in Stage] == [*range(1, 9), 8, 8, *range(9, 17)]


def test_progress_is_told_to_the_applicant_only(register: Register, batch: Batch) -> None:
    """Application number and ID number must belong together; a wrong pair and an unknown one look alike."""
    note_batch(register, batch)
    one, other = batch.passed[:2]
    assert one.person.identity_number
    assert other.person.identity_number
    assert progress_for(register, one.number, one.person.identity_number.lower()).marks
    for number, identity in ((one.number, other.person.identity_number), ("X", one.person.identity_number)):
        with pytest.raises(ApplicationUnknown):
            progress_for(register, number, identity)
    with pytest.raises(ApplicationUnknown):
        progress_of(register, "X")


def test_holders_see_who_looked_them_up(register: Register, issued: Certificate) -> None:
    """Newest first, with time and purpose; unnamed inquirers are not recorded; old records end."""
    asked = {"organisation": "某某学校", "purpose": "岗位聘用", "channel": Channel.QUERY}
    assert note_inquiries(register, [issued], **asked, organisation_code="000000000000000000") == 1  # type: ignore[arg-type]
    note_inquiries(register, [issued], organisation="某医院", purpose="招聘", channel=Channel.FILE)
    found = inquiries_of(register, issued)
    assert [one.organisation for one in found] == ["某医院", "某某学校"]
    assert (found[1].purpose, found[1].number, found[1].channel) == ("岗位聘用", issued.number, "query")
    other = register.lookup.by_id(2)
    assert other
    assert inquiries_of(register, other) == ()
    for organisation, purpose in ((" ", "招聘"), ("某医院", ""), ("长" * 101, "招聘")):
        with pytest.raises(InquirerUnnamed):
            note_inquiries(
                register, [issued], organisation=organisation, purpose=purpose, channel=Channel.CODE
            )
    change(register, "UPDATE inquiries SET at = '2001-01-01T00:00:00Z' WHERE organisation = '某医院'")
    assert [one.organisation for one in inquiries_of(register, issued)] == ["某某学校"]
    assert forget_inquiries(register) == 1


def test_the_commands_of_archive_and_progress(
    home: Home, register: Register, issued: Certificate, batch: Batch, tmp_path: Path
) -> None:
    """One JSON document each, Chinese sentences otherwise, exit 1 when something is overdue or missing."""
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / f"{issued.number}.pdf").write_bytes(scanned())
    (folder / "别的.pdf").write_bytes(scanned())
    number = batch.passed[0].number
    note_inquiries(register, [issued], organisation="某医院", purpose="招聘", channel=Channel.FILE)

    def run(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["--home", str(home.root), *map(str, arguments)])
        return result.exit_code, result.output

    code, text = run("archive", "add-folder", folder, "--json")
    assert (code, json.loads(text)["kept"]) == (1, 1)
    code, text = run("archive", "due", "--batch", batch.number, "--json")
    assert code in (0, 1)
    assert len(json.loads(text)["missing"]) == len(batch.passed) - 1
    assert run("archive", "get", issued.number, "-o", tmp_path / "scan.pdf")[0] == 0
    assert (tmp_path / "scan.pdf").read_bytes().startswith(b"%PDF")
    code, text = run("archive", "destroyed", "--json")
    assert (code, json.loads(text)["entries"]) == (0, [])
    terms = (
        "--papers",
        "个人申报材料",
        "--copies",
        36,
        "--document",
        "1号",
        "--handler",
        "甲",
        "--witness",
        "乙",
    )
    assert batch.approval.approved_on
    early = batch.approval.approved_on + timedelta(days=30)
    code, text = run("archive", "destroy", batch.number, "--on", early, *terms, "--json")
    assert (code, json.loads(text)["error"]["code"]) == (1, "disposal_too_early")
    change(register, "UPDATE batch_terms SET approved_on = '2020-01-02', review_ended_on = '2020-01-01'")
    assert run("archive", "destroy", batch.number, "--on", TODAY, *terms)[0] == 0
    assert "监销人 乙" in run("archive", "destroyed")[1]
    assert run("progress", "set", number, "--stage", "accepted", "--at", "2020-02-03")[0] == 0
    code, text = run("progress", "show", number, "--json")
    shown = json.loads(text)
    assert (code, shown["current"]["name"], shown["marks"][0]["local"]) == (0, "已发证", "2020-02-03 00:00")
    assert "受理" in run("progress", "show", number)[1]
    assert run("progress", "show", "没有")[0] == 1
    code, text = run("certificate", "inquiries", issued.number, "--json")
    assert json.loads(text)["inquiries"][0]["organisation"] == "某医院"


def test_copies_and_the_integrity_archive_at_the_command_line(
    home: Home, register: Register, issued: Certificate, tmp_path: Path
) -> None:
    """A copy is withdrawn by its own code; an entry has its five fields and ends after three years."""

    def run(*arguments: object) -> tuple[int, dict[str, Any]]:
        result = CliRunner().invoke(cli, ["--home", str(home.root), *map(str, arguments), "--json"])
        return result.exit_code, json.loads(result.output)

    copy, _ = annotate(register, issued.number, "投标", tmp_path / "copies", actor=ACTOR, maker=BlankMaker())
    assert run("certificate", "revoke-copy", copy.code)[1]["number"] == issued.number
    assert Verifier(register).verify_code(copy.code).register.code == RegisterCode.COPY_REVOKED
    assert Verifier(register).verify_code(issued.code).register.code == RegisterCode.VALID
    given = [
        "--name",
        "某人",
        "--id-number",
        "000000190001010000",
        "--basis",
        "第六十三条",
        "--measure",
        "移出专家库",
    ]
    day = TODAY.replace(year=TODAY.year - 1, day=1)
    entry = ["integrity", "add", "--subject", "expert", *given, "--effective", day, "--violation"]
    code, told = run(*entry, " ")
    assert (code, told["error"]["codes"]) == (1, ["violation"])
    code, told = run(*entry, "泄露评审内容")
    assert (code, told["until_on"]) == (0, (day.replace(year=day.year + 3) - timedelta(days=1)).isoformat())
    (row,) = run("integrity", "list")[1]["entries"]
    assert (row["subject"], row["violation"]) == ("expert", "泄露评审内容")
    assert "000000190001010000" not in json.dumps(row)
    assert problems(register) == []
