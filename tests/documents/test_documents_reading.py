"""The reading list is what the catalogue says, and the finished papers of twelve batches are what it says."""

import re
import sys
from pathlib import Path

import pytest
from documents_papers import batch_of, text_of_layout

from generator.documents.bundle.build_document import layout_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.applies import left_out
from generator.documents.context.subjects import subjects
from generator.documents.fields import fields_of
from records.batch.model import Channel
from records.sample import Kind

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
sys.path.append(str(DOCS))
OLD, NEW = "内人社发〔2023〕4号", "内人社发〔2025〕16号"
RULES = re.compile(r"内蒙古自治区职称评审管理实施细则》（([^）]*)）")
EMPTY = re.compile(r"（[　 ]*）(?!号)|[，、；（][，。；）]|，。|(?<![\d.])0[名人]|None|undefined")
BATCHES = {
    "green 2023": (2023, Kind.GREEN, 12, 11),
    "green 2024, nobody": (2024, Kind.GREEN, 12, 0),
    "green 2025, one": (2025, Kind.GREEN, 12, 1),
    "green 2026, 300": (2026, Kind.GREEN, 300, 300),
    "social 2023, nobody": (2023, Kind.ENGINEERING, 12, 0),
    "social 2025": (2025, Kind.ENGINEERING, 12, 10),
    "targeted 2024, one": (2024, Kind.TARGETED, 12, 1),
    "targeted 2026": (2026, Kind.TARGETED, 12, 12),
    "farmer 2023": (2023, Kind.FARMER, 12, 12),
    "farmer 2025, nobody": (2025, Kind.FARMER, 12, 0),
    "junior 2024": (2024, Kind.JUNIOR, 12, 12),
    "autonomous 2026": (2026, Kind.ENGINEERING, 12, 11),
}
READ = [entry for entry in CATALOGUE.made if entry.by and not entry.event]


def test_the_reading_list_is_current():
    """docs/reading.md is what the catalogue and the templates say."""
    import make_reading

    assert (DOCS / "reading.md").read_text("utf-8") == make_reading.page()


def batch_named(name):
    """One of the twelve."""
    year, kind, people, passed = BATCHES[name]
    batch = batch_of(year, kind, people, passed)
    if not name.startswith("autonomous"):
        return batch
    return batch.model_copy(
        update={"review": batch.review.model_copy(update={"channel": Channel.AUTONOMOUS})}
    )


@pytest.mark.parametrize("name", BATCHES)
def test_the_papers_of_twelve_batches_are_what_the_list_says(name):
    """Maker and receiver by name, the law of the year and no other, no empty phrase; what is not made is not."""
    batch = batch_named(name)
    cited = set()
    read = 0
    for entry in READ:
        if left_out(entry, batch):
            assert not batch.passed or entry.when != "passed"
            continue
        subject = subjects(entry, batch)[0]
        text = text_of_layout(layout_of(entry, subject))
        given = {field.name: field for field in fields_of(entry)}
        if not subject.blank:  # a blank form is all gaps
            for role in filter(None, (entry.by, entry.to)):
                assert (given[role].get(subject) or "") in text, (entry.id, role)
            assert EMPTY.findall(text) == [], entry.id
        cited |= set(RULES.findall(text))
        read += 1
    assert cited == {OLD if batch.year < 2025 else NEW}
    assert read > 20
