"""`zhicheng certificate preview`: an operator sees his layout before it is used."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from pikepdf import pdfa
from PIL import Image, ImageDraw
from press_tools import MOMENT, needs

from cli.preview import CASE_NAMES
from core.settings import Home
from generator.certificate.cases import CASES, LEAGUE_OFFICE, SAMPLE_FACTS
from generator.certificate.face.loading import load_face
from generator.certificate.plan import make_plan
from generator.certificate.press import Press
from generator.certificate.preview import contact_sheet, preview_pdf
from registry.issuing.press_maker import preview_seal
from signing.errors import SealUnusable
from signing.seal import seal_from_file
from zhicheng import cli


def call(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), "certificate", "preview", *arguments])


def test_every_invented_case_can_be_chosen() -> None:
    """The command's choices are the cases, and all of them at once."""
    assert (*(case.name for case in CASES), "all") == CASE_NAMES


@pytest.mark.parametrize("layout", ["standard", "bilingual"])
def test_a_preview_is_an_unsigned_sample(tmp_path: Path, layout: str) -> None:
    """It has no signature and says 样本."""
    target = tmp_path / "preview.pdf"
    result = call(tmp_path, "--layout", layout, "-o", str(target))
    assert result.exit_code == 0, result.output
    assert str(target) in result.output
    with pikepdf.open(target) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert "/Perms" not in pdf.Root


def test_the_mongolian_heading_is_read_aloud(tmp_path: Path) -> None:
    """Its outlines carry the text as alternative."""
    face = load_face("bilingual")
    assert face.mongolian is not None
    with pikepdf.open(io.BytesIO(preview_pdf(face, CASES[0]))) as pdf:
        figures = [kid for kid in pdf.Root.StructTreeRoot.K.K if pikepdf.Name.Figure == kid.S]
        assert str(figures[0].Alt) == face.mongolian.text


def test_the_operators_own_layout_is_shown(tmp_path: Path) -> None:
    """A file in the home folder is found by its name; a wrong one is explained."""
    folder = tmp_path / "templates" / "certificates"
    folder.mkdir(parents=True)
    (folder / "own.toml").write_text('extends = "bilingual"\n[mongolian]\ndirection = "vertical"\n', "utf-8")
    assert call(tmp_path, "--layout", "own", "-o", str(tmp_path / "own.pdf")).exit_code == 0
    (folder / "own.toml").write_text('extends = "standard"\n[photo]\nx = "3em"\n', "utf-8")
    result = call(tmp_path, "--layout", "own", "-o", str(tmp_path / "own.pdf"))
    assert result.exit_code == 3
    assert "photo.x" in result.output


def test_only_pdf_and_png_are_written(tmp_path: Path) -> None:
    """Another suffix is wrong use."""
    result = call(tmp_path, "-o", str(tmp_path / "preview.jpg"))
    assert result.exit_code == 2
    assert "preview.jpg" in result.output


@pytest.mark.tools
@needs("pdftoppm")
def test_the_contact_sheet_shows_several_cases(tmp_path: Path) -> None:
    """Pages stand in rows of three."""
    target = tmp_path / "sheet.png"
    contact_sheet(load_face(), target, cases=CASES[:4])
    with Image.open(target) as image:
        assert image.width > image.height > 800


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0H10V10H0Z M2 2V8H8V2Z" fill="#c00"/></svg>'


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_seal_from_a_picture_is_drawn_without_images_or_transparency(tmp_path: Path, kind: str) -> None:
    """An operator's SVG or PNG stands in the appearance, and the page stays PDF/A."""
    path = tmp_path / f"seal.{kind}"
    if kind == "svg":
        path.write_text(SVG, "utf-8")
    else:
        picture = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
        ImageDraw.Draw(picture).ellipse((5, 5, 395, 395), outline="#D8121A", width=12)
        picture.save(path)
    seal = seal_from_file(path, 40)
    plan = make_plan(load_face(), seal, sample=True, signed=False)
    pressed = Press(plan, None).make(CASES[0].facts, CASES[0].marks, signed_at=MOMENT)
    report = pdfa.validate_written(io.BytesIO(pressed.data), "3b")
    assert report.verdict == "pass", [str(finding) for finding in report.findings]


def test_the_layouts_picture_is_the_operators_seal(tmp_path: Path) -> None:
    """`[seal] image` names a file beside the layout; previews show it too, and a bad one is explained."""
    folder = tmp_path / "templates" / "certificates"
    folder.mkdir(parents=True)
    (folder / "own.toml").write_text('extends = "standard"\n[seal]\nimage = "own.svg"\nwidth = 40\n', "utf-8")
    (folder / "own.svg").write_text(SVG, "utf-8")
    own = SAMPLE_FACTS.authority
    face = load_face("own", tmp_path / "templates")
    assert preview_seal(Home(tmp_path), face, own).width_mm == pytest.approx(40)
    assert preview_seal(Home(tmp_path), face, LEAGUE_OFFICE).width_mm == pytest.approx(42)
    (folder / "own.svg").write_text("<svg/>", "utf-8")
    with pytest.raises(SealUnusable):
        preview_seal(Home(tmp_path), face, own)
