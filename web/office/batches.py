"""Batches (批次): list, upload, the page of one batch, its findings, releases."""

import hashlib
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Response, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from records.batch.model import Finding, Severity
from records.input.workbook.annotate import annotate_file
from records.settings import limits_of
from registry.accounts.model import Role
from registry.issuing.delivery import LIST_NAME
from registry.workspace import store
from registry.workspace.errors import NotReleasable
from registry.workspace.files import workbooks
from registry.workspace.model import Act, Stage
from web.http.languages import current_language, words
from web.office import upload as intake
from web.office.access import RECORDS, account, allow, pages, register
from web.office.batch_view import Desk, is_open_principle, open_desk, workbook_in
from web.office.errors import FieldMissing, NotReady, WorkbookRefused
from web.office.finding_text import in_words, left_out, not_made
from web.services import services
from web.settings import MEGABYTE

SHOWN_FINDINGS: Final = 300
TONES: Final = {Severity.MANDATORY: "bad", Severity.PRINCIPLE: "warn"}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Filter:
    """What of the findings is to be seen; empty means everything."""

    severity: str = ""
    clause: str = ""
    person: str = ""

    def fits(self, finding: Finding) -> bool:
        """Whether a finding is to be seen."""
        return (
            self.severity in ("", finding.severity.value)
            and (not self.clause or self.clause in finding.clauses)
            and self.person in ("", finding.application_number)
        )


@pages.get("/batches")
@allow(RECORDS)
def batches() -> str:
    """Every batch with its stage."""
    wanted = request.args.get("stage", "")
    stage = Stage(wanted) if wanted in set(Stage) else None
    return render_template(
        "office/batches.html", works=store.listed(register(), stage), stage=stage, stages=Stage
    )


@pages.get("/batches/new")
@allow(Role.OPERATOR)
def upload_form() -> str:
    """Where a workbook is handed in."""
    return render_template("office/upload.html", limit=services().settings.max_workbook_mb)


@pages.post("/batches")
@allow(Role.OPERATOR)
def upload() -> Answer:
    """Take a workbook in: bounded, stored under its hash, checked in a limited child."""
    here, home = services(), register().home
    given = request.files.get("workbook")
    if given is None or not given.filename:
        raise FieldMissing(field=words("office.fields.workbook"))
    data = given.stream.read(here.settings.max_workbook_mb * MEGABYTE + 1)
    if len(data) > here.settings.max_workbook_mb * MEGABYTE:
        raise WorkbookRefused(reason=words("office.reasons.too_large", limit=here.settings.max_workbook_mb))
    folder = intake.new_folder(home)
    try:
        intake.put_workbook(folder, given.filename, data)
        photos = request.files.get("photos")
        count = intake.put_photos(folder, photos.stream.read()) if photos and photos.filename else 0
        summary = intake.check(home, folder, here.settings)
        sha256 = hashlib.sha256(data).hexdigest()
        workbooks(home).put(data, sha256)
        work = store.create(
            register(),
            account(),
            number=summary["number"],
            title=summary["title"],
            file_name=Path(given.filename).name[:120],
            sha256=sha256,
            summary={**summary, "photos": count},
        )
        intake.settle(home, folder, work.id)
    finally:
        intake.drop(folder)
    return redirect(url_for("office.batch", work_id=work.id, done="uploaded"), 303)


@pages.get("/batches/<int:work_id>")
@allow(RECORDS)
def batch(work_id: int) -> str:
    """One batch: where it stands, what is next, who did what."""
    desk = open_desk(register(), work_id)
    steps = store.steps_of(register(), work_id)
    job = store.job(register(), desk.work.job_id) if desk.work.job_id else None
    return render_template(
        "office/batch.html",
        desk=desk,
        work=desk.work,
        steps=steps,
        job=job,
        job_note=job.note.in_words(current_language()) if job else None,
        busy=job is not None and job.state in store.UNDER_WAY,
        duty=store.duty_of(steps, account()),
        collected=next((one for one in steps if one.act is Act.COLLECT), None),
        counts=_counts(desk),
        left_out=left_out(desk),
        problems=not_made(desk),
        list_waits=(desk.handover / f"{LIST_NAME}.xlsx").exists(),
        others=[one for one in store.listed(register(), number=desk.work.number) if one.id != work_id],
        Act=Act,
    )


@pages.get("/batches/<int:work_id>/findings")
@allow(RECORDS)
def findings(work_id: int) -> str:
    """What was found, by cell; filtered by severity, clause, person."""
    desk = open_desk(register(), work_id)
    names = {one.number: one.person.name or "" for one in desk.batch.applications}
    asked = Filter(*(request.args.get(key, "") for key in ("severity", "clause", "person")))
    shown = [one for one in desk.findings if asked.fits(one)]
    return render_template(
        "office/findings.html",
        desk=desk,
        work=desk.work,
        found=shown[:SHOWN_FINDINGS],
        total=len(shown),
        asked=asked,
        severities=list(Severity),
        clauses=sorted({clause for one in desk.findings for clause in one.clauses}),
        people=sorted({one.application_number for one in desk.findings if one.application_number in names}),
        names=names,
        said=in_words,
        tones=TONES,
        releasable=is_open_principle,
        withdrawable={(one.rule, one.application_number) for one in store.releases_of(register(), work_id)},
        Act=Act,
    )


@pages.get("/batches/<int:work_id>/annotated")
@allow(RECORDS)
def annotated(work_id: int) -> Response:
    """The workbook back with every finding at its cell."""
    desk = open_desk(register(), work_id)
    source = workbook_in(desk.folder)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "annotated.xlsx")
        annotate_file(source, desk.findings, target, limits_of(register().home))
        response = make_response(target.read_bytes())
    response.mimetype = XLSX
    response.headers.set("Content-Disposition", "attachment", filename=f"{desk.work.number}-annotated.xlsx")
    return response


@pages.get("/batches/<int:work_id>/workbook")
@allow(RECORDS)
def workbook(work_id: int) -> Response:
    """The workbook exactly as it was uploaded."""
    desk = open_desk(register(), work_id)
    source = workbook_in(desk.folder)
    return send_file(source, as_attachment=True, download_name=f"{desk.work.number}{source.suffix}")


@pages.post("/batches/<int:work_id>/releases")
@allow(Role.OPERATOR)
def release(work_id: int) -> Answer:
    """Release a 原则 finding, by name and with a reason."""
    desk = open_desk(register(), work_id)
    rule, person = request.form.get("rule", ""), request.form.get("person") or None
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise FieldMissing(field=words("office.fields.release"))
    if not any(one.rule == rule and one.application_number == person for one in desk.unreleased):
        raise NotReleasable(rule=rule)
    store.release(register(), work_id, account(), rule, person, reason[:500])
    return redirect(url_for("office.findings", work_id=work_id, done="released"), 303)


@pages.post("/batches/<int:work_id>/releases/withdraw")
@allow(Role.OPERATOR)
def withdraw_release(work_id: int) -> Answer:
    """Take a release back while the batch is still being prepared."""
    rule, person = request.form.get("rule", ""), request.form.get("person") or None
    store.withdraw_release(register(), work_id, account(), rule, person)
    return redirect(url_for("office.findings", work_id=work_id, done="unreleased"), 303)


@pages.post("/batches/<int:work_id>/submit")
@allow(Role.OPERATOR)
def submit(work_id: int) -> Answer:
    """Hand the batch to the reviewer."""
    desk = open_desk(register(), work_id)
    if desk.mandatory:
        raise NotReady(reason=words("office.reasons.mandatory", count=len(desk.mandatory)))
    if desk.unreleased:
        raise NotReady(reason=words("office.reasons.principle", count=len(desk.unreleased)))
    if desk.work.summary.get("draft") or desk.work.summary.get("problems"):
        raise NotReady(reason=words("office.reasons.draft"))
    return _step(work_id, Act.SUBMIT)


@pages.post("/batches/<int:work_id>/withdraw")
@allow(Role.OPERATOR)
def withdraw(work_id: int) -> Answer:
    """Take a submitted batch back before anybody has approved it."""
    return _step(work_id, Act.WITHDRAW)


@pages.post("/batches/<int:work_id>/discard")
@allow(Role.OPERATOR)
def discard(work_id: int) -> Answer:
    """Put a batch aside, for instance because a corrected workbook takes its place."""
    return _step(work_id, Act.DISCARD)


@pages.post("/batches/<int:work_id>/approve")
@allow(Role.REVIEWER)
def approve(work_id: int) -> Answer:
    """The reviewer agrees."""
    return _step(work_id, Act.APPROVE, request.form.get("note", "").strip())


@pages.post("/batches/<int:work_id>/return")
@allow(Role.REVIEWER)
def give_back(work_id: int) -> Answer:
    """The reviewer gives the batch back, with a reason."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise FieldMissing(field=words("office.fields.return"))
    return _step(work_id, Act.RETURN, reason)


@pages.post("/batches/<int:work_id>/publish")
@allow(Role.OPERATOR)
def publish(work_id: int) -> Answer:
    """Note where and that the results were published; what is public is not taken back, so the number is typed."""
    number = store.get(register(), work_id).number
    if request.form.get("confirm", "").strip() != number:
        raise NotReady(reason=words("office.reasons.number"))
    return _step(work_id, Act.PUBLISH, request.form.get("place", "").strip())


def _step(work_id: int, act: Act, note: str = "") -> Answer:
    store.take_step(register(), work_id, act, account(), note[:500])
    return redirect(url_for("office.batch", work_id=work_id, done=str(act)), 303)


def _counts(desk: Desk) -> dict[str, int]:
    """Findings by severity, released ones counted apart."""
    found = Counter(one.severity.name.lower() for one in desk.findings if one.released_by is None)
    return {**found, "released": sum(one.released_by is not None for one in desk.findings)}
