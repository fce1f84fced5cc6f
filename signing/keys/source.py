"""Descriptions of where a key is: small, without secrets, enough to open the key again in another process."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from signing.keys.passphrase import Passphrase


@dataclass(frozen=True)
class Pkcs12Source:
    """A PKCS#12 file (.p12/.pfx) with key, certificate and chain; `extra` adds missing chain certificates."""

    path: Path
    passphrase: Passphrase = field(default_factory=Passphrase)
    extra: Path | None = None

    @property
    def place(self) -> str:
        """What messages call it."""
        return str(self.path)


@dataclass(frozen=True)
class PemSource:
    """A PEM private key and a PEM file with the certificate first and its chain after it."""

    key: Path
    certificates: Path
    passphrase: Passphrase = field(default_factory=Passphrase)

    @property
    def place(self) -> str:
        """What messages call it."""
        return str(self.key)


@dataclass(frozen=True)
class TokenSource:
    """A key inside a PKCS#11 token (加密机、UKey); the certificate and chain come from a PEM file.

    `certificates` None means: read the certificates from the token, where they lie under the same label.
    """

    module: Path
    token: str
    label: str
    certificates: Path | None = None
    pin: Passphrase = field(default_factory=Passphrase)

    @property
    def place(self) -> str:
        """What messages call it."""
        return f"pkcs11:token={self.token};object={self.label}"


KeySource: TypeAlias = Pkcs12Source | PemSource | TokenSource
