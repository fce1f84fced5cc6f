"""Attacks on the bytes: no PDF at all, cut, changed, filled, differently spelt."""

import random
import re
import zlib
from io import BytesIO

import pikepdf
from hostile_base import Base, attack, flip, gap, rewritten, unsigned_page
from PIL import Image

from signing.validate import Code, Verdict

NO_PDF, CONTENT, GAP, CONTROL = "no PDF", "signed content", "signature gap", "harmless"
TAMPERED, FOREIGN, UNREADABLE, GENUINE = (
    Verdict.TAMPERED,
    Verdict.FOREIGN,
    Verdict.UNREADABLE,
    Verdict.GENUINE,
)


@attack(CONTROL, GENUINE, Code.OK)
def genuine_certificate(base: Base) -> bytes:
    """The certificate as issued."""
    return base.good


@attack(CONTROL, GENUINE, Code.OK)
def genuine_archived_certificate(base: Base) -> bytes:
    """The certificate with a document time-stamp added by the authority."""
    return base.archived


@attack(NO_PDF, UNREADABLE, Code.EMPTY)
def zero_bytes(base: Base) -> bytes:
    """An empty file."""
    return b""


@attack(NO_PDF, UNREADABLE, Code.NOT_PDF)
def text_file(base: Base) -> bytes:
    """A text that calls itself a certificate."""
    return "职称证书 高级工程师".encode()


@attack(NO_PDF, UNREADABLE, Code.NOT_PDF)
def photograph(base: Base) -> bytes:
    """A picture of a certificate."""
    buffer = BytesIO()
    Image.new("RGB", (60, 40), "white").save(buffer, "JPEG")
    return buffer.getvalue()


@attack(NO_PDF, UNREADABLE, Code.NOT_PDF)
def web_page(base: Base) -> bytes:
    """An HTML page with the suffix .pdf."""
    return b"<!DOCTYPE html><html><body>certificate</body></html>"


@attack(NO_PDF, UNREADABLE, Code.NOT_PDF)
def zip_archive(base: Base) -> bytes:
    """A ZIP local header and compressed zeros."""
    return b"PK\x03\x04" + zlib.compress(bytes(1 << 20))


@attack(NO_PDF, UNREADABLE, Code.DAMAGED)
def header_only(base: Base) -> bytes:
    """Nothing but the first line."""
    return b"%PDF-1.7\n"


@attack(NO_PDF, UNREADABLE, Code.DAMAGED)
def rubbish_behind_the_header(base: Base) -> bytes:
    """Random bytes that begin like a PDF."""
    return b"%PDF-1.7\n" + random.Random(5).randbytes(20_000)


@attack(NO_PDF, UNREADABLE, Code.TOO_LARGE)
def two_hundred_megabytes(base: Base) -> bytes:
    """The certificate followed by 200 MB of zeros."""
    return base.good + bytes(200 << 20)


@attack(NO_PDF, UNREADABLE, Code.NOT_PDF)
def polyglot_page(base: Base) -> bytes:
    """HTML before the header of an unsigned PDF."""
    return b"<html><!--\n" + base.plain


@attack(CONTENT, TAMPERED, Code.BYTE_RANGE_FORGED)
def bytes_before_the_header(base: Base) -> bytes:
    """A genuine certificate pushed back by one line."""
    return b"%\xe2\xe3\xcf\xd3\n" + base.good


@attack(CONTENT, TAMPERED)
def last_byte_cut(base: Base) -> bytes:
    """One byte shorter."""
    return base.good[:-1]


@attack(CONTENT, TAMPERED)
def trailer_cut(base: Base) -> bytes:
    """The cross-reference table and trailer are missing."""
    return base.good[: base.good.rindex(b"xref\n")]


@attack(CONTENT, TAMPERED, Code.SIGNATURE_DAMAGED)
def cut_inside_the_signature(base: Base) -> bytes:
    """The file ends in the middle of the signature."""
    start, end = gap(base.good)
    return base.good[: (start + end) // 2].replace(b"/ByteRange", b"/ByteRangf")


@attack(CONTENT, TAMPERED)
def line_ends_converted(base: Base) -> bytes:
    """Sent through a mail gateway that turns LF into CRLF."""
    return base.good.replace(b"\n", b"\r\n")


@attack(CONTENT, TAMPERED, Code.CONTENT_CHANGED)
def one_bit_of_the_page(base: Base) -> bytes:
    """One bit of the drawn text is flipped."""
    with pikepdf.open(BytesIO(base.good)) as pdf:
        raw = pdf.pages[0].Contents[1].read_raw_bytes()
    return flip(base.good, base.good.index(raw) + len(raw) // 2)


@attack(CONTENT, TAMPERED, Code.CONTENT_CHANGED)
def one_bit_of_a_font(base: Base) -> bytes:
    """One bit of an embedded font is flipped."""
    with pikepdf.open(BytesIO(base.good)) as pdf:
        fonts = [
            one.read_raw_bytes()
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream) and "/Length1" in one
        ]
    return flip(base.good, base.good.index(fonts[0]) + len(fonts[0]) // 2)


@attack(CONTENT, TAMPERED, Code.CONTENT_CHANGED)
def version_in_the_header(base: Base) -> bytes:
    """%PDF-1.7 becomes %PDF-1.4."""
    return base.good.replace(b"%PDF-1.7", b"%PDF-1.4", 1)


@attack(CONTENT, TAMPERED, Code.CONTENT_CHANGED)
def date_of_signing(base: Base) -> bytes:
    """The claimed date in the signature dictionary is another."""
    return re.sub(rb"/M\(D:\d{4}", b"/M(D:2019", base.good)


@attack(CONTENT, TAMPERED, Code.CONTENT_CHANGED)
def metadata_of_equal_length(base: Base) -> bytes:
    """The number in the XMP metadata is overwritten in place."""
    place = base.good.index(b"<dc:identifier>") + 20
    return base.good[:place] + b"9999" + base.good[place + 4 :]


@attack(CONTENT, TAMPERED, Code.CONTENT_CHANGED)
def credential_in_place(base: Base) -> bytes:
    """A letter of the embedded credential is another."""
    place = base.good.index(b"eyJ") + 120
    return (
        base.good[:place] + (b"A" if base.good[place : place + 1] != b"A" else b"B") + base.good[place + 1 :]
    )


@attack(CONTENT, TAMPERED, Code.CONTENT_CHANGED)
def credential_of_somebody_else(base: Base) -> bytes:
    """The embedded credential is exchanged for another genuine one of the same length."""
    mine, theirs = (re.search(rb"eyJ[\w.-]{200,}", one) for one in (base.good, base.other))
    assert mine is not None
    assert theirs is not None
    return base.good.replace(mine[0], theirs[0][: len(mine[0])].ljust(len(mine[0]), b"A"))


@attack(CONTENT, TAMPERED, Code.CONTENT_CHANGED)
def cross_reference_of_another_object(base: Base) -> bytes:
    """Two entries of the cross-reference table are exchanged."""
    rows = re.findall(rb"\d{10} 00000 n \n", base.good)
    swapped = rows[4] + rows[3]
    return base.good.replace(rows[3] + rows[4], swapped, 1)


@attack(GAP, TAMPERED, Code.PADDING_FILLED)
def padding_with_rubbish(base: Base) -> bytes:
    """The blank space behind the signature holds other bytes."""
    _, end = gap(base.loose)
    return base.loose[: end - 41] + b"DEADBEEF" + base.loose[end - 33 :]


@attack(GAP, TAMPERED, Code.PADDING_FILLED)
def padding_with_objects(base: Base) -> bytes:
    """The blank space holds PDF objects in hexadecimal."""
    _, end = gap(base.loose)
    hidden = b"4 0 obj<</Length 0>>stream\nendstream endobj".hex().upper().encode()
    return base.loose[: end - 1 - len(hidden)] + hidden + base.loose[end - 1 :]


@attack(GAP, TAMPERED, Code.BYTE_RANGE_FORGED)
def padding_with_plain_objects(base: Base) -> bytes:
    """The blank space holds PDF objects as plain text, which repairing viewers find."""
    _, end = gap(base.loose)
    hidden = b">4 0 obj<</Length 0>>stream\nendstream endobj<"
    return base.loose[: end - 1 - len(hidden)] + hidden + base.loose[end - 1 :]


@attack(GAP, TAMPERED)
def padding_of_spaces(base: Base) -> bytes:
    """White space instead of zeros: the same value, another file."""
    _, end = gap(base.loose)
    return base.loose[: end - 201] + b" " * 200 + base.loose[end - 1 :]


@attack(GAP, TAMPERED, Code.SECOND_SPELLING)
def signature_in_small_letters(base: Base) -> bytes:
    """The same signature in lower-case hexadecimal."""
    start, end = gap(base.good)
    return base.good[:start] + base.good[start:end].lower() + base.good[end:]


@attack(GAP, TAMPERED, Code.SECOND_SPELLING)
def one_small_letter(base: Base) -> bytes:
    """A single hexadecimal letter in lower case."""
    start, end = gap(base.good)
    place = next(i for i in range(start, end) if base.good[i : i + 1].isalpha())
    return flip(base.good, place, 0x20)


@attack(CONTENT, FOREIGN, Code.UNSIGNED)
def printed_to_pdf(base: Base) -> bytes:
    """The page drawn again by a printer driver: it looks the same."""

    def redraw(pdf: pikepdf.Pdf) -> None:
        for name in ("/AcroForm", "/Perms", "/AF", "/Names", "/Metadata", "/StructTreeRoot"):
            del pdf.Root[name]
        del pdf.pages[0]["/Annots"]
        pdf.docinfo["/Producer"] = "Microsoft: Print To PDF"

    return rewritten(base.good, redraw)


@attack(CONTENT, TAMPERED, Code.SIGNATURE_REMOVED)
def signature_taken_away(base: Base) -> bytes:
    """Form, widget and signature removed, the rest saved again."""

    def strip(pdf: pikepdf.Pdf) -> None:
        del pdf.Root["/AcroForm"], pdf.Root["/Perms"], pdf.Root["/StructTreeRoot"], pdf.pages[0]["/Annots"]

    return rewritten(base.good, strip)


@attack(CONTENT, TAMPERED, Code.BYTE_RANGE_FORGED)
def saved_again(base: Base) -> bytes:
    """Opened and saved by another program, nothing else."""
    return rewritten(base.good, lambda _: None)


@attack(CONTENT, TAMPERED, Code.BYTE_RANGE_FORGED)
def linearised(base: Base) -> bytes:
    """Optimised for fast web view."""
    return rewritten(base.good, lambda _: None, linearize=True)


@attack(CONTENT, TAMPERED)
def encrypted_again(base: Base) -> bytes:
    """The certificate put under a pass phrase."""
    return rewritten(base.good, lambda _: None, encryption=pikepdf.Encryption(owner="a", user="b"))


@attack(CONTROL, FOREIGN, Code.UNSIGNED)
def ordinary_document(base: Base) -> bytes:
    """Any PDF without a signature."""
    return base.plain


@attack(CONTROL, FOREIGN, Code.OWN_DOCUMENT)
def form_of_this_system(base: Base) -> bytes:
    """A form made by this program, unsigned."""

    def produced(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Producer"] = "zhicheng"

    return rewritten(unsigned_page(), produced)


@attack(CONTROL, FOREIGN, Code.SIGNED_BY_OTHER)
def document_of_another_signer(base: Base) -> bytes:
    """A PDF well signed by somebody whom we do not know."""
    return base.signed_by_stranger(base.plain)


@attack(CONTROL, UNREADABLE, Code.ENCRYPTED)
def encrypted_document(base: Base) -> bytes:
    """A PDF that opens only with a pass phrase."""
    return rewritten(base.plain, lambda _: None, encryption=pikepdf.Encryption(owner="a", user="b"))
