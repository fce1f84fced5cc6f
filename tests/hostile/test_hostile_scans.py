"""The core never signs a brought file as a certificate: the scan attacks against the archive of a real register."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile_scans import lying_scan

from core.settings import Home
from records.sample import Kind, sample_batch
from registry.applications.archive import attach, scan_file
from registry.issuing.run import issue
from registry.log.events import Actor
from registry.model import Certificate
from registry.recognition import Usable
from registry.register import Register
from registry.verification.answers import Verdict
from registry.verification.verifier import Verifier
from signing.authority.opening import open_authority
from signing.credential.offline import verify_offline
from signing.errors import CredentialMisplaced
from signing.keys.certificate_key import certificate_key
from signing.pades.configured import sign_brought, sign_document
from signing.pades.sign import sign_pdf

ACTOR = Actor("测试员", "test", "tester")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A register with three certificates."""
    folder = tmp_path_factory.mktemp("scans")
    with Register.open(Home(folder / "home")) as register:
        issue(register, sample_batch(3, 5, kind=Kind.GREEN), folder / "out", actor=ACTOR)
        yield register


@pytest.fixture
def victim(register: Register) -> Certificate:
    """Whose credential is copied."""
    found = register.lookup.by_id(1)
    assert found
    return found


def lying(victim: Certificate) -> bytes:
    """A page with another name, the true number, name and title invisible, the true credential as /AF."""
    true = f"{victim.number} {victim.facts.name} {victim.facts.title}"
    return lying_scan(victim.credential.encode(), true)


def never_a_certificate(register: Register, data: bytes) -> None:
    """Not genuine, not usable, nobody's certificate, and the sentence says what it is."""
    answer = Verifier(register).verify_file(data)
    assert (answer.verdict, answer.file.reason) == (Verdict.FOREIGN, "archive_signature")
    assert answer.recognition.code is Usable.NOT
    assert answer.certificate is None
    assert "归档签名，不是职称证书" in answer.file.message


def test_a_scan_that_shows_another_name_is_no_certificate_after_archive_add(
    register: Register, victim: Certificate
) -> None:
    """What the holder downloads from the archive is an archive paper, whatever was brought."""
    scan = attach(register, victim.number, lying(victim), ACTOR)
    never_a_certificate(register, scan_file(register, scan))


def test_a_brought_file_is_no_certificate_after_signatures_sign(
    register: Register, victim: Certificate
) -> None:
    """Nor with the visible seal on it."""
    never_a_certificate(register, sign_brought(lying(victim), register.home, visible=True))


def test_a_scan_that_an_earlier_release_signed_with_the_certificate_key_stays_in_the_archive_only(
    register: Register, victim: Certificate
) -> None:
    """It is kept, can be taken out byte for byte, and is recognised as an archive paper by its hash."""

    def of_old(data: bytes, home: Home) -> bytes:
        return sign_pdf(data, certificate_key(open_authority(home)), datetime.now(UTC))

    scan = attach(register, victim.number, lying(victim) + b"\n", ACTOR, sign=of_old)
    data = scan_file(register, scan)
    never_a_certificate(register, data)


def test_the_genuine_certificate_beside_them_stays_genuine(register: Register, victim: Certificate) -> None:
    """The archive takes nothing away."""
    answer = Verifier(register).verify_file(register.storage.get(victim.sha256))
    assert answer.verdict is Verdict.GENUINE


def test_certificate_and_archive_keys_are_two(register: Register, tmp_path: Path) -> None:
    """Neither fingerprint is in the other's list."""
    anchors = open_authority(register.home).anchors
    assert anchors.archives
    assert not set(anchors.archives) & set(anchors.signers)


def test_a_copied_credential_in_another_pdf_is_refused_offline(
    register: Register, victim: Certificate, tmp_path: Path
) -> None:
    """`credential verify` believes the one in the certificate and none in a self-made or archived page."""
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(open_authority(register.home).keyset.as_jwks()))
    assert verify_offline(register.storage.get(victim.sha256), keys).payload["code"] == victim.code
    with pytest.raises(CredentialMisplaced):
        verify_offline(lying(victim), keys)
    archived = sign_document(lying(victim), register.home)
    with pytest.raises(CredentialMisplaced):
        verify_offline(archived, keys)
