"""The anchor's folder (信任锚): its key, offline and under a pass phrase if wanted, every list ever signed, the draft."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from core.settings import PRIVATE_FOLDER_MODE, write_atomically, write_private
from signing.errors import KeySetUnreadable
from signing.keys.passphrase import Passphrase
from signing.keys.service_key import KeySet, ServiceKey
from signing.trustlist.editing import Draft, item_of, new_list
from signing.trustlist.entry import read_entry
from signing.trustlist.errors import AnchorExists, AnchorUnreadable
from signing.trustlist.lists import Listed, MemberState, TrustList, read_list

KEY_FILE: Final = "anchor.key.pem"
PUBLIC_FILE: Final = "anchor.jwks.json"
DRAFT_FILE: Final = "draft.json"
LISTS: Final = "lists"
ANCHOR_LIFE: Final = timedelta(days=20 * 365)


@dataclass(frozen=True)
class Anchor:
    """An anchor's folder, opened; the private key is read only to sign."""

    folder: Path
    name: str
    keys: KeySet

    @property
    def public_file(self) -> Path:
        """What members keep: the public key with the anchor's name."""
        return self.folder / PUBLIC_FILE

    def lists(self, understood: frozenset[str]) -> tuple[TrustList, ...]:
        """Every list that was signed, oldest first; files are only ever added.

        Raises:
            TrustListRefused: a file was tampered with.
        """
        files = sorted((self.folder / LISTS).glob("*.jwt"))
        return tuple(read_list(path.read_text("ascii"), self.keys, understood) for path in files)

    def draft(self, understood: frozenset[str]) -> Draft:
        """What the next list will say: the last list and the acts since.

        Raises:
            AnchorUnreadable: the draft is damaged.
        """
        path = self.folder / DRAFT_FILE
        if path.exists():
            return _read_draft(path)
        lists = self.lists(understood)
        return Draft.of(lists[-1] if lists else None)

    def keep(self, draft: Draft) -> None:
        """Write the draft down; it needs no key, so the key can stay away until the list is signed."""
        document = {"entries": [item_of(one) for one in draft.members], "history": list(draft.history)}
        text = json.dumps(document, ensure_ascii=False, indent=1)
        write_atomically(self.folder / DRAFT_FILE, text.encode())

    def sign(
        self, at: datetime, life: timedelta, understood: frozenset[str], unlock: Passphrase | None = None
    ) -> TrustList:
        """Sign the draft as the next list and add it to the history.

        Raises:
            KeyTrouble: the key does not open. TrustListRefused: an earlier list was tampered with.
        """
        earlier = self.lists(understood)
        sequence = earlier[-1].sequence + 1 if earlier else 1
        key = ServiceKey.open(self.folder / KEY_FILE, unlock)
        token = new_list(self.draft(understood), self.name, key, sequence, at, at + life)
        signed = read_list(token, self.keys, understood)
        write_private(self.folder / LISTS / f"{sequence:06d}.jwt", token.encode("ascii"))
        (self.folder / DRAFT_FILE).unlink(missing_ok=True)
        return signed


def create_anchor(
    folder: Path, name: str, unlock: Passphrase | None = None, at: datetime | None = None
) -> Anchor:
    """Make an anchor: an Ed25519 key in a private folder, encrypted when a pass phrase is given.

    Raises:
        AnchorExists: there is one already. PassphraseMissing.
    """
    if (folder / KEY_FILE).exists():
        raise AnchorExists(path=str(folder))
    (folder / LISTS).mkdir(mode=PRIVATE_FOLDER_MODE, parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER_MODE)
    key = ServiceKey.generate()
    write_private(folder / KEY_FILE, _sealed(key, unlock.read() if unlock else None))
    since = (at or datetime.now(UTC)).replace(microsecond=0)
    document = {"name": name, **KeySet((key.public(since, since + ANCHOR_LIFE),)).as_jwks()}
    write_atomically(folder / PUBLIC_FILE, json.dumps(document, ensure_ascii=False, indent=1).encode())
    return open_anchor(folder)


def open_anchor(folder: Path) -> Anchor:
    """Open an anchor's folder without its private key.

    Raises:
        AnchorUnreadable: there is none.
    """
    name, keys = read_anchor_key(folder / PUBLIC_FILE)
    return Anchor(folder, name, keys)


def read_anchor_key(path: Path) -> tuple[str, KeySet]:
    """Name and public keys of an anchor, out of the file that members keep.

    Raises:
        AnchorUnreadable: missing or damaged.
    """
    try:
        document = json.loads(path.read_bytes())
        keys = KeySet.from_jwks(document)
        name = str(document["name"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, KeySetUnreadable) as error:
        raise AnchorUnreadable(path=str(path), reason=str(error)) from error
    if not keys.keys:
        raise AnchorUnreadable(path=str(path), reason="keys")
    return name, keys


def _sealed(key: ServiceKey, passphrase: str | None) -> bytes:
    if passphrase is None:
        return key.pem
    encryption = BestAvailableEncryption(passphrase.encode())
    return key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def _read_draft(path: Path) -> Draft:
    try:
        document = json.loads(path.read_bytes())
        members = tuple(
            Listed(
                read_entry(item["entry"], item["entry_kid"]),
                date.fromisoformat(item["since"]),
                MemberState(item["state"]),
                date.fromisoformat(item["state_from"]),
                dict(item["conditions"]),
            )
            for item in document["entries"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AnchorUnreadable(path=str(path), reason=str(error)) from error
    return Draft(members, tuple(document["history"]))
