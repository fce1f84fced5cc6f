"""The variables of each page as documented types: templates get these and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.message import DEFAULT_LANGUAGE
from web.http.languages import current_language

Tone = Literal["good", "bad", "warn", "idle"]


@dataclass(frozen=True)
class SiteOperator:
    """Who runs the site; what is empty is not shown."""

    name: str = ""
    basis: str = ""
    telephone: str = ""
    address: str = ""
    icp_number: str = ""
    police_number: str = ""
    site_code: str = ""

    @property
    def known(self) -> bool:
        """Whether there is anything to say."""
        return any((self.name, self.basis, self.telephone, self.address))


@dataclass(frozen=True)
class Site:
    """What every page shows of the site itself."""

    names: Mapping[str, str]
    authority: str
    origin: str
    sample: bool
    has_demo: bool
    asset_version: str
    root_fingerprint: str | None = None
    operator: SiteOperator = SiteOperator()

    @property
    def name(self) -> str:
        """The site's name in the visitor's language; in Chinese where it has none."""
        return self.names.get(current_language()) or self.names[DEFAULT_LANGUAGE]


@dataclass(frozen=True)
class Limits:
    """What the home page says about uploads."""

    files: int
    megabytes: int


@dataclass(frozen=True)
class Notice:
    """A page that only says something."""

    tone: Tone
    title: str
    text: str
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True)
class Fact:
    """One labelled value to be compared with the paper."""

    label: str
    value: str
    code: bool = False


@dataclass(frozen=True)
class AnswerRow:
    """One of the three answers: the question it answers, its sentence, its detail, what to do about it."""

    question: str
    code: str
    tone: Tone
    sentence: str
    detail: str = ""
    todo: str = ""


@dataclass(frozen=True)
class ResultPage:
    """The result of one verification; `receipt` is the number of its receipt, `code` is set when a code was asked."""

    verdict: str
    tone: Tone
    headline: str
    advice: str
    answers: tuple[AnswerRow, AnswerRow, AnswerRow]
    checked_at: str
    receipt: str
    facts: tuple[Fact, ...] = ()
    file_name: str | None = None
    number: str | None = None
    code: str | None = None


@dataclass(frozen=True)
class Group:
    """How many files got one headline."""

    label: str
    count: int


@dataclass(frozen=True)
class QueryRow:
    """One certificate found by name and identity number; the name is masked."""

    title: str
    tone: Tone
    state: str
    advice: str
    facts: tuple[Fact, ...] = field(default=())
