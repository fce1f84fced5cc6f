"""Many at once (批量核验): rows of certificate number and name, or many files, to one table of answers.

Numbers are serial and names are known, so a stranger's row also holds a proof: the last four characters of the ID number,
or the verification code. A row without one is not looked up at all. One that does not fit in every part gets the same
answer whatever is wrong, and is counted as a guess. Organisations with a key ask by number and name. Nothing that was
sent is kept.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from generator.layout.units import Mm
from generator.render.xlsx import Column, Kind, RosterSheet, render
from registry.certificates.proof import folded_name, proves, read_proof
from registry.clock import now, stamp
from registry.identifiers import normal_number
from registry.model import Certificate, State
from registry.register import Register
from registry.verification.answers import Verdict, Verification
from registry.verification.verifier import Verifier
from signing.credential.token import REPORT_TYPE, sign
from signing.keys.service_key import ServiceKey
from web.errors import WebError
from web.http.languages import words
from web.http.wording import beijing, people_day, scope_name
from web.public.page_types import Tone
from web.public.view_models import state_tone, tone_of

NO_MATCH: Final = "no_match"
PROOF_NEEDED: Final = "proof_needed"
MAX_CELL: Final = 60
MAX_PROOF: Final = 200  # a code may come as the whole address
_SPLIT: Final = re.compile(r"[\t,，;；]+|\s{1,}")
_NUMBER: Final = re.compile(r"[A-Z]{2}[0-9A-Z]{10,22}")
_CODE: Final = re.compile(
    r"(?<!\S)(?:\S*/[Vv]/)?(?:[A-Za-z2-7][ -]?){25}[A-Za-z2-7](?!\S)"
)  # alone, in groups, in an address
_HEADS: Final = ("证书编号", "姓名", "编号")


class BulkRefused(WebError):
    """Root of refused tables; `problem` is the code of its problem document."""

    key = "bulk_refused"
    problem: ClassVar[str] = "bulk_empty"
    status: ClassVar[int] = 422


class NoRows(BulkRefused):
    """Raised when a table has no row with a number and a name."""


class TooManyGuesses(BulkRefused):
    """Raised when more rows did not fit than a stranger may get wrong; data: `seconds` until he may ask again."""

    problem = "bulk_guesses"
    status = 429


class TooManyRows(BulkRefused):
    """Raised when a table has more rows than the settings allow."""

    problem = "bulk_too_many"
    status = 413


@dataclass(frozen=True)
class Asked:
    """One row as it was asked: certificate number, name and proof, as they were typed."""

    number: str
    name: str
    proof: str = ""


@dataclass(frozen=True)
class Answered:
    """One row of the answer; `code` is stable and meant for programs."""

    subject: str
    name: str
    code: str
    tone: Tone
    sentence: str
    advice: str
    number: str = ""
    title: str = ""
    level: str = ""
    obtained_on: str = ""
    scope: str = ""
    usable: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As API and signed report show it; the name is left out, whoever asked knows it."""
        return {
            "subject": self.subject,
            "code": self.code,
            "message": self.sentence,
            "number": self.number or None,
            "title": self.title or None,
            "level": self.level or None,
            "obtained_on": self.obtained_on or None,
            "scope": self.scope or None,
            "recognition": self.usable or None,
        }


@dataclass(frozen=True)
class BulkReport:
    """The answers of one table and when they were given."""

    checked_at: str
    rows: tuple[Answered, ...]

    @property
    def shown_at(self) -> str:
        """The moment as people read it."""
        return beijing(self.checked_at)

    @property
    def misses(self) -> int:
        """How many rows did not fit."""
        return sum(row.code == NO_MATCH for row in self.rows)

    @property
    def groups(self) -> list[tuple[str, int]]:
        """How many rows got each answer, most frequent first."""
        return Counter(row.sentence for row in self.rows).most_common()

    def as_dict(self) -> dict[str, Any]:
        """As the API shows it."""
        return {"checked_at": self.checked_at, "rows": [row.as_dict() for row in self.rows]}


def parse_table(text: str, most: int) -> list[Asked]:
    """Rows out of pasted text: number and name in either order, parted by tab, comma or spaces.

    Raises:
        NoRows: nothing that could be asked.
        TooManyRows: more than `most`.
    """
    lines = [line.strip() for line in text.splitlines()]
    rows = [_row(line) for line in lines if _SPLIT.sub("", line) and not line.startswith(_HEADS)]
    return checked_rows(rows, most)


def checked_rows(rows: list[Asked], most: int) -> list[Asked]:
    """The rows, when there are some and not too many.

    Raises:
        NoRows, TooManyRows.
    """
    if not rows:
        raise NoRows
    if len(rows) > most:
        raise TooManyRows
    return rows


def check_rows(register: Register, rows: Iterable[Asked], *, trusted: bool) -> BulkReport:
    """Look every row up; number and name must both agree, and the proof unless an organisation with a key asks."""
    return BulkReport(stamp(now()), tuple(_answer(register, row, trusted=trusted) for row in rows))


def check_files(verifier: Verifier, files: Iterable[tuple[str, bytes]]) -> BulkReport:
    """Verify every file."""
    answers = tuple(_file_answer(name, verifier.verify_file(data)) for name, data in files)
    return BulkReport(stamp(now()), answers)


def signed_report(report: BulkReport, key: ServiceKey, region: str) -> dict[str, Any]:
    """The answers with the same content as a signed token of the type `zhicheng-report`."""
    content = {**report.as_dict(), "region": region}
    return {**content, "token": sign(content, key, type=REPORT_TYPE)}


def workbook(report: BulkReport, site_name: str) -> bytes:
    """The answers as a printable XLSX sheet; every cell stays text."""
    columns = (
        Column(_text("columns.index"), Mm(10), Kind.INTEGER),
        Column(_text("columns.subject"), Mm(46)),
        Column(_text("columns.name"), Mm(22)),
        Column(_text("columns.answer"), Mm(42)),
        Column(_text("columns.title"), Mm(36)),
        Column(_text("columns.level"), Mm(18), Kind.CENTERED),
        Column(_text("columns.obtained"), Mm(30), Kind.CENTERED),
        Column(_text("columns.scope"), Mm(24), Kind.CENTERED),
        Column(_text("columns.advice"), Mm(44)),
    )
    rows: Sequence[Sequence[str | int]] = [(index, *_cells(row)) for index, row in enumerate(report.rows, 1)]
    sheet = RosterSheet(
        name=_text("sheet"),
        title=_text("title"),
        columns=columns,
        rows=rows,
        lead=(_text("lead", site=site_name, at=report.shown_at, count=len(report.rows)),),
        notes=(_text("note"),),
    )
    return render([sheet], title=_text("title"), author=site_name)


def _cells(row: Answered) -> tuple[str, ...]:
    obtained = people_day(row.obtained_on) if row.obtained_on else ""
    return (row.subject, row.name, row.sentence, row.title, row.level, obtained, row.scope, row.advice)


def _row(line: str) -> Asked:
    code = _CODE.search(line)
    rest = line.replace(code[0], "\t") if code else line
    parts = [part for part in _SPLIT.split(rest) if part]
    numbers = [part for part in parts if _NUMBER.fullmatch(normal_number(part))]
    number = numbers[0] if numbers else (parts[0] if parts else "")
    parts = [part for part in parts if part is not number]
    proofs = [code[0]] if code else [part for part in parts[1:] if read_proof(part)]
    names = [part for part in parts if part not in proofs and not part.isdigit()]
    return Asked(number[:MAX_CELL], " ".join(names)[:MAX_CELL], proofs[-1][:MAX_PROOF] if proofs else "")


def _answer(register: Register, row: Asked, *, trusted: bool) -> Answered:
    proof = read_proof(row.proof)
    if not proof and not trusted:
        text = _text(PROOF_NEEDED)
        return Answered(row.number, row.name, PROOF_NEEDED, "idle", text, _text(f"advice.{PROOF_NEEDED}"))
    found = register.lookup.by_number(row.number) if row.number else None
    proven = found is not None and ((trusted and not row.proof) or proves(register, found, proof))
    if found is None or not proven or folded_name(found.facts.name) != folded_name(row.name):
        text = _text(NO_MATCH)
        return Answered(row.number, row.name, NO_MATCH, "warn", text, _text(f"advice.{NO_MATCH}"))
    return _known(row.number, row.name, found)


def _known(subject: str, name: str, certificate: Certificate) -> Answered:
    state, facts = certificate.state, certificate.facts
    valid = state is State.VALID
    return Answered(
        subject=subject,
        name=name,
        code=str(state),
        tone=state_tone(state),
        sentence=_text(f"states.{state}", successor=certificate.successor or ""),
        advice=_text(f"advice.{state}"),
        number=certificate.number,
        title=facts.title,
        level=facts.level,
        obtained_on=facts.obtained_on,
        scope=scope_name(facts.scope_name) if valid else "",
        usable="usable" if valid else "not_usable",
    )


def _file_answer(name: str, verification: Verification) -> Answered:
    """A file's row; the name on the certificate is shown only when the file itself holds up."""
    certificate, verdict = verification.certificate, verification.verdict
    genuine = verdict is Verdict.GENUINE and certificate is not None
    facts = certificate.facts if genuine and certificate else None
    return Answered(
        subject=name[:MAX_CELL],
        name=facts.name if facts else "",
        code=str(verdict),
        tone=tone_of(verdict),
        sentence=words(f"headlines.{verdict}"),
        advice=words(f"advice.{verdict}"),
        number=verification.register.number or "",
        title=facts.title if facts else "",
        level=facts.level if facts else "",
        obtained_on=facts.obtained_on if facts else "",
        scope=scope_name(verification.recognition.scope or ""),
        usable=str(verification.recognition.code),
    )


def _text(key: str, **data: object) -> str:
    return words(f"bulk.{key}", **data)
