"""Many certificates of many regions at once (批量互认核验): parallel, but polite to each region; one signed report.

Rows keep their order. A region is asked by a few questions at a time only; one that fails is left alone by the asker's
circuit breaker, and its rows say so. A row that cannot be asked is answered with the reason; none is lost.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.errors import HouseError
from core.message import DEFAULT_LANGUAGE, message
from registry.clock import now, stamp
from registry.recognition.presenting import Presented, Recognition

if TYPE_CHECKING:
    from registry.verification.answers import Verification
    from registry.verification.verifier import Verifier
    from signing.keys.service_key import ServiceKey

PER_REGION: Final = 4
WORKERS: Final = 16
MAX_ROWS: Final = 20_000
REPORT_TYPE: Final = "zhicheng-report"


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One row as it was given: what is presented, where it stood; `problem` says why it cannot be asked."""

    place: str
    presented: Presented
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BulkAnswer:
    """The decision about one row; without one `problem` says why."""

    row: BulkRow
    verification: "Verification | None" = None
    problem: str = ""

    @property
    def usable(self) -> str:
        """Code of the decision; empty without one."""
        return str(self.verification.recognition.code) if self.verification else ""

    def as_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """As the report shows it: codes and sentences, no name and no ID number."""
        one = self.verification
        if one is None:
            return {"place": self.row.place, "decision": None, "message": self.problem}
        answer = one.recognition
        return {
            "place": self.row.place,
            "number": one.register.number or self.row.presented.number,
            "verdict": str(one.verdict),
            "decision": str(answer.code),
            "reason": str(answer.reason) if answer.reason else None,
            "scope": answer.scope,
            "clause": answer.clause,
            "by": answer.by,
            "message": answer.sentence(lang),
            "record": answer.record,
        }


@dataclass
class Manners:
    """At most so many questions to one region at a time."""

    most: int = PER_REGION
    _gates: dict[str, threading.BoundedSemaphore] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def towards(self, region: str) -> Iterator[None]:
        """Wait for a free place at the region's door."""
        with self._lock:
            gate = self._gates.setdefault(region, threading.BoundedSemaphore(self.most))
        with gate:
            yield


def decide_many(
    verifier: "Verifier",
    rows: Sequence[BulkRow],
    *,
    manners: Manners | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[BulkAnswer]:
    """Decide on every row, answers in the rows' order; `progress` is told after each one.

    Raises:
        TrustListRefused: the kept list of regions was tampered with.
    """
    recognition, polite = Recognition.of(verifier), manners or Manners()
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="recognition") as pool:
        for answer in pool.map(lambda row: _decide(recognition, row, polite), rows):
            if progress is not None:
                progress(1)
            yield answer


def _decide(recognition: Recognition, row: BulkRow, manners: Manners) -> BulkAnswer:
    if row.problem:
        return BulkAnswer(row, problem=row.problem)
    presented = row.presented
    if not presented.enough:
        return BulkAnswer(row, problem=message("registry", "bulk.nothing"))
    try:
        with manners.towards(recognition.region_of(presented)):
            return BulkAnswer(row, recognition.decide(presented))
    except HouseError as error:
        return BulkAnswer(row, problem=error.diagnostics())


def signed_report(answers: Sequence[BulkAnswer], key: "ServiceKey", region: str) -> dict[str, Any]:
    """The answers, how many got which decision, and all of it once more as a signed token."""
    from signing.credential.token import sign

    content: dict[str, Any] = {
        "iat": int(now().timestamp()),
        "iss": region,
        "checked_at": stamp(now()),
        "count": len(answers),
        "decisions": dict(Counter(one.usable or "not_asked" for one in answers).most_common()),
        "rows": [one.as_dict() for one in answers],
    }
    return {**content, "token": sign(content, key, REPORT_TYPE)}


def files_in(folder: Path) -> list[Path]:
    """Every PDF below a folder, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".pdf" and path.is_file())
