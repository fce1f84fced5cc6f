"""The key ring (密钥环): which keys there are, which one signs now, which old ones stay verifiable.

One folder (mode 0700) with `ring.json` and the key files (0600). A key that is replaced stays in the ring as
retired; its certificates and tokens remain verifiable.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from core.reasons import refusal
from core.settings import PRIVATE_MODE, write_atomically
from signing.errors import KeyNameTaken, KeyRingUnreadable, KeyUnknown
from signing.keys.opening import parse_source
from signing.keys.source import KeySource

RING_NAME: Final = "ring.json"
DEMO_RING_NAME: Final = "ring.demo.json"
CHAIN_SUFFIX: Final = (
    ".chain.pem"  # certificates between an imported signer and its root, under the signer's name
)


class SignerEntry(BaseModel):
    """A document signing key. `source` and `unlock` in the notation of `signing.keys.parse_source`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    source: str
    unlock: str = "none"
    subject: str
    since: datetime
    until: datetime
    fingerprint: str
    retired: datetime | None = None
    demo: bool = False


class ServiceEntry(BaseModel):
    """A key for tokens; `until` moves back to the moment of its replacement."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    file: str
    unlock: str = "none"
    since: datetime
    until: datetime
    retired: datetime | None = None
    revoked: datetime | None = None


class Ring(BaseModel):
    """The content of `ring.json`. `demo` means: made here on first use, everything signed says 样本.

    `signers` sign title certificates and nothing else, `archives` every other paper; no key is both.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    demo: bool
    organisation: str
    roots: tuple[str, ...]
    signers: tuple[SignerEntry, ...]
    services: tuple[ServiceEntry, ...]
    archives: tuple[SignerEntry, ...] = ()

    @property
    def signer(self) -> SignerEntry:
        """The one that signs now: the newest that is not retired.

        Raises:
            KeyUnknown: every key is retired.
        """
        active = [one for one in self.signers if one.retired is None]
        if not active:
            raise KeyUnknown(name="signer")
        return active[-1]

    @property
    def service(self) -> ServiceEntry:
        """The service key that signs now.

        Raises:
            KeyUnknown: every key is retired or revoked.
        """
        active = [one for one in self.services if one.retired is None and one.revoked is None]
        if not active:
            raise KeyUnknown(name="service")
        return active[-1]

    @property
    def archive(self) -> SignerEntry | None:
        """The archive key that signs now; None when there is none yet."""
        active = [one for one in self.archives if one.retired is None]
        return active[-1] if active else None

    def signing_with(self, name: str) -> "Ring":
        """The ring where the signer of that name is the one that signs, retired or not.

        Raises:
            KeyUnknown: there is none of that name.
        """
        chosen = next((one for one in self.signers if one.name == name), None)
        if chosen is None:
            raise KeyUnknown(name=name)
        others = tuple(one for one in self.signers if one.name != name)
        return self.model_copy(update={"signers": (*others, chosen.model_copy(update={"retired": None}))})

    def with_signer(self, entry: SignerEntry, now: datetime) -> "Ring":
        """The ring after a new key has taken over; the former ones are retired.

        Raises:
            KeyNameTaken: the name is in the ring.
        """
        self._refuse_taken(entry.name)
        retired = tuple(_retire(one, now) for one in self.signers)
        return self.model_copy(update={"signers": (*retired, entry)})

    def with_archive(self, entry: SignerEntry, now: datetime) -> "Ring":
        """The same for an archive key.

        Raises:
            KeyNameTaken: the name is in the ring.
        """
        self._refuse_taken(entry.name)
        retired = tuple(_retire(one, now) for one in self.archives)
        return self.model_copy(update={"archives": (*retired, entry)})

    def with_service(self, entry: ServiceEntry, now: datetime) -> "Ring":
        """The same for a service key, whose predecessors may not sign after `now`.

        Raises:
            KeyNameTaken: the name is in the ring.
        """
        self._refuse_taken(entry.name)
        retired = tuple(
            one if one.retired else one.model_copy(update={"retired": now, "until": min(now, one.until)})
            for one in self.services
        )
        return self.model_copy(update={"services": (*retired, entry)})

    def with_root(self, file: str) -> "Ring":
        """The ring that believes one more root certificate file."""
        return self.model_copy(update={"roots": tuple(dict.fromkeys((*self.roots, file)))})

    def _refuse_taken(self, name: str) -> None:
        if name in {one.name for one in (*self.signers, *self.archives)} | {
            one.name for one in self.services
        }:
            raise KeyNameTaken(name=name)


def _retire(entry: SignerEntry, now: datetime) -> SignerEntry:
    return entry if entry.retired else entry.model_copy(update={"retired": now})


def source_of(entry: SignerEntry, folder: Path) -> KeySource:
    """Where the entry's key is; relative paths start at the ring's folder."""
    return parse_source(entry.source, entry.unlock, folder)


def read_ring(folder: Path, name: str = RING_NAME) -> Ring:
    """Read `ring.json`, or the demo ring that was put aside.

    Raises:
        KeyRingUnreadable: missing, not JSON, or with unknown members.
    """
    path = folder / name
    try:
        return Ring.model_validate_json(path.read_bytes())
    except OSError as error:
        raise KeyRingUnreadable(path=str(path), reason=refusal(error)) from error
    except ValidationError as error:
        raise KeyRingUnreadable(path=str(path), reason=error.errors()[0]["msg"]) from error


def write_ring(folder: Path, ring: Ring) -> None:
    """Replace `ring.json` in one step, mode 0600."""
    path = folder / RING_NAME
    write_atomically(path, ring.model_dump_json(indent=2).encode("utf-8"))
    path.chmod(PRIVATE_MODE)
