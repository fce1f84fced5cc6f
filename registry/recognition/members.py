"""The accepted list as kept in the home: the anchor's public key, every list ever accepted, status lists of members."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.settings import Home, write_atomically
from registry.clock import now
from registry.errors import AnchorDiffers, NoAnchor
from registry.recognition.pin import pinned, raise_pin

if TYPE_CHECKING:
    from signing.trustlist import Listed, TrustList

FOLDER: Final = "regions"
ANCHOR_FILE: Final = "anchor.jwks.json"
CONDITIONS: Final = frozenset({"series", "levels", "issued_from", "issued_until", "scope", "note"})


@dataclass(frozen=True)
class Members:
    """The regions that this home has accepted; reading is cheap, files are only ever added or replaced whole."""

    home: Home

    @property
    def folder(self) -> Path:
        """Where the lists are kept."""
        return self.home.root / FOLDER

    def current(self) -> "TrustList | None":
        """The list in use, whether still valid or not; None before the first one.

        Raises:
            TrustListRefused, AnchorUnreadable: the kept files were tampered with; `ListRolledBack`: the newest are gone.
        """
        from signing.trustlist.errors import ListRolledBack

        newest = self._newest()
        if newest is None:
            if (self.folder / ANCHOR_FILE).exists() and (known := pinned(self.home)):
                raise ListRolledBack(sequence=0, known=known)
            return None
        lists = self.folder / "lists"
        seen = (str(lists), lists.stat().st_mtime_ns)  # changes when a file comes or goes
        if seen not in _compared:
            if newest.sequence < (known := pinned(self.home)):
                raise ListRolledBack(sequence=newest.sequence, known=known)
            _compared.clear()
            _compared.add(seen)
        return newest

    def _newest(self) -> "TrustList | None":
        """The newest list that is kept here."""
        from signing.trustlist import read_anchor_key, read_list

        files = sorted((self.folder / "lists").glob("*.jwt"))
        if not files:
            return None
        _, keys = read_anchor_key(self.folder / ANCHOR_FILE)
        found: TrustList = _read_cached(files[-1], files[-1].stat().st_mtime_ns, keys, read_list)
        return found

    def others(self, own_code: str) -> "tuple[Listed, ...]":
        """Every listed region but the own one, which usually is on the list too.

        Raises:
            TrustListRefused: as `current`.
        """
        listing = self.current()
        return tuple(one for one in listing.members if one.code != own_code) if listing else ()

    def accept(self, token: str, anchor_file: Path | None = None, at: datetime | None = None) -> "TrustList":
        """Take a list into use; the first one needs the anchor's key, later ones must come from the same anchor.

        Raises:
            NoAnchor: the first list without a key. AnchorDiffers: another anchor's key than the one held.
            TrustListRefused: the list is not accepted.
        """
        from signing.trustlist import accept_list, read_anchor_key
        from signing.trustlist.errors import ListRolledBack

        held = self.folder / ANCHOR_FILE
        if anchor_file is None and not held.exists():
            raise NoAnchor
        _, keys = read_anchor_key(held if held.exists() else anchor_file or held)
        if anchor_file is not None and read_anchor_key(anchor_file)[1].as_jwks() != keys.as_jwks():
            raise AnchorDiffers(path=str(anchor_file))
        last = self._newest()  # where a later one is gone, its successor is still welcome
        found = accept_list(token.strip(), keys, at or now(), last, CONDITIONS)
        if found.sequence < (known := pinned(self.home)):
            raise ListRolledBack(sequence=found.sequence, known=known)
        if not held.exists() and anchor_file is not None:
            write_atomically(held, anchor_file.read_bytes())
        path = self.folder / "lists" / f"{found.sequence:06d}.jwt"
        if not path.exists():
            write_atomically(path, found.token.encode("ascii"))
        raise_pin(self.home, found.sequence)
        return found


_kept: dict[tuple[str, int], Any] = {}
_compared: set[tuple[str, int]] = (
    set()
)  # the folder of lists as it was when it was last held against the register


def _read_cached(path: Path, version: int, keys: Any, read: Any) -> Any:
    """The parsed list; a site reads it at every foreign certificate, checking all signatures once is enough."""
    key = (str(path), version)
    if key not in _kept:
        _kept.clear()
        _kept[key] = read(path.read_text("ascii"), keys, CONDITIONS)
    return _kept[key]
