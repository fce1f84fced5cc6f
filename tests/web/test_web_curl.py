"""Every command of docs/api.md, run against a served site."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from waitress.server import create_server
from web_helpers import ACTOR, Issued

from records.sample import sample_batch
from registry.accounts.keys import Scope, create
from registry.register import Register

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
COMMANDS = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
STATUS = re.compile(r"#\s*(\d{3})\s*$")

pytestmark = [
    pytest.mark.tools,
    pytest.mark.skipif(
        not (shutil.which("curl") and shutil.which("openssl")), reason="needs curl and openssl"
    ),
]


@pytest.fixture(scope="module")
def variables(app: Flask, issued: Issued) -> Iterator[dict[str, str]]:
    """What the page expects, against a server on a free port."""
    server = create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run)
    thread.start()
    certificate = issued.certificates[0]
    with Register.open(issued.home) as register:
        _, secret = create(register, "某某医院", frozenset(Scope), ACTOR)
    yield {
        "SITE": f"http://127.0.0.1:{server.effective_port}",
        "CODE": certificate.code,
        "NUMBER": certificate.number,
        "NAME": certificate.facts.name,
        "ID_NUMBER": sample_batch(12, 7).passed[0].person.identity_number or "",
        "FILE": str(issued.files / f"{certificate.number}.pdf"),
        "KEY": secret,
    }
    server.close()
    thread.join(5)


@pytest.mark.parametrize("command", COMMANDS, ids=range(len(COMMANDS)))
def test_a_command_of_the_page_works(variables: dict[str, str], command: str) -> None:
    """It answers the status that stands behind it, 200 where none stands, and JSON where there is a body."""
    expected = STATUS.search(command.strip())
    last = command.rindex("curl ")
    script = command[:last] + "curl -sS -w '\\n%{http_code}' " + command[last + 5 :]
    done = subprocess.run(
        ["bash", "-c", script], env={**os.environ, **variables}, capture_output=True, text=True, check=True
    )
    body, _, status = done.stdout.rpartition("\n")
    assert status == (expected[1] if expected else "200"), body
    if status != "304" and "status-lists/1" not in command:
        document = json.loads(body)
        assert ("code" in document) == (status != "200")


def test_the_page_names_every_call(app: Flask) -> None:
    """A call that is not on the page has no example that anybody ran."""
    page = PAGE.read_text("utf-8").replace("$CODE", "{code}").replace("status-lists/1", "status-lists/{id}")
    document = app.test_client().get("/openapi/openapi.json").get_json()
    assert [path for path in document["paths"] if f"$SITE{path}" not in page] == []
