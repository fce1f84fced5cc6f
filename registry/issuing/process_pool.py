"""Pressing with several processes (班组): this process presses too, and hands chunks to workers beside it.

The first chunk is pressed here alone: it draws the plan and cuts the first glyphs, and a short batch needs no more.
Where that is safe the workers are forks of this process, which start at once with all of it; elsewhere they are
started afresh, and this process goes on meanwhile. Chunks come out in the order in which they went in.
"""

import multiprocessing
import os
import select
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Thread
from typing import Final, Generic, TypeVar

from core.settings import Home
from registry.errors import WorkersLost
from registry.issuing.gc_control import Sweep, start_sweeping
from registry.issuing.produce import TOGETHER, Maker, MakerFactory, PressRoom
from registry.issuing.types import NotPressed, Order, Outcome, Pressed
from registry.storage import open_storage

AHEAD: Final = 2  # chunks in hand per worker: enough to keep it busy, few enough to keep memory flat
OWN_AHEAD: Final = 8  # chunks pressed here that may wait for an earlier one in a worker's hands
GLANCE: Final = 16  # certificates pressed here between two looks at the workers
ATTEMPTS: Final = 3
PRELOADED: Final = [  # also what the rooms import only when it is needed: once for all workers
    "registry.issuing.process_pool",
    "registry.issuing.press_maker",
    "signing.cms.asn1",
    "reportlab.pdfgen.canvas",
    "reportlab.pdfbase.ttfonts",
    "pikepdf",
    "qrcode",
    "PIL.ImageCms",
]
THREADS: Final = Path("/proc/self/task")

T = TypeVar("T")
Work = tuple[T, Sequence[Order]]
Answer = (
    tuple[str, bool] | tuple[str, str, str, int, str]
)  # the members of a `NotPressed` or `Pressed` but the order


def press_all(
    home: Home, factory: MakerFactory, work: Iterable[Work[T]], jobs: int
) -> Iterator[tuple[T, list[Outcome]]]:
    """Press chunk after chunk with `jobs` processes, this one among them, and give the chunks back in order.

    Each chunk carries a companion value through. A batch of a single chunk is pressed in this process. Of several, the
    first certificates are made before workers start: forks then find everything drawn that all certificates share.

    Raises:
        WorkersLost: worker processes kept dying; what was registered stays, the same command goes on.
    """
    room = PressRoom(lambda: factory(home), open_storage(home))
    ready = iter(work)
    if jobs > 1:
        first, second = next(ready, None), next(ready, None)
        if first is not None and second is not None:
            yield from _Crew[T](home, factory, room, jobs - 1).press(first, chain([second], ready))
            return
        ready = filter(None, (first, second))
    for companion, orders in ready:
        yield companion, room.press(orders)


@dataclass
class _Chunk(Generic[T]):
    """A chunk in hand: in nobody's yet, in a worker's (`future`), or pressed here (`outcomes`).

    `before` is what came of orders of the same chunk that are not among `orders` any more.
    """

    companion: T
    orders: Sequence[Order]
    before: Sequence[Outcome] = ()
    future: Future[list[Answer]] | None = None
    outcomes: list[Outcome] | None = None

    @property
    def free(self) -> bool:
        """Whether nobody has taken it."""
        return self.future is None and self.outcomes is None

    @property
    def done(self) -> bool:
        """Whether it can be given back, or its worker has failed."""
        return self.outcomes is not None or (self.future is not None and self.future.done())

    def result(self) -> list[Outcome]:
        """What came of it; waits for the worker."""
        if self.outcomes is None and self.future is not None:
            self.outcomes = list(map(_outcome, self.orders, self.future.result()))
        return [*self.before, *(self.outcomes or [])]

    def take_back(self) -> None:
        """After the workers have died: somebody else has to press what is not done."""
        future, self.future = self.future, None
        if future is not None and future.done() and not future.exception():
            self.outcomes = list(map(_outcome, self.orders, future.result()))


class _Crew(Generic[T]):
    """Workers beside a press room of this process."""

    def __init__(self, home: Home, factory: MakerFactory, room: PressRoom, workers: int) -> None:
        self._home = home
        self._factory = factory
        self._room = room
        self._workers = workers
        self._chunks: deque[_Chunk[T]] = deque()
        self._most = workers * AHEAD + OWN_AHEAD

    def press(self, first: Work[T], work: Iterator[Work[T]]) -> Iterator[tuple[T, list[Outcome]]]:
        """Give every chunk back in order; when a worker is killed, start anew with the chunks that were in hand."""
        self._work = work
        companion, orders = first
        before, rest = self._room.press(orders[:TOGETHER]), orders[TOGETHER:]
        if rest:
            self._chunks.append(_Chunk(companion, rest, before))
        else:
            yield companion, before
        lost = 0
        while True:
            try:
                with self._pool() as pool:
                    while head := self._head(pool):
                        by_worker, outcomes = head.future is not None, head.result()
                        self._chunks.popleft()
                        lost = 0 if by_worker else lost
                        yield head.companion, outcomes
                    return
            except BrokenProcessPool as error:
                lost += 1
                if lost >= ATTEMPTS:
                    raise WorkersLost(attempts=lost) from error
                for chunk in self._chunks:
                    chunk.take_back()

    def _head(self, pool: ProcessPoolExecutor) -> _Chunk[T] | None:
        """The next chunk to give back, done; until it is done this process presses others."""
        self._feed(pool)
        while self._chunks and not self._chunks[0].done:
            own = self._next()
            if own is not None:
                self._press(own, pool)
            elif self._chunks[0].future is not None:
                wait([self._chunks[0].future])
            self._feed(pool)
        return self._chunks[0] if self._chunks else None

    def _feed(self, pool: ProcessPoolExecutor) -> None:
        """Keep every worker's hands full."""
        busy = sum(chunk.future is not None and not chunk.future.done() for chunk in self._chunks)
        for _ in range(self._workers * AHEAD - busy):
            chunk = self._next()
            if chunk is None:
                return
            chunk.future = pool.submit(_press_here, chunk.orders)

    def _next(self) -> _Chunk[T] | None:
        """A chunk that nobody has taken."""
        for chunk in self._chunks:
            if chunk.free:
                return chunk
        item = next(self._work, None) if len(self._chunks) < self._most else None
        if item is None:
            return None
        self._chunks.append(_Chunk(*item))
        return self._chunks[-1]

    def _press(self, chunk: _Chunk[T], pool: ProcessPoolExecutor) -> None:
        """Press a chunk here, with an eye on the workers."""
        done: list[Outcome] = []
        chunk.outcomes = done
        try:
            for outcome in self._room.pressing(chunk.orders):
                done.append(outcome)
                if len(done) % GLANCE == 0:
                    self._feed(pool)
        except BrokenProcessPool:
            chunk.outcomes = None
            raise

    def _pool(self) -> ProcessPoolExecutor:
        global _maker
        context = _context(self._room.maker)
        _maker = self._room.maker
        return ProcessPoolExecutor(
            self._workers,
            mp_context=context,
            initializer=_start_worker,
            initargs=(self._home, self._factory, os.getpid()),
        )


def _context(maker: Maker) -> BaseContext:
    """Forks where nothing stands against it: they need no start, and share the press's memory."""
    if maker.forkable and _single_threaded():
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")  # one import of the press for all workers
    context.set_forkserver_preload(PRELOADED)
    return context


def _single_threaded() -> bool:
    """Whether this process has no other thread, of whatever library, whose locks a fork would copy in mid-air."""
    try:
        return len(list(THREADS.iterdir())) == 1
    except OSError:
        return False


def _no_sweep() -> None:
    """Until the worker has started."""


_maker: Maker | None = None
_room: PressRoom | None = None
_sweep: Sweep = _no_sweep


def _start_worker(home: Home, factory: MakerFactory, program: int) -> None:
    """Runs once in every worker: die with the program, leave Ctrl-C to it, take over or load the press."""
    global _room, _sweep
    Thread(target=_die_with, args=(program,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    maker = _maker or factory(home)
    _room = PressRoom(lambda: maker, open_storage(home))
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
        return outcome.reason, outcome.waits
    return outcome.facts, outcome.credential, outcome.sha256, outcome.size, outcome.level


def _outcome(order: Order, answer: Answer) -> Outcome:
    return NotPressed(order, *answer) if len(answer) == 2 else Pressed(order, *answer)


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
