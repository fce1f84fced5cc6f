"""Recognition (互认): may this certificate be used here? 细则第五十七条.

Certificates of this region are decided here. For another region the register that answers must be on the trust list;
what cannot be asked is never decided against the holder (查询不可用时挂起，不得判为不能核实).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from house.messages import DEFAULT_LANGUAGE, message
from registry.model import Certificate, ScopeKind, State

CLAUSE: Final = "第五十七条"


class QueryResult(StrEnum):
    """查询结果: how the certificate was found; it decides what 第五十七条 asks for."""

    NATIONAL_FOUND = "NATIONAL_FOUND"
    PROVINCE_FOUND = "PROVINCE_FOUND"
    MISMATCH = "MISMATCH"
    NOT_FOUND = "NOT_FOUND"
    UNAVAILABLE = "UNAVAILABLE"


class Usable(StrEnum):
    """The decision: everywhere in the region, in one league only, not at all, or not decided."""

    IN_REGION = "usable"
    IN_LEAGUE = "usable_in_league"
    NOT = "not_usable"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class RecognitionAnswer:
    """The third answer. `scope` is 全区 or the league's name, None where nothing may be used."""

    code: Usable
    result: QueryResult
    clause: str = CLAUSE
    scope: str | None = None
    scope_region: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The sentence for people."""
        return message("registry", f"recognition.{self.code}", lang, scope=self.scope or "", **self.data)

    @property
    def message(self) -> str:
        """The Chinese sentence."""
        return self.sentence()

    def as_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """As `verify --json` shows it."""
        return {
            "code": str(self.code),
            "message": self.sentence(lang),
            "result": str(self.result),
            "clause": self.clause,
            "scope": self.scope,
            "scope_region": self.scope_region,
        }


def decide(certificate: Certificate, *, intact: bool = True) -> RecognitionAnswer:
    """Decide on a certificate of this register; `intact` is False when the presented file was changed."""
    if not intact:
        return RecognitionAnswer(Usable.NOT, QueryResult.MISMATCH)
    if certificate.state is not State.VALID:
        return RecognitionAnswer(Usable.NOT, QueryResult.PROVINCE_FOUND)
    facts = certificate.facts
    code = Usable.IN_LEAGUE if facts.scope is ScopeKind.LEAGUE else Usable.IN_REGION
    return RecognitionAnswer(
        code, QueryResult.PROVINCE_FOUND, scope=facts.scope_name, scope_region=facts.scope_region
    )


def cannot_decide(result: QueryResult = QueryResult.UNAVAILABLE) -> RecognitionAnswer:
    """Nothing here can tell; the visitor is told whom to ask, not that the certificate is bad."""
    return RecognitionAnswer(Usable.UNDECIDED, result)


def refuse_changed_file() -> RecognitionAnswer:
    """A changed file is not usable, whoever made the original."""
    return RecognitionAnswer(Usable.NOT, QueryResult.MISMATCH)
