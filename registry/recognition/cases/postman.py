"""Delivers what waits in the outbox by itself, as long as a server or a worker runs (再送至收到回执)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from house.errors import HouseError
from registry.recognition.cases.outbox import deliver
from registry.recognition.settings import RecognitionSettings
from registry.register import Register

if TYPE_CHECKING:
    from house.settings import Home

_LOG = logging.getLogger(__name__)
_STOP_SECONDS = 10.0


@contextmanager
def postman(home: "Home") -> Iterator[None]:
    """Send due messages every `[recognition] deliver_seconds` in a thread of its own; 0 starts none.

    Several processes may do so on one register: a message that arrives twice is answered by the same receipt.
    """
    interval = home.section("recognition", RecognitionSettings).deliver_seconds
    if not interval:
        yield
        return
    stop = Event()
    thread = Thread(target=_rounds, args=(home, interval, stop), name="postman", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_STOP_SECONDS)


def _rounds(home: "Home", interval: float, stop: Event) -> None:
    """A register that is away, or a damaged list of regions, is told in the log and tried again in the next round."""
    while not stop.wait(interval):
        try:
            with Register.open(home) as register:
                deliver(register)
        except (HouseError, OSError) as error:
            _LOG.warning("outbox: %s: %s", type(error).__name__, error)
