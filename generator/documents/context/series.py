"""Numbers of papers (发文字号): a series of its own for each organ and kind, never another organ's."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from generator.documents.context.formats import text
from generator.errors import GeneratorError
from records.batch.model import Batch

DATA: Final = Path(__file__).parents[2] / "data" / "numbers.toml"
FILE_NAME: Final = "numbers.toml"
PAPER: Final = "文件"
LETTER: Final = "函"
EVALUATION: Final = "职评"
NO_CODE: Final = "　　　"
NO_YEAR: Final = "　　　　"
NO_NUMBER: Final = "　　"


class NumbersUnreadable(GeneratorError):
    """Raised when a file of number series is not TOML or not tables of text; data: `path`, `reason`."""

    key = "numbers_unreadable"


@dataclass(frozen=True)
class Numbering:
    """What a template calls as `number_of`: the number, still to be given, of one organ's paper."""

    codes: Mapping[str, Mapping[str, str]]
    year: str

    def __call__(self, organ: str, series: str = PAPER) -> str:
        """内水发〔2025〕　　号; the code stays open where it is not known."""
        code = self.codes.get(organ, {}).get(series, "") if organ else ""
        return f"{code or NO_CODE}〔{self.year or NO_YEAR}〕{NO_NUMBER}号"


def numbering(batch: Batch, reporter: str, year: str, folders: Sequence[Path] = ()) -> Numbering:
    """The series known for this batch: from the files, and the one that the batch's own report shows.

    Raises:
        NumbersUnreadable: a file is defective.
    """
    paths = [DATA, *(folder / FILE_NAME for folder in reversed(list(folders)))]
    codes = dict(_codes(tuple((path, path.stat().st_mtime_ns) for path in paths if path.is_file())))
    shown = text(batch.approval.dispatch_number).partition("〔")[0]
    if shown and reporter:
        codes[reporter] = {**codes.get(reporter, {}), EVALUATION: shown}
    return Numbering(codes, year)


@lru_cache(8)
def _codes(files: tuple[tuple[Path, int], ...]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path, _ in files:
        for organ, series in _read(path).items():
            found[organ] = {**found.get(organ, {}), **series}
    return found


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return {organ: {name: str(code) for name, code in series.items()} for organ, series in raw.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise NumbersUnreadable(path=str(path), reason=str(error)) from error
