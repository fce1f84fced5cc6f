"""Formats for people, sentences from facts, balanced titles, fitting rows."""

from dataclasses import replace as swap
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.documents.context import formats as f
from generator.documents.context import wording as w
from generator.documents.context.fitting import LEAST, em_width, fit_lines, fit_rows
from generator.documents.context.titles import PER_LINE, balanced
from records.batch.dates import PartialDate


def test_dates_are_written_as_people_write_them():
    """No leading zeros in letters, dots in forms, slashes in rosters."""
    assert f.cn_day(date(2025, 8, 2)) == "2025年8月2日"
    assert f.dotted(PartialDate(1990, 3)) == "1990.03"
    assert f.slashed(PartialDate(1990, 3, 5)) == "1990/03"
    assert f.cn_partial(PartialDate(1990, 3)) == "1990年3月"
    assert f.cn_day(None) == f.dotted(None) == f.slashed(None) == ""


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2025, 8, 20), date(2025, 8, 22), "2025年8月20日至22日"),
        (date(2025, 8, 25), date(2025, 9, 1), "2025年8月25日至9月1日"),
        (date(2025, 12, 30), date(2026, 1, 4), "2025年12月30日至2026年1月4日"),
        (date(2025, 8, 20), date(2025, 8, 20), "2025年8月20日"),
        (None, date(2025, 8, 20), ""),
    ],
)
def test_spans_say_what_they_share_once(first, last, said):
    """起止时间."""
    assert f.cn_span(first, last) == said


def test_id_numbers_are_masked_to_six_and_four():
    """前6后4; short documents keep only their first letter."""
    assert f.masked("150101198503120007") == "150101********0007"
    assert f.masked("E12345678") == "E********"
    assert f.masked(None) == ""


@given(st.text(alphabet="0123456789X", min_size=11, max_size=18))
def test_masking_never_shows_the_middle(number):
    """The birth date is hidden whatever the length."""
    assert f.masked(number)[6:-4] == "*" * (len(number) - 10)


def test_ethnic_groups_are_short_in_rosters_and_full_in_forms():
    """汉 and 汉族."""
    assert f.ethnic_short("汉族") == f.ethnic_short("汉") == "汉"
    assert f.ethnic_full("蒙古") == "蒙古族"


@pytest.mark.parametrize(
    ("stated", "count"),
    [(None, 0), ("无", 0), ("无异议", 0), ("2件，经查不实", 2), ("3", 3), ("反映论文署名", 1)],
)
def test_objections_are_counted(batch, stated, count):
    """What stands in 单位公示异议 decides between the prescribed sentence and its variant."""
    one = batch.applications[0]
    publicity = one.employer_publicity.model_copy(update={"objections": stated})
    changed = one.model_copy(update={"employer_publicity": publicity})
    assert w.objection_count(changed) == count
    assert (w.recommendation(changed) == w.PRESCRIBED) is (count == 0)


def test_the_prescribed_sentence_is_verbatim():
    """内人社办发〔2024〕172号, 三（二）2."""
    assert w.PRESCRIBED == (
        "申报人符合申报条件，提交的材料真实准确。已对申报条件和材料逐一审核，并公示无异议，同意推荐。"
    )


def test_working_days_leave_out_the_first_day():
    """公示期: 民法典第二百零一条; a year without a calendar is not guessed."""
    assert w.workdays(date(2025, 8, 25), date(2025, 9, 1)) == "5"
    assert w.workdays(date(2035, 8, 25), date(2035, 9, 1)) == ""


def test_the_employers_opinion_says_only_stated_facts(batch):
    """No achievements, no counts; the pledge stays."""
    one = batch.applications[0]
    full = "".join(w.employer_opinion(one))
    bare = "".join(
        w.employer_opinion(
            one.model_copy(update={"achievements": (), "publications": (), "awards": (), "appraisals": ()})
        )
    )
    assert 150 <= len(full) <= 400
    assert "能力和业绩得到同行认可" in full
    assert "能力和业绩得到同行认可" not in bare
    assert "负责，同意推荐" in bare


def test_opinions_follow_the_result(batch):
    """A person who failed gets no approval."""
    failed = next(one for one in batch.applications if not one.passed)
    passed = batch.passed[0]
    assert "未通过" in w.committee_opinion(failed, batch)
    assert w.approval_opinion(failed, batch) == ""
    assert f"具备{passed.sought.name}职称" in w.approval_opinion(passed, batch)


def test_titles_break_between_words_into_even_lines():
    """词意完整、排列对称."""
    title = "内蒙古自治区人力资源和社会保障厅关于报送2025年度内蒙古自治区绿色通道高级职称评审委员会评审结果核准备案的报告"
    lines = balanced(title)
    assert "".join(lines) == title
    assert max(map(len, lines)) - min(map(len, lines)) <= 4
    assert balanced("短标题") == ("短标题",)


@given(st.text(alphabet="内蒙古自治区职称评审委员会关于的报告年度2025（）和", max_size=90))
def test_balanced_lines_give_back_the_title(title):
    """Nothing is lost or added, whatever the title."""
    assert "".join(balanced(title)) == title


ROW = {"period": "2019.01—2020.12", "name": "灌区改造工程", "role": "主持", "result": "通过验收"}
KEYS, WIDTHS = ("period", "name", "role", "result"), (26.8, 62.5, 26.8, 62.5)


@given(st.integers(0, 80), st.floats(30, 120))
def test_fitted_rows_never_pass_their_box(count, height):
    """Heights stay inside, what does not fit is counted."""
    fitted = fit_rows([ROW] * count, KEYS, WIDTHS, height)
    assert sum(fitted.heights) <= height + 1e-6
    assert len(fitted.rows) + fitted.omitted == count
    assert fitted.rest == pytest.approx(height - sum(fitted.heights), abs=0.01)
    assert fitted.omitted == 0 or fitted.size == LEAST


def test_few_rows_keep_the_full_size():
    """10.5 pt as long as there is room."""
    assert fit_rows([ROW] * 3, KEYS, WIDTHS, 98).size == 10.5


@given(st.lists(st.text(alphabet="甲乙丙1234", max_size=120), max_size=30))
def test_fitted_lines_keep_the_latest(lines):
    """Of too many jobs the latest stay."""
    fitted = fit_lines(lines, 178, 38)
    kept = [row["text"] for row in fitted.rows]
    assert kept == lines[len(lines) - len(kept) :]


def test_widths_count_half_for_latin():
    """An em per Chinese character."""
    assert em_width("中文") == 2
    assert em_width("ab") < 1.2


def test_the_statement_stays_within_300_characters(batch):
    """代表性成果自述（300字内）, whole sentences only."""
    from generator.documents.fields.sheet import statement

    for one in batch.applications:
        said = statement(one)
        assert len(said) <= 300
        assert not said or said.endswith("。")
    long = swap(batch.applications[0].achievements[1], result="效果" * 400)
    assert statement(batch.applications[0].model_copy(update={"achievements": (long,)})) == ""


@pytest.mark.parametrize(
    ("title", "whole"),
    [
        (
            "正蓝旗人力资源和社会保障局关于正蓝旗中小学教师系列初级职称评审委员会2025年度职称评审结果核准备案的意见",
            "正蓝旗",
        ),
        (
            "内蒙古自治区人事人才公共服务中心关于报送2025年度内蒙古自治区绿色通道高级职称评审委员会评审结果核准备案的报告",
            "高级职称评审委员会",
        ),
        ("锡林郭勒盟农牧业系列定向评价副高级职称评审委员会2025年度职称评审结果公示", "副高级职称评审委员会"),
    ],
)
def test_titles_keep_names_whole_and_are_no_hour_glass(title, whole):
    """Places and committees are words; no line between two longer ones (7.3.1)."""
    lines = balanced(title)
    assert "".join(lines) == title
    assert sum(line.count(whole) for line in lines) == title.count(whole)
    widths = list(map(len, lines))
    assert max(widths) <= PER_LINE
    assert not any(b < a and b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))
