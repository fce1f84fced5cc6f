"""Attacks on the reader: loops, nesting, bombs, scripts, floods."""

import re
import zlib

import pikepdf
from hostile_base import Base, attack, flip, revise, rewritten, root_number, stream, unsigned_page

from signing.keys.certificate_key import certificate_key
from signing.validate import Code, Verdict

READER, ACTIVE = "reader", "active content"
TAMPERED, FOREIGN, UNREADABLE = Verdict.TAMPERED, Verdict.FOREIGN, Verdict.UNREADABLE


def raw_pdf(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF from object bodies, object 1 being the catalogue."""
    out, offsets = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % item for item in offsets.items())
    out += b"xref\n0 1\n0000000000 65535 f \n" + rows
    return out + b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (
        max(objects) + 1,
        trailer,
        start,
    )


PAGES = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>"}
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"


def with_signature(base: Base, data: bytes) -> bytes:
    """The hostile structure with a genuine signature's text inside, so that it cannot be waved through as unsigned."""
    found = re.search(rb"\d+ 0 obj\n<</Type/Sig/.*?endobj\n", base.good, re.DOTALL)
    assert found is not None
    return data.replace(b"\n", b"\n" + found[0], 1)


@attack(READER, UNREADABLE)
def cross_reference_loop(base: Base) -> bytes:
    """/Prev points at the table itself and the table names no object."""
    head = b"%PDF-1.7\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF\n"
    return head + table


@attack(READER, TAMPERED)
def cross_reference_loop_with_signature(base: Base) -> bytes:
    """The same with a genuine signature in the file."""
    return with_signature(base, cross_reference_loop(base))


@attack(READER, FOREIGN, Code.UNSIGNED)
def previous_tables_in_a_circle(base: Base) -> bytes:
    """Two tables that name each other as the previous one."""
    data = raw_pdf({**PAGES, 3: PAGE})
    start = data.rindex(b"xref\n0 1")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start)


@attack(READER, UNREADABLE)
def page_tree_in_a_circle(base: Base) -> bytes:
    """A page node that is its own child."""
    return raw_pdf({1: PAGES[1], 2: b"<</Type/Pages/Count 1/Kids[2 0 R]>>"})


@attack(READER, UNREADABLE)
def hundred_thousand_brackets(base: Base) -> bytes:
    """Arrays nested 100,000 deep in the catalogue."""
    return raw_pdf(
        {**PAGES, 1: b"<</Type/Catalog/Pages 2 0 R/X %b%b>>" % (b"[" * 100_000, b"]" * 100_000), 3: PAGE}
    )


@attack(READER, TAMPERED)
def hundred_thousand_brackets_with_signature(base: Base) -> bytes:
    """The same behind a genuine certificate, as a revision."""
    return revise(base.good, {root_number(base.good): b"<</X %b%b>>" % (b"[" * 100_000, b"]" * 100_000)})


@attack(READER, FOREIGN, Code.UNSIGNED)
def hundred_thousand_dictionaries(base: Base) -> bytes:
    """Dictionaries nested 100,000 deep in the trailer."""
    return raw_pdf({**PAGES, 3: PAGE}, b"/X" + b"<</A" * 100_000 + b" 1" + b">>" * 100_000)


@attack(READER, FOREIGN, Code.UNSIGNED)
def page_bomb(base: Base) -> bytes:
    """A page content that inflates to 1 GB; nobody needs to inflate it."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1024)) + packer.flush()
    page = PAGE[:-2] + b"/Contents 4 0 R>>"
    return raw_pdf({**PAGES, 3: page, 4: stream(packed, b"/Filter/FlateDecode")})


@attack(READER, UNREADABLE)
def object_stream_bomb(base: Base) -> bytes:
    """An object stream with the catalogue that inflates to 2 GB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(2048)) + packer.flush()
    body = stream(packed, b"/Type/ObjStm/N 1/First 10/Filter/FlateDecode")
    out = b"%PDF-1.7\n"
    at = len(out)
    out += b"5 0 obj\n%b\nendobj\n" % body
    start = len(out)
    rows = b"\x02" + (5).to_bytes(4) + b"\x00" + b"\x01" + at.to_bytes(4) + b"\x00"
    entries = b"/Type/XRef/W[1 4 1]/Index[1 1 5 1]/Size 7/Root 1 0 R"
    out += b"6 0 obj\n%b\nendobj\n" % stream(rows, entries)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


@attack(READER, UNREADABLE)
def cross_reference_bomb(base: Base) -> bytes:
    """A cross-reference stream through three Flate filters that inflates without end."""
    data = bytes(1 << 26)
    for _ in range(3):
        data = zlib.compress(data, 9)
    entries = b"/Type/XRef/W[1 4 1]/Size 20000000/Root 1 0 R/Filter[/FlateDecode/FlateDecode/FlateDecode]"
    out = b"%PDF-1.7\n"
    return out + b"6 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(data, entries), len(out))


@attack(READER, FOREIGN, Code.UNSIGNED)
def hundred_thousand_objects(base: Base) -> bytes:
    """A table of 100,000 small objects."""
    return raw_pdf({**PAGES, 3: PAGE, **dict.fromkeys(range(4, 100_000), b"null")})


@attack(READER, UNREADABLE, Code.TOO_COMPLEX)
def thousand_signatures(base: Base) -> bytes:
    """A flood of ByteRange arrays."""
    return base.plain.replace(b"\n", b"\n" + b"% /ByteRange [0 1 2 3]\n" * 1000, 1)


@attack(READER, FOREIGN)
def spaces_for_pattern_matchers(base: Base) -> bytes:
    """/ByteRange followed by megabytes of blanks, to slow pattern matching down."""
    return base.plain.replace(b"\n", b"\n%" + (b"/ByteRange [" + b" " * 5000) * 2000 + b"\n", 1)


@attack(READER, FOREIGN, Code.UNSIGNED)
def hexadecimal_flood(base: Base) -> bytes:
    """10 MB of hexadecimal digits that look like signatures."""
    return base.plain.replace(b"\n", b"\n%" + (b"<" + b"30" * 5000 + b">") * 1000 + b"\n", 1)


@attack(READER, FOREIGN)
def signature_of_empty_cms(base: Base) -> bytes:
    """A signature field whose CMS has no signer."""
    data = base.signed_by_stranger(base.plain)
    place = data.index(b"<30") + 3
    return data[:place] + b"8005" + data[place + 4 :]


@attack(READER, FOREIGN, Code.SIGNED_BY_OTHER)
def certificate_of_rubbish(base: Base) -> bytes:
    """A stranger's CMS whose certificate is damaged."""
    data = base.signed_by_stranger(base.plain)
    der = certificate_key(base.stranger).certificate.tbs_certificate_bytes.hex().upper().encode()
    return flip(data, data.index(der) + 300, 1)


@attack(READER, UNREADABLE)
def negative_offsets(base: Base) -> bytes:
    """A table with impossible offsets and no recoverable object."""
    return b"%PDF-1.7\nxref\n0 2\n-000000001 00000 n \n9999999999 00000 n \ntrailer\n<</Size 2>>\nstartxref\n-5\n%%EOF\n"


@attack(READER, UNREADABLE)
def start_behind_the_end(base: Base) -> bytes:
    """Startxref points far outside, and there is no object to repair from."""
    return b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF\n"


@attack(ACTIVE, FOREIGN, Code.UNSIGNED)
def unsigned_script(base: Base) -> bytes:
    """An unsigned PDF with JavaScript."""
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    return unsigned_page(OpenAction=action)


@attack(ACTIVE, FOREIGN, Code.UNSIGNED)
def unsigned_xfa(base: Base) -> bytes:
    """An unsigned XFA form."""
    form = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=pikepdf.String("<xdp/>"))
    return unsigned_page(AcroForm=form)


@attack(ACTIVE, FOREIGN, Code.UNSIGNED)
def unsigned_with_many_attachments(base: Base) -> bytes:
    """Thirty attachments, none of them a credential."""

    def attach(pdf: pikepdf.Pdf) -> None:
        for number in range(30):
            pdf.attachments[f"{number}.txt"] = b"eyJ not a token"

    return rewritten(base.plain, attach)


@attack(ACTIVE, TAMPERED, Code.SIGNATURE_REMOVED)
def credential_in_a_self_made_page(base: Base) -> bytes:
    """A genuine credential attached to a page of one's own."""
    token = re.search(rb"eyJ[\w.-]{200,}", base.good)
    assert token is not None

    def attach(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["credential.jwt"] = token[0]

    return rewritten(base.plain, attach)
