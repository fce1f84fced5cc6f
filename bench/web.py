"""`GET /api/v1/certificates/CODE` against a bare JSON view of Flask: `python bench/web.py`.

Both stand on waitress and on gunicorn, each server in a process of its own; the processor time that it uses per request
is compared, so that other work on the machine and the client's own work matter little. Then 200 visitors at once ask
each server on kept connections: errors, median and 99th percentile. The register holds `--rows` certificates without
files.
"""

import argparse
import asyncio
import http.client
import logging
import os
import random
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import util
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # scripts beside this one bear the names of rooms

REQUESTS: Final = 1_500
ROUNDS: Final = 3
VISITORS: Final = 200
ASKED_EACH: Final = 20
THREADS: Final = 4
LEAST_SHARE: Final = 0.5
FREELY: Final = "1000000 per second"
TICK: Final = os.sysconf("SC_CLK_TCK")


def bare(home: str) -> Any:
    """The least that Flask can do."""
    from flask import Flask, jsonify

    del home
    app = Flask("bare")

    @app.get("/<path:path>")
    def _view(path: str) -> Any:
        return jsonify(code=path, state="valid")

    return app


def site(home: str) -> Any:
    """The whole site; the limit of requests per visitor is counted but never reached."""
    from house.settings import Home
    from web.app import create_app
    from web.settings import WebSettings

    where = Home(Path(home))
    settings = where.section("web", WebSettings).model_copy(update={"rate_result": FREELY})
    return create_app(where, settings=settings)


def on_waitress(app: Any, port: int) -> None:
    """As `zhicheng serve` does."""
    import waitress

    from web.server import CONNECTIONS, take_turns

    take_turns()
    waitress.serve(
        app,
        host="127.0.0.1",
        port=port,
        threads=THREADS,
        connection_limit=CONNECTIONS,
        ident=None,
        _quiet=True,
    )


def on_gunicorn(app: Any, port: int) -> None:
    """One worker with threads."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            wanted = {
                "bind": f"127.0.0.1:{port}",
                "workers": 1,
                "worker_class": "gthread",
                "threads": THREADS,
                "keepalive": 30,
                "control_socket_disable": True,
                "loglevel": "critical",
            }
            for name, value in wanted.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return app

    Server().run()


def serve(make: Callable[[str], Any], run: Callable[[Any, int], None], home: str, port: int) -> None:
    """Serve until ended."""
    sys.argv = ["bench"]
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is what this is about
    run(make(home), port)


class Served:
    """A server process and a kept connection to it."""

    def __init__(self, make: Callable[[str], Any], run: Callable[[Any, int], None], home: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process = get_context("spawn").Process(target=serve, args=(make, run, home, self.port))
        self._process.start()
        self._client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for _ in range(600):
            with suppress(OSError):
                self._client.connect()
                return
            time.sleep(0.1)
        sys.exit("the server does not start")

    def rate(self, codes: list[str]) -> float:
        """Requests per second of the server's processor time, its workers' included."""
        before = self._time()
        for code in codes:
            self._client.request("GET", f"/api/v1/certificates/{code}")
            answer = self._client.getresponse()
            answer.read()
            if answer.status != 200:
                sys.exit(f"status {answer.status}")
        return len(codes) / (self._time() - before)

    def load(self, codes: list[str]) -> tuple[int, list[float]]:
        """Many visitors at once: how many answers were not 200, and the seconds of each, in order."""
        return asyncio.run(_visitors(self.port, codes))

    def close(self) -> None:
        """End the process."""
        self._client.close()
        self._process.terminate()
        self._process.join()

    def _time(self) -> float:
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ticks = 0
        for one in [str(pid), *children]:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICK


async def _visitors(port: int, codes: list[str]) -> tuple[int, list[float]]:
    took: list[float] = []
    bad = 0

    async def one() -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for code in random.choices(codes, k=ASKED_EACH):
            started = time.perf_counter()
            writer.write(f"GET /api/v1/certificates/{code} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
            took.append(time.perf_counter() - started)
            bad += " 200 " not in head.split("\r\n")[0]
        writer.close()

    results = await asyncio.gather(*(one() for _ in range(VISITORS)), return_exceptions=True)
    return bad + sum(isinstance(result, BaseException) for result in results), sorted(took)


def filled(folder: Path, rows: int) -> list[str]:
    """A register of that many rows in `folder`; returns some of their codes."""
    from sqlalchemy import insert

    from registry.register import Register
    from registry.tables import batches

    found = util.spec_from_file_location("registry_bench", ROOT / "bench" / "registry.py")
    assert found
    assert found.loader
    bench = util.module_from_spec(found)
    found.loader.exec_module(bench)
    with Register.open(bench.home_with(folder, "home", "")) as register:
        with register.database.write() as connection:
            connection.execute(insert(batches).values(id=1, number="B", head="{}", registered_at="x"))
        codes: list[str] = bench.fill(register, 1, rows + 1)
    return codes


def main() -> int:
    """Measure all in turns and say whether the goal is met on both servers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    rows: int = parser.parse_args().rows
    good = True
    from house.memory import TUNABLES, with_huge_pages

    os.environ[TUNABLES] = with_huge_pages(os.environ.get(TUNABLES, ""))  # as `zhicheng serve` does
    with tempfile.TemporaryDirectory() as folder:
        codes = filled(Path(folder), rows)
        home = str(Path(folder) / "home")
        for run in (on_waitress, on_gunicorn):
            good &= compared(run, codes, home, rows)
    return 0 if good else 1


def compared(run: Callable[[Any, int], None], codes: list[str], home: str, rows: int) -> bool:
    """Both applications on one server; whether the goal is met without an error."""
    name = run.__name__.removeprefix("on_")
    servers = {
        "bare Flask JSON view": Served(bare, run, home),
        "certificate by code": Served(site, run, home),
    }
    best = dict.fromkeys(servers, 0.0)
    errors = 0
    for _ in range(ROUNDS):
        chosen = random.choices(codes, k=REQUESTS)
        for what, server in servers.items():
            best[what] = max(best[what], server.rate(chosen))
    for what, rate in best.items():
        print(f"{name:<9} {what:<24} {rate:10,.0f} requests per cpu-second")
    for what, server in servers.items():
        bad, took = server.load(codes)
        errors += bad
        half, most = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
        print(
            f"{name:<9} {what:<24} {VISITORS} at once: {bad} errors, median {half:,.0f} ms, p99 {most:,.0f} ms"
        )
        server.close()
    floor, ours = best.values()
    met = ours >= LEAST_SHARE * floor and not errors
    said = "met" if met else "MISSED"
    print(f"{name:<9} {f'share, {rows:,} rows':<24} {ours / floor:10.2f}   goal {LEAST_SHARE}   {said}")
    return met


if __name__ == "__main__":
    sys.exit(main())
