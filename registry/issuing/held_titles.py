"""One title of a level in a year (细则第二十三条), compared across all batches of the register."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from records.batch.model import Acquisition, Application, Batch, Finding
from records.regulation.rules import rule
from records.regulation.rules.facts import Case, Facts
from registry.database.schema import applications, batches, certificates
from registry.model import Facts as CertificateFacts
from registry.model import State
from registry.register import Register

RULE: Final = "B-E04"
AT_ONCE: Final = 500  # below every database's limit of parameters
IN_FORCE: Final = (str(State.VALID), str(State.SUSPENDED))


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """A certificate of another batch that stands in the way: its number, batch and level."""

    number: str
    batch: str
    level: str


def titles_held(
    register: Register, batch: Batch, people: Mapping[str, tuple[str | None, str]]
) -> dict[str, HeldTitle]:
    """Application number → what the person holds already from another batch of the same year and level.

    `people`: application number → ID number and level. Re-confirmation (重新确认) gives no new title, so such batches
    neither ask nor stand in the way.
    """
    if batch.review.acquisition is Acquisition.RECONFIRMATION or batch.year is None:
        return {}
    wanted = {
        index: (number, level)
        for number, (identity, level) in people.items()
        if (index := register.vault.index(identity)) is not None
    }
    found: dict[str, HeldTitle] = {}
    keys = list(wanted)
    for first in range(0, len(keys), AT_ONCE):
        for index, held in _in_force(register, batch, keys[first : first + AT_ONCE]):
            number, level = wanted[index]
            if held.level == level:
                found[number] = held
    return found


def _in_force(
    register: Register, batch: Batch, indexes: Sequence[bytes]
) -> Iterable[tuple[bytes, HeldTitle]]:
    statement = (
        select(applications.c.identity_index, certificates.c.number, certificates.c.facts, batches)
        .join(certificates, certificates.c.application_id == applications.c.id)
        .join(batches, batches.c.id == certificates.c.batch_id)
        .where(
            applications.c.identity_index.in_(indexes),
            certificates.c.state.in_(IN_FORCE),
            batches.c.number != batch.number,
        )
    )
    with register.database.read() as connection:
        rows = connection.execute(statement).all()
    for index, number, facts, _, other, head, *_ in rows:
        if _counts(json.loads(head), batch):
            yield bytes(index), HeldTitle(number, other, CertificateFacts.from_json(facts).level)


def _counts(head: Mapping[str, object], batch: Batch) -> bool:
    return head.get("year") == batch.year and head.get("acquisition") != str(Acquisition.RECONFIRMATION)


def held_title_findings(
    register: Register, batch: Batch, people: Iterable[Application]
) -> tuple[Finding, ...]:
    """B-E04 for everybody who holds a title of the same year and level from another batch."""
    found, facts, applicants = rule(RULE), Facts(batch, remember=False), tuple(people)
    if not found.applies.covers(batch):
        return ()
    passed = {
        one.number: (one.person.identity_number, str(one.sought.level)) for one in applicants if one.passed
    }
    held = titles_held(register, batch, passed)
    findings = []
    for one in applicants:
        if other := held.get(one.number):
            data = {"year": batch.year, "level": other.level, "number": other.number, "batch": other.batch}
            findings.append(
                found.finding(Case(facts, one).at("申报资格等级", "registered", **data), found.severity)
            )
    return tuple(findings)
