"""The kept skeleton gives byte for byte what pyHanko makes around the same signature."""

import asyncio
import hashlib
import pickle
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding
from signing_helpers import chain, write_pem

from signing.authority.opening import Authority
from signing.cms.skeleton import SkeletonSigner
from signing.errors import CertificateNotValidNow, DigestUnsuitable
from signing.keys import KeyAlgorithm, SigningKey, open_key
from signing.keys.certificate_key import certificate_key


def pyhanko_cms(signer: SkeletonSigner, digest: bytes, signature: bytes) -> bytes:
    """What pyHanko itself makes of the same raw signature."""
    pyhanko = signer.pyhanko_signer(signature)
    return bytes(asyncio.run(pyhanko.async_sign(digest, "sha256", use_pades=True)).dump())


def raw_signature(der: bytes) -> bytes:
    """The signature value inside a CMS."""
    return bytes(cms.ContentInfo.load(der)["content"]["signer_infos"][0]["signature"].native)


@pytest.fixture(scope="module")
def signers(tmp_path_factory: pytest.TempPathFactory) -> dict[KeyAlgorithm, SkeletonSigner]:
    """A signer for every kind of key."""
    kinds = (KeyAlgorithm.P_256, KeyAlgorithm.P_384, KeyAlgorithm.RSA_2048, KeyAlgorithm.RSA_3072)
    return {
        kind: SkeletonSigner(open_key(write_pem(tmp_path_factory.mktemp("k"), *chain(kind))))
        for kind in kinds
    }


@pytest.mark.parametrize(
    "kind", [KeyAlgorithm.P_256, KeyAlgorithm.P_384, KeyAlgorithm.RSA_2048, KeyAlgorithm.RSA_3072]
)
def test_the_cms_is_byte_for_byte_that_of_pyhanko(
    signers: dict[KeyAlgorithm, SkeletonSigner], kind: KeyAlgorithm
) -> None:
    """For the same digest and raw signature both ways give the same bytes, whatever the signature's length."""
    signer, now = signers[kind], datetime.now(UTC)
    lengths = set()
    for number in range(40 if kind is KeyAlgorithm.P_256 else 4):
        digest = hashlib.sha256(bytes([number])).digest()
        made = signer.sign_digest(digest, now)
        lengths.add(len(made))
        assert made == pyhanko_cms(signer, digest, raw_signature(made))
        assert len(made) <= signer.cms_size
    assert len(lengths) > 1 or kind.is_rsa or kind is KeyAlgorithm.P_384


def test_rare_short_ecdsa_signatures_get_their_own_skeleton(
    signers: dict[KeyAlgorithm, SkeletonSigner],
) -> None:
    """Small r or s make the DER shorter; each length is cut anew and still equals pyHanko's."""
    signer = signers[KeyAlgorithm.P_256]
    short = bytes.fromhex("3006020101020101")

    class Short:
        """A key whose signatures are as short as DER allows."""

        certificate, chain = signer.key.certificate, signer.key.chain
        algorithm, source = signer.key.algorithm, signer.key.source

        def sign_digest(self, digest: bytes) -> bytes:
            return short

        def close(self) -> None:
            pass

    key: SigningKey = Short()
    made = SkeletonSigner(key).sign_digest(bytes(32), datetime.now(UTC))
    assert made == pyhanko_cms(signer, bytes(32), short)


def test_a_signer_travels_to_other_processes_without_its_key(authority: Authority) -> None:
    """Pickled is the description of the key, never the key."""
    signer = SkeletonSigner(certificate_key(authority))
    frozen = pickle.dumps(signer)
    secret = (authority.folder / "signer-1.key.pem").read_text().splitlines()[1]
    assert secret.encode() not in frozen
    assert pickle.loads(frozen).cms_size == signer.cms_size


def test_no_signature_outside_the_validity(authority: Authority) -> None:
    """The moment of signing is checked for each signature."""
    signer = SkeletonSigner(certificate_key(authority))
    with pytest.raises(CertificateNotValidNow):
        signer.sign_digest(bytes(32), datetime.now(UTC) + timedelta(days=4000))
    with pytest.raises(DigestUnsuitable):
        signer.sign_digest(b"short", datetime.now(UTC))


@pytest.mark.tools
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_accepts_the_cms(authority: Authority, tmp_path: Path) -> None:
    """`openssl cms -verify -cades` agrees with it."""
    content = b"the signed bytes"
    made = SkeletonSigner(certificate_key(authority)).sign_digest(
        hashlib.sha256(content).digest(), datetime.now(UTC)
    )
    for name, data in {
        "c.der": made,
        "content": content,
        "root.pem": authority.roots[0].public_bytes(Encoding.PEM),
    }.items():
        (tmp_path / name).write_bytes(data)
    command = "openssl cms -verify -cades -binary -inform DER -in c.der -content content -CAfile root.pem -purpose any"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    (tmp_path / "content").write_bytes(b"other bytes")
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode != 0
