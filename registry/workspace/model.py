"""Batches in the workspace as frozen types, and what may be done to them at each stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final


class Stage(StrEnum):
    """How far a batch is."""

    CHECKED = "checked"
    GENERATED = "generated"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Act(StrEnum):
    """What is done to a batch."""

    UPLOAD = "upload"
    RELEASE = "release"
    UNRELEASE = "unrelease"
    GENERATE = "generate"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    RETURN = "return"
    ISSUE = "issue"
    COLLECT = "collect"
    PUBLISH = "publish"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Move:
    """At which stages an act is possible, and where it leads; None when only the end of a job leads on."""

    before: tuple[Stage, ...]
    after: Stage | None = None


MOVES: Final[Mapping[Act, Move]] = MappingProxyType(
    {
        Act.RELEASE: Move((Stage.CHECKED, Stage.GENERATED), Stage.CHECKED),
        Act.UNRELEASE: Move((Stage.CHECKED, Stage.GENERATED), Stage.CHECKED),
        Act.GENERATE: Move((Stage.CHECKED, Stage.GENERATED)),
        Act.SUBMIT: Move((Stage.GENERATED,), Stage.SUBMITTED),
        Act.WITHDRAW: Move((Stage.SUBMITTED,), Stage.GENERATED),
        Act.APPROVE: Move((Stage.SUBMITTED,), Stage.APPROVED),
        Act.RETURN: Move((Stage.SUBMITTED,), Stage.GENERATED),
        Act.ISSUE: Move((Stage.APPROVED, Stage.ISSUED)),
        Act.COLLECT: Move((Stage.ISSUED, Stage.PUBLISHED)),
        Act.PUBLISH: Move((Stage.ISSUED,), Stage.PUBLISHED),
        Act.DISCARD: Move((Stage.CHECKED, Stage.GENERATED), Stage.DISCARDED),
    }
)
DUTIES: Final[Mapping[Act, str]] = MappingProxyType(
    {
        Act.UPLOAD: "prepare",
        Act.RELEASE: "prepare",
        Act.UNRELEASE: "prepare",
        Act.GENERATE: "prepare",
        Act.SUBMIT: "prepare",
        Act.APPROVE: "approve",
        Act.ISSUE: "issue",
    }
)
"""The three duties of which one account may do only one on the same batch (四眼原则)."""


@dataclass(frozen=True, slots=True)
class WorkBatch:
    """A batch in the workspace; `summary` holds counts for the pages, no persons."""

    id: int
    number: str
    title: str
    file_name: str
    sha256: str
    stage: Stage
    summary: Mapping[str, Any]
    created_at: str
    changed_at: str
    job_id: int | None

    def allows(self, act: Act) -> bool:
        """Whether the stage allows the act."""
        return self.stage in MOVES[act].before


@dataclass(frozen=True, slots=True)
class Step:
    """Who did what, when; `note` is a reason or an address."""

    act: Act
    account_id: int
    name: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class WorkRelease:
    """A 原则 finding released in the workspace."""

    rule: str
    application_number: str | None
    reason: str
    name: str
    at: str
