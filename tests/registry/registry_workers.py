"""Real worker processes for the tests, with makers that do not draw, or that stop half-way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from registry.issuing.produce import BlankMaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.settings import Home
    from registry.issuing.types import Order

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0  # seconds; a busy machine starts processes slowly
HELD = "ZHICHENG_TEST_HELD"

SETTINGS = """
[jobs]
runner = "procrastinate"
chunk = 4
heartbeat_seconds = 0.5
stalled_seconds = 2
"""

SCRIPT = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from pathlib import Path
from registry_workers import MAKERS
from core.settings import Home
from registry.jobs.worker import Worker
from registry.register import Register
with Register.open(Home(Path({home!r}))) as register:
    Worker(register, factory=MAKERS[{maker!r}]).run()
"""


class HeldMaker(BlankMaker):
    """Never comes to an end with the third certificate, once it has said so."""

    def __init__(self) -> None:
        self.made = 0

    def make(self, order: Order, credential: str) -> bytes:
        self.made += 1
        if self.made == 3:
            Path(os.environ[HELD]).touch()
            time.sleep(10 * PATIENCE)
        return super().make(order, credential)


class SlowMaker(BlankMaker):
    """Takes long enough that something can happen meanwhile."""

    def make(self, order: Order, credential: str) -> bytes:
        time.sleep(0.05)
        return super().make(order, credential)


MAKERS = {
    "blank": lambda home: BlankMaker(),
    "held": lambda home: HeldMaker(),
    "slow": lambda home: SlowMaker(),
}


@contextmanager
def worker(home: Home, maker: str = "blank", held: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process for the time of a block; it is asked to end, and must."""
    script = SCRIPT.format(root=str(ROOT), tests=str(Path(__file__).parent), home=str(home.root), maker=maker)
    environment = {**os.environ, **({HELD: str(held)} if held else {})}
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()


def until(true: Callable[[], object]) -> None:
    """Wait for something, but not for ever."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
