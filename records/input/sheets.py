"""The workbook's sheets and columns as one declarative table (`records/data/sheets.toml`).

Reader, writer, checks of required cells, annotations and `docs/workbook.md` all derive from it.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from records import codes
from records.batch import model, optional
from records.codes.tables import DATA

APPLICATIONS, BATCH = "申报人员", "批次"
ITEM_HEAD, VALUE_HEAD = "项目", "内容"  # the two columns of the vertical sheet 批次
YES, NO = "是", "否"
BEFORE, AFTER = "任现职前", "任现职后"
ISSUES = "问题清单"
HELPERS = ("填写说明", "代码表", "选项", ISSUES)  # sheets that we write and never read
_LEVEL_OF_FULLWIDTH = 0xFEE0


class Kind(StrEnum):
    """How a cell is read and written."""

    TEXT = "text"
    NAME = "name"
    IDENTIFIER = "identifier"
    IDENTITY = "identity"
    PHONE = "phone"
    PHOTO = "photo"
    INTEGER = "integer"
    DAY = "day"
    MONTH = "month"
    CHOICE = "choice"
    TABLE = "table"
    YES_NO = "yesno"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, the field it fills (path below the row's record), how it is read.

    `review` marks a column that only a 评审 needs (a 认定 has no ballots). An `extra` column is read where it stands
    but is no part of the ordinary workbook. `one_line` text has no line breaks in any document.
    """

    head: str
    field: str
    kind: Kind
    required: bool = False
    review: bool = False
    extra: bool = False
    one_line: bool = False
    choices: tuple[str, ...] = ()
    note: str = ""
    width: int = 16
    aliases: tuple[str, ...] = ()

    @property
    def as_text(self) -> bool:
        """Whether its cells must be formatted as text in Excel."""
        return self.kind not in (Kind.INTEGER, Kind.DAY)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; a vertical sheet holds one record, a column per row; an `extra` one need not be there."""

    name: str
    note: str
    columns: tuple[Column, ...]
    vertical: bool = False
    required: bool = False
    extra: bool = False

    def column(self, head: str) -> Column | None:
        """The column of that head, written in any tolerated way."""
        return _by_head(self.name).get(plain_head(head))

    def of_field(self, field: str) -> Column:
        """The column that fills a field.

        Raises:
            KeyError: no column does.
        """
        for column in self.columns:
            if column.field == field:
                return column
        raise KeyError(field)


def plain_head(text: str) -> str:
    """A head without blanks, the star of required columns, and the difference of full and half width."""
    narrow = "".join(chr(ord(c) - _LEVEL_OF_FULLWIDTH) if "！" <= c <= "～" else c for c in text)
    return re.sub(r"[\s*\u200b\ufeff]", "", narrow).replace("、", ",").lower()


def _enumeration(kind: type[StrEnum]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)


def _choices(name: str | None) -> tuple[str, ...]:
    match name:
        case None:
            return ()
        case "YesNo":
            return YES, NO
        case "Phase":
            return BEFORE, AFTER
        case "ethnic":
            return tuple(item.name for item in codes.ethnics())
        case "politics":
            return tuple(item.short for item in codes.politics_kinds())
        case "education":
            return tuple(item.short for item in codes.educations() if item.name.endswith("毕业"))
        case "degree":
            return codes.degrees()
        case "series":
            return tuple(item.name for item in codes.series())
        case _:
            return _enumeration(getattr(model, name, None) or getattr(optional, name))


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every sheet in the order of the workbook."""
    table = tomllib.loads((DATA / "sheets.toml").read_text("utf-8"))["sheet"]
    return tuple(
        Sheet(
            item["name"],
            item["note"],
            tuple(_column(entry) for entry in item["columns"]),
            item.get("vertical", False),
            item.get("required", False),
            item.get("extra", False),
        )
        for item in table
    )


def _column(entry: dict[str, object]) -> Column:
    values = {**entry, "kind": Kind(str(entry["kind"]))}
    name = entry.get("choices")
    values["choices"] = _choices(str(name) if name else None)
    aliases = entry.get("aliases", [])
    values["aliases"] = tuple(aliases) if isinstance(aliases, list) else ()
    return Column(**values)  # type: ignore[arg-type]


@cache
def _by_name() -> dict[str, Sheet]:
    return {item.name: item for item in sheets()}


def sheet(name: str) -> Sheet:
    """The sheet of that name.

    Raises:
        KeyError: there is no such sheet.
    """
    return _by_name()[name]


@cache
def _by_head(name: str) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in sheet(name).columns:
        for text in (column.head, *column.aliases):
            found[plain_head(text)] = column
    return found
