"""The archive key (归档密钥): signs scans, receipts, reports and other papers, and never a title certificate.

A demonstration ring gets one at need; a real one is imported (`keys import NAME --role archive`).
"""

import fcntl
import os
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from signing.authority.opening import Authority, new_demo_archive
from signing.errors import ArchiveKeyMissing
from signing.keys import SigningKey, open_key
from signing.keys.pinning import pin_chain
from signing.keys.ring import read_ring, source_of, write_ring

ROLE: Final = "archive"
_OPENING: Final = Lock()


def archive_key(authority: Authority) -> SigningKey:
    """The key that signs papers now, opened and checked once per authority.

    Raises:
        ArchiveKeyMissing: a real installation has none; the message says how to import one.
        KeyTrouble: any other of its kinds.
    """
    with _OPENING:
        if ROLE not in authority.opened:
            authority.opened[ROLE] = _opened(with_archive_key(authority))
        return authority.opened[ROLE]


def with_archive_key(authority: Authority) -> Authority:
    """The authority that also has an archive key, where its ring is a demo one; any other as it is."""
    if authority.ring.archive is not None or not authority.demo:
        return authority
    lock = os.open(authority.folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several programs that come at once, one makes it
        ring = read_ring(authority.folder)
        if ring.archive is None:
            now = datetime.now(UTC)
            entry = new_demo_archive(authority.folder, authority.organisation, _free_name(authority), now)
            ring = ring.with_archive(entry, now)
            write_ring(authority.folder, ring)
    finally:
        os.close(lock)
    return replace(authority, ring=authority.ring.model_copy(update={"archives": ring.archives}))


def _free_name(authority: Authority) -> str:
    """Of a making that was interrupted, a key file without an entry may lie there."""
    number = 1
    while (authority.folder / f"{ROLE}-{number}.key.pem").exists():
        number += 1
    return f"{ROLE}-{number}"


def _opened(authority: Authority) -> SigningKey:
    entry = authority.ring.archive
    if entry is None or (entry.demo and not authority.demo):
        raise ArchiveKeyMissing
    key = open_key(source_of(entry, authority.folder))
    pin_chain(authority.folder, entry, key)
    return key
