"""What a decision leaves to a person becomes an open case (转人工复核)."""

from registry.log.events import Actor
from registry.recognition.answer import Reason
from registry.recognition.cases.model import Applicant, CaseKind
from registry.recognition.cases.store import open_case
from registry.recognition.presenting import Presented
from registry.verification.answers import Verification
from web.services import services


def hand_to_person(presented: Presented, verification: Verification) -> None:
    """A mismatch of fields is a person's to settle: open a case for it, once."""
    if verification.recognition.reason is not Reason.MISMATCH:
        return
    here = services()
    certificate = verification.certificate
    applicant = Applicant(
        name=presented.name or (certificate.facts.name if certificate else ""),
        id_number=presented.id_number or "",
        region=verification.region or presented.region or "",
        number=presented.number or (certificate.number if certificate else ""),
        level=presented.level or (certificate.facts.level if certificate else ""),
        title=certificate.facts.title if certificate else "",
    )
    actor = Actor("recognition", "site", "")
    open_case(here.register, CaseKind.MISMATCH, applicant, actor, verification.recognition)
