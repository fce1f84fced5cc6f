"""Renewed archives (延展): a certificate's file with a further time-stamp takes the place of the one handed out before.

The row of the certificate keeps the hash of what was issued, unchanged. Each renewal adds a row with the new hash and
an `extended` event in the log; the register knows the old file and the new one alike.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from registry.clock import now, stamp
from registry.database.schema import certificates, renewals
from registry.issuing.numbering import take
from registry.log.events import Actor, Kind, NewEvent, record
from registry.model import Certificate, canonical
from registry.register import Register

COUNTER: Final = "#renewal"
COLUMNS: Final[Sequence[str]] = ("certificate_id", "previous", "sha256", "size", "made_at")


def record_renewal(register: Register, certificate: Certificate, data: bytes, actor: Actor) -> str:
    """Keep a renewed file and register its hash; returns the hash. Harmless to repeat with the same bytes.

    Raises:
        StoreNotWritable, DatabaseNotReady: nothing was registered.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if register.lookup.by_sha256(sha256) is not None:
        return sha256
    register.storage.put(data, sha256)
    register.storage.settle()
    moment = now()
    with register.database.write() as connection:
        _lock(connection, certificate)
        row = {
            "certificate_id": certificate.id,
            "previous": _newest(connection, certificate),
            "sha256": sha256,
            "size": len(data),
            "made_at": stamp(moment),
        }
        number = take(connection, [COUNTER])[COUNTER][0]
        hashes = {name: bytes.fromhex(str(row[name])) for name in ("previous", "sha256")}
        new = {"id": number, **row, **hashes}
        connection.execute(insert(renewals).values(**new, mac=register.macs.of(renewals, new)))
        detail = {"actor": actor.as_dict(), "previous": row["previous"], "sha256": sha256}
        content = renewal_content(row)
        event = NewEvent(Kind.EXTENDED, certificate.number, detail, content, certificate.id)
        record(connection, [event], moment)
    return sha256


def renewal_content(row: dict[str, Any]) -> str:
    """Canonical text of a renewal's row; both hashes are hexadecimal."""
    return canonical([row[name] for name in COLUMNS])


def _lock(connection: Connection, certificate: Certificate) -> None:
    """Two programs renew the same certificate one after the other."""
    statement = select(certificates.c.id).where(certificates.c.id == certificate.id).with_for_update()
    connection.execute(statement).one()


def _newest(connection: Connection, certificate: Certificate) -> str:
    found = connection.execute(
        select(renewals.c.sha256)
        .where(renewals.c.certificate_id == certificate.id)
        .order_by(renewals.c.id.desc())
        .limit(1)
    ).scalar()
    return bytes(found).hex() if found is not None else certificate.sha256
