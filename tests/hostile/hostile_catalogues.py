"""Catalogue, page, other objects, security store, time-stamp, table and trailer of a sealed forged revision."""

import re
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.serialization import Encoding
from hostile_base import Base
from hostile_fields import RECTANGLES, _rectangle
from hostile_tails import Tail, stray_prev, tail_attack

from signing.keys.certificate_key import certificate_key
from signing.validate import Code, Verdict

OTHER_ANSWERS = {"trailer_encrypted": (Verdict.UNREADABLE, Code.ENCRYPTED)}
CATALOGUE = {
    "version": b"/Version /2.0",
    "second_version": b"/Version /1.4",
    "extension": b"/Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >> >>",
    "mark_information": b"/MarkInfo << /Marked false /Suspects true >>",
    "script_on_opening": b"/OpenAction << /S /JavaScript /JS (1) >>",
    "script_on_closing": b"/AA << /WC << /S /JavaScript /JS (1) >> >>",
    "script_by_name": b"/Names << /JavaScript << /Names [ (a) << /S /JavaScript /JS (1) >> ] >> >>",
    "layers": b"/OCProperties << /OCGs [ ] /D << >> >>",
    "page_labels": b"/PageLabels << /Nums [ 0 << /P (FORGED) >> ] >>",
    "outline": b"/Outlines << /Type /Outlines >>",
    "full_screen": b"/PageMode /FullScreen",
    "page_layout": b"/PageLayout /TwoColumnLeft",
    "language": b"/Lang (en)",
    "associated_file": b"/AF [ 92 0 R 92 0 R ]",
    "rights": b"/Perms << /UR3 76 0 R >>",
    "legal": b"/Legal << /JavaScriptActions 1 >>",
    "collection": b"/Collection << /Type /Collection >>",
    "address": b"/URI << /Base (http\\072\\057\\057example\\056org) >>",
    "threads": b"/Threads [ ]",
    "requirements": b"/Requirements [ << /S /EnableJavaScripts >> ]",
    "document_parts": b"/DPartRoot << /Type /DPartRoot >>",
    "destinations": b"/Dests << /a [ 29 0 R /Fit ] >>",
    "piece_information": b"/PieceInfo << /X << /Private (FORGED) >> >>",
    "web_capture": b"/SpiderInfo << /V 1 >>",
    "static_data": b"/NeedsRendering true",
    "unknown_entry": b"/Forged (FORGED)",
    "null_entry": b"/Forged null",
    "second_pages": b"/Pages 29 0 R",
    "second_store": b"/DSS << >>",
    "escaped_store": b"/D#53S 28 0 R",
    "second_metadata": b"/Metadata 92 0 R",
    "output_intent": b"/OutputIntents [ ]",
}
FORM = {
    "appearances_wanted": b"/NeedAppearances true",
    "default_appearance": b"/DA (\\057Helv 40 Tf)",
    "resources": b"/DR << /Font << >> >>",
    "calculation_order": b"/CO [ 72 0 R ]",
    "xfa": b"/XFA (xfa)",
    "quadding": b"/Q 2",
    "second_flags": b"/SigFlags 0",
    "second_fields": b"/Fields [ ]",
}
CATALOGUE_EDITS = {
    "certification_removed": (rb"/Perms <<\n/DocMDP \d+ 0 R\n>>\n", b""),
    "certification_elsewhere": (rb"/DocMDP \d+ 0 R", b"/DocMDP @STAMP 0 R"),
    "flags": (rb"/SigFlags 3", b"/SigFlags 1"),
    "flags_left_out": (rb"/SigFlags 3\n", b""),
    "fields_without_the_certification": (rb"/Fields \[ \d+ 0 R ", b"/Fields [ "),
    "fields_in_another_order": (rb"/Fields \[ (\d+ 0 R) (\d+ 0 R) \]", rb"/Fields [ \2 \1 ]"),
    "field_twice": (rb"(/Fields \[ \d+ 0 R) (\d+ 0 R) \]", rb"\1 \2 \2 ]"),
    "field_of_null": (rb"(/Fields \[ \d+ 0 R) ", rb"\1 null "),
    "metadata_left_out": (rb"/Metadata \d+ 0 R\n", b""),
    "structure_left_out": (rb"/StructTreeRoot \d+ 0 R\n", b""),
    "attachment_left_out": (rb"/AF \[ \d+ 0 R \]\n", b""),
    "extension_level": (rb"/ExtensionLevel 1", b"/ExtensionLevel 2"),
    "extension_left_out": (rb"/Extensions <<.*?>>\n>>\n", b""),
    "store_left_out": (rb"/DSS \d+ 0 R\n", b""),
    "store_is_the_catalogue": (rb"/DSS \d+ 0 R", b"/DSS @ROOT 0 R"),
    "store_of_another_generation": (rb"/DSS (\d+) 0 R", rb"/DSS \1 1 R"),
    "spelled_with_a_hexadecimal_string": (rb"/Lang \(zh\\055CN\)", b"/Lang <7A682D434E>"),
    "spelled_with_an_escaped_name": (rb"/Lang ", b"/L#61ng "),
    "spelled_with_a_comment": (rb"/Lang ", b"%FORGED\n/Lang "),
    "spelled_without_escapes": (rb"zh\\055CN", b"zh-CN"),
    "pages_of_the_page": (rb"/Pages \d+ 0 R", b"/Pages @PAGE 0 R"),
    "entries_in_another_order": (rb"/Type /Catalog\n/Version /1.7\n", b"/Version /1.7\n/Type /Catalog\n"),
}
PAGE = {
    "contents": (rb"/Contents \[.*?\]", b"/Contents @NEW 0 R"),
    "contents_added": (rb"(/Contents \[.*?) \]", rb"\1 @NEW 0 R ]"),
    "size": (rb"841.89", b"400"),
    "size_spelled_otherwise": (rb"841.89", b"841.890"),
    "turned": (rb"/Tabs /S", b"/Tabs /S\n/Rotate 180"),
    "cropped": (rb"/Tabs /S", b"/Tabs /S\n/CropBox [ 0 0 10 10 ]"),
    "magnified": (rb"/Tabs /S", b"/Tabs /S\n/UserUnit 40"),
    "tab_order": (rb"/Tabs /S", b"/Tabs /R"),
    "action": (rb"/Tabs /S", b"/Tabs /S\n/AA << /O << /S /JavaScript /JS (1) >> >>"),
    "thumbnail": (rb"/Tabs /S", b"/Tabs /S\n/Thumb @NEW 0 R"),
    "group": (rb"/Tabs /S", b"/Tabs /S\n/Group << /S /Transparency >>"),
    "metadata": (rb"/Tabs /S", b"/Tabs /S\n/Metadata @NEW 0 R"),
    "fonts": (rb"/Font \d+ 0 R", b"/Font << >>"),
    "pictures": (rb"/XObject \d+ 0 R", b"/XObject << /a @NEW 0 R >>"),
    "note": (rb"(/Annots \[.*?) \]", rb"\1 @NOTE 0 R ]"),
    "seal_removed": (rb"/Annots \[ \d+ 0 R ", b"/Annots [ "),
    "annotations_in_another_order": (rb"/Annots \[ (\d+ 0 R) (\d+ 0 R) \]", rb"/Annots [ \2 \1 ]"),
    "other_parent": (rb"/Parent \d+ 0 R", b"/Parent @NEW 0 R"),
}
TRAILER = {
    "encrypted": (rb"/Prev", b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (x) /U (x) >>\n/Prev"),
    "information_elsewhere": (rb"/Info \d+ 0 R", b"/Info @NEW 0 R"),
    "information_left_out": (rb"/Info \d+ 0 R\n", b""),
    "root_elsewhere": (rb"/Root \d+ 0 R", b"/Root @NEW 0 R"),
    "further_entry": (rb"/Prev", b"/Forged (FORGED)\n/Prev"),
    "hybrid": (rb"/Prev", b"/XRefStm 15\n/Prev"),
    "previous_is_the_beginning": (rb"/Prev \d+", b"/Prev 0"),
    "previous_one_later": (rb"/Prev (\d+)", rb"/Prev 9\1"),
    "no_previous": (rb"/Prev \d+\n", b""),
    "previous_twice": (rb"(/Prev \d+)", rb"\1\n\1"),
    "identifier_left_out": (rb"/ID \[.*?\]\n", b""),
    "identifier_longer": (rb"/ID \[ <", b"/ID [ <00"),
    "identifier_in_capitals": (rb"> <[0-9a-f]{32}>", b"> <ABABABABABABABABABABABABABABABAB>"),
    "identifier_long": (rb"> <[0-9a-f]{32}>", b"> <" + b"ab" * 400 + b">"),
    "size_too_small": (rb"@SIZE", b"90"),
    "size_too_large": (rb"@SIZE", b"40000"),
    "comment": (rb"/Prev", b"%FORGED\n/Prev"),
    "escaped_name": (rb"/Prev", b"/Pre#76"),
}
STAMP = {
    "reason": (rb"/Type /DocTimeStamp", b"/Type /DocTimeStamp\n/Reason (FORGED)"),
    "name": (rb"/Type /DocTimeStamp", b"/Type /DocTimeStamp\n/Name (FORGED)"),
    "date": (rb"/Type /DocTimeStamp", b"/Type /DocTimeStamp\n/M (D\\07220200101)"),
    "software": (rb"/Type /DocTimeStamp", b"/Type /DocTimeStamp\n/Prop_Build << >>"),
    "reference": (
        rb"/Type /DocTimeStamp",
        b"/Type /DocTimeStamp\n/Reference [ << /TransformMethod /FieldMDP >> ]",
    ),
    "certificate": (rb"/Type /DocTimeStamp", b"/Type /DocTimeStamp\n/Cert (x)"),
    "changes": (rb"/Type /DocTimeStamp", b"/Type /DocTimeStamp\n/Changes [ 0 0 0 ]"),
    "second_type": (rb"/Type /DocTimeStamp", b"/Type /DocTimeStamp\n/Type /Sig"),
    "no_type": (rb"/Type /DocTimeStamp\n", b""),
    "is_a_signature": (rb"/Type /DocTimeStamp", b"/Type /Sig"),
    "sub_filter": (rb"/ETSI.RFC3161", b"/adbe.pkcs7.detached"),
    "sub_filter_left_out": (rb"/SubFilter /ETSI.RFC3161\n", b""),
    "filter": (rb"/Adobe.PPKLite", b"/Forged"),
    "order": (rb"/Filter (\S+)\n/SubFilter (\S+)", rb"/SubFilter \2\n/Filter \1"),
    "escaped_name": (rb"/Filter", b"/Fi#6Cter"),
    "blank": (rb"/Filter ", b"/Filter  "),
    "second_contents": (rb"/Type /DocTimeStamp", b"/Type /DocTimeStamp\n/Contents <00>"),
}


def _put(number: str, old: bytes, new: bytes) -> Callable[[Tail], None]:
    """Replace by pattern in the body of one of the named objects (or the trailer)."""

    def change(tail: Tail) -> None:
        values = {b"@STAMP": tail.stamp, b"@ROOT": tail.root, b"@PAGE": tail.page}
        replaced = new
        if b"@NEW" in new:
            values[b"@NEW"] = tail.stream(b"BT /F1 40 Tf 100 300 Td (FORGED) Tj ET")
        if b"@NOTE" in new:
            values[b"@NOTE"] = tail.new(b"<<\n/Type /Annot\n/Subtype /FreeText\n/Rect [ 9 9 99 99 ]\n>>")
        for name, value in values.items():
            replaced = replaced.replace(name, b"%d" % value)
        text = tail.trailer if number == "trailer" else tail.bodies[getattr(tail, number)]
        found, count = re.subn(old, replaced, text, count=1, flags=re.DOTALL)
        assert count, (old, text[:400])
        if number == "trailer":
            tail.trailer = found
        else:
            tail.bodies[getattr(tail, number)] = found

    return change


def _entries(entries: bytes) -> Callable[[Tail], None]:
    return lambda tail: tail.add(tail.root, entries)


def _form(entries: bytes) -> Callable[[Tail], None]:
    return lambda tail: tail.edit(tail.root, b"/SigFlags 3\n", b"/SigFlags 3\n" + entries + b"\n")


def _edits(prefix: str, what: str, where: str, table: Mapping[str, tuple[bytes, bytes]]) -> None:
    for name, (old, new) in table.items():
        verdict, code = OTHER_ANSWERS.get(f"{prefix}_{name}", (Verdict.TAMPERED, None))
        tail_attack(
            f"{prefix}_{name}", f"{what}: {name.replace('_', ' ')}", _put(where, old, new), verdict, code
        )


def _only(action: Callable[[Tail], object]) -> Callable[[Tail], None]:
    """The action, whatever it gives back."""

    def change(tail: Tail) -> None:
        action(tail)

    return change


def _orphan(body: bytes) -> Callable[[Tail], None]:
    return _only(lambda tail: tail.new(body))


def _into_store(make: Callable[[Base], bytes], key: bytes = b"/Certs") -> Callable[[Tail], None]:
    """One more thing in the store, referred to as the extender refers to it."""

    def change(tail: Tail) -> None:
        number = tail.stream(make(tail.base))
        body = re.sub(rb"(%b \[.*?) \]" % key, rb"\1 %d 0 R ]" % number, tail.bodies[tail.store])
        assert body != tail.bodies[tail.store]
        tail.bodies[tail.store] = body

    return change


def _redefined(pattern: bytes, body: bytes) -> Callable[[Tail], None]:
    """An object of the certificate defined anew; `pattern` finds its number."""

    def change(tail: Tail) -> None:
        found = re.search(pattern, tail.before)
        assert found is not None
        tail.bodies[int(found[1])] = body

    return change


def _first_certificate(tail: Tail) -> int:
    found = re.search(rb"/Certs \[ (\d+)", tail.bodies[tail.store])
    assert found is not None
    return int(found[1])


def _certificate_stream(entries: bytes) -> Callable[[Tail], None]:
    def change(tail: Tail) -> None:
        number = _first_certificate(tail)
        tail.bodies[number] = tail.bodies[number].replace(b"\n>>", entries + b"\n>>", 1)

    return change


def _certificate(base: Base) -> bytes:
    return certificate_key(base.stranger).certificate.public_bytes(Encoding.DER)


def _list(base: Base) -> bytes:
    return base.revocation(base.stranger).crls[0]


def _ber(base: Base) -> bytes:
    der = certificate_key(base.authority).certificate.public_bytes(Encoding.DER)
    return der[:1] + b"\x83\x00" + der[2:] if der[1] == 0x82 else der


def _set(**values: object) -> Callable[[Tail], None]:
    def change(tail: Tail) -> None:
        for name, value in values.items():
            setattr(tail, name, value)

    return change


def _head(where: str, text: bytes) -> Callable[[Tail], None]:
    def change(tail: Tail) -> None:
        number = getattr(tail, where)
        tail.heads[number] = text % number

    return change


def _hidden(tail: Tail) -> None:
    tail.unlisted = b"%d 0 obj\n<<\n/Type /Page\n>>\nendobj\n" % tail.page


def _shared_value(tail: Tail) -> None:
    """A second field with the same value."""
    number = tail.new(tail.bodies[tail.field])
    for owner, key in ((tail.root, b"/Fields"), (tail.page, b"/Annots")):
        tail.bodies[owner] = re.sub(rb"(%b \[.*?) \]" % key, rb"\1 %d 0 R ]" % number, tail.bodies[owner])


def _value_inside(tail: Tail) -> None:
    """The time-stamp stands in the field itself."""
    tail.edit(tail.field, b"/V %d 0 R" % tail.stamp, b"/V " + tail.bodies.pop(tail.stamp))


def _loop(tail: Tail) -> None:
    tail.trailer = re.sub(rb"/Prev \d+", b"/Prev %d" % (len(tail.before) + 9), tail.trailer)


def _skipped(tail: Tail) -> None:
    tail.trailer = re.sub(rb"/Prev \d+", b"/Prev " + stray_prev(tail), tail.trailer)


def _object_stream(tail: Tail) -> None:
    body = b"%d 0 <</Type/Page>>" % tail.page
    tail.stream(body, b"/Type /ObjStm\n/N 1\n/First %d\n" % len(b"%d 0 " % tail.page))


def _cross_reference_stream(tail: Tail) -> None:
    tail.stream(b"\x01\x00\x00", b"/Type /XRef\n/W [ 1 1 1 ]\n/Size 1\n/Root 1 0 R\n")


OTHERS: dict[str, tuple[str, Callable[[Tail], None]]] = {
    "orphan_dictionary": ("An object that nothing refers to", _orphan(b"<<\n/Type /Page\n>>")),
    "orphan_stream": ("A stream that nothing refers to", _only(lambda tail: tail.stream(b"FORGED"))),
    "orphan_array": ("An array that nothing refers to", _orphan(b"[ 1 2 3 ]")),
    "orphan_null": ("The null object under a number of its own", _orphan(b"null")),
    "orphan_field": (
        "A second field that the form does not list",
        _only(lambda tail: tail.new(tail.bodies[tail.field])),
    ),
    "orphan_catalogue": ("A second catalogue", _only(lambda tail: tail.new(tail.bodies[tail.root]))),
    "orphan_store": ("A second security store", _only(lambda tail: tail.new(tail.bodies[tail.store]))),
    "orphan_object_stream": ("An object stream with a page", _object_stream),
    "orphan_cross_references": ("A cross-reference stream among the objects", _cross_reference_stream),
    "hidden_object": ("A page that the table does not name", _hidden),
    "page_content_redefined": (
        "The drawn page defined anew",
        _redefined(rb"/Contents ?\[\d+ 0 R (\d+) 0 R", b"<<\n/Length 1\n>>\nstream\n \nendstream"),
    ),
    "information_redefined": (
        "Title and author defined anew",
        _redefined(rb"/Info (\d+) 0 R", b"<<\n/Title (FORGED)\n>>"),
    ),
    "metadata_redefined": (
        "The XMP defined anew",
        _redefined(rb"/Metadata (\d+) 0 R", b"<<\n/Length 1\n>>\nstream\n \nendstream"),
    ),
    "attachment_redefined": (
        "The credential's file specification defined anew",
        _redefined(rb"/AF\[(\d+) 0 R", b"<<\n/Type /Filespec\n>>"),
    ),
    "page_tree_redefined": (
        "The page tree defined anew",
        _redefined(rb"/Pages (\d+) 0 R", b"<<\n/Type /Pages\n/Kids [ ]\n/Count 0\n>>"),
    ),
    "structure_redefined": (
        "The structure tree defined anew",
        _redefined(rb"/StructTreeRoot (\d+) 0 R", b"<<\n/Type /StructTreeRoot\n>>"),
    ),
    "certification_redefined": (
        "The certification's dictionary defined anew",
        _redefined(rb"/DocMDP (\d+) 0 R", b"<<\n/Type /Sig\n>>"),
    ),
    "seal_field_redefined": (
        "The seal's field defined anew",
        _redefined(rb"/Fields\[(\d+) 0 R", b"<<\n/FT /Sig\n>>"),
    ),
    "fonts_redefined": ("The fonts defined anew", _redefined(rb"/Font (\d+) 0 R", b"<<\n>>")),
    "store_with_a_stranger": ("A stranger's certificate in the store", _into_store(_certificate)),
    "store_with_a_strangers_root": (
        "A stranger's root in the store",
        _into_store(lambda base: base.stranger.anchors.roots[0]),
    ),
    "store_with_a_strangers_list": (
        "A stranger's revocation list in the store",
        _into_store(_list, b"/CRLs"),
    ),
    "store_with_rubbish": ("Rubbish as a certificate", _into_store(lambda _: b"FORGED CONTENT")),
    "store_with_a_picture": (
        "A picture as a revocation list",
        _into_store(lambda _: b"\xff\xd8\xff\xe0JFIF", b"/CRLs"),
    ),
    "store_with_a_page": ("Page content as a certificate", _into_store(lambda _: b"BT (FORGED) Tj ET")),
    "store_with_a_certificate_twice": ("A certificate twice", _into_store(lambda base: base.trust.roots[0])),
    "store_with_a_long_length": ("A certificate with a superfluous length byte (BER)", _into_store(_ber)),
    "store_with_bytes_behind_a_certificate": (
        "Bytes behind a certificate",
        _into_store(lambda base: _certificate(base) + b"FORGED"),
    ),
    "store_with_an_answer": (
        "An answer of nobody",
        lambda tail: tail.add(tail.store, b"/OCSPs [ %d 0 R ]" % tail.stream(b"\x30\x03\x0a\x01\x06")),
    ),
    "store_with_vri": (
        "/VRI with a stranger's certificate",
        lambda tail: tail.add(
            tail.store,
            b"/VRI << /%b << /Cert [ %d 0 R ] >> >>" % (b"A" * 40, tail.stream(_certificate(tail.base))),
        ),
    ),
    "store_with_empty_vri": ("/VRI of nothing", lambda tail: tail.add(tail.store, b"/VRI << >>")),
    "store_with_a_type": ("/Type /DSS", lambda tail: tail.add(tail.store, b"/Type /DSS")),
    "store_with_a_text": ("A text in the store", lambda tail: tail.add(tail.store, b"/Forged (FORGED)")),
    "store_with_null": ("Nothing under a name of its own", lambda tail: tail.add(tail.store, b"/OCSPs null")),
    "store_with_certificates_twice": ("/Certs twice", lambda tail: tail.add(tail.store, b"/Certs [ ]")),
    "store_with_empty_answers": ("No answers", lambda tail: tail.add(tail.store, b"/OCSPs [ ]")),
    "store_escaped_name": ("/Cert#73", lambda tail: tail.edit(tail.store, b"/Certs", b"/Cert#73")),
    "store_refers_to_the_page": (
        "The page as a certificate",
        lambda tail: tail.edit(tail.store, b"/Certs [", b"/Certs [ %d 0 R" % tail.page),
    ),
    "store_refers_to_the_font": (
        "An old stream as a certificate",
        lambda tail: tail.edit(tail.store, b"/Certs [", b"/Certs [ 1 0 R"),
    ),
    "store_refers_twice": (
        "One stream twice",
        lambda tail: tail.edit(tail.store, b"/Certs [", b"/Certs [ %d 0 R" % _first_certificate(tail)),
    ),
    "store_refers_to_nothing": (
        "A certificate that is not there",
        lambda tail: tail.edit(tail.store, b"/Certs [", b"/Certs [ 30000 0 R"),
    ),
    "store_other_generation": (
        "A reference of generation 1",
        lambda tail: tail.edit(
            tail.store,
            b"/Certs [ %d 0" % _first_certificate(tail),
            b"/Certs [ %d 1" % _first_certificate(tail),
        ),
    ),
    "store_forgets_a_certificate": (
        "A stream that the store no longer lists",
        lambda tail: tail.edit(tail.store, b" %d 0 R" % _first_certificate(tail), b""),
    ),
    "store_stream_typed": ("A certificate's stream with /Type", _certificate_stream(b"\n/Type /XObject")),
    "store_stream_is_a_form": (
        "A certificate's stream that is a form",
        _certificate_stream(b"\n/Subtype /Form /BBox [ 0 0 9 9 ]"),
    ),
    "store_stream_from_outside": ("A certificate's stream with /F", _certificate_stream(b"\n/F (x)")),
    "store_stream_filtered": (
        "A certificate's stream with an empty filter",
        _certificate_stream(b"\n/Filter [ ]"),
    ),
    "two_fields_share_the_stamp": ("Two fields with one value", _shared_value),
    "stamp_inside_the_field": ("The value in the field itself", _value_inside),
    "stamp_in_small_letters": ("The token in small hexadecimal letters", _set(lower=True)),
    "comment_between_objects": ("Comments between the objects", _set(between=b"% FORGED\n")),
    "blank_lines_between_objects": ("Blank lines between the objects", _set(between=b"\n")),
    "rubbish_between_objects": ("Bytes between the objects", _set(between=b"FORGED\n")),
    "second_end": ("%%EOF twice", _set(end=b"%%EOF\n%%EOF\n")),
    "end_without_a_line_end": ("%%EOF without its line end", _set(end=b"%%EOF")),
    "end_with_carriage_return": ("%%EOF with another line end", _set(end=b"%%EOF\r\n")),
    "bytes_after_the_end": ("A line behind %%EOF", _set(end=b"%%EOF\nFORGED\n%%EOF\n")),
    "table_with_a_blank": (
        "Another blank in the table",
        _set(table=lambda text: text.replace(b"xref\n", b"xref \n")),
    ),
    "table_with_carriage_returns": (
        "Other line ends in the table",
        _set(table=lambda text: text.replace(b" n \n", b" n\r\n")),
    ),
    "table_frees_an_object": (
        "The table frees the credential",
        _set(table=lambda text: text + b"92 1\n0000000000 00001 f \n"),
    ),
    "table_names_an_old_object": (
        "The table names an old object again",
        _set(table=lambda text: text + b"28 1\n0000000015 00000 n \n"),
    ),
    "table_in_one_piece": (
        "The head of the table left out",
        _set(table=lambda text: text.replace(b"0 1\n0000000000 65535 f \n", b"")),
    ),
    "table_with_a_comment": (
        "A comment in the table",
        _set(table=lambda text: text.replace(b"xref\n", b"xref\n%FORGED\n")),
    ),
    "field_of_generation_one": ("The field of generation 1", _head("field", b"%d 1 obj\n")),
    "field_number_with_a_zero": ("The field's number with a leading zero", _head("field", b"0%d 0 obj\n")),
    "field_head_with_blanks": ("Two blanks before obj", _head("field", b"%d 0  obj\n")),
    "field_head_with_a_comment": ("A comment behind obj", _head("field", b"%d 0 obj %%FORGED\n")),
    "catalogue_head_on_one_line": ("No line end behind obj", _head("root", b"%d 0 obj ")),
    "previous_table_is_itself": ("/Prev in a circle", _loop),
    "previous_table_beside": ("/Prev beside the table", _skipped),
}

ON_STAMPED = (
    "orphan_stream",
    "hidden_object",
    "page_content_redefined",
    "information_redefined",
    "store_with_a_stranger",
    "store_with_rubbish",
    "store_with_vri",
    "two_fields_share_the_stamp",
    "comment_between_objects",
)


def _register() -> None:
    for name, entries in CATALOGUE.items():
        tail_attack(
            f"catalogue_with_{name}", f"The catalogue has {entries.split()[0].decode()}", _entries(entries)
        )
    for name, entries in FORM.items():
        tail_attack(f"form_with_{name}", f"The form has {entries.split()[0].decode()}", _form(entries))
    _edits("catalogue", "The catalogue", "root", CATALOGUE_EDITS)
    _edits("page", "The page", "page", PAGE)
    _edits("trailer", "The trailer", "trailer", TRAILER)
    _edits("stamp", "The time-stamp's dictionary", "stamp", STAMP)
    for name, (what, change) in OTHERS.items():
        tail_attack(f"tail_{name}", what, change)
    for name in ON_STAMPED:
        what, change = OTHERS[name]
        tail_attack(
            f"stamped_{name}", f"Behind a certificate of level B-T: {what.lower()}", change, level="B-T"
        )
    for name in ("null_corner", "string", "five_numbers", "visible", "reals"):
        what = f"Behind a certificate of level B-T: the field's /Rect is {name.replace('_', ' ')}"
        tail_attack(f"stamped_rectangle_{name}", what, _rectangle(RECTANGLES[name]), level="B-T")


_register()
