"""`zhicheng certificate preview`: an operator sees his layout before it is used."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from press_tools import needs

from generator.certificate.cases import CASES
from generator.certificate.commands import CASE_NAMES, preview
from generator.certificate.loading import load_face
from generator.certificate.preview import contact_sheet, preview_pdf
from house.console import Context
from house.settings import Home


def call(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(preview, list(arguments), obj=Context(Home(home)))


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
    import io

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
