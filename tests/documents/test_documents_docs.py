"""The documentation agrees with the program."""

from pathlib import Path

import pytest

from cli.documents import document_group, generate_command
from generator.documents.catalogue import CATALOGUE
from generator.documents.gallery import PICTURES, first_page, page

DOCS = Path(__file__).parent.parent.parent / "docs"
MOST_BYTES = 3_000_000


def test_every_option_and_command_is_documented():
    """docs/documents.md names each of them."""
    text = (DOCS / "documents.md").read_text("utf-8")
    options = [name for option in generate_command.params for name in option.opts if name.startswith("--")]
    assert [name for name in options if name not in text and name != "--out"] == []
    assert [name for name in document_group.commands if f"zhicheng document {name}" not in text] == []


def test_the_numbers_of_documents_are_true():
    """Outputs, and entries of the inventory that they belong to."""
    text = " ".join((DOCS / "documents.md").read_text("utf-8").split())
    made, known = ({entry.inventory for entry in entries} for entries in (CATALOGUE.made, CATALOGUE.values()))
    assert f"{len(CATALOGUE.made)} documents" in text
    assert f"{len(made)} of the {len(known)} documents" in text
    assert f"other {len(known) - len(made)} are" in text


def test_the_gallery_is_up_to_date_and_small():
    """gallery.md shows every made document, with a picture of each."""
    assert (DOCS / "gallery.md").read_text("utf-8") == page()
    pictures = {path.stem: path.stat().st_size for path in (DOCS / PICTURES).glob("*.png")}
    assert set(pictures) == {entry.id for entry in CATALOGUE.made}
    assert sum(pictures.values()) < MOST_BYTES


@pytest.mark.parametrize("document", ["A103", "A601"])
def test_thumbnails_show_the_page(made, document):
    """A small PNG in the page's proportions."""
    from io import BytesIO

    from PIL import Image

    picture = Image.open(BytesIO(first_page(made(document))))
    wide = CATALOGUE[document].landscape
    assert (picture.width > picture.height) is wide
    assert min(picture.size) >= 380
