"""Independent regions for tests: own homes, own keys, own processes; and a server that answers as badly as told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from loopback import free_port

from core.settings import Home
from records.sample import Kind, sample_batch
from registry.certificates.lifecycle import Grounds, Reason
from registry.clock import now
from registry.issuing.run import issue
from registry.log.events import Actor
from registry.model import Certificate
from registry.recognition.members import CONDITIONS, Members
from registry.recognition.regions import sign_own_entry
from registry.register import Register
from registry.verification.verifier import Verifier
from signing.trustlist import Anchor, admit, create_anchor, open_anchor, read_entry

ACTOR = Actor("测试员", "test", "tester")
GROUNDS = Grounds(ACTOR, "第七十二条", "示例人社发〔2026〕1号", Reason.OVERSTEPPED)
SINCE = date(2020, 1, 1)
LIFE = timedelta(days=30)
ROOT = Path(__file__).resolve().parents[2]
PATIENT = "timeout_seconds = 30"  # on a busy machine a neighbour that is there may take its time
IMPATIENT = "timeout_seconds = 2"


@dataclass
class Region:
    """One region: its home, where its site will be, its certificates and files."""

    home: Home
    code: str
    port: int
    certificates: list[Certificate] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    @property
    def files(self) -> Path:
        return self.home.root / "out"

    def pdf(self, certificate: Certificate) -> bytes:
        return next(self.files.glob(f"*/certificates/{certificate.number}.pdf")).read_bytes()

    def start(self) -> None:
        """Serve the site in a process of its own."""
        command = [sys.executable, str(Path(__file__).with_name("recognition_site.py"))]
        self.process = subprocess.Popen(
            [*command, str(self.home.root), str(self.port)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def stop(self) -> None:
        """Switch it off."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """The process is there, accepts connections and does not answer."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """It asks others with little patience, so that a test of one that never answers need not wait long."""
        usual = self.home.config.read_text("utf-8")
        assert PATIENT in usual
        self.home.config.write_text(usual.replace(PATIENT, IMPATIENT), "utf-8")
        try:
            yield
        finally:
            self.home.config.write_text(usual, "utf-8")


def new_region(folder: Path, code: str, name: str, *, port: int | None = None, database: str = "") -> Region:
    """A region with a home and settings, without certificates."""
    home = Home(folder / code)
    home.create()
    region = Region(home, code, port or free_port())
    kept = f'database = "{database}"\n' if database else ""
    home.config.write_text(
        f'[registry]\n{kept}public_url = "http://127.0.0.1:{region.port}"\nregion_code = "{code}"\n'
        f'region_name = "{name}"\n[recognition]\n{PATIENT}\nbreaker_seconds = 0.5\n',
        "utf-8",
    )
    return region


def fill(region: Region, people: int, kind: Kind, seed: int) -> list[Certificate]:
    """Issue a small batch in a region."""
    batch = sample_batch(people, seed, kind=kind)
    with Register.open(region.home) as register:
        issue(register, batch, region.files / str(kind), actor=ACTOR)
        found = [
            register.lookup.query(one.person.name or "", one.person.identity_number or "")[0]
            for one in batch.passed
        ]
    region.certificates += found
    return found


def take_in(
    anchor: Anchor, region: Region, conditions: dict[str, Any] | None = None, since: date = SINCE
) -> None:
    """The anchor notes a region's present entry."""
    entry = read_entry(sign_own_entry(region.home))
    anchor.keep(admit(anchor.draft(CONDITIONS), entry, since, conditions or {}))


def hand_out(anchor: Anchor, *regions: Region, life: timedelta = LIFE) -> None:
    """The anchor signs, the regions accept."""
    signed = anchor.sign(now(), life, CONDITIONS)
    for region in regions:
        Members(region.home).accept(signed.token, anchor.public_file)


def anchor_in(folder: Path) -> Anchor:
    """The test's anchor, made on first use."""
    return open_anchor(folder) if (folder / "anchor.key.pem").exists() else create_anchor(folder, "测试锚")


@contextmanager
def verifier_of(region: Region) -> Iterator[Verifier]:
    """A fresh verifier, with no memory of failures."""
    with Register.open(region.home) as register:
        yield Verifier(register)


@contextmanager
def answering(port: int, respond: Callable[[bytes], bytes], delay: float = 0) -> Iterator[None]:
    """Somebody else's server on a region's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = respond(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(delay)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
