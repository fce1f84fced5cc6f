"""Ports of this machine for servers that tests start, stop and start again."""

from __future__ import annotations

import socket

_held: list[socket.socket] = []


def free_port() -> int:
    """A port that is this test run's until it ends, whether or not a server listens there.

    The socket stays bound and never listens: the system gives the port to nobody who asks for any, a connection is
    refused while no server runs, and a server that may reuse its address, as all of ours and those of the tests may,
    takes it at once.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    _held.append(holder)
    port: int = holder.getsockname()[1]
    return port
