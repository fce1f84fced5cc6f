"""What papers cite: the law of the day of their act, never another year's."""

import re
from datetime import date

import pytest
from documents_papers import batch_of, papers, sample_paper, text_of_layout

from generator.documents.bundle.build_document import layout_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.compose.engine import BUILT_IN
from generator.documents.context.cases import sample_case
from generator.documents.context.law import Citer, LawUnreadable, law, own_law
from generator.documents.context.moments import Moment, act_day
from generator.documents.context.subjects import Subject, subjects

OWN_NUMBER = re.compile(r"第[一二三四五六七八九十]+[条章]|〔20\d\d〕\d+号|令第\d+号|实施细则")
CITED = re.compile(r"内蒙古自治区职称评审管理实施细则》（([^）]*)）")
OLD, NEW = "内人社发〔2023〕4号", "内人社发〔2025〕16号"
YEARS = {2023: OLD, 2024: OLD, 2025: NEW, 2026: NEW}


@pytest.mark.parametrize("template", sorted(path.name for path in BUILT_IN.glob("*.html")))
def test_no_template_has_a_number_or_article_of_its_own(template):
    """Names, numbers and articles of regulations stand in the dated law only."""
    found = OWN_NUMBER.findall((BUILT_IN / template).read_text("utf-8"))
    assert found == []


@pytest.mark.parametrize(("year", "number"), YEARS.items())
def test_papers_cite_the_regulation_of_their_year(year, number):
    """Every paper of a batch of that year names that year's regulation by number, and only it."""
    batch = batch_of(year)
    cited = set()
    for entry in CATALOGUE.made:
        if entry.event:
            continue
        for text in papers(entry.id, batch)[:1]:
            cited |= set(CITED.findall(text))
            assert not re.search("实施细则》(?!（)", text), entry.id
    assert cited == {number}


def test_articles_of_a_version_whose_text_is_not_known_are_not_invented():
    """The public notice of 2024 cites the regulation without an article, that of 2025 with it."""
    (old,) = papers("A601", batch_of(2024))
    (new,) = papers("A601", batch_of(2025))
    assert f"（{OLD}）有关规定" in old
    assert "第五十一条" not in old
    assert f"（{NEW}）第五十一条规定" in new


def test_the_supervision_measures_are_cited_only_once_they_exist():
    """A notice of 2023 does not rest on a text of 2024."""
    assert "人社部发〔2024〕56号" not in papers("A001", batch_of(2023))[0]
    assert "人社部发〔2024〕56号" in papers("A001", batch_of(2026))[0]


@pytest.mark.parametrize(
    ("year", "words"),
    [(2023, "内人社办发〔2023〕79号"), (2024, "内人社办发〔2024〕85号"), (2025, "内人社办发〔2025〕87号")],
)
def test_the_organizers_notice_rests_on_the_notice_of_its_year(year, words):
    """Known notices by number; a year whose notice is not known cites none."""
    assert words in papers("A002", batch_of(year))[0]
    assert "内人社办发" not in papers("A002", batch_of(2026))[0]


@pytest.mark.parametrize("document", ["A406", "A1002", "A1003", "A1004", "A1006", "A1010"])
def test_decisions_cite_the_law_of_the_day_they_are_made(document):
    """What is decided after the change cites the new text, article by article."""
    batch = batch_of(2024)
    assert f"（{NEW}）第六十" in sample_paper(document, batch)
    assert sample_case(document)["issued"].startswith("2025年")


def test_the_law_changes_on_the_very_day():
    """11 May 2025 is the last day of the old text."""
    assert Citer(law(), date(2025, 5, 11))("公示").endswith(f"（{OLD}）有关")
    assert Citer(law(), date(2025, 5, 12))("公示").endswith(f"（{NEW}）第五十一条")
    assert Citer(law(), date(2025, 5, 12)).again("申报人处理") == "第七十二条"
    assert Citer(law(), date(2024, 5, 12)).again("申报人处理") == "该实施细则有关"
    assert Citer(law(), None)("公示") == "《内蒙古自治区职称评审管理实施细则》有关"


def test_a_subject_that_no_version_knows_is_an_error_of_the_template():
    """A mistyped subject never prints “有关规定”."""
    with pytest.raises(LookupError):
        Citer(law(), date(2024, 1, 1))("公式")


def test_own_templates_can_bring_a_newer_text(tmp_path):
    """A `law.toml` beside own templates stands on top; a defective one is named."""
    own = tmp_path / "law.toml"
    own.write_text(
        '[[regulation]]\nkey = "细则"\nname = "新细则"\nnumber = "内人社发〔2027〕1号"\nfrom = 2027-01-01\n'
        'articles = { "公示" = "第五十条" }\n',
        "utf-8",
    )
    with own_law([tmp_path]):
        assert Citer(law(), date(2027, 3, 1))("公示") == "《新细则》（内人社发〔2027〕1号）第五十条"
        assert Citer(law(), date(2026, 3, 1))("公示").endswith(f"（{NEW}）第五十一条")
    entry = CATALOGUE["A103"]
    (subject, *_) = subjects(entry, batch_of(2027, people=1))
    assert "《新细则》（内人社发〔2027〕1号）有关规定" in text_of_layout(
        layout_of(entry, subject, folders=[tmp_path])
    )
    own.write_text("[[regulation]]\nkey = 1\n", "utf-8")
    with own_law([tmp_path / "..", tmp_path]), pytest.raises(LawUnreadable):
        law()


def test_a_step_without_a_day_borrows_the_next_one():
    """The notice's day is not stated; the employers' publicity tells the law in force. Without any day the year does."""
    batch = batch_of(2025)
    assert act_day(Moment.NOTICED, Subject(batch)) is not None
    bare = batch.model_copy(
        update={
            "applications": (),
            **{
                name: type(getattr(batch, name))() for name in ("review", "publicity", "approval", "schedule")
            },
        }
    )
    assert act_day(Moment.NOTICED, Subject(bare)) == date(2025, 12, 31)
    assert act_day(Moment.NOTICED, Subject(bare, case={"issued": "2025年5月3日"})) == date(2025, 5, 3)
