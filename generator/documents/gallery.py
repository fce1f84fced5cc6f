"""The gallery (文书样张): `docs/gallery.md` with the first page of every document that is made."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from core.settings import write_atomically
from generator.documents.bundle.build_document import layout_of
from generator.documents.catalogue import CATALOGUE, DocumentEntry
from generator.documents.preview import SAMPLE_PEOPLE, SAMPLE_SEED, sample_subject
from generator.errors import GeneratorError
from generator.render.pdf import render
from records.sample import SAMPLE_FOLDER, sample_batch

PICTURES: Final = "gallery"
WIDTH: Final = 380  # pixels of a portrait page; landscape pages get as many more as they are wider
COLOURS: Final = 16
COLUMNS: Final = 3
HEAD: Final = """# 文书样张

每种文书的第一页，用虚构的样例批次制作（姓名、单位、证件号码均为虚构）。本页由 `zhicheng document gallery docs` 重新生成。

## 电子职称证书

五个层级，评审、认定、考核、重新确认，定向评价的使用范围，二十字姓名与长单位、双行职称，生僻字，无照片，换发（注明原证书编号）；
由 `zhicheng certificate preview --case all -o sheet.png` 制作。

![电子职称证书各种情形](pictures/certificates.png)
"""


class PageViewerMissing(GeneratorError):
    """Raised when pages cannot be drawn as pictures, because a development dependency is missing; data: `package`."""

    key = "page_viewer_missing"
    exit_code = 3


def make_gallery(folder: Path) -> Iterator[DocumentEntry]:
    """Write `gallery.md` and its pictures into `folder`; yields each document once it is drawn."""
    batch = sample_batch(SAMPLE_PEOPLE, SAMPLE_SEED)
    for entry in CATALOGUE.made:
        layout = layout_of(entry, sample_subject(entry, batch, SAMPLE_FOLDER))
        write_atomically(folder / PICTURES / f"{entry.id}.png", first_page(render(layout).data))
        yield entry
    write_atomically(folder / "gallery.md", page().encode())


def first_page(pdf: bytes) -> bytes:
    """The first page as a small PNG of few colours.

    Raises:
        PageViewerMissing: the development dependencies are not installed.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise PageViewerMissing(package="pypdfium2") from error

    document = pypdfium2.PdfDocument(pdf)
    sheet = document[0]
    scale = WIDTH / min(sheet.get_width(), sheet.get_height())
    picture = sheet.render(scale=scale).to_pil().convert("RGB").quantize(COLOURS)
    document.close()
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def page() -> str:
    """The text of `gallery.md`."""
    parts = [HEAD]
    stage = None
    row: list[DocumentEntry] = []
    for entry in CATALOGUE.made:
        if entry.stage != stage:
            parts += _rows(row)
            row = []
            stage = entry.stage
            parts.append(f"\n## {entry.stage} {entry.stage_name}\n")
        row.append(entry)
    return "\n".join([*parts, *_rows(row)]) + "\n"


def _rows(entries: list[DocumentEntry]) -> list[str]:
    if not entries:
        return []
    lines = ["| " * COLUMNS + "|", "|---" * COLUMNS + "|"]
    for start in range(0, len(entries), COLUMNS):
        cells = [_cell(entry) for entry in entries[start : start + COLUMNS]]
        lines.append("| " + " | ".join(cells + [""] * (COLUMNS - len(cells))) + " |")
    return lines


def _cell(entry: DocumentEntry) -> str:
    return f"![{entry.name}]({PICTURES}/{entry.id}.png)<br>{entry.id} {entry.name}"
