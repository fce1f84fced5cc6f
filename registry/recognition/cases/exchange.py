"""Exchange (换发): a confirmed case lends its old number to the certificate that an ordinary batch issues, then is closed.

Cases and people meet by the blind index of the ID number. Closing the case and putting the message to the old region
into the outbox happen in one transaction; a run that died before it does both when it is run again.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from registry.clock import now, stamp
from registry.database.case_tables import outbox, recognition_cases
from registry.log.events import Actor, Kind, NewEvent, record
from registry.recognition.cases.model import CaseKind, CaseState
from registry.recognition.cases.store import OPEN_STATES
from registry.register import Register

if TYPE_CHECKING:
    from registry.issuing.types import Candidate
    from registry.model import Certificate

EXCHANGE_TYPE: Final = "zhicheng-exchange"


def undecided(register: Register, candidates: Sequence["Candidate"]) -> frozenset[str]:
    """Application numbers of people whose re-confirmation is still open or was refused."""
    blocking = (*OPEN_STATES, str(CaseState.REFUSED))
    newest = _newest_cases(register, candidates)
    return frozenset(number for number, row in newest.items() if row.state in blocking)


def old_numbers(register: Register, candidates: Sequence["Candidate"]) -> Mapping[str, str]:
    """Application number → number of the certificate that is exchanged, of people with a confirmed case."""
    agreed = (str(CaseState.CONFIRMED), str(CaseState.EXCHANGED))
    newest = _newest_cases(register, candidates)
    return {number: row.number for number, row in newest.items() if row.state in agreed and row.number}


def settle(
    register: Register, issued: Sequence[tuple["Candidate", "Certificate"]], actor: Actor
) -> tuple[int, ...]:
    """Close the confirmed cases of people who now hold a certificate; returns the cases that were closed."""
    from signing.authority.opening import open_authority

    cases = _newest_cases(register, [one for one, _ in issued])
    closed: list[int] = []
    news: list[NewEvent] = []
    key = open_authority(register.home).service if cases else None
    with register.database.write() as connection:
        for one, certificate in issued:
            row = cases.get(one.application_number)
            if row is None or row.state != CaseState.CONFIRMED or key is None:
                continue
            changes = {"state": str(CaseState.EXCHANGED), "successor": certificate.number}
            done = connection.execute(
                update(recognition_cases)
                .where(recognition_cases.c.id == row.id)
                .where(recognition_cases.c.state == str(CaseState.CONFIRMED))
                .values(**changes)
            )
            if not done.rowcount:
                continue
            closed.append(row.id)
            detail = {"actor": actor.as_dict(), "step": "exchange", "successor": certificate.number}
            news.append(NewEvent(Kind.RECOGNITION, f"case:{row.id}", detail))
            if row.region and row.region != register.settings.region_code:
                token = _message(register, row, certificate, key)
                connection.execute(insert(outbox).values(**_letter(row, token)))
        record(connection, news, now())
    return tuple(closed)


def _newest_cases(register: Register, candidates: Sequence["Candidate"]) -> dict[str, Any]:
    """The newest re-confirmation of each person, by application number."""
    indexes = {
        index: one.application_number
        for one in candidates
        if (index := register.vault.index(one.identity_number)) is not None
    }
    if not indexes:
        return {}
    table = recognition_cases.c
    statement = (
        select(table.id, table.state, table.region, table.number, table.document, table.identity_index)
        .where(table.identity_index.in_(list(indexes)), table.kind == str(CaseKind.RECONFIRM))
        .order_by(table.id)
    )
    with register.database.read() as connection:
        rows = connection.execute(statement).all()
    return {indexes[bytes(row.identity_index)]: row for row in rows}


def _message(register: Register, row: Any, certificate: "Certificate", key: Any) -> str:
    from signing.credential.token import sign

    payload = {
        "iat": int(now().timestamp()),
        "iss": register.settings.region_code,
        "to": row.region,
        "number": row.number,
        "successor": certificate.number,
        "exchanged_on": certificate.facts.issued_on,
        "document": row.document,
    }
    return sign(payload, key, EXCHANGE_TYPE)


def _letter(row: Any, token: str) -> dict[str, Any]:
    return {
        "case_id": row.id,
        "region": row.region,
        "token": token,
        "attempts": 0,
        "next_at": stamp(now()),
        "problem": "",
        "delivered_at": "",
        "receipt": "",
    }
