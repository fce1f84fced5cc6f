"""The look-up by code (API and page) against bare views of Flask, and uploads of a certificate: `python bench/web.py`.

All stand on waitress and on gunicorn, each server in a process of its own; the processor time that it uses per request
is compared, so that other work on the machine and the client's own work matter little. Then 200 visitors at once ask
for the API's answer, 100 for the page, on kept connections: errors, median and 99th percentile. The register holds
`--rows` certificates without files. Uploads go to a small register with files, from 8 connections.
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
READERS: Final = 100
SENDERS: Final = 8
ASKED_EACH: Final = 20
THREADS: Final = 4
LEAST_SHARE: Final = 0.5
MOST_SPREAD: Final = {"page": 3.0, "upload": 4.0}
"""How many times the median the 99th percentile may be."""
DOCUMENT: Final = "/api/v1/certificates/"
PAGE: Final = "/v/"
FREELY: Final = "1000000 per second"
TICK: Final = os.sysconf("SC_CLK_TCK")

BARE_PAGE: Final = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ code }}</title></head><body>
<ol>{% for question, answer, detail in answers %}<li><h2>{{ question }}</h2><p>{{ answer }}</p><p>{{ detail }}</p></li>{% endfor %}</ol>
<dl>{% for label, value in facts %}<dt>{{ label }}</dt><dd>{{ value }}</dd>{% endfor %}</dl></body></html>"""
"""A page that shows as much as the result page does, and nothing else."""


def bare(home: str) -> Any:
    """The least that Flask can do."""
    from flask import Flask, jsonify, render_template

    del home
    app = Flask("bare")

    @app.get("/<path:path>")
    def _view(path: str) -> Any:
        return jsonify(code=path, state="valid")

    facts = [(f"栏目{number}", f"登记的内容{number}") for number in range(16)]
    answers = [(f"第{number}项", "答复" * 10, "说明" * 12) for number in range(3)]
    template = app.jinja_env.from_string(BARE_PAGE)

    @app.get("/v/<code>")
    def _page(code: str) -> Any:
        return render_template(template, code=code, facts=facts, answers=answers)

    return app


def site(home: str) -> Any:
    """The whole site; the limit of requests per visitor is counted but never reached."""
    from core.settings import Home
    from web.app import create_app
    from web.settings import WebSettings

    where = Home(Path(home))
    settings = where.section("web", WebSettings).model_copy(
        update={"rate_result": FREELY, "rate_upload": FREELY}
    )
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

    def rate(self, prefix: str, codes: list[str]) -> float:
        """Requests per second of the server's processor time, its workers' included."""
        before = self._time()
        for code in codes:
            self._client.request("GET", prefix + code)
            answer = self._client.getresponse()
            answer.read()
            if answer.status != 200:
                sys.exit(f"status {answer.status}")
        return len(codes) / (self._time() - before)

    def load(self, requests: list[bytes], visitors: int) -> tuple[int, list[float]]:
        """Many visitors at once: how many answers were not 200, and the seconds of each, in order."""
        return asyncio.run(_visitors(self.port, requests, visitors))

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


async def _visitors(port: int, requests: list[bytes], visitors: int) -> tuple[int, list[float]]:
    took: list[float] = []
    bad = 0

    async def one() -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in random.choices(requests, k=ASKED_EACH):
            started = time.perf_counter()
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
            took.append(time.perf_counter() - started)
            bad += " 200 " not in head.split("\r\n")[0]
        writer.close()

    results = await asyncio.gather(*(one() for _ in range(visitors)), return_exceptions=True)
    return bad + sum(isinstance(result, BaseException) for result in results), sorted(took)


def asking(prefix: str, codes: list[str]) -> list[bytes]:
    """Requests for each of the codes."""
    return [f"GET {prefix}{code} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() for code in codes]


def sending(file: bytes) -> list[bytes]:
    """The request that uploads a file in a form."""
    head = b'--limit\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    body = head + file + b"\r\n--limit--\r\n"
    start = f"POST /verify HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    return [f"{start}Content-Type: multipart/form-data; boundary=limit\r\n\r\n".encode() + body]


def issued(folder: Path) -> bytes:
    """A home with a few certificates in `folder`; returns the file of one."""
    from core.settings import Home
    from records.sample import sample_batch
    from registry.issuing.run import issue
    from registry.log.events import Actor
    from registry.register import Register

    with Register.open(Home(folder / "home")) as register:
        issue(register, sample_batch(12, 7), folder / "out", actor=Actor("bench", channel="bench"))
    return next((folder / "out" / "certificates").glob("*.pdf")).read_bytes()


def filled(folder: Path, rows: int) -> list[str]:
    """A register of that many rows in `folder`; returns some of their codes."""
    from sqlalchemy import insert

    from registry.database.schema import batches
    from registry.register import Register

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
    from core.memory import TUNABLES, with_huge_pages

    os.environ[TUNABLES] = with_huge_pages(os.environ.get(TUNABLES, ""))  # as `zhicheng serve` does
    with tempfile.TemporaryDirectory() as folder:
        codes = filled(Path(folder), rows)
        home = str(Path(folder) / "home")
        for run in (on_waitress, on_gunicorn):
            good &= compared(run, codes, home, rows)
        (Path(folder) / "files").mkdir()
        file = issued(Path(folder) / "files")
        for run in (on_waitress, on_gunicorn):
            good &= uploaded(run, str(Path(folder) / "files" / "home"), file)
    return 0 if good else 1


def compared(run: Callable[[Any, int], None], codes: list[str], home: str, rows: int) -> bool:
    """Both applications on one server; whether the goals are met without an error."""
    name = run.__name__.removeprefix("on_")
    servers = {"bare": Served(bare, run, home), "site": Served(site, run, home)}
    kinds = {
        "bare Flask JSON view": ("bare", DOCUMENT),
        "certificate by code": ("site", DOCUMENT),
        "bare Flask template view": ("bare", PAGE),
        "page of a code": ("site", PAGE),
    }
    best = dict.fromkeys(kinds, 0.0)
    for _ in range(ROUNDS):
        chosen = random.choices(codes, k=REQUESTS)
        for what, (where, prefix) in kinds.items():
            best[what] = max(best[what], servers[where].rate(prefix, chosen))
    for what, rate in best.items():
        print(f"{name:<9} {what:<26} {rate:10,.0f} requests per cpu-second")
    json_floor, document, page_floor, page = best.values()
    met = [
        said(name, f"API / JSON view, {rows:,} rows", document / json_floor, LEAST_SHARE),
        said(name, "page / template view", page / page_floor, LEAST_SHARE),
        said(name, "page / API", page / document, LEAST_SHARE),
    ]
    for what, (where, prefix) in kinds.items():
        visitors = READERS if prefix == PAGE else VISITORS
        spread = loaded(servers[where], name, what, asking(prefix, codes), visitors)
        met.append(spread is not None)
        if what == "page of a code" and spread is not None:
            met.append(said(name, "page: p99 / median", spread, -MOST_SPREAD["page"]))
    for server in servers.values():
        server.close()
    return all(met)


def uploaded(run: Callable[[Any, int], None], home: str, file: bytes) -> bool:
    """Uploads of a certificate to one server; whether the slowest are not much slower than the others."""
    name = run.__name__.removeprefix("on_")
    server = Served(site, run, home)
    server.load(sending(file), 1)  # the validators' processes are there
    spread = loaded(server, name, "upload of a certificate", sending(file), SENDERS)
    server.close()
    return spread is not None and said(name, "upload: p99 / median", spread, -MOST_SPREAD["upload"])


def loaded(server: Served, name: str, what: str, requests: list[bytes], visitors: int) -> float | None:
    """The 99th percentile as a multiple of the median; None after an error."""
    started = time.perf_counter()
    bad, took = server.load(requests, visitors)
    rate = len(took) / (time.perf_counter() - started)
    half, most = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    print(
        f"{name:<9} {what:<26} {visitors} at once: {bad} errors, {rate:,.0f}/s, "
        f"median {half:,.0f} ms, p99 {most:,.0f} ms"
    )
    return None if bad else most / half


def said(name: str, what: str, value: float, goal: float) -> bool:
    """Print a figure beside its goal, the least or (when negative) the most; whether it is met."""
    met = value >= goal if goal > 0 else value <= -goal
    sign, verdict = "≥" if goal > 0 else "≤", "met" if met else "MISSED"
    print(f"{name:<9} {what:<26} {value:10.2f}   goal {sign} {abs(goal)}   {verdict}")
    return met


if __name__ == "__main__":
    sys.exit(main())
