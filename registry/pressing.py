"""Pressing (制证): orders in, stored files out; in this process or in worker processes that each keep a press.

The press itself and the signature belong to other rooms; here they are only wired together.
"""

import hashlib
import os
import select
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from threading import Thread
from typing import Final, Protocol, TypeVar

from house.errors import BAD_INPUT, HouseError
from house.settings import Home
from registry.errors import NotMade, WorkersLost
from registry.orders import NotPressed, Order, Outcome, Pressed
from registry.storage import Storage, open_storage
from registry.sweeping import Sweep, start_sweeping

AHEAD: Final = 2  # chunks in hand per worker: enough to keep it busy, few enough to keep memory flat
ATTEMPTS: Final = 3
PRELOADED: Final = [  # also what the rooms import only when it is needed: once for all workers
    "registry.making",
    "pyhanko.sign.signers",
    "pyhanko_certvalidator.registry",
    "reportlab.pdfgen.canvas",
    "reportlab.pdfbase.ttfonts",
    "pikepdf",
    "qrcode",
    "PIL.ImageCms",
]


class Maker(Protocol):
    """Makes one certificate."""

    def credential(self, order: Order) -> str:
        """The signed machine-readable credential that goes into the file and the register."""

    def press(self, order: Order, credential: str) -> tuple[bytes, str]:
        """The finished file and its SHA-256, hexadecimal."""


class BlankMaker:
    """Makes an unsigned note in place of a certificate; for measuring the register alone and for its tests."""

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
Answer = str | tuple[str, str, str, int]  # why not, or the facts, credential, hash and size of a `Pressed`


class PressRoom:
    """A maker with a store: what one process needs to turn orders into stored files."""

    def __init__(self, maker: Maker, storage: Storage) -> None:
        self.maker = maker
        self.storage = storage

    def press(self, orders: Sequence[Order]) -> list[Outcome]:
        """Press and store a chunk; on return every file survives a power failure."""
        done = [self._press(order) for order in orders]
        self.storage.settle()
        return done

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


T = TypeVar("T")
Work = tuple[T, Sequence[Order]]


def press_all(
    home: Home, factory: MakerFactory, work: Iterable[Work[T]], jobs: int
) -> Iterator[tuple[T, list[Outcome]]]:
    """Press chunk after chunk, in order; each chunk carries a companion value through.

    Raises:
        WorkersLost: worker processes kept dying; what was registered stays, the same command goes on.
    """
    if jobs <= 1:
        room = PressRoom(factory(home), open_storage(home))
        for companion, orders in work:
            yield companion, room.press(orders)
    else:
        yield from _press_in_workers(home, factory, iter(work), jobs)


def _press_in_workers(
    home: Home, factory: MakerFactory, work: Iterator[Work[T]], jobs: int
) -> Iterator[tuple[T, list[Outcome]]]:
    """Keep a few chunks ahead; when a worker is killed, start anew with the chunks that were in hand."""
    pending: list[Work[T]] = []
    lost = 0
    while True:
        try:
            with _pool(home, factory, jobs) as pool:
                futures = [pool.submit(_press_here, orders) for _, orders in pending]
                while True:
                    _fill(pool, work, pending, futures, jobs * AHEAD)
                    if not pending:
                        return
                    pressed = futures[0].result()
                    companion, orders = pending.pop(0)
                    futures.pop(0)
                    lost = 0
                    yield companion, list(map(_outcome, orders, pressed))
        except BrokenProcessPool as error:
            lost += 1
            if lost >= ATTEMPTS:
                raise WorkersLost(attempts=lost) from error


def _fill(
    pool: ProcessPoolExecutor,
    work: Iterator[Work[T]],
    pending: list[Work[T]],
    futures: list[Future[list[Answer]]],
    most: int,
) -> None:
    for item in islice(work, most - len(pending)):
        pending.append(item)
        futures.append(pool.submit(_press_here, item[1]))


def _pool(home: Home, factory: MakerFactory, jobs: int) -> ProcessPoolExecutor:
    context = get_context("forkserver")  # one import of the press for all workers, no threads copied
    context.set_forkserver_preload(PRELOADED)
    return ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_start_worker, initargs=(home, factory, os.getpid())
    )


def _no_sweep() -> None:
    """Until the worker has started."""


_room: PressRoom | None = None
_sweep: Sweep = _no_sweep


def _start_worker(home: Home, factory: MakerFactory, program: int) -> None:
    """Runs once in every worker: die with the program, leave Ctrl-C to it, load the press."""
    global _room, _sweep
    Thread(target=_die_with, args=(program,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _room = PressRoom(factory(home), open_storage(home))
    _sweep = start_sweeping()


def _press_here(orders: Sequence[Order]) -> list[Answer]:
    """What a worker sends back: the program still has the orders, so they do not travel twice."""
    if _room is None:
        raise WorkersLost(attempts=0)
    answers = [_answer(outcome) for outcome in _room.press(orders)]
    _sweep()
    return answers


def _answer(outcome: Outcome) -> Answer:
    if isinstance(outcome, NotPressed):
        return outcome.reason
    return outcome.facts, outcome.credential, outcome.sha256, outcome.size


def _outcome(order: Order, answer: Answer) -> Outcome:
    return NotPressed(order, answer) if isinstance(answer, str) else Pressed(order, *answer)


def _die_with(program: int) -> None:
    """End this process when the program is gone, however it went: a killed run leaves no workers behind."""
    try:
        descriptor = os.pidfd_open(program)
        select.select([descriptor], [], [])
    except ProcessLookupError:
        pass
    except (AttributeError, OSError):  # no pidfd here: the program's end shows when its queue breaks
        return
    os._exit(1)


def blank_maker(home: Home) -> Maker:
    """Factory of `BlankMaker`."""
    del home
    return BlankMaker()
