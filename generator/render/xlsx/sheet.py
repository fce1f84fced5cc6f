"""What a sheet is made of: title, lead lines, columns, rows, notes, charts. No spreadsheet library here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from generator.layout.tree import Chart
from generator.layout.units import Length, Mm, Pt

CellValue: TypeAlias = str | int | float | date | None


class Kind(StrEnum):
    """What a column holds. TEXT stays text whatever it looks like (ID numbers, `=1+1`)."""

    TEXT = "text"
    CENTERED = "centered"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its printed width, what it holds."""

    head: str
    width: Length
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells shown as one, counted from the table's first head row (row 0) and first column (column 0)."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """One sheet, as it is printed.

    `title` stands merged above all columns, `lead` lines below it (单位：…), then the head (`extra_heads` above the
    columns' own heads when it has several rows), the rows, the notes and the charts. `header` is printed at the top of
    every page (样本, 机密).
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[CellValue]]
    lead: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    extra_heads: tuple[tuple[str, ...], ...] = ()
    merges: tuple[Merge, ...] = ()
    charts: tuple[Chart, ...] = ()
    paper: str = "A4"
    landscape: bool = True
    frozen_columns: int = 0
    margin: Length = Mm(15)
    size: Length = Pt(10)
    header: str = ""

    @property
    def head_rows(self) -> int:
        """Number of head rows."""
        return len(self.extra_heads) + 1
