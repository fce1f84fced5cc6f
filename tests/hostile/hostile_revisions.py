"""Attacks behind the signature: appended bytes, incremental saving, shadow attacks, wrapping, time-stamps."""

import re
from io import BytesIO

from hostile_base import (
    Base,
    attack,
    cms_of,
    flip,
    gap,
    last_startxref,
    object_text,
    page_number,
    revise,
    root_number,
    signature_number,
    stream,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfTimeStamper

from signing.keys.certificate_key import certificate_key
from signing.pades.extending import QuietWriter, extend
from signing.pades.pyhanko_bridge import key_signer
from signing.timestamp.bridge import BridgeTimestamper
from signing.validate import Code, Verdict
from signing.validate.steps.slots import find_slots

TAIL, REVISION, SHADOW, WRAPPING, STAMPS = "tail", "incremental saving", "shadow", "wrapping", "time-stamps"
TAMPERED, FOREIGN = Verdict.TAMPERED, Verdict.FOREIGN
FORGED_PAGE = b"BT /F1 40 Tf 100 300 Td (FORGED) Tj ET 0 0 600 400 re f"


def forged_page(base: Base) -> dict[int, bytes]:
    """Objects that replace what the page shows."""
    number = page_number(base.good)
    body = object_text(base.good, number)
    body = re.sub(rb"/Contents ?(\[[^\]]*\]|\d+ 0 R)", b"/Contents 900 0 R", body)
    return {number: body, 900: stream(FORGED_PAGE)}


def root_with(base: Base, entries: bytes, without: bytes = b"") -> dict[int, bytes]:
    """The catalogue with more entries (and one taken away)."""
    number = root_number(base.good)
    body = object_text(base.good, number)
    if without:
        body = re.sub(without, b"", body, flags=re.DOTALL)
    assert body.endswith(b">>")
    return {number: body[:-2] + entries + b">>"}


@attack(TAIL, TAMPERED, Code.BYTES_APPENDED)
def line_end_appended(base: Base) -> bytes:
    """One more line end."""
    return base.good + b"\n"


@attack(TAIL, TAMPERED, Code.BYTES_APPENDED)
def zero_byte_appended(base: Base) -> bytes:
    """One zero byte."""
    return base.good + b"\x00"


@attack(TAIL, TAMPERED)
def comment_appended(base: Base) -> bytes:
    """A comment and a second %%EOF."""
    return base.good + b"% nothing\n%%EOF\n"


@attack(TAIL, TAMPERED)
def object_behind_the_end(base: Base) -> bytes:
    """A page object behind %%EOF that no table names."""
    return base.good + b"%d 0 obj\n<</Type/Page>>\nendobj\n" % page_number(base.good)


@attack(TAIL, TAMPERED, Code.BYTES_APPENDED)
def bogus_trailer_without_eof(base: Base) -> bytes:
    """The page redefined, a bogus table and trailer, no %%EOF: viewers repair it and show the forgery."""
    return revise(base.good, forged_page(base), ending=b"")


@attack(TAIL, TAMPERED)
def second_certificate_appended(base: Base) -> bytes:
    """Two whole certificates in one file."""
    return base.good + base.other


@attack(TAIL, TAMPERED)
def unsigned_document_appended(base: Base) -> bytes:
    """An unsigned document behind the certificate; the last trailer wins in some viewers."""
    return base.good + base.plain


@attack(TAIL, TAMPERED)
def zip_archive_appended(base: Base) -> bytes:
    """A program hidden behind the certificate."""
    return base.good + b"PK\x03\x04" + bytes(100)


@attack(REVISION, TAMPERED)
def page_replaced(base: Base) -> bytes:
    """Incremental saving with another page content."""
    return revise(base.good, forged_page(base))


@attack(REVISION, TAMPERED)
def empty_revision(base: Base) -> bytes:
    """Incremental saving of nothing."""
    return revise(base.good, {})


@attack(REVISION, TAMPERED)
def page_added(base: Base) -> bytes:
    """A second page before the first."""
    pages = re.search(rb"/Pages (\d+) 0 R", object_text(base.good, root_number(base.good)))
    assert pages is not None
    number, page = int(pages[1]), page_number(base.good)
    kids = b"<</Type/Pages/Count 2/Kids[901 0 R %d 0 R]>>" % page
    new = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 842 595]/Contents 900 0 R>>" % number
    return revise(base.good, {number: kids, 901: new, 900: stream(FORGED_PAGE)})


@attack(REVISION, TAMPERED)
def note_over_the_name(base: Base) -> bytes:
    """A free-text annotation that covers the holder's name."""
    number = page_number(base.good)
    note = b"<</Type/Annot/Subtype/FreeText/Rect[100 200 500 300]/Contents(FORGED)/DA(/Helv 20 Tf)>>"
    body = re.sub(rb"/Annots ?\[", b"/Annots[900 0 R ", object_text(base.good, number))
    return revise(base.good, {number: body, 900: note})


@attack(REVISION, TAMPERED)
def form_exchanged(base: Base) -> bytes:
    """Another AcroForm without the signature field."""
    return revise(base.good, root_with(base, b"/AcroForm<</Fields[]>>", rb"/AcroForm ?(<<.*?>>|\d+ 0 R)"))


@attack(REVISION, TAMPERED)
def appearance_of_the_seal_exchanged(base: Base) -> bytes:
    """The seal's drawing is redefined by its object number."""
    found = re.search(rb"/AP ?<</N (\d+) 0 R>>", base.good)
    assert found is not None
    body = stream(FORGED_PAGE, b"/Type/XObject/Subtype/Form/BBox[0 0 119 119]")
    return revise(base.good, {int(found[1]): body})


@attack(REVISION, TAMPERED)
def metadata_exchanged(base: Base) -> bytes:
    """The whole XMP replaced."""
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
    found = re.search(rb"/Metadata (\d+) 0 R", object_text(base.good, root_number(base.good)))
    assert found is not None
    return revise(base.good, {int(found[1]): stream(xmp, b"/Type/Metadata/Subtype/XML")})


@attack(REVISION, TAMPERED)
def credential_exchanged(base: Base) -> bytes:
    """The attachment redefined with another genuine credential."""
    token = re.search(rb"eyJ[\w.-]{200,}", base.other)
    found = re.search(rb"/EF ?<</F (\d+) 0 R", base.good)
    assert token is not None
    assert found is not None
    return revise(base.good, {int(found[1]): stream(token[0], b"/Type/EmbeddedFile")})


@attack(REVISION, TAMPERED)
def script_on_opening(base: Base) -> bytes:
    """JavaScript added as the opening action."""
    return revise(base.good, root_with(base, b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"))


@attack(REVISION, TAMPERED)
def xfa_form_added(base: Base) -> bytes:
    """An XFA form that Reader would draw instead of the page."""
    form = b"/AcroForm<</Fields[]/XFA 900 0 R>>"
    objects = root_with(base, form, rb"/AcroForm ?(<<.*?>>|\d+ 0 R)")
    return revise(base.good, {**objects, 900: stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")})


@attack(REVISION, TAMPERED)
def launch_action_added(base: Base) -> bytes:
    """A link that starts a program."""
    return revise(base.good, root_with(base, b"/OpenAction<</S/Launch/F(cmd.exe)>>"))


@attack(REVISION, TAMPERED)
def certification_taken_out_of_the_catalogue(base: Base) -> bytes:
    """/Perms removed by a revision, so that changes seem allowed."""
    return revise(base.good, {**root_with(base, b"", rb"/Perms ?<<.*?>>"), **forged_page(base)})


@attack(REVISION, TAMPERED)
def signature_field_emptied(base: Base) -> bytes:
    """The signature dictionary redefined as null."""
    return revise(base.good, {signature_number(base.good): b"null"})


@attack(REVISION, TAMPERED)
def second_signature_of_a_stranger(base: Base) -> bytes:
    """A stranger's approval signature behind ours."""

    class Careless(signers.PdfSigner):
        """Signs although the certification forbids it."""

        def _enforce_certification_constraints(self, reader: object) -> None:
            pass

    meta = signers.PdfSignatureMetadata(
        field_name="S2", md_algorithm="sha256", signer_key_usage={"digital_signature"}
    )
    signer = Careless(meta, key_signer(certificate_key(base.stranger)), new_field_spec=SigFieldSpec("S2"))
    return bytes(signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(base.good))).getvalue())


@attack(REVISION, TAMPERED)
def revision_with_a_cross_reference_stream(base: Base) -> bytes:
    """The page replaced, listed in a cross-reference stream instead of a table."""
    objects = forged_page(base)
    out, rows, index = base.good, b"", b""
    for number, body in sorted(objects.items()):
        rows += b"\x01" + len(out).to_bytes(4) + b"\x00"
        index += b"%d 1 " % number
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    entries = b"/Type/XRef/W[1 4 1]/Index[%b]/Size 950/Root %d 0 R/Prev %d" % (
        index,
        root_number(base.good),
        last_startxref(base.good),
    )
    out += b"949 0 obj\n%b\nendobj\n" % stream(rows, entries)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


@attack(REVISION, TAMPERED)
def revision_with_hybrid_references(base: Base) -> bytes:
    """A table whose trailer points to a hidden cross-reference stream."""
    return revise(base.good, forged_page(base), trailer=b"/XRefStm 15")


@attack(SHADOW, TAMPERED)
def shadow_hide(base: Base) -> bytes:
    """A layer that hid other content is switched off after signing."""
    layer = b"/OCProperties<</OCGs[900 0 R]/D<</OFF[900 0 R]/Order[]>>>>"
    return revise(base.good, {**root_with(base, layer), 900: b"<</Type/OCG/Name(x)>>"})


@attack(SHADOW, TAMPERED)
def shadow_replace(base: Base) -> bytes:
    """A font is redefined so that the same codes show other characters."""
    found = re.search(rb"/FontFile2 (\d+) 0 R", base.good)
    assert found is not None
    return revise(base.good, {int(found[1]): stream(b"\x00\x01\x00\x00")})


@attack(SHADOW, TAMPERED)
def shadow_hide_and_replace(base: Base) -> bytes:
    """The catalogue is exchanged for a prepared one with other pages."""
    number = root_number(base.good)
    body = re.sub(rb"/Pages \d+ 0 R", b"/Pages 901 0 R", object_text(base.good, number))
    pages = {
        901: b"<</Type/Pages/Count 1/Kids[902 0 R]>>",
        902: b"<</Type/Page/Parent 901 0 R/MediaBox[0 0 842 595]/Contents 900 0 R>>",
        900: stream(FORGED_PAGE),
    }
    return revise(base.good, {number: body, **pages})


@attack(WRAPPING, TAMPERED)
def wrapped_signature(base: Base) -> bytes:
    """The signed parts kept, a new signature dictionary points around the forgery between them."""
    start, end = gap(base.good)
    forged = b"".join(b"%d 0 obj\n%b\nendobj\n" % item for item in forged_page(base).items())
    fake = b"/ByteRange[0 %010d %010d %010d]" % (start, end + len(forged), len(base.good) - end)
    inside = forged[: -len(fake)] if len(forged) > len(fake) else forged
    return base.good[:end] + inside + fake + base.good[end:]


@attack(WRAPPING, TAMPERED)
def signature_dictionary_redefined(base: Base) -> bytes:
    """A later signature dictionary with the old signature and a ByteRange over the old file only."""
    start, end = gap(base.good)
    body = (
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 %d %d %d]/Contents<%b>>>"
        % (
            start,
            end,
            len(base.good) - end,
            cms_of(base.good).hex().upper().encode(),
        )
    )
    return revise(base.good, {signature_number(base.good): body, **forged_page(base)})


@attack(WRAPPING, TAMPERED)
def byte_range_missing(base: Base) -> bytes:
    """Universal forgery: a signature dictionary without ByteRange (some readers then skip the check)."""
    body = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Contents<%b>>>"
    hexadecimal = cms_of(base.good).hex().upper().encode()
    return revise(base.good, {signature_number(base.good): body % hexadecimal, **forged_page(base)})


@attack(WRAPPING, TAMPERED)
def contents_missing(base: Base) -> bytes:
    """Universal forgery: a signature dictionary with /Contents null."""
    start, end = gap(base.good)
    body = b"<</Type/Sig/ByteRange[0 %d %d %d]/Contents null>>" % (start, end, len(base.good) - end)
    return revise(base.good, {signature_number(base.good): body, **forged_page(base)})


@attack(WRAPPING, TAMPERED)
def subfilter_unknown(base: Base) -> bytes:
    """Universal forgery: a signature of a kind that no reader knows."""
    start, end = gap(base.good)
    body = b"<</Type/Sig/SubFilter/none.of.yours/ByteRange[0 %d %d %d]/Contents<00>>>"
    body %= (start, end, len(base.good) - end)
    return revise(base.good, {signature_number(base.good): body, **forged_page(base)})


@attack(STAMPS, FOREIGN, Code.TIMESTAMP_UNTRUSTED)
def time_stamp_of_a_stranger(base: Base) -> bytes:
    """A document time-stamp of an authority that nobody pinned."""
    roots = (*base.trust.roots, *base.stranger.anchors.roots)
    ours, theirs = base.revocation(base.authority), base.revocation(base.stranger)
    both = type(ours)(ours.crls + theirs.crls)
    return extend(base.good, base.stamper(base.stranger), roots, both)


@attack(STAMPS, TAMPERED)
def page_replaced_and_time_stamped(base: Base) -> bytes:
    """The forgery sealed by a trusted time-stamp, which anybody can get."""
    forged = revise(base.loose, {page_number(base.loose): b"<</Type/Page>>"})
    return _stamped(forged, base)


@attack(STAMPS, TAMPERED)
def hidden_object_time_stamped(base: Base) -> bytes:
    """An unlisted object between the revisions, sealed by a trusted time-stamp."""
    number = page_number(base.good)
    return _stamped(revise(base.good, {}, hidden=b"%d 0 obj\n<</Type/Page>>\nendobj\n" % number), base)


@attack(STAMPS, TAMPERED)
def metadata_exchanged_and_time_stamped(base: Base) -> bytes:
    """The whole XMP replaced, sealed by a trusted time-stamp."""
    return _stamped(metadata_exchanged(base), base)


@attack(STAMPS, TAMPERED)
def metadata_redirected_and_time_stamped(base: Base) -> bytes:
    """The catalogue points to another XMP, sealed by a trusted time-stamp."""
    objects = root_with(base, b"/Metadata 900 0 R", rb"/Metadata \d+ 0 R")
    body = stream(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", b"/Type/Metadata/Subtype/XML")
    return _stamped(revise(base.good, {**objects, 900: body}), base)


@attack(STAMPS, TAMPERED)
def information_exchanged_and_time_stamped(base: Base) -> bytes:
    """Title and author in /Info replaced, sealed by a trusted time-stamp."""
    found = re.search(rb"/Info (\d+) 0 R", base.good)
    assert found is not None
    return _stamped(revise(base.good, {int(found[1]): b"<</Title(FORGED)>>"}), base)


def _stamped(data: bytes, base: Base) -> bytes:
    """A document time-stamp over whatever it is."""
    stamper = PdfTimeStamper(BridgeTimestamper(base.stamper(base.authority)))
    return bytes(stamper.timestamp_pdf(QuietWriter(BytesIO(data)), "sha256").getvalue())


def stamp_end(base: Base) -> int:
    """Where the hexadecimal string of the document time-stamp ends."""
    return find_slots(base.archived)[-1].byte_range[2] - 1


@attack(STAMPS, TAMPERED)
def time_stamp_changed(base: Base) -> bytes:
    """One bit of the document time-stamp's signature."""
    digits = base.archived[: stamp_end(base)].rstrip(b"0")
    return flip(base.archived, len(digits) - 20)


@attack(STAMPS, TAMPERED, Code.PADDING_FILLED)
def time_stamp_padding_filled(base: Base) -> bytes:
    """Rubbish behind the document time-stamp's token."""
    end = stamp_end(base)
    return base.archived[: end - 8] + b"DEADBEEF" + base.archived[end:]


@attack(STAMPS, TAMPERED)
def revision_behind_the_time_stamp(base: Base) -> bytes:
    """Incremental saving after the document time-stamp."""
    return revise(base.archived, forged_page(base))


@attack(STAMPS, TAMPERED, Code.CHANGED_AFTER_SIGNING)
def time_stamp_of_the_authority(base: Base) -> bytes:
    """A plain document time-stamp of a trusted authority, without the store that the extender always adds."""
    return _stamped(base.good, base)
