"""Files that a register was asked about: a sound signature over other bytes, and a known hash over a broken file."""

from io import BytesIO

import pikepdf
from hostile_base import ATTACKS, Attack, Base, Builder, flip, gap, page_number, revise, stream, with_cms
from hostile_catalogues import _into_store
from hostile_fields import _rectangle
from hostile_revisions import _stamped
from hostile_tails import forged

from signing.keys.certificate_key import certificate_key
from signing.pades.extending import extend
from signing.pades.sign import SigningPlan, sign_pdf
from signing.validate import Code, Verdict
from signing.validate.steps.slots import find_slots


def _asked(known: bool, name: str, what: str, verdict: Verdict, code: Code | None, build: Builder) -> None:
    ATTACKS.append(Attack(name, "register asked", what, verdict, code, build, known))


def _ends(data: bytes) -> list[int]:
    return [slot.end for slot in find_slots(data)]


def _again(data: bytes, base: Base) -> bytes:
    return extend(data, base.bought, base.trust.roots, base.revocation(base.authority))


def _second_certification(base: Base) -> bytes:
    """By our own key, as the ordinary way of signing would; it refuses, so the first one is made to allow changes."""
    plan = SigningPlan(certify=False, field_name="Second")
    loose = sign_pdf(base.plain, certificate_key(base.authority), base.now, SigningPlan(certify=False))
    return sign_pdf(loose, certificate_key(base.authority), base.now, plan)


def _other_page(base: Base) -> bytes:
    number = page_number(base.archived)
    return _stamped(revise(base.archived, {number: b"<</Type/Page>>", 900: stream(b"FORGED")}), base)


def _saved(base: Base) -> bytes:
    buffer = BytesIO()
    with pikepdf.open(BytesIO(base.archived)) as pdf:
        pdf.save(buffer)
    return buffer.getvalue()


SOUND: dict[str, tuple[str, Builder]] = {
    "archived_cut_at_its_first_end": (
        "The archived certificate cut at its first %%EOF",
        lambda b: b.archived[: _ends(b.archived)[0]],
    ),
    "renewed_cut_at_its_second_end": (
        "The renewed certificate without its last time-stamp",
        lambda b: b.renewed[: _ends(b.renewed)[1]],
    ),
    "renewed_cut_at_its_first_end": (
        "The renewed certificate without any",
        lambda b: b.renewed[: _ends(b.renewed)[0]],
    ),
    "stamped_archive_cut": (
        "A B-T certificate's archive cut at its first %%EOF",
        lambda b: b.stamped_archived[: _ends(b.stamped_archived)[0]],
    ),
    "archived_by_somebody": ("Store and time-stamp rightly added, by anybody", lambda b: _again(b.good, b)),
    "stamped_archived_by_somebody": ("The same with a B-T certificate", lambda b: _again(b.stamped, b)),
    "archive_renewed_by_somebody": (
        "A further time-stamp rightly added, by anybody",
        lambda b: _again(b.archived, b),
    ),
    "never_registered": ("Signed by the right key, never registered", lambda b: b.other),
    "unregistered_document": ("An ordinary document that was signed with the key", lambda b: b.loose),
}
UNKNOWN: dict[str, tuple[str, Builder]] = {
    "plain_stamp_of_somebody": ("A plain time-stamp added by anybody", lambda b: _stamped(b.good, b)),
    "plain_stamp_on_a_stamped_file": (
        "A plain time-stamp on a B-T certificate",
        lambda b: _stamped(b.stamped, b),
    ),
    "plain_stamp_on_the_archive": ("A plain time-stamp on the archive", _other_page),
    "two_signatures_of_ours": ("Two signatures with our key", _second_certification),
    "archive_saved_again": ("The archive saved by another program", _saved),
    "archive_cut_in_the_middle": (
        "The archive cut in the middle of its store",
        lambda b: b.archived[: len(b.good) + 3000],
    ),
    "archive_without_its_last_byte": ("The archive without its last byte", lambda b: b.archived[:-1]),
    "archive_with_its_last_byte_doubled": (
        "The archive with one more line end",
        lambda b: b.archived + b"\n",
    ),
    "archive_doubled": (
        "The archive's last revision twice",
        lambda b: b.archived + b.archived[len(b.good) :],
    ),
    "archive_of_another": (
        "The archive's last revision behind another certificate",
        lambda b: b.other + b.archived[len(b.good) :],
    ),
}
BROKEN: dict[str, tuple[str, Builder]] = {
    "one_bit_of_the_page": ("One bit of the page", lambda b: flip(b.good, 3000)),
    "a_line_end": ("One more line end", lambda b: b.good + b"\n"),
    "a_forged_page": (
        "Another page behind it",
        lambda b: revise(b.good, {page_number(b.good): b"<</Type/Page>>"}),
    ),
    "a_strangers_signature": ("A stranger's signature", lambda b: b.signed_by_stranger(b.plain)),
    "no_signature": ("No signature", lambda b: b.plain),
    "an_empty_signature": ("Zeros for a signature", lambda b: with_cms(b.good, b"\x30\x00")),
    "rubbish": ("No PDF", lambda b: b"rubbish" * 100),
    "a_damaged_file": ("A damaged PDF", lambda b: b"%PDF-1.7\n" + bytes(100)),
    "a_visible_field": ("A visible time-stamp", lambda b: forged(b, _rectangle(b"[ null 330 842 430 ]"))),
    "a_strangers_certificate": (
        "A stranger's certificate in the store",
        lambda b: forged(b, _into_store(lambda one: one.stranger.anchors.roots[0])),
    ),
    "a_plain_stamp": ("A plain time-stamp", lambda b: _stamped(b.good, b)),
    "a_filled_gap": (
        "Rubbish in the signature's gap",
        lambda b: b.loose[: gap(b.loose)[1] - 9] + b"DEADBEEF" + b.loose[gap(b.loose)[1] - 1 :],
    ),
    "a_credential_of_a_stranger": (
        "A credential of another key",
        lambda b: b.pressed(service=b.stranger.service),
    ),
    "an_uncertified_signature": (
        "Our signature that allows changes",
        lambda b: sign_pdf(b.plain, certificate_key(b.authority), b.now, SigningPlan(certify=False)),
    ),
}
RIGHT: dict[str, tuple[str, Builder]] = {
    "certificate": ("The certificate as issued", lambda b: b.good),
    "stamped_certificate": ("The certificate of level B-T as issued", lambda b: b.stamped),
    "archived_certificate": ("The certificate as archived", lambda b: b.archived),
    "stamped_archived_certificate": (
        "The certificate of level B-T as archived",
        lambda b: b.stamped_archived,
    ),
    "renewed_certificate": ("The certificate as renewed", lambda b: b.renewed),
    "certificate_after_its_renewal": (
        "A copy that the holder fetched before the renewal",
        lambda b: b.renewed[: len(b.archived)],
    ),
}

for key, (words, maker) in SOUND.items():
    _asked(
        False,
        f"unknown_{key}",
        f"{words}; the register does not know it",
        Verdict.TAMPERED,
        Code.NOT_REGISTERED,
        maker,
    )
for key, (words, maker) in UNKNOWN.items():
    verdict = Verdict.FOREIGN if key == "two_signatures_of_ours" else Verdict.TAMPERED
    _asked(False, f"unknown_{key}", f"{words}; the register does not know it", verdict, None, maker)
for key, (words, maker) in BROKEN.items():
    code = Code.REGISTER_CONTRADICTED
    _asked(
        True,
        f"known_hash_of_{key}",
        f"{words}, and the register knows the hash",
        Verdict.TAMPERED,
        code,
        maker,
    )
for key, (words, maker) in RIGHT.items():
    _asked(
        True,
        f"known_{key}",
        f"Harmless: {words[0].lower()}{words[1:]}",
        Verdict.GENUINE,
        Code.REGISTER_HASH,
        maker,
    )
