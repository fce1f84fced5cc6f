"""What the register says of a certificate, as frozen types for everybody outside this room."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from msgspec.json import Encoder


class State(StrEnum):
    """Life of a certificate; the order is that of the two bits in the status list."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class ScopeKind(StrEnum):
    """使用范围: the whole region, or only the league of a targeted evaluation (定向评价、定向使用)."""

    REGION = "region"
    LEAGUE = "league"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is printed on a certificate and kept for it: no whole ID number, no votes, no experts.

    `obtained_on` is 起算时间 (细则第五十五条), `conferrer` the 评审委员会 or recognising unit, `grade` one of
    正高级/副高级/中级/助理级/员级, `scope_name` 全区 or the league's name; days are `YYYY-MM-DD`.
    """

    name: str
    sex: str
    birth: str
    identity_kind: str
    identity_masked: str
    series: str
    specialty: str
    title: str
    level: str
    grade: str
    acquisition: str
    obtained_on: str
    conferrer: str
    employer: str
    authority: str
    authority_region: str
    issued_on: str
    scope: ScopeKind = ScopeKind.REGION
    scope_name: str = "全区"
    scope_region: str = "150000"
    sample: bool = False

    def to_json(self) -> str:
        """Canonical JSON, the same bytes for the same facts."""
        return canonical({name: getattr(self, name) for name in _FACT_NAMES})

    @classmethod
    def from_json(cls, text: str) -> "Facts":
        """Read what `to_json` wrote."""
        values = json.loads(text)
        values["scope"] = ScopeKind(values["scope"])
        return cls(**values)

    @property
    def name_masked(self) -> str:
        """姓名（脱敏）: the first character, then one ○ per hidden one; a one-character name stays."""
        return self.name[:1] + "○" * (len(self.name) - 1)


_FACT_NAMES = tuple(one.name for one in fields(Facts))


@dataclass(frozen=True, slots=True)
class Certificate:
    """One registered certificate. Times are ISO 8601 in UTC; `sha256` is hexadecimal."""

    id: int
    code: str
    number: str
    licence_id: str
    version: int
    state: State
    state_at: str
    issued_at: str
    facts: Facts
    credential: str
    sha256: str
    size: int
    predecessor: str | None
    successor: str | None
    list_id: int
    list_position: int
    application_id: int
    batch_id: int
    pickup_epoch: int


@dataclass(frozen=True, slots=True)
class Copy:
    """An annotated copy (加注件) of a certificate."""

    code: str
    purpose: str
    made_at: str
    expires_on: str
    sha256: str
    revoked_at: str | None
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a certificate's life; `detail` holds actor, clause, document number, reason."""

    position: int
    kind: str
    at: str
    leaf: Mapping[str, Any]
    detail: Mapping[str, Any]


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal content gives equal bytes."""
    return _ENCODER.encode(value).decode("utf-8")


_ENCODER = Encoder(order="sorted")
