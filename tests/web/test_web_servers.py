"""The servers that carry the site: the built-in one and gunicorn as processes of their own, limits shared in Redis."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from loopback import free_port
from web_helpers import Issued

from core.memory import with_huge_pages
from core.settings import Home
from signing.authority.opening import open_authority
from web.app import create_app
from web.server import TURN_S, run
from web.settings import WebSettings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
AT_ONCE = 8
REDIS = shutil.which("redis-server")


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the process listens."""
    for _ in range(PATIENCE_S * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None
        time.sleep(0.1)
    raise AssertionError("it does not listen")


@contextmanager
def running(arguments: list[str], port: int, **environment: str) -> Iterator[str]:
    """A process that listens on a port; it must end when it is told to."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with subprocess.Popen(
        arguments, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def built_in(home: Home, port: int) -> list[str]:
    del home
    return [sys.executable, "-m", "zhicheng", "serve", "--port", str(port)]


def gunicorn(home: Home, port: int) -> list[str]:
    del home
    options = ["--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", *options, "web.wsgi:application()"]


@pytest.mark.parametrize("server", [built_in, gunicorn])
def test_a_server_carries_pages_answers_and_uploads(
    issued: Issued, server: Callable[[Home, int], list[str]]
) -> None:
    """Each worker opens the register itself; several visitors at once get their own answers."""
    port = free_port()
    codes = [one.code for one in issued.certificates[:3]]
    with running(server(issued.home, port), port, ZHICHENG_HOME=str(issued.home.root)) as site:

        def ask(place: int) -> tuple[int, str]:
            code = codes[place % len(codes)]
            answer = httpx.get(f"{site}/api/v1/certificates/{code}", timeout=PATIENCE_S)
            return answer.status_code, answer.json()["register"]["number"]

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(ask, range(24)))
        assert answers == [(200, issued.certificates[place % 3].number) for place in range(24)]
        page = httpx.get(f"{site}/v/{codes[0]}", timeout=PATIENCE_S)
        assert (page.status_code, "登记有效" in page.text) == (200, True)
        files = {"file": ("a.pdf", issued.pdf(issued.certificates[0]))}
        checked = httpx.post(f"{site}/api/v1/verifications", files=files, timeout=PATIENCE_S)
        assert checked.json()["verdict"] == "genuine"
        assert httpx.get(f"{site}/readyz", timeout=PATIENCE_S).json() == {"status": "ready"}
        assert (
            "server" not in {name.lower() for name in page.headers}
            or "werkzeug" not in page.headers["server"]
        )


def test_threads_take_short_turns_while_serving(issued: Issued, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that talks to all visitors does not wait through Python's long turns of the others."""
    import waitress

    seen: list[float] = []
    monkeypatch.setattr(waitress, "serve", lambda *_a, **_k: seen.append(sys.getswitchinterval()))
    before = sys.getswitchinterval()
    try:
        run(issued.home, lambda url: None, host="127.0.0.1", port=free_port())
    finally:
        sys.setswitchinterval(before)
    assert seen == [pytest.approx(TURN_S)]
    assert before > 10 * TURN_S


@pytest.mark.skipif(sys.platform != "linux", reason="large pages are asked of Linux")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "glibc.malloc.hugetlb=1"),
        ("glibc.malloc.arena_max=8", "glibc.malloc.hugetlb=1"),  # glibc ends its own copy at the first colon
        ("glibc.malloc.hugetlb=0", "glibc.malloc.hugetlb=0"),
    ],
)
def test_the_site_asks_for_large_pages_unless_told_otherwise(
    tmp_path: Path, before: str | None, after: str
) -> None:
    """The process goes on under its own number, with its arguments, and answers."""
    port = free_port()
    environment = {"ZHICHENG_HOME": str(tmp_path / "home")}
    open_authority(Home(tmp_path / "home"))
    if before is not None:
        environment["GLIBC_TUNABLES"] = before
    given = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
    command = [sys.executable, "-m", "zhicheng", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env={**given, "PYTHONPATH": str(ROOT), **environment}, stdout=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(port, process)
            answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE_S)
            found = Path(f"/proc/{process.pid}/environ").read_bytes().decode().split("\0")
        finally:
            process.terminate()
            process.wait(30)
    assert answer.status_code == 200
    assert [one for one in found if one.startswith("GLIBC_TUNABLES")] == [f"GLIBC_TUNABLES={after}"]
    assert with_huge_pages("glibc.malloc.arena_max=8") == "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=8"


@pytest.mark.skipif(REDIS is None, reason="redis-server is not installed")
def test_several_servers_count_in_one_redis(issued: Issued, tmp_path: Path) -> None:
    """Two applications share a visitor's limit, for look-ups by person and by code."""
    port = free_port()
    arguments = [
        REDIS or "",
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(tmp_path),
    ]
    with running(arguments, port):
        settings = WebSettings(
            rate_storage=f"redis://127.0.0.1:{port}", rate_query="3 per hour", rate_result="3 per hour"
        )
        clients = [create_app(issued.home, settings=settings).test_client() for _ in range(2)]
        body = {"name": "张三", "id_number": "150101199001010000"}
        asked = [clients[place % 2].post("/api/v1/queries", json=body).status_code for place in range(4)]
        assert asked == [404, 404, 404, 429]
        path = f"/api/v1/certificates/{issued.certificates[0].code}"
        assert [clients[place % 2].get(path).status_code for place in range(4)] == [200, 200, 200, 429]
