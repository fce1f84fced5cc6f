"""Pictures of a document: each image file once, placed as inline drawings with a description."""

from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from generator.layout.tree import Chart, Picture
from generator.render.docx.chart import inline as chart_inline
from generator.render.docx.errors import PictureUnreadable
from generator.render.docx.markup import attribute

_SUFFIXES = {"PNG": "png", "JPEG": "jpeg"}


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One image part: its name in the package, relationship id, bytes and pixel size."""

    name: str
    relation: str
    data: bytes
    pixels: tuple[int, int]


@dataclass
class Media:
    """Collects image parts and writes `w:drawing` for each use."""

    files: dict[str, MediaFile] = field(default_factory=dict)
    charts: dict[Chart, str] = field(default_factory=dict)
    prefix: str = "rIdM"  # of the relationship ids
    _drawings: int = 0

    def next_id(self) -> int:
        """A number for the next drawing, unique in the document."""
        self._drawings += 1
        return self._drawings

    def chart(self, chart: Chart) -> str:
        """A run with a native chart."""
        relation = self.charts.setdefault(chart, f"rIdC{len(self.charts) + 1}")
        return chart_inline(chart, self.next_id(), relation)

    def inline(self, picture: Picture) -> str:
        """A run with the picture, scaled into its box without distortion.

        Raises:
            PictureUnreadable: the bytes are neither PNG nor JPEG.
        """
        file = self._file(picture)
        number = self.next_id()
        width, height = _fitted(picture, file.pixels)
        name = attribute(picture.description)
        return (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/>'
            f'<wp:docPr id="{number}" name="Picture {number}" descr="{name}"/>'
            "<a:graphic>"
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{file.name}" descr="{name}"/><pic:cNvPicPr/>'
            f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{file.relation}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )

    def _file(self, picture: Picture) -> MediaFile:
        digest = sha256(picture.data).hexdigest()
        if digest not in self.files:
            suffix, pixels = _inspect(picture)
            number = len(self.files) + 1
            self.files[digest] = MediaFile(
                f"image{number}.{suffix}", f"{self.prefix}{number}", picture.data, pixels
            )
        return self.files[digest]


def _inspect(picture: Picture) -> tuple[str, tuple[int, int]]:
    try:
        with Image.open(BytesIO(picture.data), formats=tuple(_SUFFIXES)) as image:
            return _SUFFIXES[str(image.format)], image.size
    except (UnidentifiedImageError, OSError) as error:
        raise PictureUnreadable(description=picture.description) from error


def _fitted(picture: Picture, pixels: tuple[int, int]) -> tuple[int, int]:
    """Width and height in EMU inside the picture's box, keeping the aspect ratio."""
    scale = min(picture.width.emu / pixels[0], picture.height.emu / pixels[1])
    return round(pixels[0] * scale), round(pixels[1] * scale)
