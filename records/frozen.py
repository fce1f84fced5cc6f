"""The two things every record is made of: immutability and a place in the input."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Base of all records: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(Frozen):
    """Where a record stood in the input: sheet name and 1-based row; the column is added by who points at it."""

    sheet: str
    row: int | None = None
