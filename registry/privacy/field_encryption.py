"""Personal data at rest: AES-256-GCM for values, keyed HMAC-SHA-256 as blind index for look-up.

The key file `keys/registry.json` holds a random secret per purpose. Encryption keys carry a number, so that they can
be rotated while old values still open. Losing the file loses the ID numbers, not the certificates.
"""

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.settings import PRIVATE_MODE, write_private
from registry.errors import KeyFileDamaged, SealedValueDamaged
from registry.identifiers import base32

KEY_FILE: Final = "registry.json"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12  # NIST SP 800-38D
PICKUP_LENGTH: Final = 12  # 60 bits: beyond guessing behind a rate limit


class Vault:
    """Seals and opens values, and computes blind indexes and pick-up codes."""

    def __init__(self, document: dict[str, object]) -> None:
        ciphers = document["ciphers"]
        if not isinstance(ciphers, dict):
            raise TypeError(ciphers)
        self._ciphers = {int(number): AESGCM(b64decode(key)) for number, key in ciphers.items()}
        self._active = max(self._ciphers)
        self._index_key = b64decode(str(document["index"]))
        self._pickup_key = b64decode(str(document["pickup"]))
        self.list_key = b64decode(str(document["list"]))
        self.row_key = b64decode(str(document["rows"])) if "rows" in document else None

    @classmethod
    def open(cls, folder: Path, *, create: bool) -> "Vault":
        """Read the key file; make one on first use when `create` is set.

        Raises:
            KeyFileDamaged: the file is absent (and may not be made), unreadable, or not of this form.
        """
        path = folder / KEY_FILE
        if create and not path.exists():
            _create(path)
        try:
            return cls(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise KeyFileDamaged(path=str(path)) from error

    @property
    def active_cipher(self) -> int:
        """Number of the key that seals new values."""
        return self._active

    def seal(self, text: str | None, place: str) -> bytes | None:
        """Encrypt; `place` (table and row) is authenticated, so that a value cannot be moved to another row."""
        if text is None:
            return None
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._active].encrypt(nonce, text.encode(), place.encode())
        return bytes([self._active]) + nonce + sealed

    def unseal(self, sealed: bytes | None, place: str) -> str | None:
        """Decrypt what `seal` made for the same place.

        Raises:
            SealedValueDamaged: another key or place, or a changed value.
        """
        if sealed is None:
            return None
        value = bytes(sealed)
        nonce, rest = value[1 : 1 + _NONCE_BYTES], value[1 + _NONCE_BYTES :]
        try:
            return self._ciphers[value[0]].decrypt(nonce, rest, place.encode()).decode()
        except (InvalidTag, KeyError, IndexError, ValueError) as error:
            raise SealedValueDamaged(place=place) from error

    def index(self, identity_number: str | None) -> bytes | None:
        """Blind index of an ID number: equal numbers meet, nobody without the key can try numbers out."""
        if identity_number is None:
            return None
        return hmac.digest(self._index_key, normal_identity(identity_number).encode(), hashlib.sha256)

    def pickup_code(self, code: str, epoch: int) -> str:
        """领取码 of a certificate; derived, never stored, so that a repeated run prints the same one."""
        tag = hmac.digest(self._pickup_key, f"{code}:{epoch}".encode(), hashlib.sha256)
        return base32(tag[:PICKUP_LENGTH])[:PICKUP_LENGTH]  # a byte gives more than a character

    def pickup_matches(self, given: str, code: str, epoch: int) -> bool:
        """Compare a pick-up code typed by a person, in constant time; spaces, hyphens and case do not matter."""
        typed = given.replace(" ", "").replace("-", "").upper()
        return hmac.compare_digest(typed.encode(), self.pickup_code(code, epoch).encode())


def sealed_place(column: str, row_id: int) -> str:
    """Where a sealed value of an application belongs; authenticated with the value."""
    return f"applications.{column}:{row_id}"


def normal_identity(identity_number: str) -> str:
    """ID number as it is compared: no spaces, capital X."""
    return "".join(identity_number.split()).upper()


def new_key_document() -> dict[str, object]:
    """Fresh secrets for every purpose."""
    return {
        "ciphers": {"1": _random()},
        "index": _random(),
        "pickup": _random(),
        "list": _random(),
        "rows": _random(),
    }


def add_row_key(folder: Path) -> None:
    """Add the key of the seals over rows to a key file of before there were any.

    Raises:
        KeyFileDamaged: the key file cannot be read.
    """
    path = folder / KEY_FILE
    document = _read(path)
    document.setdefault("rows", _random())
    _replace(path, document)


def add_cipher(folder: Path) -> int:
    """Add a new encryption key, which seals from now on; older ones still open. Returns its number.

    Raises:
        KeyFileDamaged: the key file cannot be read.
    """
    path = folder / KEY_FILE
    document = _read(path)
    number = max(map(int, document["ciphers"])) + 1
    document["ciphers"][str(number)] = _random()
    _replace(path, document)
    return number


def drop_ciphers_before(folder: Path, number: int) -> None:
    """Forget encryption keys older than `number`, once nothing is sealed with them any more."""
    path = folder / KEY_FILE
    document = _read(path)
    document["ciphers"] = {n: key for n, key in document["ciphers"].items() if int(n) >= number}
    _replace(path, document)


def _read(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text("utf-8"))
        document["ciphers"] = {str(int(number)): key for number, key in document["ciphers"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileDamaged(path=str(path)) from error
    return document


def _replace(path: Path, document: dict[str, Any]) -> None:
    partial = path.with_name(f".{path.name}.new")
    partial.unlink(missing_ok=True)
    write_private(partial, json.dumps(document, indent=1).encode())
    partial.replace(path)


def _random() -> str:
    return b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _create(path: Path) -> None:
    """Write a fresh key file completely, then link it into place: of two racing processes one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    write_private(partial, json.dumps(new_key_document(), indent=1).encode())
    try:
        os.link(partial, path)
        path.chmod(PRIVATE_MODE)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
