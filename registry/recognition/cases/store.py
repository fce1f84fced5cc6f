"""Opening, reviewing and deciding cases (细则第五十七条第二款); every step is an event in the log."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from core.message import message
from registry.clock import now, stamp
from registry.database.case_tables import recognition_cases
from registry.log.events import Actor, Kind, NewEvent, record
from registry.model import canonical
from registry.recognition.answer import RecognitionAnswer
from registry.recognition.cases.errors import (
    CaseNotReady,
    CaseUnknown,
    ExpertsDisagree,
    SameDecider,
    TooFewExperts,
)
from registry.recognition.cases.model import (
    MIN_EXPERTS,
    Applicant,
    Case,
    CaseKind,
    CaseState,
    Expert,
    experts_of,
)
from registry.register import Register

COMMAND: Final = "command"
OPEN_STATES: Final = (str(CaseState.OPEN), str(CaseState.REVIEWED))
_LATER: Final = (
    "reviewed_by",
    "reviewed_account",
    "decided_by",
    "decided_at",
    "document",
    "opinion",
    "successor",
)


def open_case(
    register: Register,
    kind: CaseKind,
    applicant: Applicant,
    actor: Actor,
    answer: RecognitionAnswer | None = None,
) -> Case:
    """Open a case, or return the open one about the same certificate and person.

    `answer` is the machine's decision; its reason and the name of its evidence record are kept.
    """
    with register.database.write() as connection:
        held = _same(connection, register, kind, applicant)
        if held is not None:
            return _case(register, held)
        row_id = connection.execute(
            insert(recognition_cases)
            .values(**_new(kind, applicant, answer))
            .returning(recognition_cases.c.id)
        ).scalar_one()
        vault = register.vault
        sealed = {
            "person_sealed": vault.seal(applicant.name, sealed_place("person", row_id)),
            "identity_sealed": vault.seal(applicant.id_number or None, sealed_place("identity", row_id)),
            "identity_index": vault.index(applicant.id_number or None),
        }
        _change(connection, row_id, sealed)
        _record(connection, row_id, actor, {"step": "open", "kind": str(kind)})
    return find_case(register, row_id)


def review(register: Register, case_id: int, experts: Sequence[Expert], actor: Actor) -> Case:
    """Record the expert group's opinions; a later call before the decision replaces them.

    Raises:
        CaseUnknown, CaseNotReady: no such case, or it is decided, or is no re-confirmation.
        TooFewExperts: fewer than three different people.
    """
    if len({(one.name, one.title) for one in experts}) < MIN_EXPERTS:
        raise TooFewExperts(count=len(experts), least=MIN_EXPERTS)
    with register.database.write() as connection:
        held = _locked(connection, case_id)
        if held.state not in OPEN_STATES or held.kind != CaseKind.RECONFIRM:
            raise _not_ready(held, "review")
        text = canonical([one.as_dict() for one in experts])
        changes = {
            "state": str(CaseState.REVIEWED),
            "experts_sealed": register.vault.seal(text, sealed_place("experts", case_id)),
            "reviewed_by": actor.name,
            "reviewed_account": actor.account,
        }
        _change(connection, case_id, changes)
        _record(connection, case_id, actor, {"step": "review", "experts": len(experts)})
    return find_case(register, case_id)


def decide_case(
    register: Register, case_id: int, *, confirm: bool, document: str, opinion: str, actor: Actor
) -> Case:
    """A person's decision. A re-confirmation needs the expert group's majority before it may be confirmed.

    Who noted the experts' opinions does not decide; at the command line only where `[registry] four_eyes` is set, for
    there one person may be all that an office has.

    Raises:
        SameDecider: the account has noted the experts' opinions.
        CaseUnknown, CaseNotReady: no such case, it is decided, or experts have not been heard.
        ExpertsDisagree: most of the experts did not agree.
    """
    with register.database.write() as connection:
        held = _locked(connection, case_id)
        if held.state not in OPEN_STATES:
            raise _not_ready(held, "decide")
        if held.reviewed_account == actor.account and _apart(register, actor):
            raise SameDecider(case=case_id, account=actor.account)
        if held.kind == CaseKind.RECONFIRM:
            _check_experts(_case(register, held), confirm=confirm)
        changes = {
            "state": str(CaseState.CONFIRMED if confirm else CaseState.REFUSED),
            "decided_by": actor.name,
            "decided_at": stamp(now()),
            "document": document,
            "opinion": opinion,
        }
        _change(connection, case_id, changes)
        _record(connection, case_id, actor, {"step": "decide", "confirm": confirm, "document": document})
    return find_case(register, case_id)


def find_case(register: Register, case_id: int) -> Case:
    """One case.

    Raises:
        CaseUnknown: there is none.
    """
    with register.database.read() as connection:
        statement = select(recognition_cases).where(recognition_cases.c.id == case_id)
        row = connection.execute(statement).one_or_none()
    if row is None:
        raise CaseUnknown(case=case_id)
    return _case(register, row)


def list_cases(register: Register, *, only_open: bool = False, limit: int = 500) -> tuple[Case, ...]:
    """The newest cases first."""
    statement = select(recognition_cases).order_by(recognition_cases.c.id.desc()).limit(limit)
    if only_open:
        statement = statement.where(recognition_cases.c.state.in_(OPEN_STATES))
    with register.database.read() as connection:
        rows = connection.execute(statement).all()
    return tuple(_case(register, row) for row in rows)


def sealed_place(column: str, row_id: int) -> str:
    """Where a sealed value of a case belongs; authenticated with the value."""
    return f"recognition_cases.{column}:{row_id}"


def _apart(register: Register, actor: Actor) -> bool:
    """Whether noting and deciding must be two people's work (经办、复核分离)."""
    return register.settings.four_eyes or actor.channel != COMMAND


def _check_experts(case: Case, *, confirm: bool) -> None:
    if case.state is not CaseState.REVIEWED:
        raise CaseNotReady(case=case.id, state=_state(case.state), step=_step("decide"))
    agree = sum(one.agrees for one in case.experts)
    if confirm and agree * 2 <= len(case.experts):
        raise ExpertsDisagree(agree=agree, count=len(case.experts))


def _new(kind: CaseKind, applicant: Applicant, answer: RecognitionAnswer | None) -> dict[str, Any]:
    empty = dict.fromkeys(_LATER, "")
    return {
        **empty,
        "kind": str(kind),
        "state": str(CaseState.OPEN),
        "opened_at": stamp(now()),
        "region": applicant.region,
        "number": applicant.number,
        "level": applicant.level,
        "title": applicant.title,
        "note": applicant.note,
        "office": applicant.office,
        "reason": str(answer.reason or answer.code) if answer else "",
        "evidence": (answer.record or "") if answer else "",
    }


def _same(connection: Connection, register: Register, kind: CaseKind, one: Applicant) -> Row[Any] | None:
    table = recognition_cases.c
    statement = (
        select(recognition_cases)
        .where(table.kind == str(kind), table.number == one.number)
        .where(table.region == one.region, table.office == one.office)
        .where(table.state.in_(OPEN_STATES))
    )
    index = register.vault.index(one.id_number or None)
    if index is not None:
        statement = statement.where(table.identity_index == index)
    return connection.execute(statement.limit(1)).one_or_none()


def _locked(connection: Connection, case_id: int) -> Row[Any]:
    statement = select(recognition_cases).where(recognition_cases.c.id == case_id).with_for_update()
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise CaseUnknown(case=case_id)
    return row


def _change(connection: Connection, case_id: int, values: dict[str, Any]) -> None:
    connection.execute(update(recognition_cases).where(recognition_cases.c.id == case_id).values(**values))


def _record(connection: Connection, case_id: int, actor: Actor, detail: dict[str, Any]) -> None:
    event = NewEvent(Kind.RECOGNITION, f"case:{case_id}", {"actor": actor.as_dict(), **detail})
    record(connection, [event], now())


def _not_ready(row: Row[Any], step: str) -> CaseNotReady:
    return CaseNotReady(case=row.id, state=_state(CaseState(row.state)), step=_step(step))


def _state(state: CaseState) -> str:
    return message("registry", f"case_states.{state}")


def _step(step: str) -> str:
    return message("registry", f"case_steps.{step}")


def _case(register: Register, row: Row[Any]) -> Case:
    vault = register.vault
    experts = vault.unseal(row.experts_sealed, sealed_place("experts", row.id))
    applicant = Applicant(
        name=vault.unseal(row.person_sealed, sealed_place("person", row.id)) or "",
        id_number=vault.unseal(row.identity_sealed, sealed_place("identity", row.id)) or "",
        region=row.region,
        number=row.number,
        level=row.level,
        title=row.title,
        note=row.note,
        office=row.office,
    )
    return Case(
        id=row.id,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        opened_at=row.opened_at,
        applicant=applicant,
        reason=row.reason,
        evidence=row.evidence,
        experts=experts_of(json.loads(experts)) if experts else (),
        reviewed_by=row.reviewed_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        document=row.document,
        opinion=row.opinion,
        successor=row.successor,
    )
