"""Other query services (全国职称评审信息查验系统, other provinces' services): what they say of a person's title.

One Protocol with three members: none connected, recorded answers in a folder, and whatever an operator's own
installation adds. The answers have the field codes of the national platform (as public clients show them; not
officially documented): `aac003` 姓名, `aac147` 证件号码, `age116` 证书编号, `aac200` 职称名称, `age002` 系列, `age013` 级别,
`age007` 批准日期 (YYYYMMDD), `age005` 评委会, `agb017` 工作单位, `aab301` 行政区划.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from registry.recognition.errors import QueryUnavailable

GOOD: Final = frozenset({"0", "00"})
REFUSED: Final[Mapping[str, str]] = {"10": "bad_parameters", "11": "bad_parameters", "50": "captcha"}
RECORDED: Final = "recorded:"


@dataclass(frozen=True, slots=True)
class TitleQuestion:
    """Name and ID number, and the certificate number where it is known."""

    name: str
    id_number: str
    number: str = ""

    @property
    def key(self) -> str:
        """SHA-256 of name and ID number: names a recorded answer without naming a person."""
        return hashlib.sha256(f"{self.name}\n{self.id_number.upper()}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class TitleRecord:
    """One title that a service knows of a person; days are `YYYY-MM-DD`, empty where nothing was said."""

    name: str
    number: str
    title: str
    series: str
    level: str
    obtained_on: str
    conferrer: str
    employer: str
    region: str


class TitleQuery(Protocol):
    """A service that knows titles."""

    name: str

    def ask(self, question: TitleQuestion) -> tuple[TitleRecord, ...] | None:
        """Every title of the person; empty: it knows none; None: no service is connected.

        Raises:
            QueryUnavailable: no usable answer now; never taken as a “no”.
        """
        ...


class NullQuery:
    """No service is connected."""

    name = ""

    def ask(self, question: TitleQuestion) -> tuple[TitleRecord, ...] | None:
        """None, whatever is asked."""
        del question
        return None


class RecordedQuery:
    """Answers as they were received, one file `KEY.json` per person in a folder (air gap, and tests).

    An answer that is not there was not recorded: that is no “no”.
    """

    name = "全国职称评审信息查验系统（留存答复）"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, question: TitleQuestion) -> tuple[TitleRecord, ...] | None:
        """See `TitleQuery`."""
        try:
            document = json.loads((self.folder / f"{question.key}.json").read_text("utf-8"))
        except FileNotFoundError as error:
            raise QueryUnavailable(service=self.name, reason="not_recorded") from error
        except (OSError, ValueError) as error:
            raise QueryUnavailable(service=self.name, reason="unreadable") from error
        return records_of(document, self.name)


def query_of(setting: str, home: Path) -> TitleQuery:
    """The service that the setting `[recognition] query` names: empty, or `recorded:FOLDER` relative to the home.

    Raises:
        QueryUnavailable: the setting names no service that is known here.
    """
    if not setting:
        return NullQuery()
    if setting.startswith(RECORDED):
        return RecordedQuery(home / setting.removeprefix(RECORDED))
    raise QueryUnavailable(service=setting, reason="unknown_service")


def records_of(document: Any, service: str) -> tuple[TitleRecord, ...]:
    """Read an answer of the national platform's form: `code`, `data.str` (a JSON array in a text), `data.zccxCode`.

    Raises:
        QueryUnavailable: the service refused the question, or this is no such answer.
    """
    try:
        code = str(document["code"])
        if code not in GOOD:
            raise QueryUnavailable(service=service, reason=REFUSED.get(code, f"code {code}"))
        data = document["data"]
        rows, tables = json.loads(data.get("str") or "[]"), data.get("zccxCode") or {}
        return tuple(_record(row, tables) for row in rows)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise QueryUnavailable(service=service, reason="not_an_answer") from error


def _record(row: Mapping[str, Any], tables: Mapping[str, Mapping[str, str]]) -> TitleRecord:
    def text(field: str) -> str:
        value = str(row.get(field) or "").strip()
        return str(tables.get(field.upper(), {}).get(value, value))

    day = text("age007")
    return TitleRecord(
        name=text("aac003"),
        number=text("age116"),
        title=text("aac200"),
        series=text("age002"),
        level=text("age013"),
        obtained_on=f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == len("20250101") else day,
        conferrer=text("age005"),
        employer=text("agb017"),
        region=text("aab301"),
    )


def best_match(records: tuple[TitleRecord, ...], question: TitleQuestion) -> TitleRecord | None:
    """The record with the number asked for; without a number the only one there is."""
    if question.number:
        return next((one for one in records if one.number == question.number), None)
    return records[0] if len(records) == 1 else None
