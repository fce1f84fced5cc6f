"""The two forms measured on the finished PDF: the national grid of 评审表, the one A3 sheet of 送审表."""

import itertools
from dataclasses import replace

import pypdfium2 as pdfium
import pytest
from documents_measuring import distinct, has_near, lines_at, page_with, quick_text, text_lines
from measuring import glyphs, sizes, strokes, text_of

from generator.documents.context.formats import dotted
from generator.documents.context.wording import PRESCRIBED

BASIC_COLUMNS = (9.5, 25, 10, 12.5, 25, 22.5, 7.5, 7.5, 7.5, 5, 10, 25)
BASIC_ROWS = (14.6, 13.5, 13.9, 14.9, 13, 12.8, 19.4, 19.5, 13, 19.4, 19.4, 20.9, 21.7)
APPROVAL_COLUMNS = (11.9, 20, 25, 22.5, 12.5, 15, 12.5, 47.5)
APPROVAL_ROWS = (77.3, 9.9, 13, 58.4, 86.9)
LEFT_ROWS = (9, 9, 9, 9, 9, 9, 9, 9, 26, 38, 10, 12, 46, 41)
RIGHT_ROWS = (105, 60, 50, 30)
COLUMN = 16.25
SECTIONS = (
    "专业技术职称评审表", "填表说明", "基本情况", "学习培训经历", "工作经历", "任现职前主要专业技术工作业绩登记",
    "任现职后主要专业技术工作业绩登记", "著作、论文及重要技术报告登记", "获奖、专利及成果转化登记",
    "考试成绩、继续教育及答辩情况", "年度及任职期满考核结果", "任现职以来专业技术工作业绩总结", "个人承诺", "单位推荐意见",
    "单位公示情况", "主管部门审核意见", "评议组（专家）评议意见", "评审委员会意见", "核准（确认）意见",
)  # fmt: skip


def edges(first, steps):
    """Absolute positions of a grid's lines."""
    return list(itertools.accumulate(steps, initial=first))


@pytest.fixture(scope="module")
def form(made):
    """The first person's 评审表."""
    return made("A102")


def test_the_basic_page_has_the_national_grid_within_half_a_millimetre(form):
    """基本情况: left upper corner (22.1, 45.1), 12 columns, 13 rows."""
    flat, upright = lines_at(form, page_with(form, "曾用名", 6))
    assert distinct(left for left, _, _ in upright) == pytest.approx(edges(22.1, BASIC_COLUMNS), abs=0.5)
    assert distinct(top for top, _, _ in flat) == pytest.approx(edges(45.1, BASIC_ROWS), abs=0.5)


def test_the_approval_page_keeps_the_national_lines(form):
    """评审审批意见: every line of the national form stands; one column is divided for the fifth number."""
    flat, upright = lines_at(form, len(sizes(form)) - 1)
    columns = distinct(left for left, _, _ in upright)
    assert all(has_near(columns, wanted) for wanted in edges(22.1, APPROVAL_COLUMNS))
    assert len(columns) == len(APPROVAL_COLUMNS) + 2
    assert distinct(top for top, _, _ in flat) == pytest.approx(edges(28.5, APPROVAL_ROWS), abs=0.5)


def test_all_nineteen_sections_stand_in_order(form):
    """The titles of the form's sections follow each other."""
    text = text_of(form)
    places = []
    for title in SECTIONS:
        places.append(text.find(title, places[-1] + 1 if places else 0))
        assert places[-1] >= 0, title


def test_the_photo_is_25_by_35_millimetres(form):
    """The portrait stands on the basic page in its size."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    document = pdfium.PdfDocument(form)
    boxes = [
        thing.get_bounds()
        for page in document
        for thing in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,))
    ]
    document.close()
    assert len(boxes) == 1
    left, bottom, right, top = boxes[0]
    width, height = (right - left) * 25.4 / 72, (top - bottom) * 25.4 / 72
    assert width == pytest.approx(25, abs=0.5) or height == pytest.approx(35, abs=0.5)
    assert width <= 25.5
    assert height <= 35.5


def test_the_prescribed_sentence_stands_in_exactly_its_two_places(made):
    """单位公示情况 of the 评审表 and 单位意见 of the 送审表 (内人社办发〔2024〕172号)."""
    assert text_of(made("A102")).count(PRESCRIBED) == 1
    assert text_of(made("A103")).count(PRESCRIBED) == 1


def test_no_other_document_uses_the_prescribed_sentence(bundle):
    """The sentence belongs to the two forms only."""
    folder, manifest = bundle
    holders = {entry.document for entry in manifest.files if PRESCRIBED in quick_text(folder / entry.path)}
    assert holders == {"A102", "A103"}


def test_with_objections_the_variant_takes_the_place_of_the_prescribed_sentence(batch, made):
    """公示有异议时不得用此句 (H 16)."""
    one = batch.applications[0]
    publicity = one.employer_publicity.model_copy(update={"objections": "2件，经查不实"})
    changed = batch.model_copy(
        update={"applications": (one.model_copy(update={"employer_publicity": publicity}),)}
    )
    for document in ("A102", "A103"):
        text = text_of(made(document, of=changed))
        assert PRESCRIBED not in text
        assert "公示期间收到异议2件，经调查不影响申报，同意推荐。" in text


def test_the_submission_sheet_fills_one_a3_page_exactly_for_everybody(batch, made):
    """送审表: one A3 landscape sheet, 24 × 16.25 mm, both blocks 245 mm, for the largest person too."""
    for place in range(len(batch.applications)):
        data = made("A103", place)
        assert sizes(data) == [pytest.approx((420, 297), abs=0.3)]
        flat, _ = lines_at(data, 0)
        tops = distinct(top for top, _, _ in flat)
        assert tops[0] == pytest.approx(36, abs=0.5)
        assert tops[-1] == pytest.approx(36 + 245, abs=0.5)


def test_the_submission_sheet_has_the_designed_grid(made):
    """Left block of 14 rows, right block of 4 segments, columns of 16.25 mm."""
    flat, upright = lines_at(made("A103"), 0)
    lefts, tops = distinct(x for x, _, _ in upright), distinct(y for y, _, _ in flat)
    assert all(has_near(lefts, 15 + COLUMN * number) for number in (0, 1, 2, 12, 13, 24))
    assert all(has_near(tops, wanted) for wanted in edges(36, LEFT_ROWS))
    assert all(has_near(tops, wanted) for wanted in edges(36, RIGHT_ROWS))


def test_the_submission_sheet_says_which_copy_it_is_at_the_lower_right(made):
    """第×份 共15份 (H 57)."""
    data = made("A103")
    found = [ink for ink in glyphs(data) if ink.top > 283]
    assert "".join(ink.text for ink in found) == "第份共15份"
    assert min(ink.left for ink in found) > 420 / 2
    assert max(ink.right for ink in found) == pytest.approx(405, abs=2)


def test_long_lists_continue_under_their_own_head(batch, made):
    """A register that does not fit goes on on a further page with its head repeated, nothing cut."""
    rows = batch.applications[0].achievements
    many = tuple(replace(rows[1], name=f"第{number}号灌区改造工程") for number in range(60))
    one = batch.applications[0].model_copy(update={"achievements": many})
    data = made("A102", of=batch.model_copy(update={"applications": (one,)}))
    text = text_of(data)
    assert all(f"第{number}号灌区改造工程" in text for number in range(60))
    assert text.count("完成情况及效果（获何奖励效益或专利）") >= 4
    assert all(ink.bottom - ink.top < 12 for ink in glyphs(data))


def test_what_the_one_sheet_cannot_hold_is_counted_on_it(batch, made):
    """Nothing disappears silently: the sheet says how many items stand only in the 评审表."""
    rows = batch.applications[0].achievements
    many = tuple(replace(rows[1], name=f"第{number}号灌区改造工程") for number in range(60))
    one = batch.applications[0].model_copy(update={"achievements": many})
    data = made("A103", of=batch.model_copy(update={"applications": (one,)}))
    text = text_of(data)
    shown = sum(f"第{number}号灌区改造工程" in text.split("代表性论文")[0] for number in range(60))
    assert f"（另有{60 - shown}项，见评审表）" in text
    assert len(sizes(data)) == 1


def test_the_type_never_gets_smaller_than_eight_points(batch, made):
    """Cells shrink to 8 pt and grow then."""
    data = made("A103", 14)
    heights = [
        ink.bottom - ink.top for ink in glyphs(data) if "\u4e00" <= ink.text <= "\u9fff" and ink.text != "一"
    ]
    assert max(heights) < 9
    assert len(heights) > 100


def test_the_applicants_roster_has_its_sixteen_columns_verbatim(made):
    """申报人员花名册: widths of the layout sheet, 267 mm on A4 landscape."""
    data = made("A304")
    _, upright = lines_at(data, 0)
    widths = (8, 30, 14, 34, 9, 15, 9, 15, 30, 17, 22, 18, 12, 14, 9, 11)
    assert distinct(left for left, _, _ in upright) == pytest.approx(edges(15, widths), abs=0.5)
    assert sizes(data)[0] == pytest.approx((297, 210), abs=0.3)
    head = "".join(text_lines(data, 0)[:12])
    for label in ("序号", "工作单位", "身份证号", "毕业院校及时间", "人才", "备注"):
        assert label in head
    assert (
        "填表说明：请务必按照示例规范使用文本格式填写信息，人才类别一栏填写申报人适用政策的序号。"
        in text_of(data)
    )


def test_lines_of_tables_are_drawn_on_every_page(form):
    """No page of a form is without its table but the cover and the instructions."""
    drawn = {ink.page for ink in strokes(form)}
    assert drawn == set(range(len(sizes(form)))) - {1}


def test_registers_that_go_on_overleaf_say_so(batch, made):
    """Each later page of a register repeats the section's title with （续） above the column heads."""
    person = batch.applications[0]
    many = person.model_copy(update={"publications": person.publications * 40})
    data = made("A102", of=batch.model_copy(update={"applications": (many,)}))
    pages = [page for page, text in enumerate(page_texts(data)) if "出版、登载获奖" in text]
    assert len(pages) >= 3
    for place, page in enumerate(pages):
        text = page_texts(data)[page]
        assert ("著作、论文及重要技术报告登记（续）" in text) == (place > 0)
        assert text.count(many.publications[0].title) == text.count(dotted(many.publications[0].published))


def page_texts(data):
    """The text of each page without white space."""
    pdf = pdfium.PdfDocument(data)
    return ["".join(page.get_textpage().get_text_bounded().split()) for page in pdf]
