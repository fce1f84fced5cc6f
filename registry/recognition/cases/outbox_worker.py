"""Delivers what waits in the outbox by itself, as long as a server or a worker runs (再送至收到回执)."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from core.errors import HouseError
from registry.recognition.cases.outbox import deliver
from registry.recognition.settings import RecognitionSettings
from registry.register import Register

if TYPE_CHECKING:
    from core.settings import Home

_LOG = logging.getLogger(__name__)
_STOP_SECONDS = 10.0


@contextmanager
def postman(home: "Home") -> Iterator[None]:
    """Send due messages every `[recognition] deliver_seconds` in a thread of its own; 0 starts none.

    Several processes may do so on one register: each message is taken by one of them.
    """
    stop = Event()
    thread = _start(home, stop)
    try:
        yield
    finally:
        stop.set()
        if thread:
            thread.join(_STOP_SECONDS)


def lasting_postman(home: "Home") -> None:
    """The same for as long as this process lives, and in every process forked from it (servers that load first)."""
    _start(home, Event())
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: _start(home, Event()))


def _start(home: "Home", stop: Event) -> Thread | None:
    interval = home.section("recognition", RecognitionSettings).deliver_seconds
    if not interval:
        return None
    thread = Thread(target=_rounds, args=(home, interval, stop), name="postman", daemon=True)
    thread.start()
    return thread


def _rounds(home: "Home", interval: float, stop: Event) -> None:
    """A register that is away, or a damaged list of regions, is told in the log and tried again in the next round."""
    while not stop.wait(interval):
        try:
            with Register.open(home) as register:
                deliver(register)
        except (HouseError, OSError) as error:
            _LOG.warning("outbox: %s: %s", type(error).__name__, error)
