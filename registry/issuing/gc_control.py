"""When garbage is collected during long work: at the end of each chunk, not whenever so many objects were made.

A batch of 100,000 people and a loaded press are millions of objects that live to the end. Python's collector would
walk over them again and again, a fifth of the time of issuing. What a chunk leaves behind is young: one look at the
young objects per chunk finds it, and a full look now and then finds the rest.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

FULL_EVERY: Final = 64  # chunks

Sweep = Callable[[], None]


def start_sweeping() -> Sweep:
    """Set what exists aside and stop automatic collection; returns what to call after each chunk."""
    gc.freeze()
    gc.disable()
    chunks = 0

    def sweep() -> None:
        nonlocal chunks
        chunks += 1
        gc.collect(0 if chunks % FULL_EVERY else 2)

    return sweep


def no_sweep() -> None:
    """Leaves the collector as it is."""


@contextmanager
def sweeping() -> Iterator[Sweep]:
    """`start_sweeping` for the time of a block; afterwards everything is as before."""
    automatic = gc.isenabled()
    try:
        yield start_sweeping()
    finally:
        gc.unfreeze()
        if automatic:
            gc.enable()
