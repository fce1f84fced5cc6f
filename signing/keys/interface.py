"""What the rest of the program sees of a key, wherever it lies."""

from typing import Protocol

from cryptography import x509

from signing.keys.algorithm import KeyAlgorithm
from signing.keys.source import KeySource


class SigningKey(Protocol):
    """A checked private key with its certificate and chain. Not picklable: hand `source` to other processes."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates above it: issuing authority first, root last."""

    @property
    def algorithm(self) -> KeyAlgorithm:
        """Kind and size."""

    @property
    def source(self) -> KeySource:
        """How to open the same key again."""

    def sign_digest(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest (32 bytes): PKCS#1 v1.5 for RSA, DER with low s for ECDSA."""

    def close(self) -> None:
        """Give up the session with a token; harmless for files."""
