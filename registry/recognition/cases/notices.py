"""Messages from other regions (换发告知): believed only when a listed member signed them; answered with a signed receipt.

The own certificate stays as it is; that it was exchanged elsewhere becomes part of its history.
"""

import hashlib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from registry.clock import now, stamp
from registry.database.case_tables import exchange_notices
from registry.log.events import Actor, Kind, NewEvent, record
from registry.recognition.cases.errors import MessageRefused
from registry.recognition.cases.exchange import EXCHANGE_TYPE
from registry.recognition.members import Members
from registry.register import Register

if TYPE_CHECKING:
    from registry.model import Certificate
    from signing.keys.service_key import ServiceKey

RECEIPT_TYPE: Final = "zhicheng-receipt"
MAX_TEXT: Final = 60


def receive(register: Register, key: "ServiceKey", token: str) -> str:
    """Keep a message and return the signed receipt; the same message again gives another receipt and nothing else.

    Raises:
        MessageRefused: not signed by a listed region, or not meant for this one.
        TrustListRefused: the kept list of regions was tampered with.
    """
    token = token.strip()
    payload = believed(register, token)
    digest = hashlib.sha256(token.encode()).hexdigest()
    certificate = register.lookup.by_number(str(payload["number"]))
    with register.database.write() as connection:
        table = exchange_notices.c
        held = connection.execute(
            select(table.id).where(
                table.region == payload["iss"],
                table.number == payload["number"],
                table.successor == payload["successor"],
            )
        ).one_or_none()
        if held is None:
            row = {
                "digest": digest,
                "region": payload["iss"],
                "number": payload["number"],
                "successor": payload["successor"],
                "known": int(certificate is not None),
                "received_at": stamp(now()),
                "token": token,
            }
            connection.execute(insert(exchange_notices).values(**row))
            if certificate is not None:
                record(connection, [_event(certificate, payload)], now())
    return _receipt(register, key, payload, digest, known=certificate is not None)


def believed(register: Register, token: str) -> dict[str, Any]:
    """The payload of a message that a listed region signed for this one.

    Raises:
        MessageRefused: it is not; data: `reason`.
    """
    from signing.credential.token import split, verify
    from signing.errors import TokenInvalid

    try:
        issuer = str(split(token)[1].get("iss"))
    except TokenInvalid as error:
        raise MessageRefused(reason="form") from error
    listing = Members(register.home).current()
    member = listing.member(issuer) if listing else None
    keyset = member.entry.facts.trust.keyset if member else None
    if keyset is None:
        raise MessageRefused(reason="iss")
    try:
        payload = dict(verify(token, keyset, EXCHANGE_TYPE).payload)
    except TokenInvalid as error:
        raise MessageRefused(reason=error.key) from error
    if payload.get("to") != register.settings.region_code:
        raise MessageRefused(reason="to")
    texts = [payload.get(name) for name in ("number", "successor")]
    if not all(isinstance(text, str) and 0 < len(text) <= MAX_TEXT for text in texts):
        raise MessageRefused(reason="form")
    return payload


def _event(certificate: "Certificate", payload: dict[str, Any]) -> NewEvent:
    detail = {
        "actor": Actor(str(payload["iss"]), "region", "").as_dict(),
        "clause": "第五十七条",
        "document": str(payload.get("document", "")),
        "successor": payload["successor"],
    }
    return NewEvent(Kind.EXCHANGED, certificate.number, detail, certificate_id=certificate.id)


def _receipt(
    register: Register, key: "ServiceKey", payload: dict[str, Any], digest: str, *, known: bool
) -> str:
    from signing.credential.token import sign

    answer = {
        "iat": int(now().timestamp()),
        "iss": register.settings.region_code,
        "to": payload["iss"],
        "message": digest,
        "known": known,
    }
    return sign(answer, key, RECEIPT_TYPE)
