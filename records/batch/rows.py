"""The child rows of an application (附表各行): many per person, so each is a small slotted dataclass.

At 100,000 people there are millions of them: as pydantic models they would need four times the memory. Pydantic still
validates them when they arrive as JSON.
"""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict

from records.batch.dates import PartialDate
from records.batch.frozen import STRICT, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One row of 学习经历."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    place: Place
    period: str | None = None
    subject: str | None = None
    school: str | None = None
    witness: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One row of 工作经历."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    place: Place
    period: str | None = None
    employer: str | None = None
    work: str | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """One row of 业绩; `before_current_title` tells 任现职前 from 任现职后."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    place: Place
    period: str | None = None
    name: str | None = None
    role: str | None = None
    result: str | None = None
    before_current_title: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One row of 论文著作."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    place: Place
    published: PartialDate | None = None
    title: str | None = None
    venue: str | None = None
    authorship: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One row of 奖励 (awards, patents, standards, technology transfer)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    place: Place
    awarded: PartialDate | None = None
    name: str | None = None
    authority: str | None = None
    rank: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """One row of 考核: the year's result."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    place: Place
    year: int | None = None
    result: str | None = None
