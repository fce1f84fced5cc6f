"""Dates as records state them: a day, or only a month (出生年月 1990.03), or only a year."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import total_ordering
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

LAST_MONTH = 12
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@total_ordering
class PartialDate:
    """A date of known precision: year, year-month or full day. Immutable; ISO text such as `1990-03`."""

    __slots__ = ("day", "month", "year")

    def __init__(self, year: int, month: int | None = None, day: int | None = None) -> None:
        if day is not None and month is None:
            raise ValueError(day)
        date(year, month or 1, day or 1)
        for name, value in (("year", year), ("month", month), ("day", day)):
            object.__setattr__(self, name, value)

    year: int
    month: int | None
    day: int | None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ISO text `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

        Raises:
            ValueError: another notation, or no such day.
        """
        match = _ISO.fullmatch(text)
        if match is None:
            raise ValueError(text)
        return cls(*(int(part) for part in match.groups() if part is not None))

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """The full date of `day`."""
        return cls(day.year, day.month, day.day)

    @property
    def earliest(self) -> date:
        """The first day it may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day it may mean."""
        month = self.month or LAST_MONTH
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def agrees_with(self, day: date) -> bool:
        """Whether `day` is possible under this statement."""
        return self.year == day.year and self.month in (None, day.month) and self.day in (None, day.day)

    def __str__(self) -> str:
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    def __repr__(self) -> str:
        return f"PartialDate({self!s})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PartialDate) and str(self) == str(other)

    def __lt__(self, other: PartialDate) -> bool:
        return self.earliest < other.earliest

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled as its text, since nothing may be set on an instance."""
        return PartialDate.parse, (str(self),)

    def __hash__(self) -> int:
        return hash(str(self))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Pydantic reads ISO text or an instance and writes ISO text."""
        del source, handler
        text = core_schema.no_info_after_validator_function(
            cls.parse, core_schema.str_schema(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
        )
        return core_schema.json_or_python_schema(
            json_schema=text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), text]),
            serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="json"),
        )
