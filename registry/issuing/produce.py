"""Pressing (制证): orders in, stored files out. `registry.issuing.process_pool` does it with several processes.

The press itself and the signature belong to other rooms; here they are only wired together.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import Final, ParamSpec, Protocol, TypeVar

from core.errors import BAD_INPUT, HouseError
from core.settings import Home
from registry.errors import CertificateWaits, NotMade
from registry.issuing.types import NotPressed, Order, Outcome, Pressed
from registry.storage import Storage
from registry.storage.protocol import FileBytes
from signing.errors import RevocationInfoMissing, TimestampFailed

TOGETHER: Final = 128  # made by one kind of work after another: each keeps its data in the processor's caches

Made = tuple[str, FileBytes, str]  # credential, file, its SHA-256
T = TypeVar("T")
P = ParamSpec("P")


def tried(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T | HouseError:
    """What the work gives, or the error that concerns this one certificate alone; any other is raised."""
    try:
        return work(*args, **named)
    except (TimestampFailed, RevocationInfoMissing) as error:
        return error
    except HouseError as error:
        if error.exit_code != BAD_INPUT:
            raise
        return error


class Maker(Protocol):
    """Makes one certificate. `forkable`: a fork of this process may go on with it, nothing of it is bound to one."""

    @property
    def forkable(self) -> bool:
        """Whether forks may share it."""

    @property
    def overlap(self) -> int:
        """How many threads may press at once, because each waits for somebody else most of the time."""

    @property
    def level(self) -> str:
        """The signature level of what it makes, empty without a signature."""

    def credential(self, order: Order) -> str:
        """The signed machine-readable credential that goes into the file and the register."""

    def press(self, order: Order, credential: str) -> tuple[FileBytes, str]:
        """The finished file, whole or in parts, and its SHA-256, hexadecimal."""

    def press_all(self, orders: Sequence[Order]) -> "list[Made | HouseError]":
        """A few certificates at once, or what prevented each of them."""


def make_one(maker: Maker, order: Order) -> Made | HouseError:
    """One certificate, or what prevented it; what is wrong with one person's data does not stop the others."""
    return tried(_made, maker, order)


def _made(maker: Maker, order: Order) -> Made:
    credential = maker.credential(order)
    return credential, *maker.press(order, credential)


class BlankMaker:
    """Makes an unsigned note in place of a certificate; for measuring the register alone and for its tests."""

    forkable = True
    overlap = 1
    level = ""

    def credential(self, order: Order) -> str:
        """A text that is no signed token."""
        return f"unsigned:{order.slot.code}"

    def press(self, order: Order, credential: str) -> tuple[bytes, str]:
        """The note and its SHA-256."""
        data = self.make(order, credential)
        return data, hashlib.sha256(data).hexdigest()

    def press_all(self, orders: Sequence[Order]) -> list[Made | HouseError]:
        """One after another."""
        return [make_one(self, order) for order in orders]

    def make(self, order: Order, credential: str) -> bytes:
        """A few bytes that differ for every certificate."""
        return f"%PDF-1.7\n% 样本 {order.slot.number} {credential}\n%%EOF\n".encode()


MakerFactory = Callable[[Home], Maker]


class PressRoom:
    """A maker with a store: what one process needs to turn orders into stored files."""

    def __init__(self, make: Callable[[], Maker], storage: Storage) -> None:
        self._make = make
        self.storage = storage

    @cached_property
    def maker(self) -> Maker:
        """Made for the first order: where everybody has a certificate already, nothing is loaded."""
        return self._make()

    def press(self, orders: Sequence[Order]) -> list[Outcome]:
        """Press and store a chunk; on return every file survives a power failure."""
        return list(self.pressing(orders))

    def pressing(self, orders: Sequence[Order]) -> Iterator[Outcome]:
        """The same one by one; what it gives survives a power failure when it has ended."""
        if not orders:
            return
        if self.maker.overlap == 1:
            for start in range(0, len(orders), TOGETHER):
                some = orders[start : start + TOGETHER]
                yield from map(self._outcome, some, self.maker.press_all(some))
        else:
            with ThreadPoolExecutor(self.maker.overlap) as pool:  # gone before anything is forked
                made = pool.map(partial(make_one, self.maker), orders)
                yield from map(self._outcome, orders, made)
        self.storage.settle()

    def _outcome(self, order: Order, made: Made | HouseError) -> Outcome:
        """Store what was made."""
        if isinstance(made, HouseError):
            waits = isinstance(made, TimestampFailed | RevocationInfoMissing)
            return NotPressed(order, made.sentence(), waits=waits)
        credential, data, sha256 = made
        self.storage.put(data, sha256)
        size = len(data) if isinstance(data, bytes) else sum(map(len, data))
        return Pressed(order, order.facts.to_json(), credential, sha256, size, self.maker.level)


def check_pressed(outcome: Outcome) -> Pressed:
    """The pressed certificate of a single order.

    Raises:
        NotMade: the person's own data prevented it; data: `number`, `reason`.
        CertificateWaits: an authority did not answer; the number stays reserved; data: `number`, `reason`.
    """
    if isinstance(outcome, NotPressed):
        if outcome.waits:
            raise CertificateWaits(number=outcome.order.slot.number, reason=outcome.reason)
        raise NotMade(number=outcome.order.slot.number, reason=outcome.reason)
    return outcome


def blank_maker(home: Home) -> Maker:
    """Factory of `BlankMaker`."""
    del home
    return BlankMaker()
