"""Forty defects of forty kinds in one workbook of 36 people, and where each must be found."""

from datetime import date

from planting import Book

PEOPLE = 36
Found = list[str]  # rule, cell


def forty_planted_defects() -> tuple[bytes, list[Found]]:
    """The workbook and its forty findings."""
    book = Book(PEOPLE)
    found = [*_cells(book), *_numbers(book), *_names(book), *_places(book)]
    found += [*_rules_of_people(book), *_rules_of_the_committee(book), *_rules_of_the_batch(book)]
    return book.data(), found


def _put(book: Book, rule: str, head: str, row: int, value: object, sheet: str = "申报人员") -> Found:
    cell = book.at(sheet, head, row)
    cell.value = value
    if not isinstance(value, str | date):
        cell.number_format = "General"
    return [rule, f"{sheet}!{cell.coordinate}"]


def _cells(book: Book) -> list[Found]:
    """Cells that are empty or cannot be understood."""
    return [
        _put(book, "R-IN-05", "毕业院校", 2, None),
        _put(book, "R-IN-06", "单位性质", 3, "央企"),
        _put(book, "R-IN-07", "民族", 4, "穿青人"),
        _put(book, "R-IN-08", "赞成", 6, "二十票"),
        _put(book, "R-IN-09", "单位公示开始", 7, "2025-02-30"),
        _put(book, "R-IN-10", "单位公示结束", 8, "3/4/2025"),
        _put(book, "R-IN-11", "单位公示开始", 9, "2025年6月"),
        _put(book, "R-IN-12", "单位公示结束", 11, 45819),
        _put(book, "R-IN-27", "起止时间", 2, date(2001, 9, 1), "学习经历"),
    ]


def _numbers(book: Book) -> list[Found]:
    """Numbers of people that are lost, untidy, twice or missing."""
    first = book.at("申报人员", "证件号码", 13)
    book.forget(37)
    book.forget(36)
    lost = _put(book, "R-IN-13", "证件号码", 12, 1.50101e17)
    untidy = _put(
        book, "R-IN-14", "证件号码", 14, f" {book.at('申报人员', '证件号码', 14).value} ".replace("9", "９")
    )
    twice = _put(book, "R-IN-16", "证件号码", 15, first.value)
    for head in ("姓名", "性别", "出生年月"):
        book.person(head, 15, book.at("申报人员", head, 13).value)
    return [
        lost,
        untidy,
        twice,
        _put(book, "R-IN-15", "申报编号", 37, book.at("申报人员", "申报编号", 2).value),
        _put(book, "R-IN-21", "申报编号", 36, None),
        _put(book, "R-IN-22", "申报编号", 3, "LT2024000001", "工作经历"),
    ]


def _names(book: Book) -> list[Found]:
    """Names in other people's characters."""
    return [
        _put(book, "R-IN-17", "姓名", 16, "孛儿只斤•巴特尔"),
        _put(book, "R-IN-18", "姓名", 17, "李\ue863"),
        _put(book, "R-IN-19", "姓名", 18, "\u2fa6国强"),
    ]


def _places(book: Book) -> list[Found]:
    """Codes, photos, columns and sheets that are not there."""
    page = book.book["申报人员"]
    page.cell(1, 40, "微信号")
    page.cell(1, 41, "姓名")
    book.book.create_sheet("申报人员（旧）")
    batch = book.book["批次"]
    row = batch.max_row + 1
    batch.cell(row, 1, "评审地点")
    batch.cell(row, 2, "另一处")
    return [
        _put(book, "R-IN-20", "工作单位地区代码", 19, "150199"),
        _put(book, "R-IN-23", "照片", 20, "../../photo.jpg"),
        _put(book, "R-IN-24", "照片", 21, "photos/nobody.jpg"),
        _put(book, "R-IN-25", "照片", 22, "expected.toml"),
        ["R-IN-02", "申报人员!AN1"],
        ["R-IN-03", "申报人员!AO1"],
        ["R-IN-04", ""],
        ["R-IN-26", f"批次!B{row}"],
    ]


def _rules_of_people(book: Book) -> list[Found]:
    """What the regulation says of single applicants."""
    number = str(book.at("申报人员", "证件号码", 23).value)
    other = "1" if number[-1] != "1" else "2"
    approving = book.at("申报人员", "赞成", 25)
    book.book["申报人员"].cell(1, 42, "身份类别")
    return [
        _put(book, "B-X03", "证件号码", 23, number[:-1] + other),
        _put(book, "B-X04", "申报职称名称", 24, "教授级高级工程师"),
        _put(book, "B-M03", "赞成", 25, int(approving.value) - 1),
        _put(book, "B-M02", "评审结果", 26, "未通过"),
        _put(book, "B-T01", "单位公示结束", 27, date(2025, 6, 13)),
        _put(book, "B-E16", "人才类别", 28, "9"),
        _put(book, "B-E01", "身份类别", 29, "公务员"),
    ]


def _rules_of_the_committee(book: Book) -> list[Found]:
    """What it says of experts."""
    book.at("评委", "职务", 8).value = "主任委员"
    return [
        _put(book, "B-M11", "承诺书", 6, "否", "评委"),
        _put(book, "B-T14", "连续任职年数", 7, 3, "评委"),
        ["B-C03", "评委!F1"],
    ]


def _rules_of_the_batch(book: Book) -> list[Found]:
    """What it says of the run as a whole."""
    batch = book.book["批次"]
    batch.cell(batch.max_row + 1, 1, "主持人")
    book.at("批次", "核准日期", 0).value = date(2025, 10, 20)  # the late settlement still lies before it
    return [
        _put(book, "B-M06", "主持人", 0, "王建国", "批次"),
        _put(book, "B-T05", "处理日期", 2, date(2025, 10, 15), "举报"),
        _put(book, "B-T08", "方案报备日期", 0, date(2025, 8, 15), "批次"),
        _put(book, "B-S02", "用印机关", 0, "包头市人力资源和社会保障局", "批次"),
    ]
