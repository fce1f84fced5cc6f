"""A region's own Word form: checked by place, filled without touching its formatting, closed to mischief."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import office_trees as trees
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from core.settings import Home
from generator.wordforms import Form, Problem, adopt, form_path, own_form
from generator.wordforms.errors import FormBroken, FormUnreadable
from zhicheng import cli

SAMPLES: dict[str, Any] = {
    "name": "苏日娜",
    "sex": "女",
    "employer": "某单位",
    "photo": "",
    "studies": [{"period": "2001.09—2005.07", "school": "内蒙古大学"}],
    "jobs": [{"period": "2005.08—", "employer": "某局"}],
}


def word(build: Callable[[Any], None]) -> bytes:
    """A Word file made with python-docx."""
    document = docx.Document()
    build(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def paragraphs(*texts: str) -> bytes:
    """A Word file of these paragraphs."""
    return word(lambda document: [document.add_paragraph(text) for text in texts])


def official(document: Any) -> None:
    """A small form with everything that forms have."""
    line = document.add_paragraph("姓名：")
    first = line.add_run("{{ na")
    first.bold = True
    line.add_run("me }}")
    line.add_run("（{% if sex == “女” %}女士{% else %}先生{% endif %}）")
    document.add_paragraph("{%p for job in jobs %}")
    document.add_paragraph("{{ loop.index }}. {{ job.period }}　{{ job.employer }}")
    document.add_paragraph("{%p endfor %}")
    table = document.add_table(3, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "时间", "学校"
    table.cell(1, 0).text = "{%tr for s in studies %}{{ s.period }}"
    table.cell(1, 1).text = "{{ s.school }}{%tr endfor %}"
    table.cell(2, 0).text = "{{ photo }}"
    document.sections[0].header.paragraphs[0].text = "单位：{{ employer }}"


VALUES: dict[str, Any] = {
    "name": f"{trees.RARE} <b>&{{{{ x }}}}",
    "sex": "女",
    "employer": "某某水利局",
    "photo": trees.photo(),
    "jobs": [{"period": "2005.08—", "employer": "某局\n二处"}, {"period": "2010.01—", "employer": "某院"}],
    "studies": [{"period": f"{year}.09", "school": f"学校{year}"} for year in (2001, 2005, 2009)],
}


@pytest.fixture(scope="module")
def filled() -> Any:
    """The small form, filled, as python-docx reads it."""
    form = Form.read(word(official), "official.docx")
    assert form.findings(SAMPLES) == ()
    return docx.Document(BytesIO(form.fill(VALUES)))


def test_placeholder_split_over_runs_is_filled_and_keeps_its_format(filled: Any) -> None:
    """Word splits `{{ name }}` over runs; the value stands in the first of them, bold as it was."""
    line = filled.paragraphs[0]
    assert line.text == f"姓名：{trees.RARE} <b>&{{{{ x }}}}（女士）"
    assert next(run for run in line.runs if trees.RARE in run.text).bold


def test_values_never_become_markup_or_placeholders(filled: Any) -> None:
    """Angle brackets, ampersands and braces of a record are text."""
    assert "<b>&{{ x }}" in filled.paragraphs[0].text


def test_paragraph_loops_repeat_whole_paragraphs(filled: Any) -> None:
    """`{%p for %}` repeats what stands between, line breaks of values included, and leaves no empty line."""
    assert [p.text for p in filled.paragraphs[1:]] == ["1. 2005.08—　某局\n二处", "2. 2010.01—　某院"]


def test_row_loops_repeat_table_rows(filled: Any) -> None:
    """A row with `{%tr for %}` and `{%tr endfor %}` repeats itself."""
    rows = [[cell.text for cell in row.cells] for row in filled.tables[0].rows]
    assert rows[:4] == [["时间", "学校"], *[[f"{y}.09", f"学校{y}"] for y in (2001, 2005, 2009)]]


def test_header_is_filled_too(filled: Any) -> None:
    """Placeholders may stand in headers."""
    assert filled.sections[0].header.paragraphs[0].text == "单位：某某水利局"


def test_photo_becomes_a_picture(filled: Any) -> None:
    """Bytes become an inline picture of 25 × 35 mm with its own part."""
    (shape,) = filled.inline_shapes
    assert (round(shape.width.mm), round(shape.height.mm)) == (25, 35)
    blip = shape._inline.graphic.graphicData.pic.blipFill.blip.embed
    assert filled.part.related_parts[blip].blob == VALUES["photo"]


def test_rows_between_tag_rows_repeat() -> None:
    """The customary form, tags in rows of their own, works as well."""

    def build(document: Any) -> None:
        table = document.add_table(3, 1)
        for row, text in enumerate(("{%tr for s in studies %}", "{{ s.school }}", "{%tr endfor %}")):
            table.cell(row, 0).text = text

    form = Form.read(word(build), "rows.docx")
    made = docx.Document(BytesIO(form.fill(VALUES)))
    assert [row.cells[0].text for row in made.tables[0].rows] == ["学校2001", "学校2005", "学校2009"]


@pytest.mark.parametrize(
    ("text", "problem", "detail"),
    [
        ("{{ nmae }}", Problem.UNKNOWN_FIELD, "nmae"),
        ("{{ name.first }}", Problem.UNKNOWN_FIELD, "name.first"),
        ("{% for s in studies %}{{ s.shool }}{% endfor %}", Problem.UNKNOWN_FIELD, "s.shool"),
        ("{{ studies[0].shool }}", Problem.UNKNOWN_FIELD, "studies.shool"),
        ("{{ name + }}", Problem.SYNTAX, "unexpected 'end of print statement'"),
        ("{% for s in studies %}{{ s.school }}", Problem.UNBALANCED, "{% for s in studies %}"),
        ("{% endif %}", Problem.UNBALANCED, "{% endif %}"),
        ("{% if sex %}{% endfor %}", Problem.UNBALANCED, "{% endfor %}"),
        ("{% include 'other' %}", Problem.NOT_ALLOWED, "include"),
        ("{% set x = 1 %}", Problem.NOT_ALLOWED, "set"),
        ("{{ range(10) }}", Problem.NOT_ALLOWED, "Call"),
        ("{{ 'x' * 1000000000 }}", Problem.NOT_ALLOWED, "Mul"),
    ],
)
def test_every_wrong_placeholder_is_found(text: str, problem: Problem, detail: str) -> None:
    """Unknown fields, wrong syntax, unpaired tags and forbidden constructs are each named."""
    findings = Form.read(paragraphs("标题", text), "form.docx").findings(SAMPLES)
    assert (problem, detail) in {(finding.problem, finding.detail) for finding in findings}
    assert findings[0].text().startswith("正文第2段")


def test_finding_names_the_table_cell() -> None:
    """A placeholder in a table is reported by table, row and cell."""

    def build(document: Any) -> None:
        document.add_table(1, 1)
        document.add_table(2, 3).cell(1, 2).text = "{{ nobody }}"

    (finding,) = Form.read(word(build), "form.docx").findings(SAMPLES)
    assert finding.spot.text() == "正文第2个表格第2行第3格"
    assert finding.spot.text("en") == "Body, table 2, row 2, cell 3"


@pytest.mark.parametrize(
    "text",
    [
        "{{ name.__class__ }}", "{{ name.__class__.__mro__[1].__subclasses__() }}", "{{ studies.append(1) }}",
        "{{ studies.__len__ }}", "{{ ''.__class__ }}", "{{ name.upper() }}", "{{ self }}", "{{ cycler }}",
        "{{ lipsum.__globals__ }}", "{{ name|attr('__class__') }}", "{{ name|format }}",
    ],
)  # fmt: skip
def test_python_cannot_be_reached(text: str) -> None:
    """Neither checking nor filling lets a form touch a Python object."""
    form = Form.read(paragraphs(text), "form.docx")
    assert form.findings(SAMPLES)
    with pytest.raises(FormBroken):
        form.fill(VALUES)


def test_loop_in_a_loop_must_follow_the_row() -> None:
    """All rows times all rows could fill the disk: an inner loop runs over its row only."""
    text = "{% for a in studies %}{% for b in studies %}x{% endfor %}{% endfor %}"
    form = Form.read(paragraphs(text), "form.docx")
    assert [finding.problem for finding in form.findings(SAMPLES)] == [Problem.BROKEN]
    with pytest.raises(FormBroken):
        form.fill(VALUES)


def test_missing_value_stops_the_form_with_its_name() -> None:
    """A field that the data lacks is an error, not an empty line."""
    with pytest.raises(FormBroken, match="name"):
        Form.read(paragraphs("{{ name }}"), "form.docx").fill({})


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"{\\rtf1}", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_file_that_is_no_word_document_is_refused(data: bytes) -> None:
    """Rubbish, RTF and the old .doc are refused with one sentence."""
    with pytest.raises(FormUnreadable, match=r"form\.doc"):
        Form.read(data, "form.doc")


def test_zip_bomb_and_macros_are_refused() -> None:
    """A part that unpacks to more than the limit, or VBA, is refused before anything is read."""
    bomb, macro = BytesIO(paragraphs("x")), BytesIO(paragraphs("x"))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/zero.bin", bytes(101 * 1024 * 1024))
    with zipfile.ZipFile(macro, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    for data in (bomb.getvalue(), macro.getvalue()):
        with pytest.raises(FormUnreadable):
            Form.read(data, "form.docx")


@settings(max_examples=30, deadline=None)
@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=50)
)
def test_any_value_comes_out_unchanged(value: str) -> None:
    """Whatever a record holds stands in the document as it is."""
    form = Form.read(paragraphs("甲{{ name }}乙"), "form.docx")
    assert docx.Document(BytesIO(form.fill({"name": value}))).paragraphs[0].text == f"甲{value}乙"


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="{}%# abcfornidsetw._'\"()[]|+*", max_size=60))
def test_checking_never_breaks(text: str) -> None:
    """Any text in a form gives findings or none, never an exception."""
    Form.read(paragraphs(text), "form.docx").findings(SAMPLES)


def test_good_form_is_adopted_and_a_bad_one_is_not(tmp_path: Path) -> None:
    """Only a form without findings is kept in the home folder."""
    home = Home(tmp_path / "home")
    good, bad = tmp_path / "good.docx", tmp_path / "bad.docx"
    good.write_bytes(word(official))
    bad.write_bytes(paragraphs("{{ nobody }}"))
    assert own_form(home, "A102") is None
    assert adopt(home, "A102", bad, SAMPLES)
    assert not form_path(home, "A102").exists()
    assert adopt(home, "A102", good, SAMPLES) == ()
    kept = own_form(home, "A102")
    assert kept is not None
    assert form_path(home, "A102").read_bytes() == good.read_bytes()


def test_command_reports_unknown_fields_by_place(tmp_path: Path) -> None:
    """`document template` prints each finding with its place and ends with 1; a good form ends with 0."""
    bad, good = tmp_path / "bad.docx", tmp_path / "good.docx"
    bad.write_bytes(paragraphs("姓名", "{{ nmae }}"))
    good.write_bytes(paragraphs("姓名：{{ name }}"))
    arguments = ["--home", str(tmp_path / "home"), "document", "template", "A102", "--from"]
    refused = CliRunner().invoke(cli, [*arguments, str(bad)])
    assert refused.exit_code == 1
    assert "正文第2段" in refused.output
    assert "nmae" in refused.output
    adopted = CliRunner().invoke(cli, [*arguments, str(good), "--json"])
    assert adopted.exit_code == 0
    assert '"adopted": true' in adopted.output


def test_draft_is_marked_at_the_top() -> None:
    """A form filled as a draft says so before anything else, and knows its paper."""
    form = Form.read(paragraphs("{{ name }}"), "form.docx")
    made = docx.Document(BytesIO(form.fill(VALUES, mark="草稿")))
    assert next(p.text for p in made.paragraphs) == "草稿"
    assert form.paper == "216x279", "python-docx's own template is on Letter"
