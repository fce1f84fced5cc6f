"""The file under examination and what the steps have learnt about it so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from signing.trust import TrustAnchors
from signing.validate.anchors import is_archive_key
from signing.validate.report import Code, Outcome, Step, StepName
from signing.validate.steps.slots import Slot

if TYPE_CHECKING:
    from signing.validate.steps.cms_form import SignedCms


@dataclass(frozen=True)
class Limits:
    """What a file may cost: bytes, wall and CPU seconds, memory of the child process, pages, PDF objects."""

    max_bytes: int = 64 << 20
    seconds: float = 10
    memory_bytes: int = 1 << 30
    max_pages: int = 200
    max_objects: int = 50_000


@dataclass(frozen=True)
class PageComparison:
    """Whether the page shows what the credential says; `detail` names the first difference."""

    agrees: bool
    detail: str = ""


PageCheck: TypeAlias = Callable[[bytes, Mapping[str, Any]], PageComparison]


class Stop(Exception):
    """Raised by a step that settles the verdict."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


@dataclass
class Case:
    """Filled by the steps in their order."""

    data: bytes
    trust: TrustAnchors
    now: datetime
    known_hash: bool | None = None
    page_check: PageCheck | None = None
    limits: Limits = field(default_factory=Limits)

    slots: tuple[Slot, ...] = ()
    contents: "tuple[SignedCms, ...]" = ()
    path: tuple[bytes, ...] = ()
    reader: Any = None
    signatures: tuple[Any, ...] = ()
    has_dss: bool = False
    proven_at: datetime | None = None
    claimed_at: datetime | None = None
    signer: str | None = None
    level: str | None = None
    token: str | None = None
    credential: Mapping[str, Any] | None = None

    @property
    def moment(self) -> datetime:
        """The moment at which the signer's certificate must have been good: proven, or else now."""
        return self.proven_at or self.now

    @property
    def archived(self) -> bool:
        """Whether an archive key signed it: then it is judged like any file, and is never a certificate."""
        return is_archive_key(self.main.signer, self.trust)

    @property
    def main(self) -> "SignedCms":
        """The certification signature."""
        return self.contents[0]


def refuse_change(detail: str) -> NoReturn:
    """Something came after the certification that may not be there."""
    raise Stop(Code.CHANGED_AFTER_SIGNING, detail)


def passed(name: StepName, detail: str = "") -> Step:
    """A step that is well."""
    return Step(name, Outcome.PASSED, detail)


def absent(name: StepName, detail: str = "") -> Step:
    """A step with nothing to check."""
    return Step(name, Outcome.ABSENT, detail)
