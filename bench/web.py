"""`GET /api/v1/certificates/CODE` against a bare JSON view of Flask, both on waitress: `python bench/web.py`.

Each server is a process of its own; the processor time that it uses per request is compared, so that other work on
the machine and the client's own work matter little. The register holds `--rows` certificates without files.
"""

import argparse
import http.client
import random
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import util
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # scripts beside this one bear the names of rooms

REQUESTS: Final = 2_000
ROUNDS: Final = 3
LEAST_SHARE: Final = 0.5
FREELY: Final = "1000000 per second"


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


def serve(make: Callable[[str], Any], home: str, pipe: Any) -> None:
    """Serve on a free port; whenever asked, tell the processor time used so far."""
    from threading import Thread

    from waitress.server import create_server

    server = create_server(make(home), host="127.0.0.1", port=0, threads=4)
    Thread(target=server.run, daemon=True).start()
    pipe.send(server.effective_port)
    while pipe.recv():
        pipe.send(time.process_time())


class Served:
    """A server process and a kept connection to it."""

    def __init__(self, make: Callable[[str], Any], home: str) -> None:
        context = get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=serve, args=(make, home, other), daemon=True)
        self._process.start()
        self._client = http.client.HTTPConnection("127.0.0.1", self._pipe.recv(), timeout=60)

    def rate(self, codes: list[str]) -> float:
        """Requests per second of the server's processor time."""
        before = self._time()
        for code in codes:
            self._client.request("GET", f"/api/v1/certificates/{code}")
            answer = self._client.getresponse()
            answer.read()
            if answer.status != 200:
                sys.exit(f"status {answer.status}")
        return len(codes) / (self._time() - before)

    def close(self) -> None:
        """End the process."""
        self._pipe.send(False)
        self._process.join()

    def _time(self) -> float:
        self._pipe.send(True)
        return float(self._pipe.recv())


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
    """Measure both in turns and say whether the goal is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    rows: int = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        codes = filled(Path(folder), rows)
        home = str(Path(folder) / "home")
        servers = {"bare Flask JSON view": Served(bare, home), "certificate by code": Served(site, home)}
        best = dict.fromkeys(servers, 0.0)
        for _ in range(ROUNDS):
            chosen = random.choices(codes, k=REQUESTS)
            for name, server in servers.items():
                best[name] = max(best[name], server.rate(chosen))
        for server in servers.values():
            server.close()
    for name, rate in best.items():
        print(f"{name:<40} {rate:10,.0f} requests per cpu-second")
    floor, ours = best.values()
    met = ours >= LEAST_SHARE * floor
    print(
        f"{f'share, {rows:,} rows':<40} {ours / floor:10.2f}   goal {LEAST_SHARE}   {'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
