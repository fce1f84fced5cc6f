"""Own templates and fonts: a copy to start from, rows of fields whole, substitute fonts said."""

import json
import shutil

import pytest
from click.testing import CliRunner

from core.settings import Home
from generator.documents.bundle import generate
from generator.layout.text.fonts import FONT_FOLDER, FontBook
from records.input.workbook import write_batch
from records.sample import sample_batch
from zhicheng import cli


@pytest.fixture
def run(tmp_path):
    """`zhicheng` in a home of its own."""

    def call(*arguments):
        return CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), *map(str, arguments)])

    return call


def test_a_template_can_be_copied_and_changed(run, tmp_path):
    """What is changed in the copy stands in the document; a second copy overwrites nothing."""
    own = tmp_path / "home" / "templates" / "documents" / "A601.html"
    assert str(own) in run("document", "template", "A601", "--copy").output
    own.write_text(own.read_text("utf-8").replace("受理部门：", "接待部门："), "utf-8")
    page = tmp_path / "a601.html"
    run("document", "preview", "A601", "-o", page)
    assert "接待部门：" in page.read_text("utf-8")
    again = run("document", "template", "A601", "--copy")
    assert again.exit_code != 0
    assert "接待部门：" in own.read_text("utf-8")


def test_one_of_from_and_copy_is_asked_for(run):
    """Neither is a mistake that is said in words."""
    done = run("document", "template", "A601")
    assert done.exit_code != 0
    assert "--copy" in done.output


def test_fields_show_the_columns_of_rows_whole(run):
    """Every key that a template may ask of a row."""
    line = next(row for row in run("document", "fields", "A102").output.splitlines() if "publications" in row)
    for key in ("date=", "title=", "venue=", "authorship="):
        assert key in line


def test_substitute_fonts_are_said(run, tmp_path):
    """In the run's words, in the manifest, and `fonts` says how to install the prescribed ones."""
    book = tmp_path / "批次.xlsx"
    write_batch(sample_batch(3, 1), book)
    out = tmp_path / "out"
    done = run("generate", book, "-o", out, "--only", "A003", "--format", "pdf", "--force")
    assert "仿宋_GB2312→GWFangLite" in done.output
    told = json.loads((out / "manifest.json").read_text("utf-8"))["fonts"]
    assert {"font": "方正小标宋", "drawn_by": "GWTitle"} in told
    listed = run("fonts").output
    assert "仿宋_GB2312 由 GWFangLite 代替" in listed
    assert "仿宋.ttf" in listed


def test_installed_fonts_are_no_substitutes(tmp_path):
    """An own file under the role's name is the prescribed font."""
    home = Home(tmp_path)
    (home.templates / "fonts").mkdir(parents=True)
    shutil.copy(FONT_FOLDER / "GWHei.ttf", home.templates / "fonts" / "仿宋.ttf")
    assert "仿宋_GB2312" not in dict(FontBook.default(home.templates).substitutes)
    made = generate(sample_batch(2, 1), tmp_path / "out", only=("A003",), formats=("pdf",), home=home)
    assert "仿宋_GB2312" not in {one.font for one in made.fonts}
    assert "方正小标宋" in {one.font for one in made.fonts}
