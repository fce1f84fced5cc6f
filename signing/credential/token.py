"""Machine-readable credentials (机读凭证): JSON in a compact signed form (JWS), checked offline with a key set.

A token is three Base64url parts, `header.payload.signature` (RFC 7515). The header names the algorithm, the key
(`kid`, RFC 7638 thumbprint) and the type. The payload holds `v`, the oldest version of this format that a reader
must understand; `iat`, the second of signing; and what the caller put in. Readers ignore members that they do not
know, so that fields can be added without a new version.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from signing.errors import (
    PayloadInvalid,
    TokenExpired,
    TokenFromFuture,
    TokenMalformed,
    TokenTooNew,
)
from signing.keys.service_key import KeySet, ServiceKey

FORMAT_VERSION: Final = 1
CREDENTIAL_TYPE: Final = "zhicheng-credential"
STATUS_LIST_TYPE: Final = "zhicheng-status-list"
REGION_TYPE: Final = "zhicheng-region"
TREE_HEAD_TYPE: Final = "zhicheng-tree-head"
REPORT_TYPE: Final = "zhicheng-report"
CLOCK_SKEW: Final = timedelta(minutes=5)
MAX_TOKEN: Final = 1 << 20  # characters; a status list of a million entries stays below
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_HEADER_MEMBERS: Final = {"alg", "kid", "typ"}


@dataclass(frozen=True)
class Credential:
    """A token that was accepted: its payload, the key that signed it, when, and its type."""

    payload: Mapping[str, Any]
    kid: str
    issued_at: datetime
    type: str


def sign(payload: Mapping[str, Any], key: ServiceKey, type: str = CREDENTIAL_TYPE) -> str:  # noqa: A002
    """Sign a payload; `v` and `iat` (Unix seconds) are added where missing.

    Raises:
        PayloadInvalid: not JSON, or `v`/`iat` of a wrong type.
        ServiceKeyNotValid: the key may not sign at that time.
    """
    (token,) = sign_many([payload], key, type)
    return token


def sign_many(
    payloads: Iterable[Mapping[str, Any]],
    key: ServiceKey,
    type: str = CREDENTIAL_TYPE,  # noqa: A002
) -> list[str]:
    """Sign many payloads; first all are written, then all are signed.

    Raises:
        PayloadInvalid: see `sign`; none is signed then.
        ServiceKeyNotValid: the key may not sign at that time.
    """
    head = _head(key.alg, key.kid, type)
    bodies = [_complete(payload) for payload in payloads]
    for body in bodies:
        key.require_valid(datetime.fromtimestamp(body["iat"], UTC))
    texts = [f"{head}.{_encode(_written(body))}" for body in bodies]
    signatures = [key.sign(text.encode("ascii")) for text in texts]
    return [f"{text}.{_encode(one)}" for text, one in zip(texts, signatures, strict=True)]


def key_of(token: str) -> str:
    """The `kid` that a token names, not verified; empty where it names none."""
    try:
        head = json.loads(urlsafe_b64decode(token.split(".")[0] + "=="))
        return str(head["kid"])
    except (ValueError, KeyError, TypeError):
        return ""


def _complete(payload: Mapping[str, Any]) -> dict[str, Any]:
    complete = {"v": FORMAT_VERSION, "iat": int(datetime.now(UTC).timestamp()), **payload}
    if not isinstance(complete["v"], int) or not isinstance(complete["iat"], int):
        raise PayloadInvalid(reason="v and iat are integers")
    return complete


def _written(complete: Mapping[str, Any]) -> bytes:
    try:
        return _JSON.encode(complete).encode("utf-8")
    except (TypeError, ValueError) as error:
        raise PayloadInvalid(reason=str(error)) from error


@lru_cache(maxsize=64)
def _head(alg: str, kid: str, type: str) -> str:  # noqa: A002
    return _encode(_JSON.encode({"alg": alg, "kid": kid, "typ": type}).encode("ascii"))


def verify(
    token: str,
    keyset: KeySet,
    type: str = CREDENTIAL_TYPE,  # noqa: A002
    at: datetime | None = None,
) -> Credential:
    """Check a token against a key set: form, type, key and its validity at `iat`, signature, version, times.

    It must not be dated more than five minutes after `at` (by default now), nor have run out (`exp`, where it has one).

    Raises:
        TokenInvalid: one of its kinds; `diagnostics()` says which.
    """
    accepted = verify_signature(token, keyset, type)
    moment = at or datetime.now(UTC)
    if accepted.issued_at > moment + CLOCK_SKEW:
        raise TokenFromFuture(issued=accepted.issued_at.isoformat())
    if "exp" in accepted.payload and moment > _moment(accepted.payload["exp"], "exp"):
        raise TokenExpired(expired=_moment(accepted.payload["exp"], "exp").isoformat())
    return accepted


def verify_signature(token: str, keyset: KeySet, type: str = CREDENTIAL_TYPE) -> Credential:  # noqa: A002
    """The same for callers that judge the times by a rule of their own.

    Raises:
        TokenInvalid: one of its kinds but `TokenFromFuture` and `TokenExpired`.
    """
    header, payload, signed, signature = split(token)
    if header.get("typ") != type:
        raise TokenMalformed(reason=f"typ {header.get('typ')!r}")
    moment = _moment(payload.get("iat"), "iat")
    kid = str(header["kid"])
    keyset.check(kid, str(header["alg"]), signed, signature, moment)
    version = payload.get("v")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise TokenMalformed(reason="v")
    if version > FORMAT_VERSION:
        raise TokenTooNew(version=version, known=FORMAT_VERSION)
    return Credential(payload, kid, moment, type)


def split(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, payload, signed text and signature of a token; nothing is verified yet.

    Raises:
        TokenMalformed: not three canonical Base64url parts, no JSON objects, or unknown header members.
    """
    if len(token) > MAX_TOKEN or token.count(".") != 2 or not token.isascii():
        raise TokenMalformed(reason="not a compact JWS")
    signed, _, last = token.rpartition(".")
    first, _, middle = signed.partition(".")
    header = _json_object(_decode(first), "header")
    if header.keys() != _HEADER_MEMBERS or not all(isinstance(value, str) for value in header.values()):
        raise TokenMalformed(reason="header")
    return header, _json_object(_decode(middle), "payload"), signed.encode("ascii"), _decode(last)


def schema() -> dict[str, Any]:
    """The JSON Schema of a credential's payload."""
    text = files("signing").joinpath("schemas/credential.schema.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise TokenMalformed(reason="base64url") from error
    if _encode(data) != text:  # the lax decoder skips foreign characters and spare bits
        raise TokenMalformed(reason="base64url")
    return data


def _json_object(data: bytes, part: str) -> dict[str, Any]:
    try:
        found = json.loads(data, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise TokenMalformed(reason=part) from error
    if not isinstance(found, dict):
        raise TokenMalformed(reason=part)
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate member")  # noqa: EM101
    return found


def _moment(seconds: object, member: str) -> datetime:
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise TokenMalformed(reason=member)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise TokenMalformed(reason=member) from error
