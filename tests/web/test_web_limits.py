"""Limits: wrong ones are refused at start, one quota for every way, counted between threads and without a Redis."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from web_helpers import Issued

from core.errors import HomeNotReady
from core.settings import Home
from web.app import create_app
from web.http import counting
from web.http.counting import ProcessStorage, SharedStorage
from web.http.limits import limiter
from web.settings import WebSettings

RATES = tuple(
    name for name in WebSettings.model_fields if name.startswith("rate_") and name != "rate_storage"
)
THREADS = 32
EACH = 60


@contextmanager
def turns_taken_often() -> Iterator[None]:
    """Threads that meet as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def test_many_visitors_at_once_get_pages_and_no_error(issued: Issued) -> None:
    """Result pages asked for by many threads: every one is 200, every one is counted (it was 500 for some)."""
    app = create_app(issued.home, settings=WebSettings(rate_result="1000000 per hour"))
    path = f"/v/{issued.certificates[0].code}?x=1"

    def ask(_: int) -> int:
        return app.test_client().get(path).status_code

    with turns_taken_often(), ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(ask, range(THREADS * 10)))
    assert set(answers) == {200}


def test_counts_of_meeting_threads_add_up(app: Flask) -> None:
    """No count is lost, nothing is raised, and no thread is left behind."""
    del app
    storage, before = limiter.limiter.storage, threading.active_count()
    storage.reset()
    with turns_taken_often(), ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: [storage.incr("one", 60) for _ in range(EACH)], range(THREADS)))
    assert storage.get("one") == THREADS * EACH
    assert threading.active_count() <= before
    storage.reset()


def test_a_window_ends_and_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new window begins with the next request; nothing is kept of the old ones, of however many visitors."""
    moment = 1_000_000.0
    monkeypatch.setattr(counting, "time", lambda: moment)
    storage = ProcessStorage()
    for number in range(2_000):
        storage.incr(f"visitor {number}", 60)
    assert storage.incr("visitor 0", 60) == 2
    assert storage.get_expiry("visitor 0") == moment + 60
    moment += 30
    storage.incr("late", 60)
    moment += 31
    assert storage.get("visitor 0") == 0
    assert storage.reset() == 1  # the late one alone
    assert storage.incr("late", 60) == 1


def test_a_cleared_window_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of the window that was cleared does not end the one that began after it."""
    moment = 1_000_000.0
    monkeypatch.setattr(counting, "time", lambda: moment)
    storage = ProcessStorage()
    storage.incr("one", 60)
    moment += 30
    storage.clear("one")
    storage.incr("one", 60)
    moment += 45
    assert storage.incr("one", 60) == 2


@pytest.mark.parametrize("name", RATES)
@pytest.mark.parametrize(
    "given", ["每分钟20次", "", "0 per minute", "20 per fortnight", "20 per minute; viel"]
)
def test_a_limit_that_cannot_be_read_is_refused_at_start(
    issued: Issued, name: str, given: str, tmp_path
) -> None:
    """Said with its name and how to write it; it was accepted and let everybody ask without a limit."""
    del issued
    home = Home(tmp_path / "home")
    home.root.mkdir()
    home.config.write_text(f'[web]\n{name} = "{given}"\n', "utf-8")
    with pytest.raises(HomeNotReady) as refused:
        create_app(home)
    assert f"web.{name}" in str(refused.value)
    assert "20 per minute; 200 per day" in str(refused.value)


def test_where_limits_are_counted_must_be_a_known_place(tmp_path) -> None:
    """A misspelt address of the store is said in words, not by a trace."""
    home = Home(tmp_path / "home")
    home.root.mkdir()
    home.config.write_text('[web]\nrate_storage = "rediss//127.0.0.1"\n', "utf-8")
    with pytest.raises(HomeNotReady) as refused:
        create_app(home)
    assert "web.rate_storage" in str(refused.value)
    assert "memory" in str(refused.value)


@pytest.mark.parametrize(
    "ways",
    [
        ("/api/v1/certificates/{code}", "/api/v1/certificates/{code}?x=1"),
        ("/api/v1/certificates/{code}?x=1", "/v/{code}"),
        ("/v/{code}", "/V/{code}"),
        ("/v/{code}", "/v/{code}?x=1"),
    ],
)
def test_one_quota_whichever_way_a_visitor_takes(issued: Issued, ways: tuple[str, str]) -> None:
    """A query string, the page instead of the API, a capital letter: none of them gives a second quota."""
    app = create_app(issued.home, settings=WebSettings(rate_result="4 per hour"))
    addresses = [way.format(code=issued.certificates[0].code) for way in ways] * 3
    answers = [app.test_client().get(address) for address in addresses]
    assert [one.status_code for one in answers] == [200] * 4 + [429] * 2
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["3", "2", "1", "0", "0", "0"]
    assert len({one.headers["X-RateLimit-Reset"] for one in answers}) == 1


def test_one_quota_for_the_form_and_the_api(issued: Issued) -> None:
    """Look-ups by person are counted together, too."""
    app = create_app(issued.home, settings=WebSettings(rate_query="3 per hour"))
    client, body = app.test_client(), {"name": "张三", "id_number": "150101199001010000"}
    asked = [
        client.post("/query", data=body).status_code
        if place % 2
        else client.post("/api/v1/queries", json=body).status_code
        for place in range(4)
    ]
    assert asked == [404, 404, 404, 429]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_without_its_redis_the_site_counts_for_itself(
    issued: Issued, caplog: pytest.LogCaptureFixture
) -> None:
    """Pages and API go on, limits hold, log and metrics say it once, no code is in the log (all was 500)."""
    settings = WebSettings(rate_storage=f"redis://127.0.0.1:{free_port()}", rate_result="3 per hour")
    client, code = create_app(issued.home, settings=settings).test_client(), issued.certificates[0].code
    addresses = [f"/v/{code}", f"/api/v1/certificates/{code}", f"/v/{code}?x=1", f"/V/{code}"]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200, 429]
    assert client.get("/readyz").status_code == 200
    assert "zhicheng_limits_fallback 1.0" in client.get("/metrics").text
    assert caplog.text.count("the shared store is away") == 1
    assert code not in caplog.text.upper()


def test_a_redis_that_comes_back_counts_again(caplog: pytest.LogCaptureFixture) -> None:
    """One request asks again after a while; from then on the shared counts are the ones that hold."""
    port = free_port()
    storage = SharedStorage(f"shared+redis://127.0.0.1:{port}")
    assert [storage.incr("one", 60) for _ in range(3)] == [1, 2, 3]
    assert storage.away
    with answering(port, b":41\r\n"):
        assert storage.incr("one", 60) == 4  # not asked again yet
        storage._next_try = 0.0
        assert storage.incr("one", 60) == 41
    assert not storage.away
    assert "is back" in caplog.text


@contextmanager
def answering(port: int, answer: bytes) -> Iterator[None]:
    """A store of keys that says the same to every script and OK to every other command (RESP 3)."""
    greeting = b"%2\r\n+server\r\n+redis\r\n+proto\r\n:3\r\n"
    known = {b"HELLO": greeting, b"EVALSHA": answer, b"EVAL": answer}
    server = socket.create_server(("127.0.0.1", port))
    stop = threading.Event()

    def converse(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            while not stop.is_set() and (head := lines.readline()):
                parts = []
                for _ in range(int(head[1:])):
                    lines.readline()
                    parts.append(lines.readline().strip().upper())
                connection.sendall(known.get(parts[0], b"+OK\r\n"))

    def accept() -> None:
        while not stop.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=converse, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield
    finally:
        stop.set()
        server.close()
