"""Shared by the tests of documents: sample batches, one complete set of documents, single PDFs."""

import sys
from pathlib import Path

import pytest

from generator.documents.bundle import generate
from generator.documents.bundle.build_document import layout_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.subjects import subjects
from generator.render.pdf import render
from records.sample import SAMPLE_FOLDER, Kind, sample_batch

sys.path.append(str(Path(__file__).parent.parent / "layout"))  # the measuring of finished pages


@pytest.fixture(scope="session")
def batch():
    """The 36 people of the demonstration."""
    return sample_batch(36, 1)


@pytest.fixture(scope="session")
def county_batch(batch):
    """The same 36 people in one county, whose department alone reports them."""
    return batch.model_copy(update={"region_code": "150102"})


@pytest.fixture(scope="session")
def junior_batch():
    """A batch of intermediate and junior titles."""
    return sample_batch(12, 1, kind=Kind.JUNIOR)


@pytest.fixture(scope="session")
def bundle(batch, tmp_path_factory):
    """Every document of the sample as PDF: (folder, manifest)."""
    out = tmp_path_factory.mktemp("bundle")
    return out, generate(batch, out, formats=("pdf",), photos=SAMPLE_FOLDER)


@pytest.fixture(scope="session")
def made(batch):
    """Make one document's PDF: `made("A102", 3)` is the fourth person's."""

    def make(document, place=0, of=None, cases=None):
        entry = CATALOGUE[document]
        subject = subjects(entry, of or batch, cases, photos=SAMPLE_FOLDER)[place]
        return render(layout_of(entry, subject)).data

    return make
