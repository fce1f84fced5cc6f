"""What comes of a batch: previews, generated documents, certificates, the distribution list."""

import tempfile
import zipfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Final

from flask import Response, abort, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as Answer

from generator.certificate.errors import PreviewTool
from generator.certificate.face.facts import certificate_facts
from generator.certificate.face.loading import load_face
from generator.certificate.parts import IssueMarks
from generator.certificate.plan import make_plan
from generator.certificate.press import Press
from generator.certificate.preview import MOMENT, rasterised
from generator.documents.bundle.build_document import layout_of, render
from generator.documents.bundle.manifest import read_manifest
from generator.documents.catalogue import CATALOGUE, DocumentEntry
from generator.documents.context.home import fonts_of, home_rules
from generator.documents.context.subjects import Subject, subjects
from generator.render import html
from records.batch.model import Application
from registry.accounts.model import Role
from registry.clock import local_day, now
from registry.issuing.delivery import LIST_NAME
from registry.issuing.press_maker import preview_seal
from registry.workspace import store
from registry.workspace.model import Act, Stage
from web.http.languages import words
from web.http.security import CONTENT_SECURITY_POLICY
from web.office.access import RECORDS, account, allow, pages, register
from web.office.batch_view import Desk, open_desk
from web.office.errors import NotReady
from web.office.launch import launch

PAPER_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)
"""For the preview alone, a page of its own that is generated with styles at each element and runs nothing."""
FRAMING_POLICY: Final = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
PREVIEW_DPI: Final = 110
SAMPLE_MARKS: Final = IssueMarks(
    "（签发时编号）", "（签发时编号）", "A" * 26, "https://PREVIEW.INVALID/V/" + "A" * 26, local_day(MOMENT)
)


@pages.post("/batches/<int:work_id>/generate")
@allow(Role.OPERATOR)
def generate(work_id: int) -> Answer:
    """Make the documents in the background."""
    desk = open_desk(register(), work_id)
    job_id = launch(register(), desk, Act.GENERATE, account(), for_print="print" in request.form)
    return redirect(url_for("office.job", job_id=job_id), 303)


@pages.post("/batches/<int:work_id>/issue")
@allow(Role.ISSUER)
def issue(work_id: int) -> Answer:
    """Sign and register in the background; the batch number is typed to confirm."""
    desk = open_desk(register(), work_id)
    if request.form.get("confirm", "").strip() != desk.work.number:
        raise NotReady(reason=words("office.reasons.number"))
    job_id = launch(register(), desk, Act.ISSUE, account())
    return redirect(url_for("office.job", job_id=job_id), 303)


@pages.get("/batches/<int:work_id>/preview")
@allow(RECORDS)
def preview(work_id: int) -> Response:
    """Any document for any person, in the page."""
    desk = open_desk(register(), work_id)
    entry = CATALOGUE.get(request.args.get("document", "A102"))
    if entry is None or not entry.made:
        abort(404)
    found = _subjects(desk, entry)
    place = min(max(request.args.get("subject", 0, int), 0), len(found) - 1)
    stages = [
        (stage, list(group)) for stage, group in groupby(CATALOGUE.made, key=lambda one: one.stage_name)
    ]
    body = render_template(
        "office/preview.html", work=desk.work, entry=entry, place=place, found=found, stages=stages
    )
    response = make_response(body)
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response


@pages.get("/batches/<int:work_id>/paper")
@allow(RECORDS)
def paper(work_id: int) -> Response:
    """One document by itself: as sheets of paper, or as PDF."""
    desk = open_desk(register(), work_id)
    entry = CATALOGUE.get(request.args.get("document", ""))
    if entry is None or not entry.made:
        abort(404)
    found = _subjects(desk, entry)
    place = request.args.get("subject", 0, int)
    if not 0 <= place < len(found):
        abort(404)
    own = register().home.templates / "documents"
    home = register().home
    fonts = fonts_of(home)
    with home_rules(home):
        layout = layout_of(
            entry,
            found[place],
            folders=(own,) if own.is_dir() else (),
            draft=bool(desk.mandatory),
            fonts=fonts,
        )
    if request.args.get("format") == "pdf" and "pdf" in entry.outputs:
        return _pdf(next(render(layout, ["pdf"], fonts)).data, f"{entry.id}.pdf")
    response = make_response(html.render(layout))
    response.headers["Content-Security-Policy"] = PAPER_POLICY
    return response


@pages.get("/batches/<int:work_id>/certificate")
@allow(RECORDS)
def certificate_preview(work_id: int) -> str:
    """What somebody's certificate will look like."""
    desk = open_desk(register(), work_id)
    person = _passed(desk, request.args.get("person"))
    return render_template(
        "office/certificate_preview.html", work=desk.work, people=desk.batch.passed, person=person
    )


@pages.get("/batches/<int:work_id>/certificate/<kind>")
@allow(RECORDS)
def certificate_sample(work_id: int, kind: str) -> Response:
    """The same as PDF or PNG: unsigned, without number, marked 样本."""
    desk = open_desk(register(), work_id)
    data = _sample(desk, _passed(desk, request.args.get("person")))
    if kind == "pdf":
        return _pdf(data, "sample.pdf")
    try:
        response = make_response(rasterised(data, PREVIEW_DPI))
    except PreviewTool:
        abort(404)
    response.mimetype = "image/png"
    return response


@pages.get("/batches/<int:work_id>/files")
@allow(RECORDS)
def files(work_id: int) -> str:
    """The generated documents by stage."""
    desk = open_desk(register(), work_id)
    manifest = read_manifest(desk.documents)
    entries = sorted(
        manifest.files if manifest else (), key=lambda one: (one.path.split("/")[0], one.document, one.path)
    )
    shelves = [
        (name, list(group)) for name, group in groupby(entries, key=lambda one: one.path.split("/")[0])
    ]
    return render_template("office/files.html", work=desk.work, shelves=shelves)


@pages.get("/batches/<int:work_id>/files/<path:name>")
@allow(RECORDS)
def one_file(work_id: int, name: str) -> Response:
    """One generated file; only what the manifest names."""
    desk = open_desk(register(), work_id)
    manifest = read_manifest(desk.documents)
    path = safe_join(str(desk.documents), name)
    if manifest is None or path is None or name not in {one.path for one in manifest.files}:
        abort(404)
    return send_file(path, as_attachment=not name.endswith(".pdf"))


@pages.get("/batches/<int:work_id>/zip/<kind>")
@allow(RECORDS)
def archive(work_id: int, kind: str) -> Response:
    """Everything in one file: all documents, the public ones, or the certificates."""
    desk = open_desk(register(), work_id)
    match kind:
        case "documents":
            chosen = [(one.path, desk.documents / one.path) for one in _listed(desk)]
        case "public":
            chosen = [
                (one.path, desk.documents / one.path) for one in _listed(desk) if one.audience == "public"
            ]
        case "certificates" if desk.work.stage in (Stage.ISSUED, Stage.PUBLISHED):
            found = sorted(desk.handover.glob("certificates/*.pdf"))
            chosen = [(path.name, path) for path in found]
        case _:
            abort(404)
    if not chosen:
        abort(404)
    return send_file(_zipped(chosen), "application/zip", True, f"{desk.work.number}-{kind}.zip")


@pages.post("/batches/<int:work_id>/distribution")
@allow(Role.ISSUER)
def distribution(work_id: int) -> Response:
    """The distribution list with the pick-up codes: handed out once, then removed from the workspace."""
    desk = open_desk(register(), work_id)
    path = desk.handover / f"{LIST_NAME}.xlsx"
    if not path.exists():
        raise NotReady(reason=words("office.reasons.collected"))
    data = path.read_bytes()
    store.take_step(register(), work_id, Act.COLLECT, account())
    for kind in ("xlsx", "csv"):
        (desk.handover / f"{LIST_NAME}.{kind}").unlink(missing_ok=True)
    response = make_response(data)
    response.mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"{desk.work.number}-distribution.xlsx"
    )
    return response


def _subjects(desk: Desk, entry: DocumentEntry) -> tuple[Subject, ...]:
    return subjects(entry, desk.batch, photos=desk.folder)


def _listed(desk: Desk) -> Iterable[Any]:
    manifest = read_manifest(desk.documents)
    return manifest.files if manifest else ()


def _passed(desk: Desk, number: str | None) -> Application:
    """The person asked for; the first who passed when nobody is."""
    found = next((one for one in desk.batch.passed if number in (None, "", one.number)), None)
    if found is None:
        abort(404)
    return found


def _sample(desk: Desk, person: Application) -> bytes:
    home = register().home
    face, facts = load_face(home_templates=home.templates), certificate_facts(person, desk.batch)
    seal = preview_seal(home, face, facts.authority)
    plan = make_plan(face, seal, sample=True, home_templates=home.templates, signed=False)
    photo = desk.folder / person.person.photo if person.person.photo else None
    inside = photo is not None and photo.resolve().is_relative_to(desk.folder.resolve()) and photo.is_file()
    pressed = Press(plan, None).make(
        facts,
        SAMPLE_MARKS,
        signed_at=now(),
        credential="preview.preview.preview",
        photo=photo.read_bytes() if inside and photo else None,
    )
    return pressed.data


def _pdf(data: bytes, name: str) -> Response:
    response = make_response(data)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response


def _zipped(chosen: Iterable[tuple[str, Path]]) -> IO[bytes]:
    """An archive in a file without a name, which is gone when it has been sent."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive_:
        for name, path in chosen:
            archive_.write(path, name)
    target.seek(0)
    return target
