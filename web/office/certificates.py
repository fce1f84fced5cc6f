"""Certificates: search, the page of one with its history, changes of state with decision and confirmation."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from flask import abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from core.message import message
from records.input.checking import check_file
from registry.accounts.model import Role
from registry.applications.misconduct import dishonesty_of
from registry.certificates.lifecycle import Grounds, Move, Reason, possible_moves, resume, revoke, suspend
from registry.certificates.reissue import reissue
from registry.certificates.report import certificate_document
from registry.clock import now, stamp
from registry.issuing.sources import Source
from registry.log.tree_heads import sign_head
from registry.model import Certificate
from registry.workspace.files import workbooks, workspace
from registry.workspace.search import search
from web.http.languages import current_language, words, words_of
from web.office import upload
from web.office.access import RECORDS, account, allow, pages, register
from web.office.batch_view import workbook_in
from web.office.errors import ConfirmationWrong, FieldMissing, WorkbookRefused
from web.services import services
from web.settings import MEGABYTE


@dataclass(frozen=True)
class Choice:
    """A change of state as the page offers it."""

    move: Move
    clause: str
    reasons: tuple[Reason, ...]

    @property
    def label(self) -> str:
        """The change in the visitor's language."""
        return words(f"office.moves.{self.move}")

    @property
    def warning(self) -> str:
        """What it means and whether it can be undone."""
        return words(f"office.warnings.{self.move}")


CHOICES: Final = (
    Choice(Move.SUSPEND, "第七十二条", (Reason.INVESTIGATION, Reason.HOLDER_REQUEST, Reason.OTHER)),
    Choice(Move.RESUME, "第七十二条", (Reason.INVESTIGATION_CLOSED, Reason.OPERATOR_ERROR, Reason.OTHER)),
    Choice(
        Move.REVOKE, "第七十二条",
        (Reason.DISHONESTY, Reason.UNFILED_COMMITTEE, Reason.OVERSTEPPED, Reason.OPERATOR_ERROR, Reason.OTHER),
    ),
    Choice(Move.REISSUE, "第五十四条", (Reason.CORRECTION,)),
)  # fmt: skip
MAX_TEXT: Final = 200


@pages.route("/search", methods=["GET", "POST"])
@allow(RECORDS)
def search_page() -> str:
    """Search; what is searched for travels in the form, never in an address or a log."""
    wanted = request.form.get("wanted", "").strip()[:80] if request.method == "POST" else ""
    found = search(register(), wanted) if wanted else None
    return render_template("office/search.html", wanted=wanted, found=found)


@pages.get("/certificates/<number>")
@allow(RECORDS)
def certificate(number: str) -> str:
    """One certificate with its life, and what may be done to it."""
    found = _found(number)
    offered = [one for one in CHOICES if one.move in possible_moves(found)] if _issuer() else []
    return render_template(
        "office/certificate.html",
        one=found,
        document=certificate_document(register(), found, current_language()),
        offered=offered,
        reason_name=lambda reason: words_of("registry", f"reasons.{reason}"),
    )


@pages.get("/certificates/<number>/file")
@allow(RECORDS)
def certificate_file(number: str) -> Any:
    """The registered file."""
    found = _found(number)
    data = BytesIO(register().file_of(found))
    return send_file(data, "application/pdf", download_name=f"{found.number}.pdf")


@pages.post("/certificates/<number>/<move>")
@allow(Role.ISSUER)
def change(number: str, move: str) -> Answer:
    """Change the state, by a decision with number and clause; the certificate number is typed to confirm."""
    found = _found(number)
    if move not in [str(one.move) for one in CHOICES]:
        abort(404)
    if request.form.get("confirm", "").strip().upper() != found.number:
        raise ConfirmationWrong(number=found.number)
    grounds = _grounds()
    match Move(move):
        case Move.SUSPEND:
            suspend(register(), found.number, grounds)
        case Move.RESUME:
            resume(register(), found.number, grounds)
        case Move.REVOKE:
            revoke(register(), found.number, grounds, _dishonesty(found, grounds))
        case _:
            _reissue(found, grounds)
    sign_head(register(), services().authority.service)
    return redirect(url_for("office.certificate", number=found.number, done="changed"), 303)


def _issuer() -> bool:
    return account().role is Role.ISSUER


def _found(number: str) -> Certificate:
    found = register().lookup.by_number(number)
    if found is None:
        abort(404)
    return found


def _grounds() -> Grounds:
    document, clause = (
        _text("document", words("office.fields.document")),
        _text("clause", words("office.fields.clause")),
    )
    reason = request.form.get("reason", "")
    if reason not in set(Reason):
        raise FieldMissing(field=words("office.fields.grounds"))
    note = request.form.get("note", "").strip()[:MAX_TEXT]
    return Grounds(account().actor, clause, document, Reason(reason), note)


def _text(name: str, label: str) -> str:
    given = request.form.get(name, "").strip()[:MAX_TEXT]
    if not given:
        raise FieldMissing(field=label)
    return given


def _dishonesty(found: Certificate, grounds: Grounds) -> Any:
    if grounds.reason is not Reason.DISHONESTY:
        return None
    violation = grounds.note or message("registry", f"reasons.{grounds.reason}")
    return dishonesty_of(register(), found, violation, grounds.clause)


def _reissue(found: Certificate, grounds: Grounds) -> None:
    """From a corrected workbook, checked like every other in the limited child; kept in the store."""
    given, settings = request.files.get("workbook"), services().settings
    if given is None or not given.filename:
        raise FieldMissing(field=words("office.fields.corrected"))
    data = given.stream.read(settings.max_workbook_mb * MEGABYTE + 1)
    if len(data) > settings.max_workbook_mb * MEGABYTE:
        raise WorkbookRefused(reason=words("office.reasons.too_large", limit=settings.max_workbook_mb))
    home = register().home
    folder = upload.new_folder(home)
    try:
        upload.put_workbook(folder, given.filename, data)
        upload.check(home, folder, settings)
        checked = check_file(workbook_in(folder), home)
        batch = checked.batch
        source = Source(batch, checked.findings, folder, len(batch.passed), lambda: batch.applications)
        workbooks(home).put(data, hashlib.sha256(data).hexdigest())
        out = workspace(home) / "reissued" / stamp(now())[:10]
        reissue(register(), found.number, source, out, grounds)
    finally:
        upload.drop(folder)
