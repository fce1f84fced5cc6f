"""Another region's certificate as this room's types, read out of its machine-readable credential (机读凭证)."""

from collections.abc import Mapping
from typing import Any

from registry.model import Certificate, Facts, ScopeKind, State


def facts_of(payload: Mapping[str, Any]) -> Facts | None:
    """The facts that a credential states; None when it lacks what a decision needs."""
    try:
        holder, title, scope = payload["holder"], payload["title"], payload.get("scope") or {}
        texts = {
            "name": holder["name"],
            "series": title["series"],
            "title": title["name"],
            "level": title["level"],
            "issued_on": payload["issued_on"],
            "authority": payload["authority"]["name"],
        }
        league = scope.get("kind") == ScopeKind.LEAGUE
        facts = Facts(
            **{name: str(value) for name, value in texts.items()},
            **{name: str(holder.get(name, "")) for name in _HOLDER},
            **{name: str(title.get(name, "")) for name in _TITLE},
            authority_region=str(payload["authority"].get("region", "")),
            scope=ScopeKind.LEAGUE if league else ScopeKind.REGION,
            scope_name=str(scope.get("name") or ""),
            scope_region=str(scope.get("region") or ""),
            sample=bool(payload.get("sample", False)),
        )
    except (KeyError, TypeError, AttributeError):
        return None
    return facts if _is_day(facts.issued_on) else None


_HOLDER = ("sex", "birth", "identity_kind", "identity_masked", "employer")
_TITLE = ("grade", "specialty", "acquisition", "obtained_on", "conferrer")


def certificate_of(
    payload: Mapping[str, Any], facts: Facts, state: State, successor: str, token: str, sha256: str
) -> Certificate:
    """A certificate that another register holds; the internal ids are 0."""
    place = payload.get("status") or {}
    return Certificate(
        id=0,
        code=str(payload.get("code", "")),
        number=str(payload.get("number", "")),
        licence_id=str(payload.get("licence_id", "")),
        version=1,
        state=state,
        state_at=_stamp(payload),
        issued_at=_stamp(payload),
        facts=facts,
        credential=token,
        sha256=sha256,
        size=0,
        predecessor=None,
        successor=successor or None,
        list_id=int(place.get("list", 0)),
        list_position=int(place.get("position", 0)),
        application_id=0,
        batch_id=0,
        pickup_epoch=0,
    )


def differences(presented: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[str, ...]:
    """Which fields of two credentials of one certificate differ; names as in the catalogue `mismatch_fields`."""
    return tuple(
        name for name, path in _COMPARED.items() if value_at(presented, path) != value_at(found, path)
    )


_COMPARED = {
    "number": ("number",),
    "name": ("holder", "name"),
    "identity": ("holder", "identity_masked"),
    "title": ("title", "name"),
    "level": ("title", "level"),
    "series": ("title", "series"),
}


def value_at(payload: Mapping[str, Any], path: tuple[str, ...]) -> object:
    """What a credential says at a path of member names; None when it says nothing there."""
    value: Any = payload
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _stamp(payload: Mapping[str, Any]) -> str:
    from datetime import UTC, datetime

    from registry.clock import stamp

    return stamp(datetime.fromtimestamp(int(payload["iat"]), UTC))


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
