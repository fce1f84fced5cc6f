"""The press (制证机): facts in, finished signed PDF out, at the speed of the signature rather than of page layout.

Per certificate it sets the variable texts, cuts the few glyphs they need, adds code, photo, credential and metadata
behind the plan's frozen bytes, and lets the signer sign. One revision; nothing is parsed or written twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from isal import isal_zlib

from generator.certificate.drawing.curves import number, numbers, rgb
from generator.certificate.drawing.page import page_slots
from generator.certificate.drawing.tagging import pdf_text
from generator.certificate.errors import CertificateError
from generator.certificate.face.face import CertificateFace, Text
from generator.certificate.face.placeholders import Piece, Template, parse, sentences, values
from generator.certificate.parts import (
    CertificateFacts,
    DigestSigner,
    IssueMarks,
    PressedCertificate,
    SealAppearance,
)
from generator.certificate.pdf.fontobjects import base_font, composite, descriptor, font_bytes
from generator.certificate.pdf.metadata import information, pdf_moment, xmp
from generator.certificate.pdf.painting import Brush, FontCase, FontUse, Operators
from generator.certificate.pdf.photo import Photo, prepare_photo
from generator.certificate.pdf.qr import QUIET_MODULES, QrBatch, qr_batch
from generator.certificate.pdf.writing import Parts, Tail, Unsigned
from generator.certificate.plan import PressPlan, make_plan
from generator.certificate.typesetting.filling import fillers
from generator.certificate.typesetting.fitting import make_slot, set_pieces
from generator.layout.text.errors import Undrawable
from generator.layout.text.fonts import FontBook
from generator.layout.tree import Align, Role
from generator.layout.units import Length, Mm, Pt

COMPRESSION: Final = 0  # of isal: a third faster than 1, half a kilobyte more
CREDENTIAL_NAME: Final = "credential.jwt"
CREDENTIAL_TYPE: Final = "application#2Fjwt"
SUB_FILTER: Final = "ETSI.CAdES.detached"  # PAdES, ETSI EN 319 142-1
DOC_MDP: Final = (
    "/Reference[<</Type/SigRef/TransformMethod/DocMDP"
    "/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]"
)  # P 1: no changes at all, ISO 32000-1 12.8.2.2
NOTE_SIZE: Final = Pt(9)
CROP_LOW: Final = 0.6  # share of what is cut off a tall photo that goes at the bottom


class Sheet(NamedTuple):
    """A composed certificate that waits for its signature; without one it is finished already."""

    number: str
    signed_at: datetime
    body: Unsigned | tuple[Parts, str]


class Press:
    """Makes certificates of one face, one seal and one signer. Cheap to build from a plan in every process."""

    def __init__(self, plan: PressPlan, signer: DigestSigner | None) -> None:
        self.plan = plan
        self.signer = signer if plan.signed else None
        self.fonts = FontBook.default(plan.fonts_folder)
        self._case = FontCase(plan.frozen)
        slots = zip(page_slots(plan.face, self.fonts), plan.marks.texts, strict=True)
        variable = [(slot, mark.opening()) for slot, mark in slots if not slot.constant]
        self._fillers = fillers(variable, plan.face.wording, self._case)
        self._hash = hashlib.sha256(plan.prefix)
        self._title = parse(plan.face.wording.title)
        self._no_photo = self._photo_note()

    @classmethod
    def of(cls, face: CertificateFace, seal: SealAppearance, signer: DigestSigner, *, sample: bool) -> Press:
        """A press with a plan of its own, for a single process."""
        return cls(make_plan(face, seal, sample=sample), signer)

    def _photo_note(self) -> Operators:
        """What stands in the frame when there is no photo."""
        photo, inset = self.plan.face.photo, Mm(1)
        note = Text(
            id="photo_missing",
            content=photo.missing,
            x=Length(photo.x + inset),
            y=Length(photo.y + inset),
            width=Length(photo.width - 2 * inset),
            height=Length(photo.height - 2 * inset),
            role=Role.KAI,
            size=NOTE_SIZE,
            align=Align.CENTER,
            colour="label",
        )
        slot = make_slot(note, self.plan.face, self.fonts)
        return self._case.operators(
            set_pieces(slot, [Piece(photo.missing, None)]), self.plan.marks.photo.opening()
        )

    def make(
        self,
        facts: CertificateFacts,
        marks: IssueMarks,
        *,
        signed_at: datetime,
        credential: str | None = None,
        photo: bytes | None = None,
    ) -> PressedCertificate:
        """Make one certificate: `compose` and `finish` in one.

        Raises:
            TextTooLong, Undrawable, PhotoUnusable, QrUnsuitable: see `compose`.
            SignatureTooLong: see `finish`.
        """
        sheet = self.compose(facts, marks, signed_at=signed_at, credential=credential, photo=photo)
        return self.finish(sheet, self.signature(sheet))

    def compose(
        self,
        facts: CertificateFacts,
        marks: IssueMarks,
        *,
        signed_at: datetime,
        credential: str | None = None,
        photo: bytes | None = None,
    ) -> Sheet:
        """Everything but the signature. `signed_at` is aware; `credential` is the compact token to embed.

        Whoever makes many certificates composes some, asks for their signatures, then finishes them: one kind of work
        after another keeps what it needs in the processor's caches.

        Raises:
            TextTooLong: a text does not fit its box in the smallest size.
            Undrawable: a character has no glyph in any face.
            PhotoUnusable: the photo is no usable picture.
            QrUnsuitable: the address cannot go into the code.
        """
        face = self.plan.face
        words = values(facts, marks, face.wording)
        phrases = sentences(facts, marks, face.wording)
        picture = prepare_photo(photo, face.photo.width, face.photo.height) if photo else None
        brush = Brush(self._case)
        try:
            self.set_texts(brush, words, phrases)
        except (Undrawable, CertificateError) as error:
            raise _located(error, facts) from error
        self._draw_photo(brush, picture)
        self._draw_code(brush, marks.url)
        brush.literal(self.plan.seal)
        tail = self._tail(brush, picture)
        title = self._title.text(words, phrases)
        return Sheet(marks.number, signed_at, self._close(tail, facts, marks, title, signed_at, credential))

    def signature(self, sheet: Sheet) -> bytes:
        """What the signer makes for a composed sheet; empty for a press without signatures."""
        if self.signer is None or not isinstance(sheet.body, Unsigned):
            return b""
        return self.signer.sign_digest(sheet.body.digest, sheet.signed_at)

    def finish(self, sheet: Sheet, signature: bytes) -> PressedCertificate:
        """The certificate with its signature.

        Raises:
            SignatureTooLong: the signer returned more than it announced.
        """
        parts, sha256 = sheet.body.signed(signature) if isinstance(sheet.body, Unsigned) else sheet.body
        return PressedCertificate(sheet.number, parts, sha256)

    def set_texts(self, brush: Brush, words: Mapping[str, str], phrases: Mapping[str, Template]) -> None:
        """Draw the variable texts; one whose `when` has no value stays empty.

        Raises:
            TextTooLong, Undrawable: see `make`.
        """
        for filler in self._fillers:
            filler.draw(brush, words, phrases)

    def _draw_photo(self, brush: Brush, picture: Photo | None) -> None:
        box, height = self.plan.face.photo, float(self.plan.face.page.height)
        x, y = float(box.x), height - float(box.y + box.height)
        wide, high = float(box.width), float(box.height)
        if picture is None:
            brush.text(self._no_photo)
            return
        scale = max(wide / picture.width, high / picture.height)
        w, h = picture.width * scale, picture.height * scale
        clip = f"{numbers(x, y, wide, high)} re W n"
        place = f"{number(w)} 0 0 {number(h)} {numbers(x - (w - wide) / 2, y - (h - high) * CROP_LOW)} cm"
        brush.literal(f"{self.plan.marks.photo.opening()}\nq {clip} {place} /Photo Do Q\nEMC")

    def _draw_code(self, brush: Brush, url: str) -> None:
        place, height = self.plan.face.qr, float(self.plan.face.page.height)
        codes = _codes(url)
        module = float(place.size) / (codes.modules + 2 * QUIET_MODULES)
        x = float(place.x) + QUIET_MODULES * module
        y = height - float(place.y + place.size) + QUIET_MODULES * module
        brush.literal(
            f"{self.plan.marks.code.opening()}\nq {rgb(self.plan.face.colour(place.colour))} rg "
            f"{module:.5f} 0 0 {module:.5f} {numbers(x, y)} cm\n{codes.path(url)}f Q\nEMC"
        )

    def _tail(self, brush: Brush, picture: Photo | None) -> Tail:
        plan, variable = self.plan, self.plan.variable
        tail = Tail(plan.prefix, plan.entries, self._hash, variable.free)
        content = isal_zlib.compress(brush.content(), COMPRESSION)
        tail.add_stream(b"/Filter/FlateDecode", content, variable.content)
        fonts = [f"/{use.resource} {_add_font(tail, use)} 0 R" for use in brush.fonts.values()]
        tail.add(f"<<{plan.font_entries}{''.join(fonts)}>>".encode("ascii"), variable.fonts)
        photo = f"/Photo {_add_photo(tail, picture)} 0 R" if picture else ""
        tail.add(f"<<{plan.picture_entries}{photo}>>".encode("ascii"), variable.pictures)
        return tail

    def _close(
        self,
        tail: Tail,
        facts: CertificateFacts,
        marks: IssueMarks,
        title: str,
        moment: datetime,
        credential: str | None,
    ) -> Unsigned | tuple[Parts, str]:
        plan, subject = self.plan, marks.number
        packet = xmp(
            title=title,
            author=facts.authority,
            subject=subject,
            number=marks.number,
            language=plan.face.page.language,
            moment=moment,
        )
        metadata = tail.add_stream(b"/Type/Metadata/Subtype/XML", packet)
        info = tail.add(
            information(title=title, author=facts.authority, subject=subject, moment=moment).encode("ascii")
        )
        attached = _attach(tail, credential, moment) if credential else ""
        certified = f"/Perms<</DocMDP {plan.variable.signature} 0 R>>" if self.signer else ""
        root = tail.add(f"<<{plan.catalog}/Metadata {metadata} 0 R{attached}{certified}>>".encode("ascii"))
        identifier = hashlib.sha256(f"{marks.number} {marks.code}".encode()).hexdigest()[:32]
        trailer = (root, info, identifier)
        if self.signer is None:
            tail.add(b"null", plan.variable.signature)
            return tail.finish(*trailer)
        return tail.close(
            _signature(facts.authority, moment), plan.variable.signature, trailer, self.signer.cms_size
        )


def _codes(url: str) -> QrBatch:
    """The codes of all addresses that differ only behind the last slash."""
    return qr_batch(url[: url.rfind("/") + 1], len(url))


@lru_cache(maxsize=64)
def _signature(authority: str, moment: datetime) -> bytes:
    return (
        f"/Type/Sig/Filter/Adobe.PPKLite/SubFilter/{SUB_FILTER}/M{pdf_moment(moment)}"
        f"/Name{pdf_text(authority)}{DOC_MDP}"
    ).encode("ascii")


def _add_font(tail: Tail, use: FontUse) -> int:
    base, (program, unicode, widths) = base_font(use), font_bytes(use)
    file = tail.add_stream(
        b"/Length1 %d" % len(program), program
    )  # packing a few KB costs more than it saves
    about = tail.add(descriptor(base, use.sliced.face, file))
    return tail.add(composite(base, widths, about, tail.add_stream(b"", unicode)))


def _add_photo(tail: Tail, picture: Photo) -> int:
    return tail.add_stream(
        (
            f"/Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}"
            f"/ColorSpace{picture.colour_space}/BitsPerComponent 8/Filter/DCTDecode"
        ).encode("ascii"),
        picture.data,
    )


def _attach(tail: Tail, credential: str, moment: datetime) -> str:
    """The credential as an associated file (PDF/A-3, ISO 19005-3 6.8); returns the catalogue's entries."""
    data = credential.encode("ascii")
    about = f"/Type/EmbeddedFile/Subtype/{CREDENTIAL_TYPE}/Params<</Size {len(data)}/ModDate{pdf_moment(moment)}>>"
    specification = tail.add(_file_specification(tail.add_stream(about.encode("ascii"), data)))
    return (
        f"/Names<</EmbeddedFiles<</Names[({CREDENTIAL_NAME}) {specification} 0 R]>>>>/AF[{specification} 0 R]"
    )


@lru_cache(maxsize=64)
def _file_specification(file: int) -> bytes:
    return (
        f"<</Type/Filespec/F({CREDENTIAL_NAME})/UF({CREDENTIAL_NAME})/AFRelationship/Data"
        f"/Desc{pdf_text('机读凭证')}/EF<</F {file} 0 R/UF {file} 0 R>>>>"
    ).encode("ascii")


def _located(error: Undrawable | CertificateError, facts: CertificateFacts) -> Undrawable | CertificateError:
    """The same error with the person it was met at."""
    if isinstance(error, Undrawable):
        return error.located(person=facts.application_number)
    return type(error)(**{**error.data, "person": facts.application_number})
