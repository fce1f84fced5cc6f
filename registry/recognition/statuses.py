"""Status lists of other regions, kept for the time when they cannot be asked; believed only within their validity."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.settings import write_atomically
from registry.certificates.status_lists import read_bits, read_state
from registry.clock import now
from registry.errors import StatusListDamaged, StatusListForeign, StatusListUnknown
from registry.model import State

if TYPE_CHECKING:
    from signing.trustlist import Listed


@dataclass(frozen=True)
class ListedState:
    """What a kept list says: the state, when the list was made, the token."""

    state: State
    made_at: datetime
    token: str


@dataclass(frozen=True)
class StatusStore:
    """Folder of the newest status list per region and number."""

    folder: Path

    def path(self, code: str, list_id: int) -> Path:
        """Where a region's list is kept."""
        return self.folder / f"{code}-{list_id}.jwt"

    def keep(self, member: "Listed", token: str, at: datetime | None = None) -> int:
        """Keep a list that the member signed; an older one never replaces a newer one. Returns its number.

        Raises:
            TokenInvalid: not signed by the member, or dated in the future. StatusListForeign: of another region, or
                not a list. StatusListDamaged: its bits cannot be read.
        """
        from signing.credential.token import STATUS_LIST_TYPE, verify_signature
        from signing.errors import TokenFromFuture, TokenKeyUnknown

        token, moment = token.strip(), at or now()
        keyset = member.entry.facts.trust.keyset
        if keyset is None:
            raise TokenKeyUnknown(kid="-")
        accepted = verify_signature(token, keyset, STATUS_LIST_TYPE)
        list_id = _number(accepted.payload, member.code)
        if _is_ahead(accepted.issued_at, moment):
            raise TokenFromFuture(issued=accepted.issued_at.isoformat())
        read_bits(accepted.payload)
        held = self._held(member.code, list_id)
        if held is None or _is_ahead(held, moment) or held <= accepted.issued_at:
            write_atomically(self.path(member.code, list_id), token.encode("ascii"))
        return list_id

    def _held(self, code: str, list_id: int) -> datetime | None:
        """When the kept list was made; None when there is none that can be read."""
        from signing.errors import TokenInvalid

        try:
            return datetime.fromtimestamp(_made(self.path(code, list_id).read_text("ascii")), UTC)
        except (OSError, ValueError, KeyError, TypeError, OverflowError, TokenInvalid):
            return None

    def state(self, member: "Listed", payload: Any, at: datetime) -> ListedState | None:
        """What the kept list says of a credential; None when there is none, or it has expired or does not fit."""
        from signing.errors import TokenInvalid

        place = payload.get("status") or {}
        keyset = member.entry.facts.trust.keyset
        try:
            path = self.path(member.code, int(place["list"]))
            token = path.read_text("ascii")
            if keyset is None or _number(_payload(token), member.code) != int(place["list"]):
                return None
            state = read_state(token, int(place["position"]), keyset, at)
        except (OSError, KeyError, TypeError, ValueError, TokenInvalid, *_NO_LIST):
            return None
        return ListedState(state, datetime.fromtimestamp(_made(token), UTC), token)


_NO_LIST: Final = (StatusListUnknown, StatusListForeign, StatusListDamaged)
MOST_DIGITS: Final = 9


def _is_ahead(made: datetime, at: datetime) -> bool:
    from signing.credential.token import CLOCK_SKEW

    return made > at + CLOCK_SKEW


def _number(payload: Any, code: str) -> int:
    tail = str(payload.get("sub", "")).rsplit("/", 1)[-1]
    if payload.get("iss") != code or not (tail.isascii() and tail.isdigit() and len(tail) <= MOST_DIGITS):
        raise StatusListForeign(code=code)
    return int(tail)


def _payload(token: str) -> Any:
    from signing.credential.token import split

    return split(token)[1]


def _made(token: str) -> int:
    return int(_payload(token)["iat"])
