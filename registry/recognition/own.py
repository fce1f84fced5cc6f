"""Decisions on certificates of this register, and on what cannot be decided at all."""

from registry.model import Certificate, ScopeKind, State
from registry.recognition.answer import QueryResult, RecognitionAnswer, Usable


def decide(certificate: Certificate, *, intact: bool = True) -> RecognitionAnswer:
    """Decide on a certificate of this register; `intact` is False when the presented file was changed."""
    if not intact:
        return RecognitionAnswer(Usable.NOT, QueryResult.MISMATCH)
    if certificate.state is not State.VALID:
        return RecognitionAnswer(Usable.NOT, QueryResult.PROVINCE_FOUND)
    facts = certificate.facts
    code = Usable.IN_LEAGUE if facts.scope is ScopeKind.LEAGUE else Usable.IN_REGION
    return RecognitionAnswer(
        code, QueryResult.PROVINCE_FOUND, scope=facts.scope_name, scope_region=facts.scope_region
    )


def cannot_decide(result: QueryResult = QueryResult.UNAVAILABLE) -> RecognitionAnswer:
    """Nothing here can tell; the visitor is told whom to ask, not that the certificate is bad."""
    return RecognitionAnswer(Usable.UNDECIDED, result)


def refuse_changed_file() -> RecognitionAnswer:
    """A changed file is not usable, whoever made the original."""
    return RecognitionAnswer(Usable.NOT, QueryResult.MISMATCH)
