"""Other ways to make the same certificate, for comparison: reportlab + qrcode image + pyHanko, and other engines."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from generator.certificate.cases import SAMPLE_FACTS, SAMPLE_MARKS
from generator.certificate.drawing.curves import rgb
from generator.certificate.drawing.ground import draw_furniture, draw_ground
from generator.certificate.drawing.page import page_slots
from generator.certificate.face.face import CertificateFace
from generator.certificate.face.placeholders import sentences, values
from generator.certificate.parts import CertificateFacts, IssueMarks
from generator.certificate.pdf.painting import face_runs
from generator.certificate.typesetting.fitting import Setting, set_pieces
from generator.layout.text.fonts import FontBook
from generator.layout.tree import Role
from generator.layout.units import Mm

SIGNATURE_SIZE_MM = 42


class Naive:
    """As everyone writes it: draw the page with reportlab, paste a QR image, sign with pyHanko's incremental update."""

    def __init__(self, face: CertificateFace, key_file: Path, chain_file: Path) -> None:
        from pyhanko.sign import signers

        self.face = face
        self.fonts = FontBook.default()
        self.slots = page_slots(face, self.fonts)
        marker = "-----END CERTIFICATE-----\n"
        parts = [part + marker for part in chain_file.read_text("ascii").split(marker) if part.strip()]
        paths = [chain_file.with_name(f"naive-{index}.pem") for index in range(len(parts))]
        for path, part in zip(paths, parts, strict=True):
            path.write_text(part, "ascii")
        first, *others = map(str, paths)
        self.signer = signers.SimpleSigner.load(str(key_file), first, ca_chain_files=others)
        self.seal = self._seal()

    @staticmethod
    def _seal() -> object:
        from PIL import Image, ImageDraw
        from pyhanko.pdf_utils.images import PdfImage

        image = Image.new("RGBA", (496, 496), (0, 0, 0, 0))
        draw = ImageDraw.Draw(image)
        draw.ellipse((4, 4, 492, 492), outline="#D8121A", width=14)
        draw.regular_polygon((248, 248, 80), 5, fill="#D8121A")
        return PdfImage(image)

    def make(self, facts: CertificateFacts, marks: IssueMarks, photo: bytes | None) -> bytes:
        """One signed certificate."""
        return self._signed(self._drawn(facts, marks, photo))

    def _drawn(self, facts: CertificateFacts, marks: IssueMarks, photo: bytes | None) -> bytes:
        from qrcode import QRCode
        from qrcode.constants import ERROR_CORRECT_M
        from reportlab.lib.utils import ImageReader
        from reportlab.pdfgen.canvas import Canvas

        face, buffer = self.face, BytesIO()
        size = (float(face.page.width), float(face.page.height))
        canvas = Canvas(buffer, pagesize=size, initialFontName=self.fonts.roles[Role.SONG].reportlab_name)
        draw_ground(canvas, face)
        draw_furniture(canvas, face)
        words, phrases = values(facts, marks, face.wording), sentences(facts, marks, face.wording)
        for slot in self.slots:
            if not slot.item.when or words[slot.item.when]:
                self._text(canvas, set_pieces(slot, slot.template.pieces(words, phrases)))
        code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
        code.add_data(marks.url)
        code.make(fit=True)
        picture = ImageReader(code.make_image().get_image())
        place, box = face.qr, face.photo
        canvas.drawImage(picture, place.x, size[1] - place.y - place.size, place.size, place.size)
        if photo:
            canvas.drawImage(
                ImageReader(BytesIO(photo)), box.x, size[1] - box.y - box.height, box.width, box.height
            )
        canvas.setTitle(f"{face.wording.title}")
        canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    @staticmethod
    def _text(canvas: Any, setting: Setting) -> None:
        for line in setting.lines:
            text = canvas.beginText()
            text.setTextOrigin(line.x, line.y)
            for span in line.spans:
                text.setFillColorRGB(*(float(part) for part in rgb(span.style.colour).split()))
                for face, characters in face_runs(span.style, span.text):
                    text.setFont(face.reportlab_name, setting.size * span.style.scale)
                    text.textOut(characters)
            canvas.drawText(text)

    def _signed(self, page: bytes) -> bytes:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers
        from pyhanko.stamp import StaticStampStyle

        half, place = float(Mm(SIGNATURE_SIZE_MM)) / 2, self.face.seal
        x, y = float(place.x), float(self.face.page.height - place.y)
        field = fields.SigFieldSpec("seal", box=(int(x - half), int(y - half), int(x + half), int(y + half)))
        metadata = signers.PdfSignatureMetadata(
            field_name="seal",
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            subfilter=fields.SigSeedSubFilter.PADES,
            md_algorithm="sha256",
        )
        style = StaticStampStyle(border_width=0, background=self.seal, background_opacity=1)
        pdf_signer = signers.PdfSigner(metadata, self.signer, stamp_style=style, new_field_spec=field)
        return bytes(pdf_signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(page))).getvalue())


def typst_one() -> Callable[[], object] | None:
    """The texts of the face through typst (unsigned); None where it is not installed."""
    if find_spec("typst") is None:
        return None
    typst = import_module("typst")
    folder = Path(tempfile.mkdtemp())
    source = folder / "page.typ"
    source.write_text(
        '#set page(paper: "a4", flipped: true)\n#set text(font: "GWSong")\n' + "\n\n".join(_words()), "utf-8"
    )
    fonts = str(Path(__file__).resolve().parents[2] / "templates" / "fonts")
    compiler = typst.Compiler(str(source), font_paths=[fonts])
    return lambda: compiler.compile(format="pdf")


def weasyprint_one() -> Callable[[], object] | None:
    """The texts of the face through WeasyPrint (unsigned); None where it is not installed."""
    if find_spec("weasyprint") is None:
        return None
    html = import_module("weasyprint").HTML
    body = "".join(f"<p>{word}</p>" for word in _words())
    page = f"<style>@page {{size: A4 landscape}} body {{font-family: GWSong}}</style>{body}"
    return lambda: html(string=page).write_pdf()


def docxtpl_one() -> Callable[[], object] | None:
    """The texts of the face through docxtpl and LibreOffice (unsigned); None where one is not installed."""
    office = shutil.which("soffice")
    if find_spec("docxtpl") is None or office is None:
        return None
    document = import_module("docx").Document()
    names = [f"w{index}" for index in range(len(_words()))]
    for name in names:
        document.add_paragraph("{{ " + name + " }}")
    folder = Path(tempfile.mkdtemp())
    document.save(str(folder / "template.docx"))
    template = import_module("docxtpl").DocxTemplate

    def make() -> object:
        filled = template(str(folder / "template.docx"))
        filled.render(dict(zip(names, _words(), strict=True)))
        filled.save(str(folder / "page.docx"))
        command = [
            office,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(folder / "page.docx"),
        ]
        return subprocess.run(command, check=True, capture_output=True)

    return make


def _words() -> list[str]:
    from generator.certificate.face.loading import load_face

    face = load_face()
    words = values(SAMPLE_FACTS, SAMPLE_MARKS, face.wording)
    return [word for word in words.values() if word]


if __name__ == "__main__":
    sys.exit("run bench/press.py")
