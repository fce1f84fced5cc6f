"""One certificate as a document for the operator: everything the register knows, with its events."""

from typing import Any

from core.message import DEFAULT_LANGUAGE, message
from registry.certificates.lifecycle import possible_moves
from registry.model import Certificate, Event
from registry.register import Register


def certificate_document(
    register: Register, certificate: Certificate, lang: str = DEFAULT_LANGUAGE
) -> dict[str, Any]:
    """For `certificate show --json`; names people, so it is for operators only."""
    facts = certificate.facts
    return {
        "number": certificate.number,
        "code": certificate.code,
        "url": register.verification_url(certificate.code),
        "licence_id": certificate.licence_id,
        "version": certificate.version,
        "state": str(certificate.state),
        "state_name": message("registry", f"states.{certificate.state}", lang),
        "state_at": certificate.state_at,
        "issued_at": certificate.issued_at,
        "name": facts.name,
        "title": facts.title,
        "predecessor": certificate.predecessor,
        "successor": certificate.successor,
        "sha256": certificate.sha256,
        "file": register.storage.place(register.lookup.file_hash(certificate)),
        "facts": {name: getattr(facts, name) for name in facts.__slots__},
        "events": [event_document(event, lang) for event in register.lookup.events_of(certificate)],
        "copies": [
            {
                "code": copy.code,
                "purpose": copy.purpose,
                "expires_on": copy.expires_on,
                "revoked_at": copy.revoked_at,
            }
            for copy in register.lookup.copies_of(certificate)
        ],
        "possible": [str(move) for move in possible_moves(certificate)],
    }


def event_document(event: Event, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """One event with its private detail."""
    detail = {name: value for name, value in event.detail.items() if name != "salt"}
    actor = detail.get("actor", {})
    parts = (
        actor.get("name"),
        detail.get("clause"),
        detail.get("document"),
        _reason(detail, lang),
        detail.get("note"),
    )
    return {
        "position": event.position,
        "kind": event.kind,
        "name": message("registry", f"events.{event.kind}", lang),
        "at": event.at,
        "summary": message("registry", "between", lang).join(str(part) for part in parts if part),
        "detail": detail,
    }


def _reason(detail: dict[str, Any], lang: str) -> str | None:
    return message("registry", f"reasons.{detail['reason']}", lang) if "reason" in detail else None
