"""A “signature field” that is really an annotation: what a viewer might draw where a library believes in an empty rectangle."""

import re

from hostile_tails import Change, Tail, tail_attack

RECTANGLES = {
    "null_corner": b"[ null 330 842 430 ]",
    "five_numbers": b"[ 0 0 0 0 0 ]",
    "three_numbers": b"[ 0 0 0 ]",
    "no_numbers": b"[ ]",
    "string": b"[ (0) 330 842 430 ]",
    "name": b"[ /0 330 842 430 ]",
    "boolean": b"[ true 330 842 430 ]",
    "dictionary_inside": b"[ << >> 330 842 430 ]",
    "array_inside": b"[ [ 0 ] 330 842 430 ]",
    "indirect_number": b"[ 28 0 R 330 842 430 ]",
    "visible": b"[ 100 300 600 400 ]",
    "turned_round": b"[ 600 400 100 300 ]",
    "flat": b"[ 100 300 600 300 ]",
    "hair": b"[ 0 0 0.0001 0.0001 ]",
    "reals": b"[ 0.0 0.0 0.0 0.0 ]",
    "minus_zero": b"[ -0 0 0 0 ]",
    "plus_zero": b"[ +0 0 0 0 ]",
    "two_zeros": b"[ 00 0 0 0 ]",
    "exponent": b"[ 1e3 0 0 0 ]",
    "enormous": b"[ 0 0 99999999999999999999 99999999999999999999 ]",
    "close_set": b"[0 0 0 0]",
    "comment_inside": b"[ 0 0 0 0 %\n]",
    "null": b"null",
    "indirect": b"28 0 R",
    "twice": b"[ 0 0 0 0 ]\n/Rect [ 100 300 600 400 ]",
}
SUBTYPES = [
    "Text",
    "Link",
    "FreeText",
    "Line",
    "Square",
    "Circle",
    "Polygon",
    "PolyLine",
    "Highlight",
    "Underline",
    "Squiggly",
    "StrikeOut",
    "Caret",
    "Stamp",
    "Ink",
    "Popup",
    "FileAttachment",
    "Sound",
    "Movie",
    "Screen",
    "PrinterMark",
    "TrapNet",
    "Watermark",
    "3D",
    "RichMedia",
    "Redact",
    "Projection",
    "Unheard",
]
ENTRIES = {
    "appearance_of_the_seal": b"/AP @SEAL",
    "appearance_rollover": b"/AP << /R 73 0 R >>",
    "appearance_down": b"/AP << /D 73 0 R >>",
    "appearance_empty": b"/AP << >>",
    "appearance_state": b"/AS /On",
    "border_and_background": b"/MK << /BG [ 1 0 0 ] /CA (FORGED) >>",
    "script": b"/A << /S /JavaScript /JS (app.alert\\(1\\)) >>",
    "address": b"/A << /S /URI /URI (http\\072\\057\\057example\\056org) >>",
    "launch": b"/A << /S /Launch /F (x) >>",
    "destination": b"/Dest [ 29 0 R /Fit ]",
    "additional_actions": b"/AA << /PV << /S /JavaScript /JS (1) >> >>",
    "line": b"/L [ 100 300 600 400 ]",
    "ink": b"/InkList [ [ 100 300 600 400 ] ]",
    "quadrilaterals": b"/QuadPoints [ 100 300 600 300 100 400 600 400 ]",
    "vertices": b"/Vertices [ 100 300 600 400 ]",
    "text": b"/Contents (FORGED)",
    "rich_text": b"/RC (<body>FORGED</body>)",
    "default_appearance": b"/DA (\\0571 0 Tf)",
    "default_style": b"/DS (font\\072 40pt)",
    "border_style": b"/BS << /W 40 >>",
    "border": b"/Border [ 0 0 40 ]",
    "border_effect": b"/BE << /S /C >>",
    "colour": b"/C [ 1 0 0 ]",
    "opacity": b"/CA 1",
    "layer": b"/OC 28 0 R",
    "associated_file": b"/AF [ 92 0 R ]",
    "parent": b"/Parent 72 0 R",
    "kids": b"/Kids [ 72 0 R ]",
    "default_value": b"/DV 76 0 R",
    "options": b"/Opt [ (a) ]",
    "lock": b"/Lock << /Type /SigFieldLock /Action /All >>",
    "seed_value": b"/SV << /Type /SV >>",
    "field_flags": b"/Ff 1",
    "highlighting": b"/H /P",
    "annotation_name": b"/NM (x)",
    "modified": b"/M (D\\07220261201)",
    "structure_parent": b"/StructParent 0",
    "file": b"/FS 92 0 R",
    "popup": b"/Popup 72 0 R",
    "in_reply_to": b"/IRT 72 0 R",
    "mapping_name": b"/TM (x)",
    "empty_entry": b"/X null",
    "second_value": b"/V 76 0 R",
    "second_page": b"/P 28 0 R",
    "blend_mode": b"/BM /Multiply",
    "language": b"/Lang (x)",
}
SPELLINGS = {
    "escaped_letter": (b"/Rect ", b"/#52ect "),
    "escaped_subtype": (b"/Subtype ", b"/Su#62type "),
    "escaped_field_type": (b"/FT ", b"/F#54 "),
    "escaped_value": (b"/Widget", b"/W#69dget"),
    "escaped_flag": (b"/F 132", b"/#46 132"),
    "hexadecimal_string": (b"/TU (Timestamp)", b"/TU <54696D657374616D70>"),
    "octal_string": (b"/TU (Timestamp)", b"/TU (\\124imestamp)"),
    "utf16_string": (b"/TU (Timestamp)", b"/TU (\\376\\377\\000T)"),
    "nested_brackets": (b"/TU (Timestamp)", b"/TU (Time(stamp))"),
    "other_tip": (b"/TU (Timestamp)", b"/TU (FORGED)"),
    "two_blanks": (b"/FT /Sig", b"/FT  /Sig"),
    "no_blank": (b"/FT /Sig", b"/FT/Sig"),
    "tabulator": (b"/FT /Sig", b"/FT\t/Sig"),
    "carriage_return": (b"/FT /Sig\n", b"/FT /Sig\r\n"),
    "form_feed": (b"/FT /Sig", b"/FT\x0c/Sig"),
    "zero_byte": (b"/FT /Sig", b"/FT\x00/Sig"),
    "comment": (b"/FT /Sig\n", b"/FT /Sig %FORGED\n"),
    "leading_zero": (b"/F 132", b"/F 0132"),
    "plus_sign": (b"/F 132", b"/F +132"),
    "real_flag": (b"/F 132", b"/F 132.0"),
    "flag_of_a_visible_note": (b"/F 132", b"/F 4"),
    "no_flag": (b"/F 132\n", b""),
    "other_flag": (b"/F 132", b"/F 196"),
    "text_field": (b"/FT /Sig", b"/FT /Tx"),
    "button": (b"/FT /Sig", b"/FT /Btn"),
    "no_field_type": (b"/FT /Sig\n", b""),
    "no_type": (b"/Type /Annot\n", b""),
    "other_type": (b"/Type /Annot", b"/Type /Page"),
    "no_subtype": (b"/Subtype /Widget\n", b""),
    "no_rectangle": (b"/Rect [ 0 0 0 0 ]\n", b""),
    "no_tip": (b"/TU (Timestamp)\n", b""),
    "order_of_entries": (b"/FT /Sig\n/T ", b"/T /Sig\n/FT "),
    "capital_letters": (b"(Timestamp\\055", b"(TIMESTAMP\\055"),
    "name_of_the_certification": (b"/T (", b"/T (Signature1"),
    "long_name": (b"/T (", b"/T (" + b"x" * 4000),
}


def _rectangle(value: bytes) -> Change:
    return lambda tail: tail.edit(tail.field, b"[ 0 0 0 0 ]", value)


def _subtype(name: str) -> Change:
    def change(tail: Tail) -> None:
        tail.edit(tail.field, b"/Widget", b"/" + name.encode())
        tail.edit(tail.field, b"[ 0 0 0 0 ]", b"[ null 330 842 430 ]")

    return change


def _entry(entries: bytes) -> Change:
    def change(tail: Tail) -> None:
        form = re.search(rb"/AP ?<</N (\d+) 0 R>>", tail.before)
        assert form is not None
        tail.add(tail.field, entries.replace(b"@SEAL", b"<< /N %b 0 R >>" % form[1]))

    return change


def _spelling(old: bytes, new: bytes) -> Change:
    return lambda tail: tail.edit(tail.field, old, new)


def _register() -> None:
    for name, value in RECTANGLES.items():
        tail_attack(f"field_rectangle_{name}", f"The field's /Rect is {_shown(value)}", _rectangle(value))
    for subtype in SUBTYPES:
        what = f"The field is an annotation of the subtype {subtype}"
        tail_attack(f"field_is_a_{subtype.lower()}", what, _subtype(subtype))
    for name, entries in ENTRIES.items():
        what = f"The field has the further entry {_shown(entries.split(b' ')[0])}"
        tail_attack(f"field_with_{name}", what, _entry(entries))
    for name, (old, new) in SPELLINGS.items():
        what = f"In the field {_shown(new)} instead of {_shown(old)}"
        tail_attack(f"field_spelled_{name}", what, _spelling(old, new))


def _shown(value: bytes) -> str:
    text = "".join(chr(one) if 32 <= one < 127 else f"\\x{one:02x}" for one in value[:40])
    return f"`{text.strip()}`" if text.strip() else "nothing"


_register()
