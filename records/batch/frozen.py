"""The two things every record is made of: immutability and a place in the input."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

STRICT = ConfigDict(extra="forbid")


class Frozen(BaseModel):
    """Base of all records: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stood in the input: sheet name and 1-based row; the column is added by who points at it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    sheet: str
    row: int | None = None
