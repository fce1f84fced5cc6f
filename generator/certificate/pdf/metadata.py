"""Metadata of a certificate: document information and XMP that say the same (PDF/A-3b), and the colour profile."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache
from typing import Final
from xml.sax.saxutils import escape

from generator.certificate.drawing.tagging import pdf_text

PRODUCER: Final = "zhicheng"
PDFA_PART: Final = 3
PDFA_LEVEL: Final = "B"
BEIJING: Final = timezone(timedelta(hours=8))
_PROFILE_DATE: Final = slice(
    24, 36
)  # ICC.1 7.2.8: when the profile was made; fixed, so that files can be compared
_PROFILE_MOMENT: Final = bytes.fromhex("07ea0001000100000000 0000".replace(" ", ""))

_XMP: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/">'
    f"<pdfaid:part>{PDFA_PART}</pdfaid:part><pdfaid:conformance>{PDFA_LEVEL}</pdfaid:conformance>"
    "<dc:format>application/pdf</dc:format>"
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%(title)s</rdf:li></rdf:Alt></dc:title>'
    "<dc:creator><rdf:Seq><rdf:li>%(author)s</rdf:li></rdf:Seq></dc:creator>"
    '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">%(subject)s</rdf:li></rdf:Alt></dc:description>'
    "<dc:identifier>%(number)s</dc:identifier>"
    "<dc:language><rdf:Bag><rdf:li>%(language)s</rdf:li></rdf:Bag></dc:language>"
    "<xmp:CreateDate>%(moment)s</xmp:CreateDate><xmp:ModifyDate>%(moment)s</xmp:ModifyDate>"
    f"<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><pdf:Producer>{PRODUCER}</pdf:Producer>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="r"?>'
)


@lru_cache(maxsize=64)
def pdf_moment(moment: datetime) -> str:
    """A moment as PDF writes it, in Beijing time."""
    return moment.astimezone(BEIJING).strftime("(D:%Y%m%d%H%M%S+08'00')")


def xmp(*, title: str, author: str, subject: str, number: str, language: str, moment: datetime) -> bytes:
    """The XMP packet, read-only."""
    start, by, about, end = _packet(author, language, moment)
    return f"{start}{escape(title)}{by}{escape(subject)}{about}{escape(number)}{end}".encode()


@lru_cache(maxsize=64)
def _packet(author: str, language: str, moment: datetime) -> tuple[str, str, str, str]:
    """The packet around title, subject and number."""
    start, rest = _XMP.split("%(title)s")
    by, rest = rest.split("%(subject)s")
    about, end = rest.split("%(number)s")
    when = moment.astimezone(BEIJING).isoformat(timespec="seconds")
    end = end.replace("%(language)s", language).replace("%(moment)s", when)
    return start, by.replace("%(author)s", escape(author)), about, end


def information(*, title: str, author: str, subject: str, moment: datetime) -> str:
    """The document information dictionary, equal to the XMP."""
    when = pdf_moment(moment)
    return (
        f"<</Title{pdf_text(title)}/Author{pdf_text(author)}/Subject{pdf_text(subject)}"
        f"/Creator({PRODUCER})/Producer({PRODUCER})/CreationDate{when}/ModDate{when}>>"
    )


@cache
def srgb_profile() -> bytes:
    """The sRGB profile of the output intent, always the same bytes."""
    from PIL import ImageCms

    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[_PROFILE_DATE] = _PROFILE_MOMENT
    return bytes(data)
