"""Many certificates of many regions at once: in order, in parallel, politely, none lost, and signed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner
from openpyxl import load_workbook
from postgresql_server import new_postgres_database
from recognition_regions import Region, anchor_in, answering, fill, hand_out, new_region, take_in, verifier_of

import zhicheng
from records.sample import Kind
from registry.recognition.bulk import REPORT_TYPE, BulkRow, Manners, decide_many
from registry.recognition.bulk_table import TableUnusable, rows_of
from registry.recognition.presenting import Presented
from signing.authority.opening import open_authority
from signing.credential.token import verify

MANY = 300


@dataclass
class World:
    """A asks; B answers; C stands on PostgreSQL; D is down."""

    a: Region
    b: Region
    c: Region
    d: Region


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, postgres_server: object) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("bulk")
    a, b, d = (new_region(folder, f"90002{n}", name) for n, name in ((1, "甲州"), (2, "乙州"), (4, "丁州")))
    c = new_region(folder, "900023", "丙州", database=new_postgres_database(postgres_server))
    anchor = anchor_in(folder / "anchor")
    for region, seed in ((b, 11), (c, 13), (d, 14)):
        fill(region, 4, Kind.GREEN, seed)
        take_in(anchor, region)
    hand_out(anchor, a)
    b.start()
    c.start()
    yield World(a, b, c, d)
    b.stop()
    c.stop()


def rows(world: World, count: int) -> list[BulkRow]:
    """B's and C's certificates in turn, one of D's in ten, and one that nobody can be asked about."""
    made = []
    for number in range(count):
        region = (world.b, world.c)[number % 2] if number % 10 else world.d
        code = region.certificates[number % 3].code
        made.append(BulkRow(str(number), Presented(region=region.code, code=code)))
    made[5] = BulkRow("5", Presented(region=world.b.code, number="NM1"))
    return made


def test_every_row_is_answered_in_its_place(world: World):
    """Regions in parallel, one down, one row without anything to ask; the answers stand as the rows did."""
    asked = rows(world, MANY)
    seen: list[int] = []
    with verifier_of(world.a) as verifier:
        answers = list(decide_many(verifier, asked, progress=seen.append))
    assert [one.row.place for one in answers] == [str(number) for number in range(MANY)]
    assert len(seen) == MANY
    for number, one in enumerate(answers):
        match number:
            case 5:
                assert one.verification is None
                assert "姓名和证件号码" in one.problem
            case _ if number % 10 == 0:
                assert one.usable == "undecided"
            case _:
                assert one.usable == "usable", one.as_dict()


def test_no_region_is_asked_by_more_than_a_few_at_a_time(world: World):
    """Whatever the number of rows: politeness counts at the asked region's door."""
    lock, now_there, most = threading.Lock(), 0, 0

    def respond(body: bytes) -> bytes:
        nonlocal now_there, most
        with lock:
            now_there += 1
            most = max(most, now_there)
        time.sleep(0.02)
        with lock:
            now_there -= 1
        return b"{}"

    asked = [
        BulkRow(str(n), Presented(region=world.d.code, code=world.d.certificates[0].code)) for n in range(40)
    ]
    with answering(world.d.port, respond), verifier_of(world.a) as verifier:
        answers = list(decide_many(verifier, asked, manners=Manners(3)))
    assert all(one.usable == "undecided" for one in answers)
    assert 2 <= most <= 3


def test_a_table_in_a_report_out(world: World, tmp_path: Path):
    """What an office types: Excel in, progress, JSON with its signature and a sheet out; exit code 1 while one is not usable."""
    good, other = world.b.certificates[0], world.c.certificates[0]
    table = tmp_path / "rows.xlsx"
    with xlsxwriter.Workbook(str(table)) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(
            [
                ("姓名", "地区代码*", "核验码", "证件号码"),
                (good.facts.name, world.b.code, good.code, ""),
                ("", int(world.c.code), other.code, ""),
                ("某人", world.b.code, "", 150101199001011234),
            ]
        ):
            for column, cell in enumerate(cells):
                sheet.write(line, column, cell)
    out = tmp_path / "out"
    home = ["--home", str(world.a.home.root)]
    done = CliRunner().invoke(zhicheng.cli, [*home, "region", "bulk", str(table), "-o", str(out)])
    assert done.exit_code == 1, done.output
    assert "可在全区使用 2" in done.output
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["decisions"] == {"usable": 2, "not_asked": 1}
    assert report["rows"][2]["place"] == "第 4 行"
    assert "按数字存" in report["rows"][2]["message"]
    assert good.facts.name not in json.dumps(report, ensure_ascii=False)
    signed = verify(report["token"], open_authority(world.a.home).keyset, REPORT_TYPE).payload
    assert signed["rows"] == report["rows"]
    cells = [
        [cell.value for cell in row] for row in load_workbook(out / "report.xlsx").worksheets[0].iter_rows()
    ]
    assert any("可在全区使用" in (row or []) for row in cells)


def test_a_folder_of_files(world: World, tmp_path: Path):
    """PDFs of several regions and one that is none."""
    for region in (world.b, world.c):
        (tmp_path / f"{region.code}.pdf").write_bytes(region.pdf(region.certificates[1]))
    (tmp_path / "zz.pdf").write_bytes(b"no pdf")
    with verifier_of(world.a) as verifier:
        answers = list(decide_many(verifier, rows_of(tmp_path)))
    assert [one.usable for one in answers[:2]] == ["usable", "usable"]
    assert answers[2].usable not in ("usable", "usable_in_league")


@pytest.mark.parametrize(
    ("name", "content"), [("x.csv", b"a,b\n1,2\n"), ("x.xlsx", b"no workbook"), ("e.csv", b"")]
)
def test_a_table_that_says_nothing_is_refused_whole(tmp_path: Path, name: str, content: bytes):
    """Named with the columns that are known."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableUnusable):
        rows_of(tmp_path / name)


def test_csv_of_old_machines_is_read(tmp_path: Path):
    """GB 18030, as Excel writes it."""
    (tmp_path / "x.csv").write_bytes(
        "地区代码,姓名,证件号码\n900022,敖登,150101199001010000\n".encode("gb18030")
    )
    (row,) = rows_of(tmp_path / "x.csv")
    assert row.presented.name == "敖登"
