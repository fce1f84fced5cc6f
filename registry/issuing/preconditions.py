"""What must be true before certificates may be made (细则第五十三、五十四、七十六条; B-S04, B-S07)."""

from collections.abc import Iterator
from datetime import date

from core.message import DEFAULT_LANGUAGE, message
from records.batch.complaints import Settlement, holds_back, settlement_of
from records.batch.model import Acquisition, Application, Batch, Complaint
from registry.errors import IssueRefused


def check_batch(batch: Batch, today: date, lang: str = DEFAULT_LANGUAGE) -> None:
    """Refuse a batch that may not be issued on that day.

    Raises:
        IssueRefused: not filed, publicity not over, or not approved; `missing` lists every reason.
    """
    missing = tuple(_missing(batch, today))
    if missing:
        text = "、".join(message("registry", f"missing.{key}", lang) for key in missing)
        raise IssueRefused(missing=text, codes=missing)


def _missing(batch: Batch, today: date) -> Iterator[str]:
    if batch.review.acquisition in (None, Acquisition.REVIEW):
        yield from _filing(batch)
    yield from _publicity(batch, today)
    yield from _approval(batch, today)
    if any(_open(one) and one.application_number is None for one in batch.complaints):
        yield "complaint"
    if any(_settled_late(one, batch.approval.approved_on) for one in batch.complaints):
        yield "approval_before_settlement"


def _filing(batch: Batch) -> Iterator[str]:
    """B-S04: results of a committee that is not filed, or whose filing has run out, are not recognised."""
    committee = batch.committee
    if not committee.filing_number:
        yield "filing"
    last = batch.review.ends or batch.review.starts
    if committee.filing_valid_until is None or (last and committee.filing_valid_until < last):
        yield "filing_validity"


def _publicity(batch: Batch, today: date) -> Iterator[str]:
    ends = batch.publicity.ends
    if ends is None or ends >= today:
        yield "publicity"


def _approval(batch: Batch, today: date) -> Iterator[str]:
    approval = batch.approval
    if not approval.authority or not approval.number:
        yield "approval"
    if approval.approved_on is None or approval.approved_on > today:
        yield "approval_day"


def open_complaint(application: Application, batch: Batch) -> bool:
    """Whether a complaint about this person is not settled, or was upheld (无未结举报、查实的不发证)."""
    return any(
        one.application_number == application.number and (_open(one) or holds_back(one) is not None)
        for one in batch.complaints
    )


def _settled_late(complaint: Complaint, approved: date | None) -> bool:
    """Whether it was received before the approval and settled after it (细则第五十三条)."""
    came_after = bool(complaint.received and approved and complaint.received > approved)
    return bool(complaint.handled and approved and approved < complaint.handled) and not came_after


def _open(complaint: Complaint) -> bool:
    return complaint.handled is None or settlement_of(complaint) in (Settlement.OPEN, None)
