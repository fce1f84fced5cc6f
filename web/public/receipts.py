"""Verification receipts (核验回执): what was checked when, and the three answers, as a signed PDF.

Nothing is stored. A receipt's number holds the whole answer (moment, verdict, the three codes, which certificate, the
beginning of the file's hash) and a keyed tag that only this site can make; so whoever has the number can ask the site
for page and PDF again, and nobody can invent one. The name on a receipt is masked.
"""

import hashlib
import hmac
import struct
from base64 import b32decode, b32encode
from binascii import Error as Base32Error
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import Final

import pikepdf

from registry.model import Certificate
from registry.recognition import Usable
from registry.register import Register
from registry.verification.answers import FileCode, RegisterCode, Verdict, Verification, good

VERSION: Final = 1
KEYWORD: Final = "zhicheng-receipt:"
_FORM: Final = struct.Struct(">BIHI")
_HASH_BYTES: Final = 10
_TAG_BYTES: Final = 9
_PURPOSE: Final = b"zhicheng receipt 1"
# places are part of the format: new codes may only be added at the end, sixteen at most
_VERDICTS: Final = [
    "genuine",
    "tampered",
    "revoked",
    "suspended",
    "superseded",
    "foreign",
    "unknown",
    "unreadable",
    "registered",
]
_FILES: Final = ["registered", "intact", "tampered", "foreign", "unreadable", "not_presented"]
_REGISTERS: Final = ["valid", "suspended", "revoked", "superseded", "unknown", "copy_expired", "copy_revoked"]
_USABLE: Final = ["usable", "usable_in_league", "not_usable", "undecided", "reconfirm"]
_RADIX: Final = 16
GROUP: Final = 4


@dataclass(frozen=True)
class Receipt:
    """What one receipt says. `hash_start` is the beginning of the file's SHA-256, empty when no file was given."""

    number: str
    checked_at: datetime
    verdict: Verdict
    file: FileCode
    register: RegisterCode
    recognition: Usable
    certificate_id: int | None
    hash_start: str

    @property
    def grouped(self) -> str:
        """The number as people read it aloud."""
        return " ".join(self.number[at : at + GROUP] for at in range(0, len(self.number), GROUP))

    @property
    def by_file(self) -> bool:
        """Whether a file was checked, not only a code."""
        return self.file is not FileCode.NOT_PRESENTED


def receipt_number(register: Register, verification: Verification) -> str:
    """The number of the receipt of a verification."""
    codes = (
        _VERDICTS.index(verification.verdict),
        _FILES.index(verification.file.code),
        _REGISTERS.index(verification.register.code),
        _USABLE.index(verification.recognition.code),
    )
    packed = 0
    for code in codes:
        packed = packed * _RADIX + code
    moment = int(datetime.fromisoformat(verification.checked_at).timestamp())
    certificate = verification.certificate
    body = _FORM.pack(VERSION, moment, packed, certificate.id if certificate else 0)
    body += bytes.fromhex(verification.file.sha256 or "")[:_HASH_BYTES]
    return b32encode(body + _tag(register, body)).decode().rstrip("=")


def read_receipt(register: Register, number: str) -> Receipt | None:
    """What a number says, or None when this site never made it."""
    written = "".join(number.split()).upper()
    try:
        data = b32decode(written + "=" * (-len(written) % 8))
    except (Base32Error, ValueError):
        return None
    body, tag = data[:-_TAG_BYTES], data[-_TAG_BYTES:]
    lengths = (_FORM.size, _FORM.size + _HASH_BYTES)
    if len(body) not in lengths or not hmac.compare_digest(tag, _tag(register, body)):
        return None
    if b32encode(data).decode().rstrip("=") != written:
        return None
    version, moment, packed, certificate_id = _FORM.unpack_from(body)
    if version != VERSION:
        return None
    codes = [packed >> shift & (_RADIX - 1) for shift in (12, 8, 4, 0)]
    return Receipt(
        number=written,
        checked_at=datetime.fromtimestamp(moment, UTC),
        verdict=_verdict(Verdict(_VERDICTS[codes[0]]), FileCode(_FILES[codes[1]])),
        file=FileCode(_FILES[codes[1]]),
        register=RegisterCode(_REGISTERS[codes[2]]),
        recognition=Usable(_USABLE[codes[3]]),
        certificate_id=certificate_id or None,
        hash_start=body[_FORM.size :].hex(),
    )


def _verdict(kept: Verdict, file: FileCode) -> Verdict:
    """Receipts of an earlier release say `genuine` of a code alone, too."""
    return good(file) if kept is Verdict.GENUINE else kept


def certificate_of(register: Register, receipt: Receipt) -> Certificate | None:
    """The certificate that a receipt speaks of, as the register has it now."""
    return register.lookup.by_id(receipt.certificate_id) if receipt.certificate_id else None


def receipt_in(register: Register, verification: Verification, data: bytes) -> Receipt | None:
    """The receipt that an unchanged file signed by this authority is; None for every other file."""
    if not is_paper(verification):
        return None
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            keywords = str(pdf.docinfo.get("/Keywords", ""))
    except pikepdf.PdfError:
        return None
    found = next((word for word in keywords.split() if word.startswith(KEYWORD)), "")
    return read_receipt(register, found.removeprefix(KEYWORD)) if found else None


def is_paper(verification: Verification) -> bool:
    """Whether this authority signed the file as a paper; with the certificate key before it had another one."""
    file = verification.file
    return file.is_archived or (file.sound and verification.certificate is None)


def _tag(register: Register, body: bytes) -> bytes:
    return hmac.digest(_tag_key(register.vault.list_key), body, hashlib.sha256)[:_TAG_BYTES]


@lru_cache(8)
def _tag_key(list_key: bytes) -> bytes:
    return hmac.digest(list_key, _PURPOSE, hashlib.sha256)
