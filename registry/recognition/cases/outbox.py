"""Outbox (发件箱): each message is sent until the old region's signed receipt is there; also by folder, on a stick.

Waiting times double from one minute to a day. A region that cannot be reached costs nothing but time.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from core.settings import write_atomically
from registry.clock import now, stamp
from registry.database.case_tables import outbox
from registry.recognition.asking import HttpTransport, Transport
from registry.recognition.cases.errors import MessageRefused
from registry.recognition.cases.notices import RECEIPT_TYPE, receive
from registry.recognition.members import Members
from registry.recognition.settings import RecognitionSettings
from registry.register import Register

if TYPE_CHECKING:
    from signing.keys.service_key import ServiceKey
    from signing.trustlist import Listed

FIRST_WAIT: Final = timedelta(minutes=1)
HELD: Final = timedelta(minutes=2)  # by the process that is sending it; longer than any answer takes
LONGEST_WAIT: Final = timedelta(days=1)
EXCHANGES: Final = "exchanges"
MESSAGE_SUFFIX: Final = ".exchange.jwt"
RECEIPT_SUFFIX: Final = ".receipt.jwt"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it stands in the outbox."""

    id: int
    case_id: int
    region: str
    token: str
    attempts: int
    next_at: str
    problem: str
    delivered_at: str

    @property
    def digest(self) -> str:
        """Names the message in receipts and files."""
        return hashlib.sha256(self.token.encode()).hexdigest()


def letters(register: Register, *, waiting: bool = True) -> tuple[Letter, ...]:
    """Messages in the order in which they were written; those that wait, or all."""
    names = ("id", "case_id", "region", "token", "attempts", "next_at", "problem", "delivered_at")
    statement = select(*(outbox.c[name] for name in names)).order_by(outbox.c.id)
    if waiting:
        statement = statement.where(outbox.c.delivered_at == "")
    with register.database.read() as connection:
        return tuple(Letter(**row) for row in connection.execute(statement).mappings())


def deliver(
    register: Register, transport: Transport | None = None, *, now_or_never: bool = False
) -> tuple[Letter, ...]:
    """Send what is due (`now_or_never`: everything that waits); returns the messages as they stand afterwards.

    Any number of processes may do this at once, on any number of machines: each message is taken by one of them.
    """
    transport = transport or HttpTransport(register.home.section("recognition", RecognitionSettings))
    due = [one for one in letters(register) if now_or_never or one.next_at <= stamp(now())]
    members = Members(register.home)
    chosen = set[int]()
    for one in due:
        if _take(register, one):
            chosen.add(one.id)
            _deliver(register, members, one, transport)
    return tuple(one for one in letters(register, waiting=False) if one.id in chosen)


def write_letters(register: Register, folder: Path) -> int:
    """Write waiting messages into a folder, for a stick; they go on waiting until a receipt comes back."""
    waiting = letters(register)
    for one in waiting:
        write_atomically(
            folder / f"{one.region}-{one.digest[:16]}{MESSAGE_SUFFIX}", one.token.encode("ascii")
        )
    return len(waiting)


def read_folder(register: Register, key: "ServiceKey", folder: Path) -> tuple[int, int, int]:
    """Take messages for this region (a receipt is written beside each) and receipts for its own out of a folder.

    Returns how many messages and receipts were taken and how many files were refused.
    """
    taken = receipts = refused = 0
    for path in sorted(folder.glob(f"*{MESSAGE_SUFFIX}")):
        try:
            answer = receive(register, key, path.read_text("ascii"))
        except (MessageRefused, UnicodeDecodeError):
            refused += 1
            continue
        name = path.name.removesuffix(MESSAGE_SUFFIX) + RECEIPT_SUFFIX
        write_atomically(path.with_name(name), answer.encode("ascii"))
        taken += 1
    waiting = letters(register)
    for text in _texts(folder):
        match = next((one for one in waiting if _is_receipt(register, one, text)), None)
        if match is not None:
            _delivered(register, match, text)
            receipts += 1
    return taken, receipts, refused


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob(f"*{RECEIPT_SUFFIX}")):
        try:
            yield path.read_text("ascii").strip()
        except UnicodeDecodeError:
            continue


def _take(register: Register, one: Letter) -> bool:
    """Keep a message from other processes while this one sends it; False when another was quicker."""
    taken = update(outbox).where(
        outbox.c.id == one.id, outbox.c.delivered_at == "", outbox.c.next_at == one.next_at
    )
    with register.database.write() as connection:
        return connection.execute(taken.values(next_at=stamp(now() + HELD))).rowcount == 1


def _deliver(register: Register, members: Members, one: Letter, transport: Transport) -> None:
    listing = members.current()
    member = listing.member(one.region) if listing else None
    if member is None:
        _failed(register, one, "not_listed")
        return
    url = member.entry.facts.address + member.entry.facts.end_points.get(EXCHANGES, "/api/v1/exchanges")
    try:
        body = transport.post(url, {"token": one.token})
        receipt = str(json.loads(body)["token"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        _failed(register, one, str(error) or type(error).__name__)
        return
    if _is_receipt(register, one, receipt, member):
        _delivered(register, one, receipt)
    else:
        _failed(register, one, "receipt")


def _is_receipt(register: Register, one: Letter, token: str, member: "Listed | None" = None) -> bool:
    """Whether a token is the addressed region's signed receipt for this message."""
    from signing.credential.token import verify
    from signing.errors import TokenInvalid

    if member is None:
        listing = Members(register.home).current()
        member = listing.member(one.region) if listing else None
    keyset = member.entry.facts.trust.keyset if member else None
    if keyset is None:
        return False
    try:
        payload = verify(token, keyset, RECEIPT_TYPE).payload
    except TokenInvalid:
        return False
    return payload.get("message") == one.digest and payload.get("iss") == one.region


def _delivered(register: Register, one: Letter, receipt: str) -> None:
    _note(register, one, {"delivered_at": stamp(now()), "receipt": receipt, "problem": ""})


def _failed(register: Register, one: Letter, problem: str) -> None:
    wait = min(FIRST_WAIT * 2 ** min(one.attempts, 16), LONGEST_WAIT)
    _note(register, one, {"next_at": stamp(now() + wait), "problem": problem[:200]})


def _note(register: Register, one: Letter, values: dict[str, Any]) -> None:
    with register.database.write() as connection:
        changes = {"attempts": one.attempts + 1, **values}
        connection.execute(update(outbox).where(outbox.c.id == one.id).values(**changes))
