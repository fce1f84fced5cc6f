"""Status lists (状态名单): two bits per certificate, compressed, signed, cacheable by anybody.

Form after the IETF Token Status List: `status_list.lst` is the zlib-compressed bit array in Base64url, entries of two
bits from the low end of each byte. Unused positions read as valid, so that a list does not count certificates.
"""

import hashlib
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, func, or_, select

from registry.audit.row_macs import COLUMNS
from registry.certificates.status_positions import CAPACITY
from registry.clock import now
from registry.database.schema import certificates, events, numbers
from registry.errors import StatusListDamaged, StatusListUnknown
from registry.log.events import Kind
from registry.model import State
from registry.register import Register

if TYPE_CHECKING:
    from signing.keys.service_key import KeySet, ServiceKey

BITS: Final = 2
PER_BYTE: Final = 8 // BITS
VALUES: Final = tuple(State)  # valid 0, suspended 1, revoked 2, superseded 3
STATE_KINDS: Final = (Kind.SUSPENDED, Kind.RESUMED, Kind.REVOKED, Kind.SUPERSEDED)
LIFE: Final = timedelta(days=1)
TTL: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class StatusList:
    """One list as published: the signed token and an entity tag over its content."""

    id: int
    token: str
    etag: str
    max_age: int


def status_list(
    register: Register, list_id: int, key: "ServiceKey", at: datetime | None = None
) -> StatusList:
    """Build and sign a list as it is now.

    Raises:
        StatusListUnknown: no certificate has ever been in that list.
    """
    bits = _bits(register, list_id)
    moment = at or now()
    payload = {
        "iss": register.settings.region_code,
        "sub": f"{register.settings.public_url}/api/v1/status-lists/{list_id}",
        "iat": int(moment.timestamp()),
        "exp": int((moment + LIFE).timestamp()),
        "ttl": int(TTL.total_seconds()),
        "status_list": {"bits": BITS, "lst": _pack(bits)},
    }
    from signing.credential.token import STATUS_LIST_TYPE, sign

    etag = hashlib.sha256(bits).hexdigest()[:32]
    return StatusList(list_id, sign(payload, key, STATUS_LIST_TYPE), etag, int(TTL.total_seconds()))


def list_ids(register: Register) -> tuple[int, ...]:
    """Every list that has been begun."""
    with register.database.read() as connection:
        last = connection.execute(select(func.max(numbers.c.list_id))).scalar() or 0
    return tuple(range(1, last + 1))


def read_state(token: str, position: int, keyset: "KeySet", at: datetime | None = None) -> State:
    """What a list says of a position, for whoever has only the token.

    Raises:
        TokenInvalid: not signed by that key set.
        StatusListDamaged: its bits cannot be read.
        StatusListUnknown: expired, dated in the future, or the position is outside.
    """
    from signing.credential.token import CLOCK_SKEW, STATUS_LIST_TYPE, verify_signature

    accepted, moment = verify_signature(token, keyset, STATUS_LIST_TYPE), at or now()
    bits = read_bits(accepted.payload)
    ended = moment.timestamp() > accepted.payload["exp"] or accepted.issued_at > moment + CLOCK_SKEW
    if ended or not 0 <= position < len(bits) * PER_BYTE:
        raise StatusListUnknown(list=accepted.payload.get("sub", ""))
    return VALUES[bits[position // PER_BYTE] >> position % PER_BYTE * BITS & 3]


def read_bits(payload: Mapping[str, Any]) -> bytes:
    """The bit array that a list carries.

    Raises:
        StatusListDamaged: not in the form of one, cut off, or larger than any list may be.
    """
    try:
        text, exp = str(payload["status_list"]["lst"]), payload["exp"]
        inflating = zlib.decompressobj()
        bits = inflating.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), CAPACITY)
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise StatusListDamaged(list=str(payload.get("sub", "")), reason=type(error).__name__) from error
    if not inflating.eof or not isinstance(exp, int) or payload["status_list"].get("bits", BITS) != BITS:
        raise StatusListDamaged(list=str(payload.get("sub", "")), reason="lst, bits, exp")
    return bits


def _bits(register: Register, list_id: int) -> bytes:
    """The bit array; only certificates that are not valid have to be read."""
    if list_id not in list_ids(register):
        raise StatusListUnknown(list=list_id)
    bits = bytearray(CAPACITY // PER_BYTE)
    with register.database.read() as connection:
        for row in _changed(connection, register, list_id):
            value = VALUES.index(State(row.state))
            bits[row.list_position // PER_BYTE] |= value << row.list_position % PER_BYTE * BITS
    return bytes(bits)


def _changed(connection: Connection, register: Register, list_id: int) -> Iterator[Any]:
    """The certificates of a list that are not valid, or were not at some time: a row set back to valid is noticed.

    Raises:
        RowAltered: a row is not as the program wrote it.
    """
    ever = select(events.c.certificate_id).where(events.c.kind.in_(STATE_KINDS))
    rows = connection.execute(
        select(certificates).where(
            certificates.c.list_id == list_id,
            or_(certificates.c.state != str(State.VALID), certificates.c.id.in_(ever)),
        )
    )
    for row in rows:
        register.macs.check(
            certificates, [*(getattr(row, name) for name in COLUMNS[certificates.name]), row.mac]
        )
        yield row


def _pack(bits: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(bits, 9)).rstrip(b"=").decode()
