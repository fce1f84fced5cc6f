"""Layout trees that the tests of Word and Excel files are made from."""

from io import BytesIO

from PIL import Image

from generator.layout.tree import (
    Align,
    Blank,
    Block,
    Border,
    Borders,
    Cell,
    Chart,
    ChartKind,
    Document,
    Fit,
    LineBreak,
    PageNumbers,
    PageSetup,
    Paragraph,
    Picture,
    Pinned,
    Role,
    Row,
    Rule,
    Run,
    Section,
    Series,
    Space,
    Table,
    TextStyle,
    VAlign,
)  # fmt: skip
from generator.layout.units import Length, Mm, Pt

SONG = TextStyle(Role.SONG, Pt(10.5))
HEI = TextStyle(Role.HEI, Pt(10.5))
FANG = TextStyle(Role.FANG, Pt(16), tracking=Pt(-0.2))
TITLE = TextStyle(Role.TITLE, Pt(22))
MARK = TextStyle(Role.TITLE, Pt(36), color="#e60012")
LINE = Length(Mm(225) / 22)
RARE = "㛃𬱖𫖯𠅤𪚥𬭎𫍯"
NO_LINE = Border(Pt(0))
NO_LINES = Borders(NO_LINE, NO_LINE, NO_LINE, NO_LINE)


def para(text: str, style: TextStyle = SONG, **look: object) -> Paragraph:
    """A paragraph of one run."""
    return Paragraph((Run(text, style),), style, **look)  # type: ignore[arg-type]


def cell(text: str = "", **look: object) -> Cell:
    """A cell with one centred paragraph, or none."""
    return Cell((para(text, align=Align.CENTER),) if text else (), **look)  # type: ignore[arg-type]


def photo() -> bytes:
    """A grey PNG of 25 × 35."""
    out = BytesIO()
    Image.new("RGB", (250, 350), "#8899aa").save(out, "PNG")
    return out.getvalue()


def document(*blocks: Block, page: PageSetup | None = None, title: str = "样表") -> Document:
    """A document of one section."""
    return Document(title, (Section(page or PageSetup(), blocks),), "A102", "某某评委会")


def official(paragraphs: int = 9) -> Document:
    """An official letter by GB/T 9704 with number, red line, 版记."""
    page = PageSetup(
        top=Mm(37), left=Mm(28), right=Mm(26), bottom=Mm(35), numbers=PageNumbers.OFFICIAL, grid_lines=22
    )
    # no digits: LibreOffice puts room around Latin text, though the file says not to, and breaks lines elsewhere
    text = "评审会议于十月中旬召开——应到委员二十五人，实到二十三人，符合规定。申报人“巴特尔”等通过。"
    blocks: list[Block] = [
        Pinned((Paragraph((Run("内蒙古自治区测试厅文件", MARK),), MARK, Align.CENTER, line_height=Pt(40)),), top=Mm(72)),
        Space(Length(Mm(35) + Pt(40) + 2 * LINE)),
        para("内测发〔2026〕12号", FANG, align=Align.CENTER, line_height=LINE),
        Rule(Pt(2), "#e60012", before=Mm(4)),
        Space(Length(2 * LINE)),
        para("关于报送评审结果核准备案的报告", TITLE, align=Align.CENTER, line_height=Pt(32), heading=1),
    ]  # fmt: skip
    blocks += [para(text, FANG, first_indent=Length(2 * 15.8), line_height=LINE) for _ in range(paragraphs)]
    small = TextStyle(Role.FANG, Pt(14))
    imprint = (
        Rule(Mm(0.35)),
        para("抄送：自治区人大常委会办公厅。", small, line_height=Pt(24)),
        Rule(Mm(0.25)),
        para("内蒙古自治区测试厅办公室　2026年11月3日印发", small, line_height=Pt(24)),
        Rule(Mm(0.35)),
    )
    return document(*blocks, Pinned(imprint, bottom=Mm(35), last_page=True), page=page)


def letter() -> Document:
    """A letter: the mark above the type area, lines 170 mm long, the lower one 20 mm from the paper's edge."""
    page = PageSetup(
        top=Mm(37), left=Mm(28), right=Mm(26), bottom=Mm(35), numbers=PageNumbers.OFFICIAL,
        number_first_page=False, grid_lines=22,
    )  # fmt: skip
    mark = Paragraph((Run("内蒙古自治区测试厅", MARK),), MARK, Align.CENTER, line_height=Pt(36))
    head = Pinned((mark, Rule(Pt(2), "#e60012", length=Mm(170), before=Mm(4))), top=Mm(30))
    foot = Pinned((Rule(Pt(1), "#e60012", length=Mm(170)),), bottom=Mm(20))
    lines = [para("函件正文，请予支持为盼。", FANG, line_height=LINE) for _ in range(30)]
    return document(head, foot, Space(Mm(22)), *lines, page=page)


def form() -> Document:
    """Two pages of a form: merged and vertical labels, picture, signature at the foot, a list over pages."""
    sign = Paragraph(
        (Run("负责人：", SONG), Blank(Mm(30), SONG, rule=True), Run("（公章）年　月　日", SONG)),
        SONG,
        Align.RIGHT,
    )
    picture = Paragraph((Picture(photo(), Mm(25), Mm(35), "近期免冠照片"),), SONG, Align.CENTER)
    opinion = para("申报人符合申报条件，同意推荐。", first_indent=Pt(21))
    basic = Table(
        tuple(map(Mm, (9.5, 25, 35, 25, 45, 26))),
        (
            Row((cell("姓名", rowspan=2, vertical=True), cell("现名"), cell(f"{RARE}·巴特尔", fit=Fit.SHRINK),
                 cell("性别"), cell("男"), Cell((picture,), rowspan=3)), Mm(13), exact=True),
            Row((cell("曾用名"), cell(), cell("出生日期"), cell("1980年3月")), Mm(13), exact=True),
            Row((cell("工作单位", colspan=2),
                 cell("内蒙古自治区呼和浩特市某某水利水电勘测设计研究院有限责任公司第二分公司" * 2, colspan=3,
                      fit=Fit.SHRINK)), Mm(11), exact=True),
            Row((cell("意见", vertical=True), Cell((opinion,), (sign,), colspan=5, valign=VAlign.TOP)), Mm(60)),
            Row((cell("备注", vertical=True), cell(colspan=5)), Mm(10), fill=True),
        ),
        description="基本情况表",
    )  # fmt: skip
    head = Row(tuple(cell(text) for text in ("起止时间", "单位", "职务")), Mm(10))
    rows = tuple(Row((cell(f"{1990 + i}.07"), cell("某某单位"), cell("工程师")), Mm(12)) for i in range(30))
    jobs = Table(tuple(map(Mm, (50, 75, 40))), (head, *rows), header_rows=1)
    page = PageSetup(numbers=PageNumbers.CENTER, watermark="样本")
    first = Section(page, (para("一、基本情况", HEI, align=Align.CENTER, heading=1), basic))
    second = Section(page, (para("二、工作经历", HEI, heading=1), jobs), continued_title="工作经历")
    return Document("专业技术职称评审表", (first, second), "A102", "某某评委会")


def sheet_a3() -> Document:
    """An A3 page on its side, filled by a table of exact rows whose text must shrink."""
    page = PageSetup(Mm(420), Mm(297), Mm(16), Mm(15), Mm(8), Mm(15))
    texts = [cell("论文著作及获奖情况的较长说明文字" * n, fit=Fit.SHRINK) for n in (1, 3, 6, 8)]
    row = Row(tuple(texts), Mm(17.5), exact=True)
    table = Table((Mm(97.5),) * 4, (row,) * 14)
    foot = Pinned((para("第　份　共15份", align=Align.RIGHT),), bottom=Mm(6))
    return document(para("送审表", TITLE, align=Align.CENTER, line_height=Mm(14)), table, foot, page=page)


def chart(kind: ChartKind = ChartKind.COLUMNS) -> Chart:
    """Applicants and passes of three series."""
    series = (Series("申报", (12, 30, 8)), Series("通过", (9, 22, 6)))
    return Chart("各系列人数", ("工程系列", "卫生系列", "高等学校教师系列"), series, Mm(150), Mm(80), kind)


def charts() -> Document:
    """A page with both kinds of charts."""
    lines = [Paragraph((chart(kind),), SONG, Align.CENTER) for kind in ChartKind]
    return document(para("图表"), *lines, para("完"))


def broken_line() -> Paragraph:
    """Two lines of one paragraph."""
    return Paragraph((Run("上", SONG), LineBreak(), Run("下", SONG)), SONG)
