"""The rule on whole homes: genuine is what the register knows and every step allows, at each level and after each act."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from registry_helpers import ACTOR

from core.settings import Home
from records.sample import sample_batch, write_photos
from registry.audit.alarms import counted
from registry.certificates.annotated_copies import annotate
from registry.certificates.renewal import record_renewal
from registry.issuing.run import issue
from registry.register import Register
from registry.verification.answers import FileCode, Verdict
from registry.verification.verifier import Verifier
from signing.authority.opening import demo_authority, open_authority
from signing.keys import PemSource
from signing.keys.importing import import_key
from signing.pades.configured import renewal
from signing.validate import run, validate
from signing.validate.steps.slots import find_slots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.model import Certificate

LEVELS = ("B-B", "B-T", "B-LTA")


@pytest.fixture(scope="module", params=LEVELS)
def issued(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of each level that has issued to three people, with time-stamps of its own authority."""
    folder = tmp_path_factory.mktemp(request.param)
    home = Home(folder / "home")
    home.create()
    level = request.param
    home.config.write_text(f'[signing]\nlevel = "{level}"\ntsa = "local"\n', "utf-8")
    batch = sample_batch(3, 21)
    write_photos(batch, folder)
    with Register.open(home) as register:
        issue(register, batch, folder / "out", actor=ACTOR, photos=folder)
    return home


@pytest.fixture
def own(issued: Home, tmp_path: Path) -> Iterator[Register]:
    """A private copy of it."""
    home = Home(tmp_path / "home")
    shutil.copytree(issued.root, home.root)
    with Register.open(home) as register:
        yield register


def certificate(register: Register, number: int = 1) -> Certificate:
    found = register.lookup.by_id(number)
    assert found
    return found


def renewed(register: Register, data: bytes) -> bytes:
    """The file as `signatures extend --all` makes it; registered by nobody yet."""
    found = renewal(register.home)(data, datetime.max.replace(tzinfo=UTC))
    assert found is not None
    return found


def said(register: Register, data: bytes) -> tuple[Verdict, FileCode, str | None]:
    answer = Verifier(register).verify_file(data)
    return answer.verdict, answer.file.code, answer.file.reason


KNOWN = (FileCode.REGISTERED, "register_hash")


def test_every_registered_file_of_a_certificate_stays_genuine(own: Register) -> None:
    """As issued, as renewed twice; a copy fetched before a renewal too."""
    one = certificate(own)
    files = [own.storage.get(one.sha256)]
    for _ in range(2):
        files.append(renewed(own, files[-1]))
        record_renewal(own, one, files[-1], ACTOR)
    assert [said(own, data) for data in files] == [(Verdict.GENUINE, *KNOWN)] * 3


def test_an_annotated_copy_is_genuine(own: Register, tmp_path: Path) -> None:
    """Its own bytes are registered."""
    _, path = annotate(own, certificate(own).number, "投标", tmp_path, actor=ACTOR)
    assert said(own, path.read_bytes()) == (Verdict.GENUINE, *KNOWN)


def test_a_renewal_that_nobody_registered_is_not_the_registered_file(own: Register) -> None:
    """Store and time-stamp are right, anybody can add them: a sound signature over other bytes, and said so."""
    answer = Verifier(own).verify_file(renewed(own, own.storage.get(certificate(own).sha256)))
    assert (answer.verdict, answer.file.reason) == (Verdict.TAMPERED, "not_registered")
    assert "签名完好，但不是登记的那份文件" in answer.file.message
    assert answer.register.number == certificate(own).number


def test_an_archive_that_was_cut_is_not_the_registered_file(own: Register) -> None:
    """Cut at its first %%EOF the archive is what was signed, but not what was issued; other levels have no later one."""
    one = certificate(own)
    data = own.storage.get(one.sha256)
    cut = data[: find_slots(data)[0].end]
    changed = (Verdict.TAMPERED, FileCode.TAMPERED, "not_registered")
    assert said(own, cut) == ((Verdict.GENUINE, *KNOWN) if cut == data else changed)


def test_a_known_hash_over_a_broken_file_is_an_alarm(own: Register, caplog: pytest.LogCaptureFixture) -> None:
    """The hash of a forgery among the renewals: never genuine, logged without a name, counted."""
    one = certificate(own)
    data = own.storage.get(one.sha256)
    forged = data[:3000] + bytes([data[3000] ^ 1]) + data[3001:]
    record_renewal(own, one, forged, ACTOR)
    before = counted().get("register_contradicted", 0)
    with caplog.at_level(logging.ERROR, "zhicheng.alarm"):
        assert said(own, forged) == (Verdict.TAMPERED, FileCode.TAMPERED, "register_contradicted")
    assert counted()["register_contradicted"] == before + 1
    assert "content" in caplog.text
    assert one.facts.name not in caplog.text
    assert one.number not in caplog.text


def test_a_registered_file_outlives_its_keys(own: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """Years later the signer's certificate has expired: it had not when the register took the file in."""
    later = open_authority(own.home).ring.signer.until + timedelta(days=900)

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return later

    def here(data: bytes, trust: object, known_hash: bool | None = None, **more: object) -> object:
        more.pop("page_check", None)
        return validate(data, trust, known_hash, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "datetime", Later)
    monkeypatch.setattr("signing.validate.validate_isolated", here)
    data = own.storage.get(certificate(own).sha256)
    assert said(own, data) == (Verdict.GENUINE, *KNOWN)


def test_a_sample_stays_genuine_after_the_real_key_came(own: Register, tmp_path: Path) -> None:
    """The demo ring is put aside and believed for registered files only."""
    data = own.storage.get(certificate(own).sha256)
    demo = demo_authority(tmp_path / "office")
    folder = demo.folder
    source = PemSource(folder / "signer-1.key.pem", folder / "signer-1.cert.pem")
    import_key(own.home, "seal-2026", source, "自治区厅", keep_demo=False)
    assert said(own, data) == (Verdict.GENUINE, *KNOWN)
    cut = data + b"\n"
    assert said(own, cut)[0] is Verdict.FOREIGN
