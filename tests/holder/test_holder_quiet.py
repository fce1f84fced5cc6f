"""Logs and metrics after a whole journey over a real server process: no names, no numbers of persons, no codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import uuid
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener

from holder_helpers import Holder, House
from loopback import free_port

ROOT = Path(__file__).resolve().parents[2]


class Journey:
    """A browser without a page: keeps cookies, follows redirects, takes any status."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = build_opener(HTTPCookieProcessor())

    def go(self, path: str, body: bytes | None = None, kind: str = "application/json") -> tuple[int, str]:
        headers = {"Content-Type": kind} if body is not None else {}
        request = Request(self.address + path, data=body, headers=headers)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            with error:
                return error.code, error.read().decode("utf-8", "replace")

    def form(self, path: str, **fields: str | bytes) -> tuple[int, str]:
        """A form with files, as a browser sends it."""
        border = uuid.uuid4().hex
        body = b""
        for name, value in fields.items():
            is_file = isinstance(value, bytes)
            more = '; filename="a.pdf"\r\nContent-Type: application/pdf' if is_file else ""
            head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
            data = value if isinstance(value, bytes) else value.encode()
            body += head.encode() + data + b"\r\n"
        return self.go(path, body + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}")


def travel(journey: Journey, holder: Holder) -> None:
    """Everything that a visitor, an employer and a holder do, right and wrong."""
    certificate = holder.certificate
    person = {"name": holder.name, "id_number": holder.id_number}
    assert journey.go(f"/v/{certificate.code}")[0] == 200
    assert journey.go(f"/api/v1/certificates/{certificate.code}")[0] == 200
    asked = json.dumps({**person, "number": certificate.number}).encode()
    status, text = journey.go("/api/v1/queries", asked)
    assert status == 200
    assert certificate.number in text
    journey.go("/api/v1/queries", json.dumps({**person, "id_number": [holder.id_number]}).encode())
    journey.go(f"/api/v1/queries?name={holder.id_number}", b"{broken" + asked)
    assert journey.form("/api/v1/verifications", file=holder.pdf)[0] == 200
    assert journey.form("/api/v1/verifications", file=holder.pdf[:-900])[0] in (200, 422)
    assert journey.go("/holder/login")[0] == 200
    assert journey.form("/holder/login", **{**holder.form, "pickup": "WRONG"})[0] == 401
    status, text = journey.form("/holder/login", **holder.form)
    assert status == 200
    assert certificate.number in text
    journey.go(f"/nowhere/{holder.id_number}?pickup={holder.pickup}")
    journey.go("/holder/certificates/1")


def test_logs_and_metrics_name_nobody(core: House, tmp_path: Path) -> None:
    """The server's whole output and its metrics, after right and wrong requests of three holders."""
    port, log = free_port(), tmp_path / "server.log"
    command = [sys.executable, str(ROOT / "zhicheng.py"), "--home", str(core.home.root), "serve"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--port", str(port)], stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        try:
            journey = Journey(f"http://127.0.0.1:{port}")
            wait_for(journey, server)
            for holder in core.holders[:3]:
                travel(Journey(journey.address), holder)
            metrics = journey.go("/metrics")[1]
        finally:
            server.terminate()
            server.wait(timeout=30)
    assert "zhicheng_requests_total" in metrics
    written = metrics + log.read_text("utf-8", "replace")
    for holder in core.holders[:3]:
        secrets = (
            holder.name,
            holder.id_number,
            holder.pickup,
            holder.certificate.code,
            holder.certificate.number,
        )
        assert [one for one in secrets if one in written] == []
    assert re.findall(r"\d{17}[\dXx]", written) == []


def wait_for(journey: Journey, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None
        try:
            if journey.go("/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError
