"""Service keys (服务密钥) for tokens, lists and tree heads, and the published key set (JWKS) with validity."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from signing.errors import (
    KeySetUnreadable,
    KeyUnreadable,
    KeyUnsuitable,
    PassphraseWrong,
    ServiceKeyNotValid,
    TokenKeyNotValid,
    TokenKeyUnknown,
    TokenSignatureWrong,
)
from signing.keys.files import read_bytes
from signing.keys.passphrase import Passphrase

ED25519: Final = "Ed25519"  # RFC 9864; the older name EdDSA is deprecated
ES256: Final = "ES256"
_ECDSA: Final = ec.ECDSA(SHA256())
_HALF: Final = 32  # bytes of r and of s in an ES256 signature

PrivateServiceKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
PublicServiceKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey


@dataclass(frozen=True)
class ServiceKey:
    """A private key for tokens: Ed25519, or P-256 (ES256)."""

    private: PrivateServiceKey = field(repr=False)
    name: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """When it may sign; None of a key that stands in no ring."""

    @classmethod
    def generate(cls) -> "ServiceKey":
        """A new Ed25519 key."""
        return cls(ed25519.Ed25519PrivateKey.generate())

    @classmethod
    def open(cls, path: Path, passphrase: Passphrase | None = None) -> "ServiceKey":
        """Load a PEM file.

        Raises:
            KeyUnreadable, KeyUnsuitable, PassphraseMissing, PassphraseWrong.
        """
        secret = passphrase.read() if passphrase else None
        try:
            private = load_pem_private_key(read_bytes(path), secret.encode() if secret else None)
        except TypeError as error:
            raise PassphraseWrong(place=str(path)) from error
        except ValueError as error:
            raise KeyUnreadable(place=str(path), reason=str(error)) from error
        if not _usable(private):
            raise KeyUnsuitable(place=str(path), found=type(private).__name__)
        return cls(private)  # type: ignore[arg-type]  # _usable has narrowed it

    def require_valid(self, moment: datetime) -> None:
        """Refuse to sign outside the key's time: nobody would accept it, ever.

        Raises:
            ServiceKeyNotValid: too early or too late.
        """
        if self.since is None or self.until is None or self.since <= moment <= self.until:
            return
        raise ServiceKeyNotValid(
            name=self.name, since=self.since.date(), until=self.until.date(), moment=moment.date()
        )

    @property
    def alg(self) -> str:
        """The JOSE name of the algorithm."""
        return ED25519 if isinstance(self.private, ed25519.Ed25519PrivateKey) else ES256

    @cached_property
    def kid(self) -> str:
        """RFC 7638 thumbprint of the public key."""
        return public_kid(self.private.public_key())

    @property
    def pem(self) -> bytes:
        """Unencrypted PKCS#8 PEM, to be written with mode 0600."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, data: bytes) -> bytes:
        """The raw JOSE signature (64 bytes) of any bytes."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        r, s = decode_dss_signature(self.private.sign(data, _ECDSA))
        return r.to_bytes(_HALF) + s.to_bytes(_HALF)

    def public(self, since: datetime, until: datetime) -> "PublicKey":
        """The public half with the time in which it may sign."""
        return PublicKey(self.kid, self.alg, self.private.public_key(), since, until)


@dataclass(frozen=True)
class PublicKey:
    """A key that others check tokens with. A revoked one is refused for every token: its `iat` proves nothing."""

    kid: str
    alg: str
    key: PublicServiceKey
    since: datetime
    until: datetime
    revoked_at: datetime | None = None

    def valid_at(self, moment: datetime) -> bool:
        """Whether a token made at that moment may be accepted."""
        return self.revoked_at is None and self.since <= moment <= self.until

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Whether the raw JOSE signature fits."""
        try:
            if isinstance(self.key, ed25519.Ed25519PublicKey):
                self.key.verify(signature, data)
            elif len(signature) == 2 * _HALF:
                r, s = signature[:_HALF], signature[_HALF:]
                der = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
                self.key.verify(der, data, _ECDSA)
            else:
                return False
        except InvalidSignature:
            return False
        return True

    def as_jwk(self) -> dict[str, Any]:
        """RFC 7517 members plus `nbf`, `exp` and `revoked` (Unix seconds) as in OpenID Federation."""
        jwk: dict[str, Any] = {
            **_jwk_of(self.key),
            "kid": self.kid,
            "use": "sig",
            "alg": self.alg,
            "nbf": int(self.since.timestamp()),
            "exp": int(self.until.timestamp()),
        }
        if self.revoked_at is not None:
            jwk["revoked"] = {"revoked_at": int(self.revoked_at.timestamp())}
        return jwk


@dataclass(frozen=True)
class KeySet:
    """The public keys of one region, as published; unknown kinds of keys in a file are passed over."""

    keys: tuple[PublicKey, ...]

    @cached_property
    def _by_kid(self) -> Mapping[str, PublicKey]:
        return {key.kid: key for key in self.keys}

    def check(self, kid: str, alg: str, data: bytes, signature: bytes, moment: datetime) -> None:
        """Check one signature.

        Raises:
            TokenKeyUnknown, TokenKeyNotValid, TokenSignatureWrong.
        """
        key = self._by_kid.get(kid)
        if key is None or key.alg != alg:
            raise TokenKeyUnknown(kid=kid)
        if not key.verifies(data, signature):
            raise TokenSignatureWrong(kid=kid)
        if not key.valid_at(moment):
            raise TokenKeyNotValid(kid=kid, issued=moment.date())

    def timeless(self) -> "KeySet":
        """The same keys without their times: whether a signature fits, whenever it was made. Revoked ones stay so."""
        begin, end = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
        return KeySet(tuple(replace(one, since=begin, until=end) for one in self.keys))

    def as_jwks(self) -> dict[str, Any]:
        """The JSON document to publish."""
        return {"keys": [key.as_jwk() for key in self.keys]}

    @classmethod
    def from_jwks(cls, document: Mapping[str, Any]) -> "KeySet":
        """Read a published key set; a `kid` must be the key's thumbprint.

        Raises:
            KeySetUnreadable: no list of keys, or a key of a known kind is damaged.
        """
        entries = document.get("keys")
        if not isinstance(entries, list) or not all(isinstance(one, Mapping) for one in entries):
            raise KeySetUnreadable(reason="keys")
        return cls(tuple(_from_jwk(one) for one in entries if one.get("alg") in (ED25519, ES256)))

    @classmethod
    def read(cls, path: Path) -> "KeySet":
        """Read a key set file.

        Raises:
            KeySetUnreadable: not JSON or not a key set.
        """
        try:
            return cls.from_jwks(json.loads(path.read_bytes()))
        except (OSError, ValueError, AttributeError) as error:
            raise KeySetUnreadable(reason=str(error)) from error

    def joined(self, others: Iterable["KeySet"]) -> "KeySet":
        """This set with the keys of others."""
        return KeySet(self.keys + tuple(key for other in others for key in other.keys))


def public_kid(key: PublicServiceKey) -> str:
    """RFC 7638 thumbprint."""
    return str(_jose(key).thumbprint())


def _usable(private: object) -> bool:
    match private:
        case ed25519.Ed25519PrivateKey():
            return True
        case ec.EllipticCurvePrivateKey():
            return private.curve.name == "secp256r1"
        case _:
            return False


def _jose(key: PublicServiceKey) -> OKPKey | ECKey:
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return OKPKey.import_key(pem) if isinstance(key, ed25519.Ed25519PublicKey) else ECKey.import_key(pem)


def _jwk_of(key: PublicServiceKey) -> dict[str, Any]:
    return dict(_jose(key).as_dict(private=False))


def _from_jwk(entry: Mapping[str, Any]) -> PublicKey:
    try:
        material = {name: entry[name] for name in ("kty", "crv", "x", "y") if name in entry}
        jose = OKPKey.import_key(material) if entry["alg"] == ED25519 else ECKey.import_key(material)
        key = jose.public_key
        if not isinstance(key, ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey):
            raise KeySetUnreadable(reason=str(entry["kid"]))
        revoked = entry.get("revoked")
        found = PublicKey(
            kid=str(entry["kid"]),
            alg=str(entry["alg"]),
            key=key,
            since=datetime.fromtimestamp(int(entry["nbf"]), UTC),
            until=datetime.fromtimestamp(int(entry["exp"]), UTC),
            revoked_at=datetime.fromtimestamp(int(revoked["revoked_at"]), UTC) if revoked else None,
        )
    except (KeyError, ValueError, TypeError, OverflowError, OSError, JoseError) as error:
        raise KeySetUnreadable(reason=str(error) or type(error).__name__) from error
    _check_public(found)
    return found


def _check_public(found: PublicKey) -> None:
    expected = ed25519.Ed25519PublicKey if found.alg == ED25519 else ec.EllipticCurvePublicKey
    if not isinstance(found.key, expected):
        raise KeySetUnreadable(reason=f"{found.kid}: crv")
    if public_kid(found.key) != found.kid:
        raise KeySetUnreadable(reason=f"{found.kid}: kid")
