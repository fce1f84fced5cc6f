"""A region's own Word form takes the built-in template's place in the bundle; charts in the report's annex."""

import shutil
import zipfile
from io import BytesIO

import docx
import pytest

from generator.documents.bundle import generate
from generator.documents.bundle.build_document import layout_of, runs_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context import statistics as stats
from generator.documents.context.cases import Case, blank_case
from generator.documents.context.subjects import subjects
from generator.documents.fields import variables
from generator.layout.tree import Chart, Paragraph
from records.sample import sample_batch
from records.statistics import statistics

CHARTED = {name: (Case({**blank_case(name), "with_charts": "是"}),) for name in ("A306", "A701")}


@pytest.fixture
def folder(tmp_path):
    """A template folder with an own form of 承诺书."""
    form = docx.Document()
    form.add_paragraph("本年度官方承诺书")
    form.add_paragraph("承诺人：{{ name }}，申报{{ title }}")
    (tmp_path / "templates").mkdir()
    form.save(tmp_path / "templates" / "A105.docx")
    return tmp_path / "templates"


def words(path):
    """Text of a Word file."""
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def test_an_own_form_is_filled_for_each_person(folder, tmp_path):
    """The official form of this year, not ours."""
    batch = sample_batch(2, 2)
    manifest = generate(batch, tmp_path / "out", only=("A105", "A104"), formats=("docx",), folders=(folder,))
    filled = [entry for entry in manifest.files if entry.document == "A105"]
    assert len(filled) == 2
    for entry, one in zip(filled, batch.applications, strict=True):
        text = words(tmp_path / "out" / entry.path)
        assert "本年度官方承诺书" in text
        assert f"承诺人：{one.person.name}，申报{one.sought.name}" in text
    other = next(entry for entry in manifest.files if entry.document == "A104")
    assert "本年度官方承诺书" not in words(tmp_path / "out" / other.path)


def test_a_draft_uses_the_built_in_template(folder, tmp_path):
    """An own form cannot be marked 草稿, so it is left aside."""
    manifest = generate(
        sample_batch(1, 2), tmp_path / "out", only=("A105",), formats=("docx",), folders=(folder,), force=True
    )
    assert "本年度官方承诺书" not in words(tmp_path / "out" / manifest.files[0].path)


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_own_forms_are_printed_by_libreoffice(folder, tmp_path):
    """One PDF beside each Word file, with its pages counted."""
    manifest = generate(sample_batch(2, 2), tmp_path / "out", only=("A105",), folders=(folder,))
    assert [entry.format for entry in manifest.files] == ["docx", "docx", "pdf", "pdf"]
    assert all(entry.pages == 1 for entry in manifest.files if entry.format == "pdf")


def charts_of(document):
    """Every chart of a layout."""
    return [
        inline
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Paragraph)
        for inline in block.inlines
        if isinstance(inline, Chart)
    ]


def test_the_report_has_charts_whose_numbers_add_up(batch):
    """附件4 on demand: applicants and passes by level, series and 盟市."""
    entry = CATALOGUE["A701"]
    assert charts_of(layout_of(entry, subjects(entry, batch)[0])) == []
    charts = charts_of(layout_of(entry, subjects(entry, batch, CHARTED)[0]))
    assert [chart.title for chart in charts] == ["按资格等级", "按职称系列", "按单位所在盟市"]
    for chart in charts:
        applied, passed = chart.series
        assert sum(applied.values) == len(batch.applications)
        assert sum(passed.values) == len(batch.passed)


def test_statistics_workbooks_have_native_charts(county_batch):
    """XLSX: a chart part that reads cells."""
    from generator.render.xlsx import render, sheets_of

    entry = CATALOGUE["A306"]
    data = render(sheets_of(layout_of(entry, subjects(entry, county_batch, CHARTED)[0])))
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert any(name.startswith("xl/charts/chart") for name in package.namelist())


def test_the_chart_of_a_statistical_form_shows_the_people_of_its_table(batch):
    """The columns beside 在编人员统计表 add up to its total row, not to the whole batch."""
    entry = CATALOGUE["A306"]
    given = variables(entry, subjects(entry, batch)[0])
    total = given["staffed_by_series"][-1]
    (applied,) = given["chart_staffed"].series
    assert sum(applied.values) == total["total"] < len(batch.applications)
    levels = dict(zip(given["chart_staffed"].categories, applied.values, strict=True))
    assert levels == {"正高级": total["full"], "副高级": total["associate"]}


def test_statistics_add_up(batch):
    """Rows and total of each table agree with the applicants (B-X07)."""
    counted = stats.counted(batch)
    for matrix in (counted.specialty_level, counted.region_level):
        *parts, total = stats.rows_of(matrix, batch)
        assert total["label"] == stats.TOTAL
        for key in ("full", "associate", "intermediate", "junior", "total", "passed"):
            assert sum(row[key] for row in parts) == total[key]
        assert total["total"] == len(batch.applications)


def test_documents_count_nothing_themselves(batch):
    """Every number of people and every table and chart comes from the one count of records.statistics."""
    truth = statistics(batch)
    assert stats.counted(batch) == truth
    assert stats.counted(batch) is stats.counted(batch)
    entry = CATALOGUE["A701"]
    given = variables(entry, subjects(entry, batch)[0])
    assert given["passed_count"] == str(truth.total.passed)
    assert given["failed_count"] == str(truth.total.failed)
    assert [row["total"] for row in given["by_level"]] == [count.applied for _, count in truth.by_level]
    assert given["chart_series"].categories == truth.by_series.labels
    for name, matrix in (
        ("staffed_by_series", truth.staffed_level),
        ("senior_by_region", truth.senior_region_level),
    ):
        *parts, total = given[name]
        assert [(row["label"], row["total"]) for row in parts] == [
            (label, matrix.row(label).applied) for label in matrix.rows
        ]
        assert total["total"] == matrix.total.applied


def test_the_directory_lists_every_series_with_its_titles(batch):
    """职称评审专业目录 comes from the code tables."""
    entry = CATALOGUE["A015"]
    text = "".join(run.text for run in runs_of(layout_of(entry, subjects(entry, batch)[0])))
    assert "高等学校教师系列" in text
    assert "正高级工程师、高级工程师、工程师" in text
