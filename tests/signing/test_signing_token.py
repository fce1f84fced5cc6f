"""Keys inside a PKCS#11 token, with SoftHSM2: the key is generated in the token and never leaves it."""

import multiprocessing
import os
import shutil
import subprocess
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from asn1crypto.keys import PublicKeyInfo, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from signing.authority.certificates import SIGNER, Request, issue_certificate
from signing.authority.opening import Authority
from signing.cms.skeleton import SkeletonSigner, reopen
from signing.errors import KeyPairMismatch, KeyUnreadable, PassphraseWrong
from signing.keys import Passphrase, TokenSource, open_key
from signing.validate import validate

MODULE = next(
    (
        path
        for path in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
        if Path(path).exists()
    ),
    None,
)

pytestmark = [
    pytest.mark.tools,
    pytest.mark.skipif(
        MODULE is None or shutil.which("softhsm2-util") is None, reason="SoftHSM2 is not installed"
    ),
]


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> dict[str, TokenSource]:
    """A token with a P-256 and an RSA-2048 key, generated inside, certified by the demo authority."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    os.environ["ZHICHENG_TEST_PIN"] = "654321"
    label = f"test-{uuid4().hex[:8]}"
    command = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        label,
        "--so-pin",
        "123456",
        "--pin",
        "654321",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return {kind: _generate(folder, label, kind, authority) for kind in ("EC", "RSA")}


def _generate(folder: Path, token: str, kind: str, authority: Authority) -> TokenSource:
    import pkcs11
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
    from pkcs11.util.rsa import encode_rsa_public_key

    from signing.authority.opening import _load
    from signing.keys.token import open_session

    certificates = folder / f"{kind}.pem"
    source = TokenSource(Path(MODULE or ""), token, kind, certificates, Passphrase("env:ZHICHENG_TEST_PIN"))
    with open_session(source, writing=True) as session:
        if kind == "EC":
            curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            parameters = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
            public, _ = parameters.generate_keypair(store=True, label=kind)
            der = encode_ec_public_key(public)
        else:
            public, _ = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label=kind)
            der = PublicKeyInfo.wrap(RSAPublicKey.load(encode_rsa_public_key(public)), "rsa").dump()
    key = load_der_public_key(der)
    assert isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
    now = datetime.now(UTC)
    issuing = _load(authority.folder, "issuing")
    request = Request("令牌签名", "机构", SIGNER, now - timedelta(days=1), now + timedelta(days=30))
    issued = issue_certificate(request, issuing, public=key)
    certificates.write_bytes(issued.certificate_pem + (authority.folder / "issuing.cert.pem").read_bytes())
    return source


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_a_key_in_the_token_signs_a_document(
    token: dict[str, TokenSource], authority: Authority, plain_pdf: bytes, kind: str
) -> None:
    """A PDF signed by the token's key is genuine under the demo root."""
    from signing.pades.sign import sign_pdf

    key = open_key(token[kind])
    report = validate(sign_pdf(plain_pdf, key, datetime.now(UTC)), replace(authority.anchors, signers=()))
    key.close()
    assert report.genuine, report.detail


def test_the_same_key_opens_twice_in_one_process(token: dict[str, TokenSource]) -> None:
    """The log-in to a token holds for the whole process; closing one session leaves the other usable."""
    first, second = open_key(token["EC"]), open_key(token["EC"])
    first.close()
    assert second.sign_digest(bytes(32))
    second.close()


def _take_environment(values: dict[str, str]) -> None:
    os.environ.update(values)


def _signature_in_a_worker(source: TokenSource) -> int:
    signer = reopen(source)
    return len(signer.sign_digest(bytes(32), datetime.now(UTC)))


@pytest.mark.parametrize("way", ["spawn", "forkserver"])
def test_each_worker_process_opens_its_own_session(token: dict[str, TokenSource], way: str) -> None:
    """The description of the key is enough for other processes, while this one keeps its session."""
    own = SkeletonSigner(open_key(token["EC"]))
    context = multiprocessing.get_context(way)
    mine = dict(
        os.environ
    )  # a fork server may have been started by an earlier test, without the token's place
    with ProcessPoolExecutor(2, context, _take_environment, (mine,)) as pool:
        sizes = list(pool.map(_signature_in_a_worker, [token["EC"]] * 4))
    assert all(0 < size <= own.cms_size for size in sizes)
    own.key.close()


def test_a_wrong_pin_is_named(token: dict[str, TokenSource], monkeypatch: pytest.MonkeyPatch) -> None:
    """The pass phrase error is told from a missing token."""
    monkeypatch.setenv("ZHICHENG_TEST_PIN", "000000")
    with pytest.raises(PassphraseWrong):
        open_key(token["EC"])


def test_a_missing_token_or_label_is_named(token: dict[str, TokenSource]) -> None:
    """Nothing of that label in the token, no such token, no such library."""
    found = token["EC"]
    for changed in (
        TokenSource(found.module, found.token, "nothing", found.certificates, found.pin),
        TokenSource(found.module, "nowhere", found.label, found.certificates, found.pin),
        TokenSource(Path("/nowhere.so"), found.token, found.label, found.certificates, found.pin),
    ):
        with pytest.raises(KeyUnreadable):
            open_key(changed)


def test_why_a_token_does_not_open_is_told_in_words(token: dict[str, TokenSource]) -> None:
    """No such token, no such key, no certificate inside: each with the device's own words."""
    found = token["EC"]
    cases = {
        "没有这个标签的令牌": replace(found, token="other"),
        "没有这个标签的私钥": replace(found, label="other"),
        "--certificates": replace(found, certificates=None),
        "PKCS#11 模块打不开": replace(found, module=Path("/nowhere/module.so")),
    }
    for words, source in cases.items():
        with pytest.raises(KeyUnreadable) as caught:
            open_key(source)
        assert words in caught.value.diagnostics()


def test_a_certificate_of_another_key_is_noticed(token: dict[str, TokenSource]) -> None:
    """One signature at opening proves the pair."""
    found, other = token["EC"], token["RSA"]
    with pytest.raises((KeyPairMismatch, KeyUnreadable)):
        open_key(TokenSource(found.module, found.token, found.label, other.certificates, found.pin))
