"""The three formats say the same: DOCX and XLSX against the PDF."""

import re
import zipfile
from collections import Counter
from dataclasses import fields, is_dataclass
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from measuring import text_of

from generator.documents.bundle.build_document import layout_of, runs_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.subjects import subjects
from generator.documents.preview import sample_subject
from generator.layout.tree import Chart, Table
from generator.render import docx, xlsx
from generator.render.pdf import render
from records.sample import SAMPLE_FOLDER

TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")


def layout(document, batch, place=0):
    """The layout of one subject."""
    entry = CATALOGUE[document]
    return layout_of(entry, subjects(entry, batch, photos=SAMPLE_FOLDER)[place])


def word_text(data):
    """All text of a Word file without white space; what is pinned to a page stands in its headers and footers."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = [
            name for name in package.namelist() if re.match(r"word/(document|header\d*|footer\d*)\.xml", name)
        ]
        body = "".join(package.read(name).decode("utf-8") for name in parts)
    return "".join(unescape("".join(TEXT.findall(body))).split())


def repeated(tree, pages):
    """What a PDF prints once more per page and Word by itself: heads of tables, footers; and the texts of charts."""
    tables = [block for section in tree.sections for block in section.blocks if isinstance(block, Table)]
    heads = "".join(run.text for table in tables for run in runs_of(table.rows[: table.header_rows]))
    charts = "".join(
        chart.title + "".join(chart.categories) + "".join(series.name for series in chart.series)
        for chart in charts_of(tree)
    )
    titles = "".join(
        f"{section.continued_title}（续）" for section in tree.sections if section.continued_title
    )
    once = Counter(heads + titles + "第页共页")
    return Counter({character: count * pages for character, count in once.items()}) + Counter(charts * 2)


def charts_of(node):
    """Every chart of a layout tree."""
    if isinstance(node, Chart):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from charts_of(item)
    elif is_dataclass(node):
        for part in fields(node):
            yield from charts_of(getattr(node, part.name))


@pytest.mark.parametrize("document", [entry.id for entry in CATALOGUE.made])
def test_word_and_pdf_have_the_same_text(document, batch):
    """Every character once more in the editable file (page numbers are fields there and left out)."""
    entry = CATALOGUE[document]
    tree = layout_of(entry, sample_subject(entry, batch, SAMPLE_FOLDER))
    printed, editable = Counter(text_of(render(tree).data)), Counter(word_text(docx.render(tree)))
    for counter in (printed, editable):
        for character in "0123456789—内部资料注意保密":
            counter.pop(character, None)
    assert not printed - editable - repeated(tree, render(tree).pages)
    continued = Counter(
        "".join(section.continued_title or "" for section in tree.sections) + "（附页续）" * 40
    )
    assert not editable - printed - continued  # Word's headers hold the titles of continuation pages


def test_the_applicants_workbook_keeps_everything_text(county_batch):
    """申报人员花名册: text cells, 18-digit numbers whole, the example row, a frozen head."""
    book = openpyxl.load_workbook(BytesIO(xlsx.render(xlsx.sheets_of(layout("A304", county_batch)))))
    sheet = book.active
    batch = county_batch
    rows = list(map(list, sheet.iter_rows()))
    head = next(number for number, row in enumerate(rows) if row[0].value == "序号")
    assert [cell.value.replace("\n", "") for cell in rows[head]] == [
        "序号", "工作单位", "姓名", "身份证号", "性别", "出生年月", "民族", "学历", "毕业院校及时间", "职称系列",
        "现职称及取得时间", "申报职称名称", "申报资格等级", "现从事专业", "人才类别", "备注",
    ]  # fmt: skip
    assert rows[head + 1][0].value == "例"
    first = rows[head + 2]
    assert first[3].value == batch.applications[0].person.identity_number
    assert first[3].data_type == "s"
    assert first[3].number_format == "@"
    assert sheet.freeze_panes is not None
    names = [row[2].value for row in rows[head + 2 : head + 2 + len(batch.applications)]]
    assert names == [one.person.name for one in batch.applications]


def test_formulas_in_names_stay_text(batch):
    """A cell that begins with = + - @ is never computed."""
    one = batch.applications[0]
    person = one.person.model_copy(update={"name": "=1+1"})
    changed = batch.model_copy(update={"applications": (one.model_copy(update={"person": person}),)})
    book = openpyxl.load_workbook(BytesIO(xlsx.render(xlsx.sheets_of(layout("A304", changed)))))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_the_pass_roster_has_its_seventeen_columns(batch):
    """高级职称评审通过人员花名册."""
    book = openpyxl.load_workbook(BytesIO(xlsx.render(xlsx.sheets_of(layout("A702", batch)))))
    heads = [row for row in book.active.iter_rows(values_only=True) if row[0] == "序号"]
    assert [str(value).replace("\n", "") for value in heads[0]] == [
        "序号", "工作单位", "姓名", "身份证号", "性别", "出生年月", "民族", "学历", "毕业院校及时间", "职称系列",
        "现职称及取得时间", "评审通过职称名称", "资格等级", "现从事专业", "评委会通过时间", "评审方式", "备注",
    ]  # fmt: skip
