"""The demonstration's second, invented region (邻区): own home, keys and site; accepted here through an anchor made for it."""

from __future__ import annotations

import shutil
import socket
import threading
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.settings import Home, write_atomically
from web.errors import DemoFailed

if TYPE_CHECKING:
    from records.batch.model import Batch
    from registry.model import Certificate
    from registry.register import Register

CODE: Final = "900000"
NAME: Final = "示例自治州"
ORGANISATION: Final = "示例自治州人力资源和社会保障局"
OWN_NAME: Final = "内蒙古自治区"
FOLDER: Final = "neighbour"
ANCHOR: Final = "anchor"
SINCE: Final = date(2020, 1, 1)
LIST_LIFE: Final = timedelta(days=180)
PEOPLE: Final = (4, 3)  # of a green-channel batch and of a targeted one
SEED: Final = 900000
HOST: Final = "127.0.0.1"
CLAUSE: Final = "第七十二条"
DOCUMENT: Final = "示例人社发〔2026〕1号"


@dataclass
class Neighbour:
    """The second region: its home and its site, which can be switched off and on."""

    home: Home
    port: int = 0
    certificates: list[Certificate] = field(default_factory=list)
    _server: Any = None
    _thread: threading.Thread | None = None

    @property
    def out(self) -> Path:
        """Where its certificates were written."""
        return self.home.root / "out"

    def pdf(self, certificate: Certificate) -> bytes:
        """The file that was handed out."""
        found = next(self.out.glob(f"*/certificates/{certificate.number}.pdf"))
        return found.read_bytes()

    def start(self) -> None:
        """Serve its site in a thread of this process."""
        from werkzeug.serving import make_server

        from web.app import create_app
        from web.settings import WebSettings

        settings = self.home.section("web", WebSettings)
        app = create_app(self.home, settings=settings)
        self._server = make_server(HOST, self.port, app, threaded=True, request_handler=_quiet())
        self._thread = threading.Thread(target=self._server.serve_forever, name="neighbour", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Switch it off; harmless when it is off."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
        self._server = self._thread = None


def _quiet() -> Any:
    """A request handler that prints nothing between the demonstration's own lines."""
    from werkzeug.serving import WSGIRequestHandler

    class Quiet(WSGIRequestHandler):
        def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the parent's names
            """Nothing."""

    return Quiet


def make_neighbour(home: Home) -> Neighbour:
    """Make the second region below the demonstration's home and have it accepted; repeatable.

    Raises:
        DemoFailed: it could not issue. HouseError: the installation is not ready.
    """
    from registry.recognition.members import CONDITIONS, Members
    from registry.recognition.regions import sign_own_entry
    from signing.trustlist import admit, read_entry

    neighbour = Neighbour(Home(home.root / FOLDER), _free_port())
    neighbour.home.create()
    _settle(neighbour)
    _issue(neighbour)
    anchor = _anchor(home.root / ANCHOR)
    entry = read_entry(sign_own_entry(neighbour.home))
    anchor.keep(admit(anchor.draft(CONDITIONS), entry, SINCE, {}))
    from registry.clock import now

    signed = anchor.sign(now(), LIST_LIFE, CONDITIONS)
    Members(home).accept(signed.token, anchor.public_file)
    return neighbour


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _anchor(folder: Path) -> Any:
    from signing.trustlist import create_anchor, open_anchor
    from signing.trustlist.anchor import KEY_FILE

    return open_anchor(folder) if (folder / KEY_FILE).exists() else create_anchor(folder, "演示信任锚")


def _settle(neighbour: Neighbour) -> None:
    """Settings, its own layout and its own offices: nothing of the first region's name stays on a certificate."""
    from generator.certificate.face.loading import STANDARD, face_path

    home = neighbour.home
    lines = [
        "[registry]",
        f'public_url = "http://{HOST}:{neighbour.port}"',
        f'region_code = "{CODE}"',
        f'region_name = "{NAME}"',
        "[signing]",
        f'organisation = "{ORGANISATION}"',
        "[recognition]",
        'contact = "演示用，无人值守"',
        'grants = "高级、中级、初级职称（样本）"',
        "[web]",
        f'name = "{NAME}电子职称证书核验（演示）"',
    ]
    write_atomically(home.config, "\n".join(lines).encode())
    source = face_path(STANDARD)
    target = home.templates / "certificates" / source.name
    write_atomically(target, source.read_text("utf-8").replace(OWN_NAME, NAME).encode())
    policy = f'[default]\nregion_office = "{ORGANISATION}"\noffice = "{ORGANISATION}"\n\n[region."150000"]\noffice = "{ORGANISATION}"\n'
    write_atomically(home.root / "policy" / "regions.toml", policy.encode())


def _issue(neighbour: Neighbour) -> None:
    from records.sample import Kind, sample_batch
    from registry.register import Register

    with Register.open(neighbour.home) as register:
        for people, kind in zip(PEOPLE, (Kind.GREEN, Kind.TARGETED), strict=True):
            batch = _renamed(sample_batch(people, SEED, kind=kind))
            neighbour.certificates += _issued(register, batch, neighbour.out / str(kind))


def _issued(register: Register, batch: Batch, out: Path) -> list[Certificate]:
    from app.executors import Here
    from app.issuing import IssueBatch, issue_batch
    from registry.issuing.sources import Source
    from registry.log.events import Actor

    source = Source(batch, (), out, len(batch.passed), lambda: batch.applications)
    actor = Actor(ORGANISATION, channel="demo")
    report = issue_batch(register, IssueBatch(source=source, path=None, out=out, actor=actor), Here())
    if undone := [*report.left_out, *report.waiting]:
        raise DemoFailed(step="neighbour", reason=undone[0].reasons[0])
    people = [(one.person.name or "", one.person.identity_number or "") for one in batch.passed]
    return [register.lookup.query(*person)[0] for person in people]


def _renamed(batch: Batch) -> Batch:
    """The same invented people under the invented region's name, without photos."""
    from records.input.interchange import batch_from_json, batch_to_json

    found = batch_from_json(batch_to_json(batch).replace(OWN_NAME, NAME).replace("内人社", "示例人社"))
    people = tuple(
        one.model_copy(update={"person": one.person.model_copy(update={"photo": None})})
        for one in found.applications
    )
    return found.model_copy(update={"applications": people})


def revoke_one(neighbour: Neighbour, certificate: Certificate) -> None:
    """Revoke a certificate in the second region; harmless when it is revoked."""
    from registry.certificates.lifecycle import Grounds, Reason, revoke
    from registry.log.events import Actor
    from registry.model import State
    from registry.register import Register

    with Register.open(neighbour.home) as register:
        if register.lookup.find(certificate.number).state is State.VALID:
            grounds = Grounds(Actor(ORGANISATION, channel="demo"), CLAUSE, DOCUMENT, Reason.OVERSTEPPED)
            revoke(register, certificate.number, grounds)


def check_neighbour(home: Home, register: Register, neighbour: Neighbour, results: Path) -> dict[str, str]:
    """Recognise, limit, refuse, and recognise again with the neighbour switched off; returns sentences by case.

    Raises:
        DemoFailed: a decision is not the expected one.
    """
    from registry.recognition.refreshing import refresh
    from registry.verification.verifier import Verifier

    green = PEOPLE[0]
    usable, revoked, limited = (
        neighbour.certificates[0],
        neighbour.certificates[1],
        neighbour.certificates[-1],
    )
    if len(neighbour.certificates) <= green or limited.facts.scope_name == usable.facts.scope_name:
        raise DemoFailed(step="neighbour", reason="scope")
    revoke_one(neighbour, revoked)
    cases = {"usable": usable, "limited": limited, "revoked": revoked}
    shutil.rmtree(results, ignore_errors=True)
    for name, certificate in cases.items():
        write_atomically(results / f"{name}.pdf", neighbour.pdf(certificate))
    neighbour.start()
    try:
        refresh(home)
        said = {name: _said(Verifier(register), neighbour, one) for name, one in cases.items()}
    finally:
        neighbour.stop()
    said["offline"] = _said(Verifier(register), neighbour, usable)
    reasons = [reason for reason, _ in said.values()]
    if reasons != ["verified_online", "targeted", "revoked", "verified_by_list"]:
        raise DemoFailed(step="neighbour", reason="、".join(reasons))
    return {name: sentence for name, (_, sentence) in said.items()}


def _said(verifier: Any, neighbour: Neighbour, certificate: Certificate) -> tuple[str, str]:
    answer = verifier.verify_file(neighbour.pdf(certificate)).recognition
    return str(answer.reason), answer.message


def serve_neighbour(home: Home) -> Neighbour:
    """Serve the second region's site beside the first one's, where its settings say."""
    from urllib.parse import urlsplit

    from registry.settings import RegistrySettings

    own = Home(home.root / FOLDER)
    address = own.section("registry", RegistrySettings).public_url
    neighbour = Neighbour(own, urlsplit(address).port or 0)
    neighbour.start()
    return neighbour
