"""Matters of recognition (互认事项): mismatches, undecided ones, re-confirmations; who does what next, and the record of it."""

from typing import Final

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from registry.accounts.model import Role
from registry.recognition.answer import Usable
from registry.recognition.cases.model import Applicant, Case, CaseKind, Expert
from registry.recognition.cases.outbox import letters
from registry.recognition.cases.store import decide_case, find_case, list_cases, open_case, review
from registry.recognition.evidence import read_record
from registry.recognition.recogniser import Claim
from registry.workspace.reports import AuditFilter, trail
from web.http.languages import current_language, words, words_of
from web.office.access import RECORDS, account, allow, pages, register
from web.office.errors import FieldMissing
from web.services import services

MAX_TEXT: Final = 200
MAX_OFFICE: Final = 80
MAX_EXPERTS: Final = 9
DECIDERS: Final = frozenset({Role.REVIEWER, Role.ISSUER})
FIELDS: Final = ("name", "id_number", "region", "number", "level")


@pages.get("/cases")
@allow(RECORDS)
def cases() -> str:
    """What waits, and what was decided."""
    found = list_cases(register())
    return render_template(
        "office/cases.html",
        waiting=[one for one in found if one.is_open],
        ended=[one for one in found if not one.is_open],
        words=_words,
        todo=_todo,
        names=_names(),
    )


@pages.get("/cases/<int:case_id>")
@allow(RECORDS)
def case(case_id: int) -> str:
    """One matter: certificate, the machine's answer with its evidence, steps, and what to do."""
    found = find_case(register(), case_id)
    record = read_record(services().register.home.root, found.evidence) if found.evidence else None
    return render_template(
        "office/case.html",
        one=found,
        record=record,
        steps=reversed(trail(register(), AuditFilter(subject=f"case:{case_id}"), lang=current_language())),
        letters=[one for one in letters(register(), waiting=False) if one.case_id == case_id],
        words=_words,
        todo=_todo(found),
        region=_names().get(found.applicant.region, found.applicant.place),
        decides=account().role in DECIDERS and found.is_open and _ready(found),
        reviews=account().role is Role.OPERATOR and found.is_open and found.kind is CaseKind.RECONFIRM,
    )


@pages.post("/cases")
@allow(Role.OPERATOR)
def open_matter() -> Answer | str:
    """Register an application (A805): verified first; what can be used as it is needs none."""
    office = request.form.get("office", "").strip()[:MAX_OFFICE]
    wanted = [name for name in FIELDS if not (office and name == "region")]
    given = {"region": "", **{name: _text(name, words(f"office.fields.{name}")) for name in wanted}}
    claim = Claim(
        name=given["name"], id_number=given["id_number"], number=given["number"], level=given["level"]
    )
    recogniser = services().verifier.recogniser
    answer = (
        recogniser.on_paper(office, given["level"])
        if office
        else recogniser.recognise(given["region"], claim)
    ).answer
    if answer.code in (Usable.IN_REGION, Usable.IN_LEAGUE, Usable.NOT):
        return render_template("office/case_usable.html", answer=answer)
    note = request.form.get("note", "").strip()[:MAX_TEXT]
    title = request.form.get("title", "").strip()[:MAX_TEXT]
    applicant = Applicant(**given, title=title, note=note, office=office)
    found = open_case(register(), CaseKind.RECONFIRM, applicant, account().actor, answer)
    return _back(found, "case_opened")


@pages.post("/cases/<int:case_id>/review")
@allow(Role.OPERATOR)
def review_matter(case_id: int) -> Answer:
    """What each expert said; at least three of them."""
    form = request.form
    rows = zip(
        form.getlist("expert"),
        form.getlist("title"),
        form.getlist("agrees"),
        form.getlist("remark"),
        strict=False,
    )
    experts = [
        Expert(name.strip()[:MAX_TEXT], title.strip()[:MAX_TEXT], agrees == "yes", remark.strip()[:MAX_TEXT])
        for name, title, agrees, remark in rows
        if name.strip()
    ]
    return _back(review(register(), case_id, experts[:MAX_EXPERTS], account().actor), "case_reviewed")


@pages.post("/cases/<int:case_id>/decide")
@allow(DECIDERS)
def decide_matter(case_id: int) -> Answer:
    """A decision with document number, by somebody other than who noted the experts' opinions."""
    decision = request.form.get("decision", "")
    if decision not in ("confirm", "refuse"):
        raise FieldMissing(field=words("office.fields.decision"))
    document, opinion = (
        _text("document", words("office.fields.document")),
        _text("opinion", words("office.fields.opinion")),
    )
    confirm = decision == "confirm"
    done = decide_case(
        register(), case_id, confirm=confirm, document=document, opinion=opinion, actor=account().actor
    )
    return _back(done, "case_decided")


def _ready(found: Case) -> bool:
    """A re-confirmation is decided after the experts; everything else at once."""
    return found.kind is not CaseKind.RECONFIRM or bool(found.experts)


def _back(found: Case, done: str) -> Answer:
    return redirect(url_for("office.case", case_id=found.id, done=done), 303)


def _todo(found: Case) -> str:
    key = f"open_{found.kind}" if str(found.state) == "open" else str(found.state)
    return words(f"office.case_todo.{key}", successor=found.successor)


def _words(table: str, key: object) -> str:
    return words_of("registry", f"{table}.{key}")


def _names() -> dict[str, str]:
    """Names of the listed regions by code."""
    listing = services().verifier.recogniser.members.current()
    return {one.code: one.entry.facts.name for one in listing.members} if listing else {}


def _text(name: str, label: str) -> str:
    given = request.form.get(name, "").strip()[:MAX_TEXT]
    if not given:
        raise FieldMissing(field=label)
    return given
