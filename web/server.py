"""Running the site on waitress: threads, no reloader, bound to 127.0.0.1 unless told otherwise."""

from __future__ import annotations

import errno
import socket
import sys
from typing import TYPE_CHECKING, Final

from core.reasons import refusal
from web.errors import AddressUnusable, PortTaken
from web.settings import WebSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.settings import Home


CONNECTIONS: Final = 1000
"""Kept connections; waitress's own limit of 100 lets the next visitor wait until one of them ends."""
TURN_S: Final = 0.0002
"""How long a thread keeps the interpreter when another one wants it. With Python's own 5 ms the thread that reads from
and writes to all visitors waits through one such turn of every working thread, several times for each answer."""


def take_turns() -> None:
    """Let threads take turns often enough for a server."""
    sys.setswitchinterval(TURN_S)


def run(
    home: Home,
    announce: Callable[[str], None],
    *,
    host: str | None,
    port: int | None,
    demo: Path | None = None,
) -> None:
    """Serve until interrupted; `announce` is told the address to open once the port is known to be free.

    Raises:
        PortTaken: something else listens there.
        HouseError: settings or register are not ready.
    """
    import waitress

    from registry.recognition.cases.outbox_worker import postman
    from web.app import create_app

    settings = home.section("web", WebSettings)
    address = (host or settings.host, port or settings.port)
    _check_free(*address)
    app = create_app(home, settings=settings, demo=demo)
    path = "/demo" if demo else "/"
    announce(f"http://{address[0]}:{address[1]}{path}")
    take_turns()
    with postman(home):
        waitress.serve(
            app,
            host=address[0],
            port=address[1],
            threads=settings.threads,
            connection_limit=CONNECTIONS,
            ident=None,
            _quiet=True,
        )


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(host=host, port=port) from error
            raise AddressUnusable(host=host, port=port, reason=refusal(error)) from error
