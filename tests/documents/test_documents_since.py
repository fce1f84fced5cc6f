"""“任现职以来” says only what is from after the title was obtained; the one-sheet form shows the newest first."""

import pytest
from documents_papers import batch_of, papers

from generator.documents.context import wording
from generator.documents.context.since import achievements_under, is_under
from generator.documents.context.subjects import Subject
from generator.documents.fields.sheet import SHEET_FIELDS, statement
from records.batch.dates import PartialDate
from records.batch.frozen import Place
from records.batch.model import Achievement, Award, CurrentTitle, Publication

PLACE = Place(sheet="论文著作", row=2)


def paper(title, *day):
    """A publication of that day."""
    return Publication(place=PLACE, title=title, published=PartialDate(*day) if day else None)


def award(name, *day):
    """An award of that day."""
    return Award(place=PLACE, name=name, awarded=PartialDate(*day) if day else None)


def work(name, period, *, before=False):
    """A piece of work."""
    return Achievement(place=PLACE, name=name, period=period, before_current_title=before)


@pytest.fixture
def person():
    """Somebody with a title of December 2018 and rows on both sides of it, oldest first."""
    one = batch_of().applications[0]
    return one.model_copy(
        update={
            "current_title": CurrentTitle(name="工程师", obtained=PartialDate(2018, 12)),
            "publications": (
                paper("旧论文", 2012, 5),
                paper("同年不详", 2018),
                paper("当月论文", 2018, 12),
                paper("新论文", 2024, 3),
                paper("无日期论文"),
            ),
            "awards": (award("旧奖", 2015, 1), award("新奖", 2021, 1)),
            "achievements": (
                work("旧项目", "2010.01—2012.03", before=True),
                work("误填项目", "2014.01—2016.03"),
                work("跨界项目", "2017.01—2019.03"),
                work("新项目", "2022.01—2023.03"),
                work("在建项目", "2021.05—至今"),
            ),
        }
    )


def test_only_what_is_from_after_the_title_is_said_to_be(person):
    """Opinion, summary report and their counts; papers and prizes from before are not among them."""
    text = "".join((*wording.summary(person), *wording.employer_opinion(person)))
    assert "新论文" in text
    assert "当月论文" in text
    assert "新奖" in text
    for old in ("旧论文", "同年不详", "无日期论文", "旧奖", "旧项目", "误填项目"):
        assert old not in text
    assert "任现职以来有3项主要专业技术工作、2篇（部）论文著作、1项奖励、专利或成果转化" in text


def test_the_finished_papers_count_alike(person):
    """评审表 and 业绩总结报告 as they are printed."""
    batch = batch_of().model_copy(update={"applications": (person,)})
    (form,), (report,) = papers("A102", batch), papers("A109", batch)
    assert "2篇（部）论文著作" in form
    assert "旧论文" in form  # its register lists everything with its date
    assert "任现职以来形成的代表性论文著作有：《新论文》（2024.03）；《当月论文》（2018.12）。" in form
    assert "旧论文" not in report
    assert "旧奖" not in report


def test_work_is_before_or_after_and_never_lost(person):
    """Every piece of work stands in exactly one of the two registers."""
    after = achievements_under(person)
    assert [item.name for item in after] == ["跨界项目", "新项目", "在建项目"]
    assert len([item for item in person.achievements if not is_under(person, item)]) == 2


def test_the_sheet_shows_the_newest_first(person):
    """What has no room on the one-sheet form is the oldest."""
    subject = Subject(batch_of(), (person,), person)
    shown = {field.name: field.get(subject) for field in SHEET_FIELDS}
    assert [row["title"] for row in shown["sheet_papers"].rows][:2] == ["新论文", "当月论文"]
    assert [row["name"] for row in shown["sheet_awards"].rows] == ["新奖", "旧奖"]
    assert [row["name"] for row in shown["sheet_achievements"].rows] == ["在建项目", "新项目", "跨界项目"]
    many = person.model_copy(
        update={"publications": tuple(paper(f"论文{year}的题目" * 4, year, 1) for year in range(1990, 2025))}
    )
    papers_box = SHEET_FIELDS[1].get(Subject(batch_of(), (many,), many))
    assert papers_box.omitted
    assert papers_box.rows[0]["title"].startswith("论文2024")
    assert statement(person).startswith("在建项目")


def test_somebody_without_a_title_speaks_of_his_work(person):
    """No “任现职以来” of somebody who holds no title."""
    first = person.model_copy(update={"current_title": CurrentTitle()})
    text = "".join((*wording.summary(first), *wording.employer_opinion(first)))
    assert "任现职以来" not in text
    assert "参加工作以来" in text
    assert "旧论文" in text


def test_a_title_without_a_day_claims_no_papers(person):
    """When the title was obtained is not stated: nothing can be said to be from after it but what the record says."""
    undated = person.model_copy(update={"current_title": CurrentTitle(name="工程师")})
    text = "".join(wording.employer_opinion(undated))
    assert "论文著作" not in text
    assert "任现职以来有4项主要专业技术工作" in text
