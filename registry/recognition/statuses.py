"""Status lists of other regions, kept for the time when they cannot be asked; believed only within their validity."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from house.settings import write_atomically
from registry.errors import StatusListForeign, StatusListUnknown
from registry.model import State
from registry.statuslist import read_state

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

    def keep(self, member: "Listed", token: str) -> int:
        """Keep a list that the member signed; an older one never replaces a newer one. Returns its number.

        Raises:
            TokenInvalid: not signed by the member. StatusListForeign: of another region, or not a list.
        """
        from signing.credential import STATUS_LIST_TYPE, verify

        token = token.strip()
        keyset = member.entry.facts.trust.keyset
        payload = verify(token, keyset, STATUS_LIST_TYPE).payload if keyset else {}
        list_id = _number(payload, member.code)
        path = self.path(member.code, list_id)
        if not path.exists() or _made(path.read_text("ascii")) <= int(payload["iat"]):
            write_atomically(path, token.encode("ascii"))
        return list_id

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
        except (OSError, KeyError, TypeError, ValueError, TokenInvalid, StatusListUnknown, StatusListForeign):
            return None
        return ListedState(state, datetime.fromtimestamp(_made(token), UTC), token)


def _number(payload: Any, code: str) -> int:
    tail = str(payload.get("sub", "")).rsplit("/", 1)[-1]
    if payload.get("iss") != code or not tail.isdigit():
        raise StatusListForeign(code=code)
    return int(tail)


def _payload(token: str) -> Any:
    from signing.credential import split

    return split(token)[1]


def _made(token: str) -> int:
    return int(_payload(token)["iat"])
