"""A member's entry (成员条目): who it is, with which keys it seals and answers, where; signed with its entry key."""

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from signing.credential.token import REGION_TYPE, sign, split, verify_signature
from signing.errors import KeySetUnreadable, TokenInvalid
from signing.keys.service_key import KeySet, PublicKey, ServiceKey
from signing.trust import TrustAnchors
from signing.trustlist.errors import EntryNotSigned, EntryUnreadable

_TEXTS: Final = ("code", "name", "organisation", "contact", "address")


@dataclass(frozen=True)
class EntryFacts:
    """What a member says of itself; `grants` is free text for people, `end_points` name → path."""

    code: str
    name: str
    organisation: str
    contact: str
    address: str
    grants: str
    end_points: Mapping[str, str]
    trust: TrustAnchors
    sample: bool = False


@dataclass(frozen=True)
class MemberEntry:
    """An accepted entry: facts, the key that signed it, the time, and the token itself."""

    facts: EntryFacts
    kid: str
    issued_at: datetime
    token: str
    keys: KeySet = field(repr=False)

    @property
    def code(self) -> str:
        """The member's code."""
        return self.facts.code


def sign_entry(facts: EntryFacts, key: ServiceKey, valid: tuple[datetime, datetime], at: datetime) -> str:
    """Sign an entry with the member's entry key, whose public half and validity stand in it."""
    trust = facts.trust
    payload: dict[str, Any] = {
        "iat": int(at.timestamp()),
        **{name: getattr(facts, name) for name in _TEXTS},
        "grants": facts.grants,
        "end_points": dict(facts.end_points),
        "sample": facts.sample,
        "entry_jwks": KeySet((key.public(*valid),)).as_jwks(),
        "jwks": trust.keyset.as_jwks() if trust.keyset else {"keys": []},
        "roots": _texts(trust.roots),
        "intermediates": _texts(trust.intermediates),
        "timestamp_roots": _texts(trust.timestamp_roots),
        "crls": _texts(trust.crls),
        "signers": list(trust.signers),
        "require_revocation": trust.require_revocation,
    }
    return sign(payload, key, REGION_TYPE)


def read_entry(token: str, kid: str | None = None) -> MemberEntry:
    """Check an entry against the key in it; with `kid`, that key must be the one that was written down.

    Raises:
        EntryUnreadable: form or content. EntryNotSigned: signed by another key.
    """
    try:
        header, payload, _, _ = split(token)
        keys = KeySet.from_jwks(payload.get("entry_jwks") or {})
    except (TokenInvalid, KeySetUnreadable, AttributeError) as error:
        raise EntryUnreadable(reason=str(error)) from error
    code = str(payload.get("code", ""))
    if kid is not None and header["kid"] != kid:
        raise EntryNotSigned(code=code)
    try:
        accepted = verify_signature(token, keys, REGION_TYPE)
    except TokenInvalid as error:
        raise EntryNotSigned(code=code) from error
    return MemberEntry(_facts(payload), accepted.kid, accepted.issued_at, token, keys)


def entry_key_of(entry: MemberEntry) -> PublicKey:
    """The public entry key that signed it."""
    return next(key for key in entry.keys.keys if key.kid == entry.kid)


def _facts(payload: Mapping[str, Any]) -> EntryFacts:
    try:
        texts = {name: payload[name] for name in _TEXTS}
        if not all(isinstance(value, str) for value in texts.values()) or not texts["code"]:
            raise EntryUnreadable(reason="code")
        return EntryFacts(
            **texts,
            grants=str(payload.get("grants", "")),
            end_points={str(name): str(path) for name, path in payload["end_points"].items()},
            trust=_trust(payload),
            sample=bool(payload.get("sample", False)),
        )
    except (KeyError, TypeError, AttributeError, Base64Error, KeySetUnreadable) as error:
        raise EntryUnreadable(reason=str(error) or type(error).__name__) from error


def _trust(payload: Mapping[str, Any]) -> TrustAnchors:
    signers = tuple(str(one) for one in payload["signers"])
    if not signers or not payload["roots"]:
        raise EntryUnreadable(reason="signers, roots")
    KeySet.from_jwks(payload["jwks"])
    return TrustAnchors(
        roots=_bytes(payload["roots"]),
        intermediates=_bytes(payload.get("intermediates", ())),
        timestamp_roots=_bytes(payload.get("timestamp_roots", ())),
        crls=_bytes(payload.get("crls", ())),
        signers=signers,
        jwks=json.dumps(payload["jwks"], sort_keys=True),
        require_revocation=bool(payload.get("require_revocation", False)),
    )


def _texts(items: tuple[bytes, ...]) -> list[str]:
    return [b64encode(one).decode("ascii") for one in items]


def _bytes(items: Any) -> tuple[bytes, ...]:
    return tuple(b64decode(str(one), validate=True) for one in items)


def moment(seconds: object) -> datetime:
    """A Unix time out of a payload.

    Raises:
        ValueError: not a whole number of seconds of a possible time.
    """
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise ValueError(str(seconds))  # noqa: TRY004 - what readers of payloads catch
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(str(seconds)) from error
