"""Life of a certificate (状态变更): suspend, resume, revoke, supersede; each an event with actor, clause and document.

A move that the present state does not allow is refused, with the moves that it does allow. Nothing is ever deleted;
the state column follows the events and is checked against them by `zhicheng database check`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, select

from core.message import message
from registry.applications.misconduct import Dishonesty, content_of, insert_entry
from registry.clock import now, stamp
from registry.database.schema import applications, certificates
from registry.errors import CertificateUnknown, ImpossibleMove, SuccessorOfAnother
from registry.log.events import Actor, Kind, NewEvent, record
from registry.model import Certificate, State
from registry.register import Register


class Move(StrEnum):
    """What can be done to a certificate."""

    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"
    REISSUE = "reissue"
    REPLACE = "replace"
    ANNOTATE = "annotate"


MOVES: Final[Mapping[State, tuple[Move, ...]]] = MappingProxyType(
    {
        State.VALID: (Move.SUSPEND, Move.REVOKE, Move.REISSUE, Move.REPLACE, Move.ANNOTATE),
        State.SUSPENDED: (Move.RESUME, Move.REVOKE),
        State.REVOKED: (),
        State.SUPERSEDED: (),
    }
)
_RESULT: Final = {
    Move.SUSPEND: (State.SUSPENDED, Kind.SUSPENDED),
    Move.RESUME: (State.VALID, Kind.RESUMED),
    Move.REVOKE: (State.REVOKED, Kind.REVOKED),
    Move.REISSUE: (State.SUPERSEDED, Kind.SUPERSEDED),
    Move.REPLACE: (State.SUPERSEDED, Kind.SUPERSEDED),
}


class Reason(StrEnum):
    """Reason codes; whether one may be shown to the public is `public`."""

    DISHONESTY = "dishonesty"
    UNFILED_COMMITTEE = "unfiled_committee"
    OVERSTEPPED = "overstepped"
    INVESTIGATION = "investigation"
    INVESTIGATION_CLOSED = "investigation_closed"
    CORRECTION = "correction"
    RECONFIRMED = "reconfirmed"
    HOLDER_REQUEST = "holder_request"
    OPERATOR_ERROR = "operator_error"
    OTHER = "other"

    @property
    def public(self) -> bool:
        """Whether the result page may name it; accusations against a person are not shown (G §7)."""
        return self in (Reason.CORRECTION, Reason.RECONFIRMED, Reason.HOLDER_REQUEST, Reason.OPERATOR_ERROR)


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why and by whose order: clause of the regulation, number of the document, reason code, free text."""

    actor: Actor
    clause: str
    document: str
    reason: Reason
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As the event keeps it."""
        return {
            "actor": self.actor.as_dict(),
            "clause": self.clause,
            "document": self.document,
            "reason": str(self.reason),
            "note": self.note,
        }


def possible_moves(certificate: Certificate) -> tuple[Move, ...]:
    """What may be done to a certificate in its present state."""
    return MOVES[certificate.state]


def suspend(register: Register, reference: str, grounds: Grounds) -> Certificate:
    """Suspend (暂停) while facts are investigated.

    Raises:
        CertificateUnknown, ImpossibleMove.
    """
    return _move(register, reference, Move.SUSPEND, grounds)


def resume(register: Register, reference: str, grounds: Grounds) -> Certificate:
    """Resume (恢复) a suspended certificate.

    Raises:
        CertificateUnknown, ImpossibleMove.
    """
    return _move(register, reference, Move.RESUME, grounds)


def revoke(
    register: Register, reference: str, grounds: Grounds, dishonesty: Dishonesty | None = None
) -> Certificate:
    """Revoke (撤销) for good. A revocation for dishonesty also writes the integrity archive (细则第七十二条).

    Raises:
        CertificateUnknown, ImpossibleMove.
    """
    with register.database.write() as connection:
        certificate = locked(connection, register, reference, Move.REVOKE)
        moment = now()
        entry_id = insert_entry(connection, register, dishonesty, moment) if dishonesty else None
        _set_state(register, connection, certificate, Move.REVOKE, None, moment)
        news = [_event(certificate, Move.REVOKE, grounds)]
        if dishonesty and entry_id is not None:
            detail = {
                "actor": grounds.actor.as_dict(),
                "clause": dishonesty.basis,
                "document": grounds.document,
            }
            content = content_of(entry_id, dishonesty)
            news.append(NewEvent(Kind.DISHONESTY, f"integrity:{entry_id}", detail, content))
        record(connection, news, moment)
    return _fresh(register, certificate)


def replace(register: Register, reference: str, successor: str, grounds: Grounds) -> Certificate:
    """Replace (换发注销) by another certificate that is already issued, after 重新确认.

    Raises:
        CertificateUnknown: either of the two is not registered.
        ImpossibleMove: the old one is not valid, or the new one is not valid or is the same.
        SuccessorOfAnother: the two are not of one person, series and level.
    """
    old, following = register.lookup.find(reference), register.lookup.find(successor)
    if following.state is not State.VALID or following.number == old.number:
        raise impossible(following, Move.REPLACE)
    with register.database.write() as connection:
        certificate = locked(connection, register, reference, Move.REPLACE)
        _refuse_stranger(connection, certificate, following)
        supersede(register, connection, certificate, following.number, Move.REPLACE, grounds)
    return _fresh(register, certificate)


def _refuse_stranger(connection: Connection, old: Certificate, new: Certificate) -> None:
    """Person, series and level of both agree by the register; a person without an ID number there agrees with nobody."""
    persons = [
        connection.execute(
            select(applications.c.name, applications.c.identity_index).where(
                applications.c.id == one.application_id
            )
        ).one_or_none()
        for one in (old, new)
    ]
    known = all(person is not None and person.identity_index is not None for person in persons)
    same = known and persons[0] == persons[1]
    if not same or (old.facts.series, old.facts.level) != (new.facts.series, new.facts.level):
        raise SuccessorOfAnother(number=old.number)


def supersede(
    register: Register,
    connection: Connection,
    certificate: Certificate,
    successor: str,
    move: Move,
    grounds: Grounds,
) -> None:
    """Mark as superseded and write the event, in the caller's transaction; call after every other write."""
    moment = now()
    _set_state(register, connection, certificate, move, successor, moment)
    record(connection, [_event(certificate, move, grounds, successor=successor)], moment)


def locked(connection: Connection, register: Register, reference: str, move: Move) -> Certificate:
    """The certificate with its present state, locked until the transaction ends, if it allows the move.

    Raises:
        CertificateUnknown, ImpossibleMove.
    """
    found = register.lookup.find(reference)
    row = connection.execute(
        select(certificates.c.state, certificates.c.state_at)
        .where(certificates.c.id == found.id)
        .with_for_update()
    ).one()
    present = _with_state(found, State(row.state), row.state_at)
    if move not in MOVES[present.state]:
        raise impossible(present, move)
    return present


def impossible(certificate: Certificate, move: Move) -> ImpossibleMove:
    """The error that names state, move and what is possible instead."""
    moves = possible_moves(certificate)
    none = message("registry", "moves.none")
    return ImpossibleMove(
        number=certificate.number,
        state=message("registry", f"states.{certificate.state}"),
        move=message("registry", f"moves.{move}"),
        possible="、".join(message("registry", f"moves.{one}") for one in moves) or none,
        codes=tuple(map(str, moves)),
    )


def _move(register: Register, reference: str, move: Move, grounds: Grounds) -> Certificate:
    with register.database.write() as connection:
        certificate = locked(connection, register, reference, move)
        moment = now()
        _set_state(register, connection, certificate, move, None, moment)
        record(connection, [_event(certificate, move, grounds)], moment)
    return _fresh(register, certificate)


def _set_state(
    register: Register,
    connection: Connection,
    certificate: Certificate,
    move: Move,
    successor: str | None,
    moment: datetime,
) -> None:
    state, _ = _RESULT[move]
    values = {"state": str(state), "state_at": stamp(moment), "successor": successor}
    register.macs.renew(connection, certificates, certificate.id, values)


def _event(certificate: Certificate, move: Move, grounds: Grounds, **more: object) -> NewEvent:
    _, kind = _RESULT[move]
    detail = {**grounds.as_dict(), "move": str(move), **more}
    return NewEvent(kind, certificate.number, detail, certificate_id=certificate.id)


def _fresh(register: Register, certificate: Certificate) -> Certificate:
    found = register.lookup.by_id(certificate.id)
    if found is None:
        raise CertificateUnknown(reference=certificate.number)
    return found


def _with_state(certificate: Certificate, state: State, state_at: str) -> Certificate:
    return replaced(certificate, state=state, state_at=state_at)
