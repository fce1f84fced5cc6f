"""Bringing a real key into the ring, renewing keys, publishing what others need to believe us."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from core.message import message
from core.settings import Home, write_atomically, write_private
from signing.authority.opening import (
    Authority,
    demo_authority,
    new_demo_signer,
    new_service_key,
    open_authority,
)
from signing.errors import ArchiveKeyShared, KeyNameTaken, SignerNotDemo
from signing.keys import KeySource, PemSource, Pkcs12Source, SigningKey, TokenSource, open_key
from signing.keys.checks import is_for_archives, subject_text
from signing.keys.ring import (
    CHAIN_SUFFIX,
    DEMO_RING_NAME,
    RING_NAME,
    Ring,
    SignerEntry,
    read_ring,
    write_ring,
)
from signing.settings import SigningSettings
from signing.trust import fingerprint


@dataclass(frozen=True)
class Imported:
    """What an import did; `replaced_demo`: the demo keys are no longer believed."""

    entry: SignerEntry
    fingerprint: str
    replaced_demo: bool


class KeyRole(StrEnum):
    """What an imported key signs: title certificates, or every other paper (归档)."""

    CERTIFICATE = "certificate"
    ARCHIVE = "archive"


def import_key(
    home: Home,
    name: str,
    source: KeySource,
    organisation: str | None,
    *,
    keep_demo: bool,
    role: KeyRole = KeyRole.CERTIFICATE,
) -> Imported:
    """Check a key, copy its files into the ring (0600) and let it sign from now on what its role is.

    A token's key stays in the token. Unless `keep_demo`, a demo ring is put aside when a certificate key comes: its
    root is no longer pinned and a new service key is made; an imported archive key stays.

    Raises:
        KeyTrouble: the key is not usable. ArchiveKeyShared: it has the other role already. KeyNameTaken: the name is
            in use.
    """
    key = open_key(source)
    key.close()
    home.create()
    folder = home.keys
    ring, replaced = _ring_for_import(
        folder, organisation or subject_text(key.certificate), keep_demo=keep_demo or role is KeyRole.ARCHIVE
    )
    _refuse_shared(home, ring, key, role)
    root = (key.certificate, *key.chain)[-1]
    root_file = f"{name}.root.pem"
    entry = _entry(name, _copied(source, folder, name), key)
    adding = ring.with_signer if role is KeyRole.CERTIFICATE else ring.with_archive
    ring = adding(entry, datetime.now(UTC)).with_root(root_file)
    write_atomically(folder / root_file, root.public_bytes(Encoding.PEM))
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in key.chain[:-1])
    if chain:
        write_atomically(folder / f"{name}{CHAIN_SUFFIX}", chain)
    write_ring(folder, ring)
    return Imported(entry, fingerprint(root.public_bytes(Encoding.DER)), replaced)


def rotate_signer(authority: Authority) -> SignerEntry:
    """A new demo signer takes over; what the old one signed stays verifiable.

    Raises:
        SignerNotDemo: the signer is no demo key; have a new certificate issued and import it.
    """
    if not authority.demo:
        raise SignerNotDemo
    now = datetime.now(UTC)
    name = _next_name("signer", [one.name for one in authority.ring.signers])
    entry = new_demo_signer(authority.folder, authority.organisation, name, now)
    write_ring(authority.folder, authority.ring.with_signer(entry, now))
    return entry


def rotate_service(authority: Authority) -> str:
    """A new service key takes over; tokens of the old one stay verifiable. Returns its name."""
    now = datetime.now(UTC).replace(microsecond=0)
    name = _next_name("service", [one.name for one in authority.ring.services])
    entry = new_service_key(authority.folder, name, now)
    write_ring(authority.folder, authority.ring.with_service(entry, now))
    return name


def publish(authority: Authority, folder: Path, lang: str = "zh") -> list[Path]:
    """Write root certificates, fingerprints, key set and instructions for readers; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []

    def write(name: str, data: bytes) -> None:
        write_atomically(folder / name, data)
        written.append(folder / name)

    for number, root in enumerate(authority.roots, 1):
        write(f"root-{number}.cer", root.public_bytes(Encoding.DER))
        write(f"root-{number}.pem", root.public_bytes(Encoding.PEM))
    prints = "\n".join(f"SHA-256 {one}" for one in authority.root_fingerprints)
    write("fingerprints.txt", f"{prints}\n".encode())
    write("keys.json", json.dumps(authority.keyset.as_jwks(), indent=2).encode())
    write("README.txt", message("signing", "adobe.text", lang, fingerprints=prints).encode("utf-8"))
    return written


def _ring_for_import(folder: Path, organisation: str, *, keep_demo: bool) -> tuple[Ring, bool]:
    """The ring to add to: the one that is there, or a new one without demo keys."""
    present = read_ring(folder) if (folder / RING_NAME).exists() else None
    if present is None and keep_demo:
        present = demo_authority(folder).ring
    if present is not None and (keep_demo or not present.demo):
        return present, False
    if present is not None:
        shutil.copy2(folder / RING_NAME, folder / DEMO_RING_NAME)
    taken = [path.name.removesuffix(".key.pem") for path in folder.glob("service-*.key.pem")]
    service = new_service_key(folder, _next_name("service", taken), datetime.now(UTC).replace(microsecond=0))
    kept = tuple(one for one in present.archives if not one.demo) if present else ()
    ring = Ring(
        demo=False,
        organisation=organisation,
        roots=tuple(f"{one.name}.root.pem" for one in kept),
        signers=(),
        services=(service,),
        archives=kept,
    )
    return ring, present is not None


def _refuse_shared(home: Home, ring: Ring, key: SigningKey, role: KeyRole) -> None:
    """No key and no certificate has both roles, nor may one that says 归档 sign certificates."""
    own = fingerprint(key.certificate.public_bytes(Encoding.DER))
    others = ring.archives if role is KeyRole.CERTIFICATE else ring.signers
    outside = home.section("signing", SigningSettings).key
    same = any(one.fingerprint == own for one in others)
    if role is KeyRole.ARCHIVE and ":" in outside:
        same = same or own in open_authority(home).anchors.signers
    if same or (role is KeyRole.CERTIFICATE and is_for_archives(key.certificate)):
        raise ArchiveKeyShared(subject=subject_text(key.certificate))


def _copied(source: KeySource, folder: Path, name: str) -> tuple[str, str]:
    """Copy a source's files under `name`; its notation and where its pass phrase comes from."""
    match source:
        case Pkcs12Source():
            _copy(source.path, folder / f"{name}.p12")
            return f"pkcs12:{name}.p12", source.passphrase.origin
        case PemSource():
            _copy(source.key, folder / f"{name}.key.pem")
            _copy(source.certificates, folder / f"{name}.cert.pem")
            return f"pem:{name}.key.pem,{name}.cert.pem", source.passphrase.origin
        case TokenSource():
            text = f"pkcs11:{source.module}?token={source.token}&object={source.label}"
            if source.certificates is None:
                return text, source.pin.origin
            _copy(source.certificates, folder / f"{name}.cert.pem")
            return f"{text}&certificates={name}.cert.pem", source.pin.origin


def _copy(path: Path, target: Path) -> None:
    try:
        write_private(target, path.read_bytes())
    except FileExistsError as error:
        raise KeyNameTaken(name=target.name) from error


def _entry(name: str, notation: tuple[str, str], key: SigningKey) -> SignerEntry:
    source, unlock = notation
    return SignerEntry(
        name=name,
        source=source,
        unlock=unlock,
        subject=subject_text(key.certificate),
        since=key.certificate.not_valid_before_utc,
        until=key.certificate.not_valid_after_utc,
        fingerprint=fingerprint(key.certificate.public_bytes(Encoding.DER)),
    )


def _next_name(prefix: str, taken: list[str]) -> str:
    number = len(taken) + 1
    while f"{prefix}-{number}" in taken:
        number += 1
    return f"{prefix}-{number}"
