"""Every exception of the examination becomes a verdict: the process boundary of validation."""

from datetime import datetime

from signing.trust import TrustAnchors
from signing.validate.case import Limits, PageCheck
from signing.validate.report import Code, FileReport, failed_report
from signing.validate.run import validate
from signing.validate.steps.on_bytes import mentions_ours


def validate_guarded(
    data: bytes,
    trust: TrustAnchors,
    known_hash: bool | None = None,
    *,
    page_check: PageCheck | None = None,
    now: datetime | None = None,
    limits: Limits | None = None,
) -> FileReport:
    """`validate`, where an exception of a parser is a verdict too."""
    try:
        return validate(data, trust, known_hash, page_check=page_check, now=now, limits=limits)
    except MemoryError:
        return failed_report(data, Code.MEMORY_EXCEEDED, known_hash)
    except RecursionError:
        return failed_report(data, Code.TOO_COMPLEX, known_hash)
    except Exception as error:  # noqa: BLE001 - hostile input; parsers raise many kinds
        return failed_report(data, _cause(data, trust), known_hash, f"{type(error).__name__}: {error}"[:200])


def _cause(data: bytes, trust: TrustAnchors) -> Code:
    """A file that carries our signature and breaks a parser was tampered with; any other is damaged."""
    try:
        return Code.STRUCTURE_SUSPICIOUS if mentions_ours(data, trust) else Code.DAMAGED
    except Exception:  # noqa: BLE001 - see above
        return Code.DAMAGED
