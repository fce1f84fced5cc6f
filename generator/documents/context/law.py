"""Citations from dated law: which regulation, under which number, which article, on the day of an act.

Templates carry no number or article of a regulation; they ask `cite("公示")` and get what was in force on the day on
which the document's act is done (`generator.documents.context.moments`).
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from generator.errors import GeneratorError

DATA: Final = Path(__file__).parents[2] / "data" / "law.toml"
FILE_NAME: Final = "law.toml"
RULES: Final = "细则"
SOME: Final = "有关"  # “有关规定”: the version's articles are not known


class LawUnreadable(GeneratorError):
    """Raised when a file of regulations is not TOML or an entry lacks something; data: `path`, `reason`."""

    key = "law_unreadable"


@dataclass(frozen=True)
class Regulation:
    """One version of a regulation: first and last day in force, articles by subject (none when its text is not known)."""

    key: str
    name: str
    number: str
    since: date
    until: date | None
    articles: Mapping[str, str]

    def holds(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


class Law:
    """All versions of all regulations; later files come on top of earlier ones."""

    def __init__(self, versions: Sequence[Regulation]) -> None:
        self.versions = tuple(versions)
        self.subjects = frozenset(subject for one in versions for subject in one.articles)

    def on(self, day: date | None, key: str = RULES) -> Regulation | None:
        """The version in force on a day; None when the day or such a version is not known."""
        if day is None:
            return None
        return next((one for one in reversed(self.versions) if one.key == key and one.holds(day)), None)

    def name(self, key: str) -> str:
        """The regulation's name.

        Raises:
            LookupError: there is no such regulation.
        """
        return (
            next(one.name for one in self.versions if one.key == key) if self._knows(key) else _unknown(key)
        )

    def _knows(self, key: str) -> bool:
        return any(one.key == key for one in self.versions)

    def article(self, subject: str, day: date | None, key: str = RULES) -> str:
        """第五十一条 of the version in force, or “” where that version's articles are not known.

        Raises:
            LookupError: no version has an article on this subject.
        """
        if subject not in self.subjects:
            _unknown(subject)
        found = self.on(day, key)
        return found.articles.get(subject, "") if found else ""


def _unknown(what: str) -> str:
    raise LookupError(what)


@dataclass(frozen=True)
class Citer:
    """What a template calls as `cite`: names the law of the day of the document's act."""

    law: Law
    day: date | None

    def __call__(self, subject: str = "", of: str = RULES) -> str:
        """《…》（文号）第五十一条; with no subject without an article; “有关” stands for articles that are not known."""
        found = self.law.on(self.day, of)
        whole = f"《{found.name}》（{found.number}）" if found else f"《{self.law.name(of)}》"
        return whole + (self.article(subject) or SOME if subject else "")

    def article(self, subject: str) -> str:
        """The article alone: 第七十二条, or “” where it is not known."""
        return self.law.article(subject, self.day)

    def again(self, subject: str) -> str:
        """The same regulation a second time in one text: 第七十二条, or 该实施细则有关."""
        return self.article(subject) or f"该实施{RULES}{SOME}"

    def short(self, subject: str) -> str:
        """For a cell: 细则第三十五条, or 细则有关规定."""
        article = self.article(subject)
        return RULES + (article or f"{SOME}规定")

    def known(self, of: str) -> bool:
        """Whether that regulation was in force on the day."""
        return self.law.on(self.day, of) is not None


_own: ContextVar[tuple[Path, ...]] = ContextVar("own_law", default=())


@contextmanager
def own_law(folders: Sequence[Path]) -> Iterator[None]:
    """Within the block the `law.toml` of these template folders count too, the first folder's last."""
    token = _own.set(tuple(folders))
    try:
        yield
    finally:
        _own.reset(token)


def law() -> Law:
    """The regulations known in this context: the built-in ones, those of own template folders on top.

    Raises:
        LawUnreadable: a file is defective.
    """
    paths = [DATA, *(folder / FILE_NAME for folder in reversed(_own.get()))]
    return _law(tuple((path, path.stat().st_mtime_ns) for path in paths if path.is_file()))


@lru_cache(8)
def _law(files: tuple[tuple[Path, int], ...]) -> Law:
    return Law([one for path, _ in files for one in _read(path)])


def _read(path: Path) -> list[Regulation]:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        return [_regulation(item) for item in raw["regulation"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LawUnreadable(path=str(path), reason=str(error)) from error


def _regulation(item: dict[str, Any]) -> Regulation:
    since, until = item["from"], item.get("until")
    if not isinstance(since, date) or not (until is None or isinstance(until, date)):
        raise TypeError(item["number"])
    return Regulation(
        str(item["key"]),
        str(item["name"]),
        str(item["number"]),
        since,
        until,
        {str(subject): str(article) for subject, article in item.get("articles", {}).items()},
    )
