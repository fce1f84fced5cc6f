"""Makes `samples/bad/*`: one file per defect, each named after it, and `expected.toml`, which says what must be found.

The defects are planted with openpyxl and the standard library, never with the code that is to find them.
Run `python samples/make_bad.py [FOLDER]`; what the files hold is the same at every run.
"""

import io
import json
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from forty import forty_planted_defects
from planting import BAD, Book, archive_of

MEGABYTE = 1024 * 1024
Plant = Callable[[Book], None]


def drop_column(book: Book, sheet: str, head: str) -> None:
    """Delete a column."""
    book.book[sheet].delete_cols(book.at(sheet, head, 1).column)


def identity_column_missing(book: Book) -> None:
    """The column 证件号码 is not there."""
    drop_column(book, "申报人员", "证件号码")


def identity_as_number(book: Book) -> None:
    """One typed as a number, one pasted as text in scientific notation."""
    book.person("证件号码", 3, 1.1e17)
    book.person("证件号码", 5, "1.50102E+17")


def five_notations(book: Book) -> None:
    """Every notation that can mean only one thing; nothing may be found."""
    starts = ("2025-06-03", "2025/6/3", "2025.6.3", "2025年6月3日", "20250603")
    ends = ("2025-06-11", "2025/6/11", "２０２５．６．１１", "二〇二五年六月十一日", "2025-06-11 00:00:00")
    for row, (first, last) in enumerate(zip(starts, ends, strict=True), start=2):
        book.person("单位公示开始", row, first)
        book.person("单位公示结束", row, last)
    book.person("单位公示开始", 7, date(2025, 6, 3))
    book.at("申报人员", "单位公示开始", 7).number_format = "yyyy/m/d"
    for row, text in enumerate(("2009.08", "2012年8月", "200608", "1993-08", "2018/8"), start=2):
        book.person("参加工作时间", row, text)


def ambiguous_dates(book: Book) -> None:
    """Two-digit years, exchanged day and month, and 1990.1 as a number."""
    book.person("单位公示开始", 2, "01/02/25")
    book.person("单位公示结束", 3, "3/4/2025")
    book.person("参加工作时间", 4, 1999.1)


def lookalike_dots(book: Book) -> None:
    """Dots of other scripts between the parts of a name."""
    for row, name in ((2, "孛儿只斤•巴特尔"), (3, "包‧额尔敦"), (4, "奇渥温.那日苏"), (5, "克烈・格根塔娜")):
        book.person("姓名", row, name)


def heads_moved(book: Book) -> None:
    """Columns in another order, heads with blanks and full-width signs, a title above: all of it is tolerated."""
    page = book.book["申报人员"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    page.delete_rows(1, page.max_row)
    page.cell(1, 1, "2025年绿色通道职称评审申报人员")
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(reversed(row), start=1):
            shown = f" {value} ".replace("*", "＊") if number == 2 else value
            page.cell(number, place, shown)


def broken_rows(book: Book) -> None:
    """A row without number, and child rows of nobody."""
    book.forget(4)
    book.person("申报编号", 4, None)
    book.at("论文著作", "申报编号", 2).value = "LT9999"


def line_breaks(book: Book) -> None:
    """A unit and a title typed on two lines (Alt+Enter); a line break at the end is nothing."""
    employer, title = book.at("申报人员", "工作单位", 2), book.at("申报人员", "申报职称名称", 3)
    employer.value = f"{employer.value[:6]}\n{employer.value[6:]}"
    title.value = f"{title.value[:2]}_x000D_\n{title.value[2:]}"
    book.at("申报人员", "现从事专业", 4).value += "\n"


def odd_names(book: Book) -> None:
    """Remarks within the name, a number that tells two people of one name apart; Latin names are as they are."""
    for row, name in ((2, "李思（女）"), (3, "王伟2"), (4, "Jean-Pierre O’Neill"), (5, "㛃〇·\U00030ede")):
        book.person("姓名", row, name)


def total_row(book: Book) -> None:
    """合计 below the last person."""
    page = book.book["申报人员"]
    page.cell(8, 1).value, page.cell(8, 2).value = "合计", "6人"


def numbered_heads(book: Book) -> None:
    """A row of column numbers below the heads, as printed forms have it."""
    page = book.book["申报人员"]
    page.insert_rows(2)
    for column in range(1, 7):
        page.cell(2, column).value = f"（{column}）"


def same_number(book: Book) -> None:
    """Two applicants under one number."""
    book.forget(6)
    book.person("申报编号", 6, book.at("申报人员", "申报编号", 2).value)


def required_empty(book: Book) -> None:
    """Two cells that must be filled are not."""
    book.person("姓名", 5, None)
    book.person("毕业院校", 5, None)


PLANTED: dict[str, tuple[Plant, list[tuple[str, str]]]] = {
    "missing_column_identity": (identity_column_missing, [("R-IN-01", "")]),
    "id_number_typed_as_number": (
        identity_as_number,
        [("R-IN-13", "申报人员!D3"), ("R-IN-13", "申报人员!D5")],
    ),
    "five_date_notations": (five_notations, []),
    "ambiguous_dates": (
        ambiguous_dates,
        [("R-IN-10", "申报人员!AB2"), ("R-IN-10", "申报人员!AC3"), ("R-IN-10", "申报人员!M4")],
    ),
    "impossible_date": (
        lambda book: book.person("单位公示开始", 4, "2025-02-30"),
        [("R-IN-09", "申报人员!AB4")],
    ),
    "date_without_day": (
        lambda book: book.person("单位公示结束", 2, "2025年6月"),
        [("R-IN-11", "申报人员!AC2")],
    ),
    "excel_serial_date": (lambda book: book.person("单位公示结束", 2, 45819), [("R-IN-12", "申报人员!AC2")]),
    "duplicate_application_number": (same_number, [("R-IN-15", "申报人员!A6")]),
    "duplicate_identity_number": (
        lambda book: book.person("证件号码", 6, book.at("申报人员", "证件号码", 3).value),
        [("R-IN-16", "申报人员!D6")],
    ),
    "unknown_column": (
        lambda book: setattr(book.book["申报人员"].cell(1, 40), "value", "微信号"),
        [("R-IN-02", "申报人员!AN1")],
    ),
    "misspelt_column": (
        lambda book: setattr(book.at("申报人员", "毕业院校", 1), "value", "毕业学校"),
        [("R-IN-01", ""), ("R-IN-02", "申报人员!P1")],
    ),
    "column_twice": (
        lambda book: setattr(book.book["申报人员"].cell(1, 40), "value", "姓名"),
        [("R-IN-03", "申报人员!AN1")],
    ),
    "heads_reordered_and_padded": (heads_moved, []),
    "name_with_lookalike_dot": (
        lookalike_dots,
        [("R-IN-17", f"申报人员!B{row}") for row in (2, 3, 4, 5)],
    ),
    "invisible_characters_in_name": (
        lambda book: book.person("姓名", 2, "\ufeff王\u200b　伟\u00a0"),
        [("R-IN-17", "申报人员!B2")],
    ),
    "private_use_character_known": (
        lambda book: book.person("姓名", 2, "李\ue863"),
        [("R-IN-18", "申报人员!B2")],
    ),
    "private_use_character_unknown": (
        lambda book: book.person("姓名", 2, "李\ue000"),
        [("R-IN-19", "申报人员!B2")],
    ),
    "radical_instead_of_ideograph": (
        lambda book: book.person("姓名", 2, "\u2fa6国强"),
        [("R-IN-19", "申报人员!B2")],
    ),
    "choice_outside_list": (
        lambda book: book.person("单位性质", 3, "央企"),
        [("R-IN-06", "申报人员!K3")],
    ),
    "unknown_ethnic_group": (lambda book: book.person("民族", 3, "穿青人"), [("R-IN-07", "申报人员!G3")]),
    "votes_not_numbers": (lambda book: book.person("赞成", 3, "二十票"), [("R-IN-08", "申报人员!AG3")]),
    "required_cells_empty": (
        required_empty,
        [("R-IN-05", "申报人员!B5"), ("R-IN-05", "申报人员!P5")],
    ),
    "row_without_number_and_orphans": (broken_rows, [("R-IN-21", "申报人员!A4"), ("R-IN-22", "论文著作!A2")]),
    "unknown_region_code": (
        lambda book: book.person("工作单位地区代码", 2, "150199"),
        [("R-IN-20", "申报人员!L2")],
    ),
    "photo_path_escapes": (
        lambda book: book.person("照片", 2, "../../etc/passwd"),
        [("R-IN-23", "申报人员!AE2")],
    ),
    "photo_missing": (
        lambda book: book.person("照片", 2, "photos/nobody.jpg"),
        [("R-IN-24", "申报人员!AE2")],
    ),
    "identity_number_after_apostrophe": (
        lambda book: book.person("证件号码", 3, f"'{book.at('申报人员', '证件号码', 3).value}"),
        [("R-IN-14", "申报人员!D3")],
    ),
    "formula_without_value": (
        lambda book: book.person("继续教育学时", 4, "=30+60"),
        [("R-IN-30", "申报人员!AA4")],
    ),
    "sheet_renamed": (lambda book: setattr(book.book["学习经历"], "title", "学习经历表"), [("R-IN-31", "")]),
    "sheet_deleted": (lambda book: book.book.remove(book.book["评委"]), [("R-IN-32", "")]),
    "rows_hidden": (
        lambda book: setattr(book.book["申报人员"].row_dimensions[4], "hidden", True),
        [("R-IN-33", "")],
    ),
    "line_break_in_cell": (line_breaks, [("R-IN-34", "申报人员!I2"), ("R-IN-34", "申报人员!W3")]),
    "name_with_brackets_and_digits": (
        odd_names,
        [("R-IN-35", "申报人员!B2"), ("R-IN-35", "申报人员!B3")],
    ),
    "total_below_the_list": (total_row, [("R-IN-36", "申报人员!A8")]),
    "row_numbers_below_the_heads": (numbered_heads, [("R-IN-36", "申报人员!A2")]),
    "nobody_left_in_the_list": (
        lambda book: book.book["申报人员"].delete_rows(2, 20),
        [("R-IN-28", "")],
    ),
    "identity_number_untidy": (
        lambda book: book.person("证件号码", 2, " １５０１０１ 1980 0812 000x"),
        [("R-IN-14", "申报人员!D2")],
    ),
}


def whole_files() -> dict[str, tuple[bytes, str]]:
    """Files that cannot be read at all, and the error that each must raise."""
    good = Book()
    plain = good.data()
    batch = good.book["批次"]
    for row in range(2, batch.max_row + 1):
        if batch.cell(row, 1).value == "批次编号*":
            batch.cell(row, 2).value = None
    no_number = good.data()
    without = Book()
    without.book.remove(without.book["申报人员"])
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    return {
        "not_an_xlsx.xlsx": ("姓名,证件号码\n王伟,150101\n".encode(), "not_a_workbook"),
        "html_called_xlsx.xlsx": (b"<html><table><tr><td>1</td></tr></table></html>", "not_a_workbook"),
        "zip_without_workbook.xlsx": (_zip({"readme.txt": b"no workbook"}), "not_a_workbook"),
        "empty_file.xlsx": (b"", "empty_file"),
        "old_format.xls": (ole + bytes(2048), "old_workbook"),
        "password_protected.xlsx": (
            ole + bytes(1024) + "EncryptedPackage".encode("utf-16-le"),
            "encrypted_workbook",
        ),
        "macros_inside.xlsx": (_zip({"xl/vbaProject.bin": b"macro"}, plain), "macro_workbook"),
        "zip_bomb.xlsx": (_zip({"xl/media/padding.bin": bytes(40 * MEGABYTE)}, plain), "zip_bomb"),
        "cut_off.xlsx": (plain[: len(plain) // 2], "workbook_damaged"),
        "broken_xml.xlsx": (
            _zip({"xl/worksheets/sheet2.xml": b"<worksheet><sheetData><row"}, plain),
            "workbook_damaged",
        ),
        "missing_sheet_applicants.xlsx": (without.data(), "sheets_missing"),
        "batch_number_missing.xlsx": (no_number, "number_missing"),
        "cut_off.json": (b'{"number": "PC2025-LT-01", "committee": {', "json_invalid"),
        "wrong_fields.json": (json.dumps({"number": 7, "surprise": True}).encode(), "json_invalid"),
    }


def _zip(parts: dict[str, bytes], base: bytes | None = None) -> bytes:
    """An archive of `base` with other or more parts."""
    contents: dict[str, bytes] = {}
    if base is not None:
        with zipfile.ZipFile(io.BytesIO(base)) as archive:
            contents = {name: archive.read(name) for name in archive.namelist()}
    return archive_of({**contents, **parts})


def main(folder: Path = BAD) -> None:
    """Write the files and what is expected of them."""
    folder.mkdir(exist_ok=True)
    lines = ["# What each file must yield; written by samples/make_bad.py.", ""]
    lines.append("[errors]  # file → key of the error: nothing can be read")
    for name, (data, key) in whole_files().items():
        (folder / name).write_bytes(data)
        lines.append(f'"{name}" = "{key}"')
    lines += ["", "[findings]  # file → every finding of reading it: rule, cell"]
    for stem, (plant, expected) in PLANTED.items():
        book = Book()
        plant(book)
        (folder / f"{stem}.xlsx").write_bytes(book.data())
        lines.append(f'"{stem}.xlsx" = {json.dumps([list(item) for item in expected], ensure_ascii=False)}')
    data, planted = forty_planted_defects()
    (folder / "forty_planted_defects.xlsx").write_bytes(data)
    lines += ["", "[checked]  # file → every finding of checking it: rule, cell"]
    lines += [
        '"forty_planted_defects.xlsx" = [',
        *(f"  {json.dumps(item, ensure_ascii=False)}," for item in planted),
        "]",
    ]
    (folder / "expected.toml").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
