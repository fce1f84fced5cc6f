"""Rosters: long remarks stand below the list, what there is not is said, facts for blanks can be told."""

import pytest
from documents_papers import batch_of, papers, text_of_layout

from generator.documents.bundle.build_document import layout_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.cases import read_cases
from generator.documents.context.subjects import subjects
from generator.layout.tree import Table
from generator.render.pdf import render
from records.batch.model import CurrentTitle

REMARK = "该同志入选自治区高层次人才培养项目，培养期内业绩成果突出，经核准部门同意不受岗位数额限制申报评审。"


@pytest.mark.parametrize("document", ["A304", "A702"])
def test_a_long_remark_stands_below_the_list(document):
    """45 characters never become one a line; the cell says which note, the note whose it is."""
    batch = batch_of(passed=12)
    first, *others = batch.applications
    noted = first.model_copy(update={"note": REMARK})
    changed = batch.model_copy(update={"applications": (noted, *others), "region_code": "150102"})
    (text,) = papers(document, changed)
    assert "见注1" in text
    assert f"注：1．{first.person.name}：{REMARK}" in text
    pages = [
        render(layout_of(CATALOGUE[document], subjects(CATALOGUE[document], one)[0])).pages
        for one in (batch.model_copy(update={"region_code": "150102"}), changed)
    ]
    assert pages[1] <= pages[0] + 1


def test_a_short_remark_stays_in_its_cell():
    """Eight characters fit."""
    batch = batch_of(passed=12)
    noted = batch.applications[0].model_copy(update={"note": "破格申报"})
    changed = batch.model_copy(update={"applications": (noted, *batch.applications[1:])})
    (text,) = papers("A702", changed)
    assert "破格申报" in text
    assert "见注" not in text


def test_no_title_is_said_as_none():
    """现职称 of somebody without one is 无, not an empty cell."""
    batch = batch_of()
    bare = batch.applications[0].model_copy(update={"current_title": CurrentTitle(), "talent_category": None})
    (subject,) = subjects(
        CATALOGUE["A304"], batch.model_copy(update={"applications": (bare,), "region_code": "150102"})
    )
    layout = layout_of(CATALOGUE["A304"], subject)
    tables = [block for section in layout.sections for block in section.blocks if isinstance(block, Table)]
    last = tables[-1].rows[-1]
    words = ["".join(text_of_layout(cell.blocks)) for cell in last.cells]
    assert words[10] == "无"
    assert words[14] == "无"


def test_a_case_of_one_employer_leaves_the_others_papers(tmp_path):
    """What is told about one unit fills its paper's blanks; every other unit still gets its own."""
    batch = batch_of(people=36)
    units = [one.employer for one in subjects(CATALOGUE["A202"], batch)]
    path = tmp_path / "cases.toml"
    path.write_text(f'[[A202]]\nemployer = "{units[1]}"\nreceiver_phone = "0472-1234567"\n', "utf-8")
    texts = papers("A202", batch, read_cases(path))
    assert len(texts) == len(units)
    assert ["0472-1234567" in text for text in texts] == [place == 1 for place in range(len(units))]


def test_a_case_of_no_unit_is_about_all_of_them(tmp_path):
    """The rosters' look is told once."""
    path = tmp_path / "cases.toml"
    path.write_text("[[A304]]\nno_example = true\n", "utf-8")
    texts = papers("A304", batch_of(people=36), read_cases(path))
    assert len(texts) > 2
    assert not any("XXX" in text for text in texts)
