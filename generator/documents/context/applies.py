"""Which documents a batch does not call for at all (不制发), and why: they are neither made nor offered as blank forms.

The catalogue names the condition (`when`); a case that states the document's facts overrides it.
"""

from collections.abc import Callable, Mapping
from typing import Final

from generator.documents.catalogue import DocumentEntry
from generator.documents.context.cases import Cases
from records.batch.model import Batch, Channel, Expert, ExpertRole
from records.regulation.policy import league_code

BAOTOU: Final = "150200"


def vice_chair_presiding(batch: Batch) -> Expert | None:
    """The 副主任委员 who presided (细则第四十七条), as the meeting's 主持人 is stated."""
    return _presiding(batch, ExpertRole.VICE_CHAIR)


def chair_presided(batch: Batch) -> bool:
    """Whether the 主任委员 presided himself, as stated."""
    return _presiding(batch, ExpertRole.CHAIR) is not None


def _presiding(batch: Batch, role: ExpertRole) -> Expert | None:
    host = batch.review.minutes.host
    return next((one for one in batch.committee.experts if one.name == host and one.role is role), None)


_WHEN: Final[Mapping[str, Callable[[Batch], bool]]] = {
    "passed": lambda batch: bool(batch.passed),
    "vice_chair": lambda batch: not chair_presided(batch),
    "baotou": lambda batch: league_code(batch.region_code) == BAOTOU,
    "autonomous": lambda batch: batch.review.channel is Channel.AUTONOMOUS,
}


def left_out(entry: DocumentEntry, batch: Batch, cases: Cases | None = None) -> str | None:
    """The unmet condition's name, a key of the messages `left_out`; None when the batch calls for the document."""
    if not entry.when or (cases and cases.get(entry.id)):
        return None
    return None if _WHEN[entry.when](batch) else entry.when
