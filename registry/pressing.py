"""Pressing (制证): orders in, stored files out. `registry.crew` does it with several processes.

The press itself and the signature belong to other rooms; here they are only wired together.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from house.errors import BAD_INPUT, HouseError
from house.settings import Home
from registry.errors import NotMade
from registry.orders import NotPressed, Order, Outcome, Pressed
from registry.storage import Storage


class Maker(Protocol):
    """Makes one certificate. `forkable`: a fork of this process may go on with it, nothing of it is bound to one."""

    @property
    def forkable(self) -> bool:
        """Whether forks may share it."""

    def credential(self, order: Order) -> str:
        """The signed machine-readable credential that goes into the file and the register."""

    def press(self, order: Order, credential: str) -> tuple[bytes, str]:
        """The finished file and its SHA-256, hexadecimal."""


class BlankMaker:
    """Makes an unsigned note in place of a certificate; for measuring the register alone and for its tests."""

    forkable = True

    def credential(self, order: Order) -> str:
        """A text that is no signed token."""
        return f"unsigned:{order.slot.code}"

    def press(self, order: Order, credential: str) -> tuple[bytes, str]:
        """The note and its SHA-256."""
        data = self.make(order, credential)
        return data, hashlib.sha256(data).hexdigest()

    def make(self, order: Order, credential: str) -> bytes:
        """A few bytes that differ for every certificate."""
        return f"%PDF-1.7\n% 样本 {order.slot.number} {credential}\n%%EOF\n".encode()


MakerFactory = Callable[[Home], Maker]


class PressRoom:
    """A maker with a store: what one process needs to turn orders into stored files."""

    def __init__(self, maker: Maker, storage: Storage) -> None:
        self.maker = maker
        self.storage = storage

    def press(self, orders: Sequence[Order]) -> list[Outcome]:
        """Press and store a chunk; on return every file survives a power failure."""
        return list(self.pressing(orders))

    def pressing(self, orders: Sequence[Order]) -> Iterator[Outcome]:
        """The same one by one; what it gives survives a power failure when it has ended."""
        for order in orders:
            yield self._press(order)
        self.storage.settle()

    def _press(self, order: Order) -> Outcome:
        """One certificate; what is wrong with one person's data does not stop the others."""
        try:
            credential = self.maker.credential(order)
            data, sha256 = self.maker.press(order, credential)
        except HouseError as error:
            if error.exit_code != BAD_INPUT:
                raise
            return NotPressed(order, error.diagnostics())
        self.storage.put(data, sha256)
        return Pressed(order, order.facts.to_json(), credential, sha256, len(data))


def check_pressed(outcome: Outcome) -> Pressed:
    """The pressed certificate of a single order.

    Raises:
        NotMade: the person's own data prevented it; data: `number`, `reason`.
    """
    if isinstance(outcome, NotPressed):
        raise NotMade(number=outcome.order.slot.number, reason=outcome.reason)
    return outcome


def blank_maker(home: Home) -> Maker:
    """Factory of `BlankMaker`."""
    del home
    return BlankMaker()
