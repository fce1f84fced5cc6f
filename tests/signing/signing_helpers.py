"""Certificates made for one test, keys on disk, and a time-stamp authority over HTTP."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from signing.authority.certificates import (
    ISSUING,
    ROOT,
    SIGNER,
    Issued,
    Request,
    Role,
    generate_key,
    issue_certificate,
)
from signing.keys import KeyAlgorithm, PemSource
from signing.timestamp import TimestampAuthority

NOW = datetime.now(UTC)


def certificate_of(
    role: Role, issuer: Issued | None = None, algorithm: KeyAlgorithm = KeyAlgorithm.P_256, days: int = 30
) -> Issued:
    """A certificate valid from yesterday for `days`."""
    return issue_certificate(request_of(role, days), issuer, private=generate_key(algorithm))


def request_of(role: Role, days: int = 30) -> Request:
    """What such a certificate says."""
    return Request("名称", "机构", role, NOW - timedelta(days=abs(days) + 1), NOW + timedelta(days=days))


def write_pem(folder: Path, signer: Issued, *above: Issued) -> PemSource:
    """Write a PEM key with its chain."""
    (folder / "k.pem").write_bytes(signer.key_pem)
    (folder / "c.pem").write_bytes(b"".join(one.certificate_pem for one in (signer, *above)))
    return PemSource(folder / "k.pem", folder / "c.pem")


def chain(algorithm: KeyAlgorithm = KeyAlgorithm.P_256) -> tuple[Issued, Issued, Issued]:
    """Signer, issuing authority, root."""
    root = certificate_of(ROOT)
    issuing = certificate_of(ISSUING, root)
    return certificate_of(SIGNER, issuing, algorithm), issuing, root


@dataclass
class TsaServer:
    """A time-stamp authority over HTTP. `mode`: right, error, garbage, wrong_type, slow, stale (answers an old query)."""

    authority: TimestampAuthority
    mode: str = "right"
    asked: int = 0
    url: str = ""
    kept: bytes = b""

    def answer(self, query: bytes) -> tuple[int, str, bytes]:
        self.asked += 1
        reply = "application/timestamp-reply"
        match self.mode:
            case "error":
                return 503, "text/plain", b"busy"
            case "garbage":
                return 200, reply, b"\x30\x03abc"
            case "wrong_type":
                return 200, "text/html", b"<html>log in first</html>"
            case "stale":
                self.kept = self.kept or self.authority.respond(query)
                return 200, reply, self.kept
            case _:
                return 200, reply, self.authority.respond(query)
