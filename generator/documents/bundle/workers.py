"""Worker processes. One that dies (killed, out of memory) costs time, never a document."""

import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from generator.documents.bundle.workshop import Order, Outcome, Task, Workshop
from generator.documents.context.home import home_rules

PENDING_PER_WORKER: Final = 4
POOLS: Final = 2  # a broken pool is replaced once; after that this process finishes the rest

_rules = ExitStack()  # of a worker: the home's rules, in force as long as it lives
_workshop: Workshop | None = None


def _start(order_file: Path) -> None:
    global _workshop
    order: Order = pickle.loads(order_file.read_bytes())  # noqa: S301 - written by the process that started this one
    _rules.enter_context(home_rules(order.home))
    _workshop = Workshop(order)


def _run(task: Task) -> Outcome:
    if _workshop is None:
        raise RuntimeError(task)
    return _workshop.run(task)


def run_all(
    order: Order, tasks: Sequence[Task], jobs: int, step: Callable[[], None]
) -> Iterator[tuple[int, Outcome]]:
    """Outcomes with the task's place, as they come; `step` is called after each. Few tasks are in flight at a time.

    The caller is within `home_rules(order.home)`. Where no worker can be started, or workers die twice, this process
    makes what is left.
    """
    left = dict(enumerate(tasks))
    for place, outcome in _outcomes(order, left, jobs):
        del left[place]
        yield place, outcome
        step()


def _outcomes(order: Order, left: dict[int, Task], jobs: int) -> Iterator[tuple[int, Outcome]]:
    pools = POOLS if jobs > 1 and _main_is_importable() else 0
    for _ in range(pools):
        if len(left) < 2:
            break
        try:
            yield from _pooled(order, left, jobs)
        except BrokenProcessPool:
            continue
    if left:
        shop = Workshop(order)
        for place, task in tuple(left.items()):
            yield place, shop.run(task)


def _pooled(order: Order, left: dict[int, Task], jobs: int) -> Iterator[tuple[int, Outcome]]:
    """What worker processes make of the tasks.

    The order goes through a file: in the start-up pipe a long one would block for ever when the worker dies early.

    Raises:
        BrokenProcessPool: a worker died.
    """
    with TemporaryDirectory(prefix="zhicheng-order-") as folder:
        order_file = Path(folder) / "order"
        order_file.write_bytes(pickle.dumps(order))
        with ProcessPoolExecutor(jobs, get_context("spawn"), _start, (order_file,)) as pool:
            flying: dict[Future[Outcome], int] = {}
            for place, task in tuple(left.items()):
                flying[pool.submit(_run, task)] = place
                if len(flying) >= jobs * PENDING_PER_WORKER:
                    yield from _landed(flying)
            while flying:
                yield from _landed(flying)


def _landed(flying: dict[Future[Outcome], int]) -> Iterator[tuple[int, Outcome]]:
    done, _ = wait(flying, return_when=FIRST_COMPLETED)
    for future in done:
        yield flying.pop(future), future.result()


def _main_is_importable() -> bool:
    """Whether a fresh process can load the running program again; a script read from standard input cannot be."""
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    return main.__spec__ is not None or file is None or Path(file).is_file()
