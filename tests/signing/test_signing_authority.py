"""The demo authority and the key ring."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from signing_helpers import chain, write_pem

from core.settings import Home
from signing.authority.opening import DEMO_ORGANISATION, Authority, demo_authority, open_authority
from signing.credential.token import sign, verify
from signing.errors import KeyNameTaken, KeyRingLost, KeyRingUnreadable, KeyUnknown, SignerNotDemo
from signing.keys import Passphrase, PemSource, Pkcs12Source
from signing.keys.certificate_key import certificate_key
from signing.keys.files import read_certificates
from signing.keys.importing import import_key, publish, rotate_service, rotate_signer
from signing.keys.listing import list_keys
from signing.keys.service_key import KeySet
from signing.pades.sign import sign_pdf
from signing.validate import Code, validate
from zhicheng import cli


def test_it_is_made_on_first_use_and_opened_after(tmp_path: Path) -> None:
    """The second opening finds the same keys."""
    first, second = demo_authority(tmp_path / "keys"), demo_authority(tmp_path / "keys", "别的机关")
    assert certificate_key(first).certificate == certificate_key(second).certificate
    assert second.organisation == DEMO_ORGANISATION
    assert second.demo


def test_all_its_files_are_private(authority: Authority) -> None:
    """Keys 0600, folder 0700."""
    assert stat.S_IMODE(authority.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in authority.folder.iterdir()} == {0o600}


def test_every_name_says_that_it_is_a_sample(authority: Authority) -> None:
    """样本 stands in the subject of signer, issuing authority and root."""
    for certificate in (certificate_key(authority).certificate, *certificate_key(authority).chain):
        for attribute in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME):
            assert "样本" in str(attribute.value)


def test_certificates_have_the_right_extensions(authority: Authority) -> None:
    """Key usage, path length, subject and authority key identifiers."""
    signer, (issuing, root) = certificate_key(authority).certificate, certificate_key(authority).chain
    usage = signer.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    lengths = [
        one.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
        for one in (issuing, root)
    ]
    assert lengths == [0, 1]
    for child, parent in ((signer, issuing), (issuing, root)):
        named = child.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        assert named == parent.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def test_many_that_come_first_at_once_agree(tmp_path: Path) -> None:
    """Two processes starting together end with one authority."""
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda _: certificate_key(demo_authority(tmp_path / "keys")).certificate, range(16))
        )
    assert len(set(found)) == 1
    assert not list((tmp_path / "keys").glob(".demo-*"))


def test_after_rotation_old_files_and_tokens_stay_good(tmp_path: Path, plain_pdf: bytes) -> None:
    """A new signer and a new service key; what the old ones signed is still accepted, and the new ones sign."""
    home = Home(tmp_path)
    before = open_authority(home)
    document = sign_pdf(plain_pdf, certificate_key(before), datetime.now(UTC))
    token = sign({"n": 1, "iat": int(datetime.now(UTC).timestamp()) - 5}, before.service)
    rotate_signer(before)
    rotate_service(open_authority(home))
    after = open_authority(home)
    assert certificate_key(after).certificate != certificate_key(before).certificate
    assert after.service.kid != before.service.kid
    assert validate(document, after.anchors).code is Code.OK
    assert verify(token, after.keyset).kid == before.service.kid
    assert [row.state for row in list_keys(home.keys)] == ["retired", "active", "retired", "active"]


def test_an_imported_key_takes_over_and_the_demo_root_is_dropped(tmp_path: Path, plain_pdf: bytes) -> None:
    """With a real key nobody believes the demo certificates any more."""
    home = Home(tmp_path / "home")
    demo = open_authority(home)
    demo_document = sign_pdf(plain_pdf, certificate_key(demo), datetime.now(UTC))
    source = write_pem(tmp_path, *chain())
    done = import_key(home, "seal-2026", source, "自治区厅", keep_demo=False)
    real = open_authority(home)
    assert done.replaced_demo
    assert not real.demo
    assert real.organisation == "自治区厅"
    assert validate(demo_document, real.anchors).code is Code.SIGNED_BY_OTHER
    assert validate(demo_document, real.anchors_of_registered, known_hash=True).code is Code.REGISTER_HASH
    assert (
        validate(sign_pdf(plain_pdf, certificate_key(real), datetime.now(UTC)), real.anchors).code is Code.OK
    )
    with pytest.raises(KeyNameTaken):
        import_key(home, "seal-2026", source, None, keep_demo=False)
    with pytest.raises(SignerNotDemo):
        rotate_signer(real)


def test_a_key_outside_the_ring_is_used_when_the_settings_say_so(
    tmp_path: Path, plain_pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`key = "pem:…"` signs, its root is pinned beside the ring's."""
    write_pem(tmp_path, *chain())
    monkeypatch.setenv("ZHICHENG_SIGNING_KEY", "pem:k.pem,c.pem")
    authority = open_authority(Home(tmp_path))
    assert not authority.demo
    assert validate(
        sign_pdf(plain_pdf, certificate_key(authority), datetime.now(UTC)), authority.anchors
    ).genuine
    monkeypatch.setenv("ZHICHENG_SIGNING_KEY", "nobody")
    with pytest.raises(KeyUnknown):
        open_authority(Home(tmp_path))


def test_what_is_published_suffices_to_verify(authority: Authority, tmp_path: Path) -> None:
    """Root, fingerprint and key set, and no private key among them."""
    files = {path.name: path.read_bytes() for path in publish(authority, tmp_path)}
    assert x509.load_der_x509_certificate(files["root-1.cer"]) == authority.roots[0]
    assert authority.root_fingerprints[0] in files["fingerprints.txt"].decode()
    assert authority.root_fingerprints[0] in files["README.txt"].decode()
    token = sign({"n": 1}, authority.service)
    assert verify(token, KeySet.read(tmp_path / "keys.json")).kid == authority.service.kid
    assert not any(b"PRIVATE" in data or b'"d"' in data for data in files.values())


def test_a_damaged_ring_is_named(tmp_path: Path) -> None:
    """Not replaced by a new demo ring."""
    demo_authority(tmp_path / "keys")
    (tmp_path / "keys" / "ring.json").write_text("{}")
    with pytest.raises(KeyRingUnreadable):
        demo_authority(tmp_path / "keys")


def test_an_expiring_key_shows_in_the_list(tmp_path: Path) -> None:
    """Days left are counted from the given moment."""
    demo_authority(tmp_path / "keys")
    later = datetime.now(UTC) + timedelta(days=5 * 365 - 10)
    assert list_keys(tmp_path / "keys", later)[0].days_left in (9, 10)


def test_an_imported_key_keeps_its_pass_phrase_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ring remembers where the pass phrase comes from, never the pass phrase."""
    source = write_pem(tmp_path, *chain())
    monkeypatch.setenv("PIN", "geheim-9173")
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    private = load_pem_private_key(source.key.read_bytes(), None)
    source.key.write_bytes(
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"geheim-9173"))
    )
    home = Home(tmp_path / "home")
    import_key(
        home, "s", PemSource(source.key, source.certificates, Passphrase("env:PIN")), None, keep_demo=False
    )
    assert "geheim" not in (home.keys / "ring.json").read_text()
    assert certificate_key(open_authority(home)).sign_digest(bytes(32))
    assert os.environ["PIN"] == "geheim-9173"


def _imported_of_old(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PKCS#12 key as a release imported it that did not write its chain down."""
    signer, issuing, root = chain()
    data = pkcs12.serialize_key_and_certificates(
        b"seal",
        signer.private,
        signer.certificate,
        [issuing.certificate, root.certificate],
        BestAvailableEncryption(b"pin"),
    )
    source = home.root.with_suffix(".p12")
    source.write_bytes(data)
    monkeypatch.setenv("SEAL_PIN", "pin")
    import_key(home, "seal", Pkcs12Source(source, Passphrase("env:SEAL_PIN")), None, keep_demo=False)
    pinned = home.keys / "seal.chain.pem"
    pinned.unlink()
    return pinned


def test_the_chain_of_a_key_imported_long_ago_is_pinned_when_it_is_next_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Once, whole, private, with one line in the log; from then on without the pass phrase."""
    home = Home(tmp_path / "home")
    pinned = _imported_of_old(home, monkeypatch)
    assert open_authority(home).intermediates == ()
    key = certificate_key(open_authority(home))
    assert stat.S_IMODE(pinned.stat().st_mode) == 0o600
    monkeypatch.delenv("SEAL_PIN")
    assert open_authority(home).intermediates == key.chain[:-1]
    assert [str(pinned) in one.getMessage() for one in caplog.records] == [True]
    monkeypatch.setenv("SEAL_PIN", "pin")
    before = pinned.stat().st_mtime_ns
    assert certificate_key(open_authority(home)).certificate == key.certificate
    assert (pinned.stat().st_mtime_ns, len(caplog.records)) == (before, 1)
    assert not [one for one in home.keys.iterdir() if one.name.startswith(".")]


def test_of_many_that_open_it_at_once_one_pins_the_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No half-written file, no second line."""
    home = Home(tmp_path / "home")
    pinned = _imported_of_old(home, monkeypatch)
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: certificate_key(open_authority(home)), range(8)))
    assert tuple(read_certificates(pinned)) == keys[0].chain[:-1]
    assert len(caplog.records) == 1


def test_keys_without_their_ring_are_not_replaced_by_demo_keys(tmp_path: Path) -> None:
    """A lost ring.json is said, and every key file stays as it was."""
    home = Home(tmp_path / "home")
    open_authority(home)
    (home.keys / "ring.json").unlink()
    before = {one.name: one.read_bytes() for one in home.keys.iterdir()}
    with pytest.raises(KeyRingLost, match=r"ring\.json"):
        open_authority(home)
    assert {one.name: one.read_bytes() for one in home.keys.iterdir()} == before


def test_demo_keys_whose_making_was_interrupted_are_made_anew(tmp_path: Path) -> None:
    """The mark of the unfinished move tells them from lost ones."""
    home = Home(tmp_path / "home")
    open_authority(home)
    (home.keys / "ring.json").unlink()
    (home.keys / ".making").touch()
    assert open_authority(home).demo
    assert not (home.keys / ".making").exists()


@pytest.mark.parametrize("name", ["signer-1.key.pem", "service-1.key.pem", "issuing.key.pem"])
def test_a_key_that_others_may_read_draws_a_warning_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """With path, mode and what to do, when keys are opened; the list names it every time."""
    home = Home(tmp_path)
    open_authority(home)
    assert not caplog.records
    (home.keys / name).chmod(0o644)
    for _ in range(2):
        open_authority(home)
    (line,) = [one.getMessage() for one in caplog.records]
    assert str(home.keys / name) in line
    assert "0644" in line
    assert "chmod 600" in line
    told = CliRunner().invoke(cli, ["--home", str(tmp_path), "keys", "list"]).output
    assert f"{name} 的权限是 0644" in told.replace("\n", "")
    shown = json.loads(CliRunner().invoke(cli, ["--home", str(tmp_path), "keys", "list", "--json"]).output)
    assert shown["exposed"] == [str(home.keys / name)]
    (home.keys / name).chmod(0o600)
    assert "0644" not in CliRunner().invoke(cli, ["--home", str(tmp_path), "keys", "list"]).output


def test_a_key_of_the_settings_that_others_may_read_draws_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Wherever it lies."""
    source = write_pem(tmp_path, *chain())
    source.key.chmod(0o640)
    monkeypatch.setenv("ZHICHENG_SIGNING_KEY", "pem:k.pem,c.pem")
    open_authority(Home(tmp_path))
    assert any(str(source.key) in one.getMessage() and "0640" in one.getMessage() for one in caplog.records)
