"""Pressed certificates above B-B: time-stamps in the CMS, archives behind, never anything weaker."""

import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from zipfile import ZipFile

import pytest

from generator.certificate.cases import SAMPLE_FACTS, SAMPLE_MARKS
from generator.certificate.face.loading import load_face
from generator.certificate.parts import DigestSigner
from generator.certificate.press import Press
from signing.authority.opening import Authority
from signing.cms.press_lock import Turn
from signing.errors import LevelNotReached, TimestampFailed
from signing.pades.production import production
from signing.seal import round_seal
from signing.settings import Level, SigningSettings
from signing.timestamp import PatientTimestamper
from signing.timestamp.patience import MOST_FAILURES, REST_SECONDS
from signing.validate import Code, validate


@pytest.mark.parametrize(
    ("level", "reached"), [("B-B", "B-B"), ("B-T", "B-T"), ("B-LT", "B-LTA"), ("B-LTA", "B-LTA")]
)
def test_the_press_reaches_the_configured_level(
    authority: Authority, now: datetime, level: str, reached: str
) -> None:
    """Genuine, and of at least the level that the settings name."""
    settings = SigningSettings(level=Level(level), tsa="none" if level == "B-B" else "local")
    made = production(settings, authority)
    assert isinstance(made.signer, DigestSigner)
    press = Press.of(load_face(), round_seal(authority.organisation), made.signer, sample=True)
    with made.turn:
        pressed = press.make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=now)
    report = validate(made.finish(pressed.data), authority.anchors)
    assert (report.code, report.level, made.level.value) == (Code.OK, reached, reached)


def test_a_file_without_its_level_is_refused(authority: Authority, now: datetime) -> None:
    """The first finished file is examined; one that a verifier would grant less is an error, not a certificate."""
    made = production(SigningSettings(level=Level.B_T, tsa="local"), authority)
    plain = production(SigningSettings(), authority)
    press = Press.of(load_face(), round_seal(authority.organisation), plain.signer, sample=True)
    with pytest.raises(LevelNotReached) as caught:
        made.finish(press.make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=now).data)
    assert caught.value.data["level"] == "B-T"


def test_without_an_answer_no_certificate_is_made(authority: Authority, now: datetime) -> None:
    """The authority is out of reach: the press raises, the record waits."""
    settings = SigningSettings(
        level=Level.B_T, tsa="rfc3161", tsa_urls=("http://127.0.0.1:9/",), tsa_timeout_seconds=0.2
    )
    made = production(settings, authority)
    press = Press.of(load_face(), round_seal(authority.organisation), made.signer, sample=True)
    with made.turn, pytest.raises(TimestampFailed):
        press.make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=now)


def test_dead_authorities_are_not_asked_for_every_certificate() -> None:
    """After three failures in a row a batch no longer waits for each time-out; after a rest they are asked again."""

    class Dead:
        asked = 0
        alive = False

        def stamp(self, digest: bytes) -> bytes:
            self.asked += 1
            if not self.alive:
                raise TimestampFailed(attempts=4, reason="out of reach")
            return digest

    dead, moment = Dead(), 0.0
    patient = PatientTimestamper(dead, clock=lambda: moment)
    for _ in range(10):
        with pytest.raises(TimestampFailed, match="out of reach"):
            patient.stamp(b"")
    assert dead.asked == MOST_FAILURES
    with pytest.raises(TimestampFailed, match="一分钟内不再询问") as caught:
        patient.stamp(b"")
    assert "0 次" not in str(caught.value)
    dead.alive, moment = True, REST_SECONDS + 1
    assert patient.stamp(b"x") == b"x"
    dead.alive = False
    with pytest.raises(TimestampFailed):
        patient.stamp(b"")
    assert dead.asked == MOST_FAILURES + 2


def test_threads_press_in_turn_and_wait_together() -> None:
    """One holds the press; while it waits outside, another goes on; afterwards the turn is free again."""
    turn, seen = Turn(), []
    inside, go_on = Event(), Event()

    def other() -> None:
        inside.wait(60)
        with turn:
            seen.append("other")
        go_on.set()

    thread = Thread(target=other)
    thread.start()
    with turn:
        seen.append("first")
        with turn.outside():
            inside.set()
            assert go_on.wait(60)
        seen.append("first again")
    thread.join()
    with turn:
        assert seen == ["first", "other", "first again"]


@pytest.mark.tools
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_an_archived_certificate(
    authority: Authority, now: datetime, tmp_path: Path
) -> None:
    """Its PDF import finds name and number, whatever came behind the signature; the exit code would say nothing."""
    made = production(SigningSettings(level=Level.B_LTA, tsa="local"), authority)
    press = Press.of(load_face(), round_seal(authority.organisation), made.signer, sample=True)
    with made.turn:
        pressed = press.make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=now)
    (tmp_path / "certificate.pdf").write_bytes(made.finish(pressed.data))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--infilter=writer_pdf_import", "--convert-to", "odt"]
    done = subprocess.run(
        [*command, "certificate.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert (tmp_path / "certificate.odt").exists(), done.stderr
    with ZipFile(tmp_path / "certificate.odt") as opened:
        text = re.sub(r"<[^>]*>|\s", "", opened.read("content.xml").decode())
    assert SAMPLE_FACTS.name in text
    assert SAMPLE_MARKS.number in text
