"""From the registry's answers to the variables of pages: which tone, which headline, which facts to compare."""

from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Final

from core.message import message
from registry.model import Certificate, State
from registry.recognition import RecognitionAnswer, Usable
from registry.verification.answers import FileAnswer, FileCode, RegisterCode, Verdict, Verification
from web.http.citations import cited
from web.http.languages import current_language, words
from web.http.wording import beijing, listed, people_day, scope_name
from web.public.page_types import AnswerRow, Fact, Group, Notice, QueryRow, ResultPage, Tone

MAX_FILE_NAME: Final = 80


def result_page(
    verification: Verification, *, receipt: str, file_name: str | None = None, moment: str | None = None
) -> ResultPage:
    """The page of one verification, by file or by code; `receipt` is the number of its receipt.

    `moment` stands in for the time of the check, for whoever puts it in later.
    """
    tone, headline, advice = _top(verification)
    return ResultPage(
        verdict=str(verification.verdict),
        tone=tone,
        headline=headline,
        advice=advice,
        answers=(
            _file_row(verification.file),
            _register_row(verification),
            _recognition_row(verification.recognition),
        ),
        checked_at=moment or beijing(verification.checked_at),
        receipt=receipt,
        facts=_facts(verification),
        file_name=shown_name(file_name) if file_name else None,
        number=verification.register.number,
        code=_asked_code(verification),
    )


def recognised(page: ResultPage, *, report: bool = False) -> ResultPage:
    """The page of a file that turned out to be a receipt, or a bulk report, of this site."""
    notice = report_notice()
    headline = notice.title if report else _text("receipt", "recognised")
    return replace(page, tone="good", headline=headline, advice=notice.text)


def report_notice() -> Notice:
    """What is said of a bulk report that comes back unchanged."""
    return Notice("good", _text("receipt", "bulk_recognised"), _text("receipt", "recognised_advice"))


def tone_of(code: Verdict | FileCode | RegisterCode | Usable) -> Tone:
    """The tone in which a verdict or one of the three answers is shown."""
    match code:
        case Verdict():
            return _verdict_tone(code)
        case FileCode():
            return _file_tone(code)
        case RegisterCode():
            return _register_tone(code)
        case Usable():
            return _recognition_tone(code)


def grouped(pages: list[ResultPage]) -> list[Group]:
    """How many files got each headline, most frequent first."""
    return [Group(label, count) for label, count in Counter(page.headline for page in pages).most_common()]


def query_row(certificate: Certificate) -> QueryRow:
    """One certificate found by name and identity number: the name masked, no code, no identity number."""
    facts = certificate.facts
    rows = [
        ("name", facts.name_masked, False),
        ("number", certificate.number, True),
        ("series", facts.series, False),
        ("level", facts.level, False),
        ("effective_date", people_day(facts.obtained_on), False),
        ("authority", facts.authority, False),
        ("scope", scope_name(facts.scope_name), False),
        ("successor", certificate.successor or "", True),
    ]
    valid = certificate.state is State.VALID
    return QueryRow(
        title=facts.title,
        tone=state_tone(certificate.state),
        state=_text("states", str(certificate.state)),
        advice=_text("query", "advice_valid" if valid else "advice_other"),
        facts=_labelled(rows),
    )


def shown_name(name: str) -> str:
    """A visitor's file name, shortened in the middle when it is very long."""
    half = MAX_FILE_NAME // 2
    return name if len(name) <= MAX_FILE_NAME else f"{name[:half]}……{name[-half:]}"


def _top(verification: Verification) -> tuple[Tone, str, str]:
    """Tone, headline and advice; another region's certificate is headed by the decision, not by its genuineness."""
    decision = verification.recognition
    if decision.reason is None or verification.verdict not in (
        Verdict.GENUINE,
        Verdict.REGISTERED,
        Verdict.UNKNOWN,
    ):
        key = str(verification.verdict)
        return _verdict_tone(verification.verdict), _text("headlines", key), _text("advice", key)
    code = str(decision.code)
    tone = _recognition_tone(decision.code)
    return tone, _text("elsewhere.headlines", code), _text("elsewhere.advice", code)


def _asked_code(verification: Verification) -> str | None:
    certificate = verification.certificate
    return certificate.code if certificate and verification.file.code is FileCode.NOT_PRESENTED else None


def _verdict_tone(verdict: Verdict) -> Tone:
    match verdict:
        case Verdict.GENUINE | Verdict.REGISTERED:
            return "good"
        case Verdict.TAMPERED | Verdict.REVOKED:
            return "bad"
        case Verdict.SUSPENDED | Verdict.SUPERSEDED | Verdict.UNKNOWN:
            return "warn"
        case Verdict.FOREIGN | Verdict.UNREADABLE:
            return "idle"


def _file_row(answer: FileAnswer) -> AnswerRow:
    details = [
        _text("detail", "signer", signer=answer.signer) if answer.signer else "",
        _text("detail", "signed_at", signed_at=beijing(answer.signed_at)) if answer.signed_at else "",
        _text("detail", "level", level=answer.level) if answer.level else "",
    ]
    absent = answer.code is FileCode.NOT_PRESENTED
    return AnswerRow(
        question=_text("questions", "file"),
        code=str(answer.code),
        todo=_text("todo.file", str(answer.code)),
        tone=_file_tone(answer.code),
        sentence=_text("detail", "no_file") if absent else answer.sentence(current_language()),
        detail="　".join(detail for detail in details if detail),
    )


def _file_tone(code: FileCode) -> Tone:
    match code:
        case FileCode.REGISTERED | FileCode.INTACT:
            return "good"
        case FileCode.TAMPERED:
            return "bad"
        case FileCode.FOREIGN | FileCode.UNREADABLE | FileCode.NOT_PRESENTED:
            return "idle"


def _register_row(verification: Verification) -> AnswerRow:
    answer = verification.register
    return AnswerRow(
        question=_text("questions", "register"),
        code=str(answer.code),
        todo=_text("todo.register", str(answer.code)),
        tone=_register_tone(answer.code),
        sentence=answer.sentence(current_language()),
    )


def _register_tone(code: RegisterCode) -> Tone:
    match code:
        case RegisterCode.VALID:
            return "good"
        case RegisterCode.REVOKED | RegisterCode.COPY_REVOKED:
            return "bad"
        case RegisterCode.SUSPENDED | RegisterCode.SUPERSEDED | RegisterCode.COPY_EXPIRED:
            return "warn"
        case RegisterCode.UNKNOWN:
            return "warn"


def _recognition_row(answer: RecognitionAnswer) -> AnswerRow:
    scope = _text("detail", "scope", scope=scope_name(answer.scope)) if answer.scope else ""
    clause = _text("detail", "clause", clause=cited(answer.clause))
    return AnswerRow(
        question=_text("questions", "recognition"),
        code=str(answer.code),
        todo=_text("todo.recognition", str(answer.code)),
        tone=_recognition_tone(answer.code),
        sentence=answer.sentence(current_language()),
        detail="　".join(part for part in (clause, scope, *_proofs(answer)) if part),
    )


def _proofs(answer: RecognitionAnswer) -> list[str]:
    """Who re-confirms and with what; when the issuing region answered, or the list was made."""
    parts = [_text("elsewhere.detail", "by", by=answer.by)] if answer.by else []
    if answer.papers:
        parts.append(_text("elsewhere.detail", "papers", papers=listed(list(answer.papers))))
    keys = {"answer": "asked_at", "status_list": "list_at"}
    proofs = [one for one in answer.evidence if one["kind"] in keys]
    return parts + [_text("elsewhere.detail", keys[one["kind"]], at=beijing(one["at"])) for one in proofs]


def _recognition_tone(code: Usable) -> Tone:
    match code:
        case Usable.IN_REGION:
            return "good"
        case Usable.IN_LEAGUE | Usable.RECONFIRM:
            return "warn"
        case Usable.NOT:
            return "bad"
        case Usable.UNDECIDED:
            return "idle"


def state_tone(state: State) -> Tone:
    """The tone in which the state of a certificate is shown."""
    match state:
        case State.VALID:
            return "good"
        case State.REVOKED:
            return "bad"
        case State.SUSPENDED | State.SUPERSEDED:
            return "warn"


def _facts(verification: Verification) -> tuple[Fact, ...]:
    certificate = verification.certificate
    if certificate is None:
        return ()
    facts = certificate.facts
    return _labelled(
        [
            ("name", facts.name, False),
            ("title", facts.title, False),
            ("level", facts.level, False),
            ("series", facts.series, False),
            ("specialty", facts.specialty, False),
            ("effective_date", people_day(facts.obtained_on), False),
            ("acquisition", facts.acquisition, False),
            ("committee", facts.conferrer, False),
            ("employer", facts.employer, False),
            ("authority", facts.authority, False),
            ("issued_on", people_day(facts.issued_on), False),
            ("scope", scope_name(facts.scope_name), False),
            ("number", certificate.number, True),
            ("licence_id", certificate.licence_id, True),
            ("successor", certificate.successor or "", True),
            ("predecessor", certificate.predecessor or "", True),
        ]
    )


def _labelled(rows: list[tuple[str, str, bool]]) -> tuple[Fact, ...]:
    return tuple(Fact(_text("facts", key), value, code) for key, value, code in rows if value)


def _text(table: str, key: str, **data: object) -> str:
    return words(f"{table}.{key}", **data) if data else _fixed_text(current_language(), table, key)


@cache
def _fixed_text(language: str, table: str, key: str) -> str:
    return message("web", f"{table}.{key}", language)
