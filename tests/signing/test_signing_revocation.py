"""Revocation data fetched over real HTTP: a CRL by its distribution point, an OCSP answer by its address."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from signing_helpers import write_pem

from signing.authority.certificates import ISSUING, ROOT, SIGNER, Issued, Request, issue_certificate, make_crl
from signing.authority.opening import Authority
from signing.errors import RevocationInfoMissing
from signing.keys import SigningKey, open_key
from signing.pades.revocation import RevocationData, read_crl
from signing.pades.sign import SigningPlan, sign_pdf
from signing.settings import Level
from signing.timestamp import LocalTimestamper, TimestampAuthority
from signing.trust import TrustAnchors
from signing.validate import Code, validate

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass
class Responder:
    """A root and an issuing authority with their lists and OCSP answers over HTTP."""

    url: str = ""
    root: Issued | None = None
    issuing: Issued | None = None
    signer: Issued | None = None
    revoked: bool = False
    broken: bool = False
    asked: list[str] = field(default_factory=list)

    def build(self, *, with_ocsp: bool) -> None:
        """Certificates that name this responder."""
        self.root = self._issue("根", ROOT, None)
        self.issuing = self._issue("签发", ISSUING, self.root, crl_url=f"{self.url}/root.crl")
        where = {"ocsp_url": f"{self.url}/ocsp"} if with_ocsp else {"crl_url": f"{self.url}/issuing.crl"}
        self.signer = self._issue("签名", SIGNER, self.issuing, **where)

    def _issue(self, name: str, role: object, issuer: Issued | None, **where: str) -> Issued:
        span = (NOW - timedelta(days=30), NOW + timedelta(days=300))
        return issue_certificate(Request(name, "机构", role, *span, **where), issuer)  # type: ignore[arg-type]

    def crl(self, issuer: Issued) -> bytes:
        """The issuer's list."""
        assert self.signer is not None
        gone = {self.signer.certificate.serial_number: NOW - timedelta(days=3)} if self.revoked else {}
        return make_crl(issuer, gone, NOW - timedelta(hours=1)).public_bytes(Encoding.DER)

    def ocsp(self) -> bytes:
        """The answer about the signer."""
        assert self.signer is not None
        assert self.issuing is not None
        status = ocsp.OCSPCertStatus.REVOKED if self.revoked else ocsp.OCSPCertStatus.GOOD
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=self.signer.certificate,
            issuer=self.issuing.certificate,
            algorithm=SHA256(),
            cert_status=status,
            this_update=NOW - timedelta(hours=1),
            next_update=NOW + timedelta(days=1),
            revocation_time=NOW - timedelta(days=3) if self.revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if self.revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.issuing.certificate)
        return builder.sign(self.issuing.private, SHA256()).public_bytes(Encoding.DER)

    def answer(self, path: str) -> tuple[str, bytes]:
        """Type and body for a path."""
        self.asked.append(path)
        match path:
            case "/root.crl":
                assert self.root is not None
                return "application/pkix-crl", self.crl(self.root)
            case "/issuing.crl":
                assert self.issuing is not None
                return "application/pkix-crl", self.crl(self.issuing)
            case _:
                return "application/ocsp-response", self.ocsp()

    def key(self, folder: Path) -> SigningKey:
        """The signer's key, opened from files."""
        assert self.signer is not None
        assert self.issuing is not None
        assert self.root is not None
        return open_key(write_pem(folder, self.signer, self.issuing, self.root))


@pytest.fixture
def responder() -> Iterator[Responder]:
    """The server on loopback."""
    state = Responder()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if state.broken:
                self.send_error(503)
                return
            kind, body = state.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def plan(authority: Authority, tsa_key: SigningKey, crls: RevocationData) -> SigningPlan:
    """B-LT with fetching; the time-stamp authority's lists are at hand."""
    roots = tuple(one.public_bytes(Encoding.DER) for one in authority.roots)
    stamper = LocalTimestamper(TimestampAuthority(tsa_key))
    return SigningPlan(Level.B_LT, stamper, RevocationData(crls.crls, fetch=True), roots)


def trust(responder: Responder, plan: SigningPlan) -> TrustAnchors:
    """The responder's root for signatures, the plan's for time-stamps."""
    assert responder.root is not None
    return TrustAnchors(
        roots=(responder.root.certificate.public_bytes(Encoding.DER),), timestamp_roots=plan.timestamp_roots
    )


@pytest.mark.parametrize(
    ("with_ocsp", "asked"), [(True, "/ocsp"), (False, "/issuing.crl")], ids=["ocsp", "crl"]
)
def test_fetched_answers_are_embedded(
    responder: Responder, plan: SigningPlan, plain_pdf: bytes, tmp_path: Path, with_ocsp: bool, asked: str
) -> None:
    """After that the file is B-LT without any network."""
    responder.build(with_ocsp=with_ocsp)
    data = sign_pdf(plain_pdf, responder.key(tmp_path), datetime.now(UTC), plan)
    assert {"/root.crl", asked} <= set(responder.asked)
    before = len(responder.asked)
    report = validate(data, trust(responder, plan))
    assert (report.code, report.level) == (Code.OK, "B-LT"), report.detail
    assert len(responder.asked) == before


@pytest.mark.parametrize("with_ocsp", [True, False], ids=["ocsp", "crl"])
def test_a_revoked_signer_cannot_sign_for_the_long_term(
    responder: Responder, plan: SigningPlan, plain_pdf: bytes, tmp_path: Path, with_ocsp: bool
) -> None:
    """The answer is looked at before signing."""
    responder.build(with_ocsp=with_ocsp)
    responder.revoked = True
    with pytest.raises(RevocationInfoMissing):
        sign_pdf(plain_pdf, responder.key(tmp_path), datetime.now(UTC), plan)


def test_a_silent_responder_means_no_long_term_signature(
    responder: Responder, plan: SigningPlan, plain_pdf: bytes, tmp_path: Path
) -> None:
    """Nothing weaker comes back."""
    responder.build(with_ocsp=True)
    responder.broken = True
    with pytest.raises(RevocationInfoMissing):
        sign_pdf(plain_pdf, responder.key(tmp_path), datetime.now(UTC), plan)


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    """Missing, empty, rubbish."""
    (tmp_path / "x.crl").write_bytes(b"rubbish")
    for name in ("x.crl", "missing.crl"):
        with pytest.raises(RevocationInfoMissing):
            read_crl(tmp_path / name)
