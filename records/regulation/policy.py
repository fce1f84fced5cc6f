"""The policy (政策) in force: what each year's and each region's documents fix, as data that a home folder can override.

`records/data/policy/*.toml` are layers; those that fit a batch are laid over one another from the oldest document to
the newest, so the later document wins. A home folder's `policy/` may hold layers and a `regions.toml` of its own.
"""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator

from records.batch.model import Batch, Channel, Frozen, Severity
from records.codes import find_region
from records.errors import RecordsError

BUILT_IN = Path(__file__).resolve().parents[1] / "data" / "policy"
REGIONS = "regions"
LATEST_YEAR = 2026  # 以后年度在新文件收录前沿用现行细则
EARLIEST_YEAR = 2023  # 更早年度的文件未收录


class PolicyUnreadable(RecordsError):
    """Raised when a policy file of the home folder is broken; data: `path`, `reason`."""

    key = "policy_unreadable"


def _share(value: object) -> object:
    """A share like `1/3` as a fraction; pydantic judges anything else."""
    try:
        return Fraction(value) if isinstance(value, str) else value
    except ZeroDivisionError as error:
        raise ValueError(value) from error


class Node(Frozen):
    """年度节点: `what` must be done by `due`; `fact` names the fact that tells the day, `clause` where it stands.

    `senior` and `counties` limit it to senior committees and to applicants from 旗县; series in `later` may take longer.
    """

    fact: str
    what: str
    due: date
    clause: str | None = None
    senior: bool = False
    counties: bool = False
    later: tuple[str, ...] = ()


class GreenChannel(Frozen):
    """绿色通道: category numbers of the year; `elsewhere` are reviewed by the ordinary committees.

    The rest is what only some years ask: no fee, numbers of copies, the head's signature, general evaluation first.
    """

    categories: dict[str, str] = Field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    closes: date | None = None
    local_year: bool = False
    free: bool = False
    head_signs: bool = False
    general_first: bool = False
    form_copies: int | None = None
    submission_copies: int | None = None


class Quota(Frozen):
    """名额: of full-senior school teachers; leaders among them."""

    full_senior_teachers: int | None = None
    leaders: int | None = None
    leaders_share: Fraction | None = None

    @field_validator("leaders_share", mode="before")
    @classmethod
    def _fraction(cls, value: object) -> object:
        return _share(value)


class Policy(Frozen):
    """Everything that depends on year and region, after all layers."""

    documents: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()
    cutoff: date | None = None
    severity: dict[str, Severity] = Field(default_factory=dict)
    green: GreenChannel = GreenChannel()
    quota: Quota = Quota()
    external_share: Fraction | None = None
    private_needs_local_year: bool = False
    notice_grounds: tuple[str, ...] = ()
    over_post_share: Fraction | None = None
    experts_from_outside: bool = False
    recused_leave_denominator: bool = False
    combined_exam: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    exam_only: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    licensed: dict[str, str] = Field(default_factory=dict)
    safety_series: tuple[str, ...] = ()
    recommendation: str = ""
    covid_until: date | None = None
    wording: dict[str, str] = Field(default_factory=dict)
    copies: dict[str, int] = Field(default_factory=dict)

    @field_validator("external_share", "over_post_share", mode="before")
    @classmethod
    def _fraction(cls, value: object) -> object:
        return _share(value)


class When(Frozen):
    """Which batches a layer is for; what is not stated does not matter."""

    since: int | None = None
    until: int | None = None
    region: str | None = None
    channel: Channel | None = None
    review_from: date | None = None
    dated: date


@dataclass(frozen=True)
class Layer:
    """One file of policy: where it lies, which batches it is for, what it fixes."""

    path: Path
    when: When
    fixes: Mapping[str, Any]


class Policies:
    """The layers of some folders, earlier folders first; the built-in ones before those of a home folder."""

    def __init__(self, *folders: Path) -> None:
        self._layers = sorted(
            (layer for folder in folders for layer in _layers(folder)), key=lambda item: item[0].dated
        )
        self._regions = _merged(_read(folder / f"{REGIONS}.toml") for folder in folders)
        self._policies: dict[tuple[int, ...], Policy] = {}

    def of(self, batch: Batch) -> Policy:
        """The policy for that batch."""
        fitting = tuple(index for index, (when, _) in enumerate(self._layers) if _fits(when, batch))
        if fitting not in self._policies:
            merged = _merged(self._layers[index][1] for index in fitting)
            self._policies[fitting] = Policy.model_validate(merged)
        return self._policies[fitting]

    def region_setting(self, code: str, name: str) -> str | None:
        """A setting of one region, else its league's, else the default."""
        tables = self._regions.get("region", {})
        for table in (
            tables.get(code, {}),
            tables.get(f"{code[:4]}00", {}),
            self._regions.get("default", {}),
        ):
            if name in table and not (name == "office" and table is not tables.get(code)):
                return str(table[name])
        default: str | None = self._regions.get("default", {}).get(name)
        return default


def layers(*folders: Path) -> tuple[Layer, ...]:
    """The files of some folders one by one, the oldest document first.

    Raises:
        PolicyUnreadable: one is broken.
    """
    found = [
        read_layer(path, _read(path))
        for folder in folders
        for path in sorted(folder.glob("*.toml"))
        if path.stem != REGIONS
    ]
    return tuple(sorted(found, key=lambda layer: layer.when.dated))


def read_layer(path: Path, document: Mapping[str, Any]) -> Layer:
    """A layer out of what its file says.

    Raises:
        PolicyUnreadable: it has no `applies`, an unknown key, or a value of the wrong kind.
    """
    fixes = dict(document)
    try:
        when = When.model_validate(fixes.pop("applies"))
        Policy.model_validate(fixes)
    except (KeyError, ValidationError) as error:
        raise PolicyUnreadable(path=str(path), reason=str(error)) from error
    return Layer(path, when, fixes)


def _layers(folder: Path) -> Iterator[tuple[When, dict[str, Any]]]:
    for layer in layers(folder):
        yield layer.when, dict(layer.fixes)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise PolicyUnreadable(path=str(path), reason=str(error)) from error


def _merged(documents: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for document in documents:
        _lay_over(found, document)
    return found


def _lay_over(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    for key, value in above.items():
        if key == "documents":
            below[key] = [*below.get(key, ()), *value]
        elif isinstance(value, dict) and key != "categories":
            _lay_over(below.setdefault(key, {}), value)
        else:
            below[key] = value


def year_of(batch: Batch) -> int:
    """The year whose documents govern: the batch's, else the meeting's, brought into the years that are known."""
    meeting = batch.review.ends or batch.review.starts
    year = batch.year or (meeting.year if meeting else LATEST_YEAR)
    return min(max(year, EARLIEST_YEAR), LATEST_YEAR)


def league_code(code: str | None) -> str | None:
    """The code of the 盟市 that a region belongs to; None for the autonomous region and unknown codes."""
    found = find_region(code)
    return found.league_code if found else None


def _fits(when: When, batch: Batch) -> bool:
    year = year_of(batch)
    starts = batch.review.starts or batch.review.ends
    return (
        (when.since is None or year >= when.since)
        and (when.until is None or year <= when.until)
        and (when.region is None or league_code(batch.region_code) == when.region)
        and (when.channel is None or batch.review.channel is when.channel)
        and (when.review_from is None or (starts is not None and starts >= when.review_from))
    )


@cache
def _built_in() -> Policies:
    return Policies(BUILT_IN)


_current: ContextVar[Policies | None] = ContextVar("policies", default=None)


@contextmanager
def home_policy(folder: Path) -> Iterator[Policies]:
    """Within the block the layers and regions of `folder` (a home's `policy/`) override the built-in ones.

    Raises:
        PolicyUnreadable: a file in it is broken.
    """
    token = _current.set(Policies(BUILT_IN, folder))
    try:
        yield policies()
    finally:
        _current.reset(token)


def policies() -> Policies:
    """The policies in force in this context."""
    return _current.get() or _built_in()


def policy_of(batch: Batch) -> Policy:
    """The policy for that batch: years, region and channel decide, the later document wins."""
    return policies().of(batch)
