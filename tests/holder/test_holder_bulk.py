"""Bulk checks: pasted tables, the API, the workbook, the signed report, and what they do not give away."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from holder_helpers import Holder, House
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from registry.certificates.proof import folded_name
from signing.authority.opening import open_authority
from signing.credential.token import REPORT_TYPE, verify
from web.app import create_app
from web.public.bulk import Asked, BulkRefused, parse_table
from web.settings import WebSettings

NUMBER = "NM20251500205P00012X"


@pytest.mark.parametrize(
    "text",
    [
        f"{NUMBER}\t王小明",
        f"王小明\t{NUMBER}",
        f"{NUMBER}，王小明",
        f"1\t{NUMBER}\t王小明",
        f"证书编号\t姓名\r\n{NUMBER}  王小明\r\n\r\n",
        "NM2025-1500205-P00012X;王小明",
    ],
)
def test_rows_are_read_however_they_were_pasted(text: str) -> None:
    """Tab, comma, spaces, either order, with head or running number."""
    (row,) = parse_table(text, 10)
    assert row.name == "王小明"
    assert row.number.replace("-", "") == NUMBER


def test_a_name_in_two_words_stays_one_name() -> None:
    """Foreign names have spaces."""
    assert parse_table(f"{NUMBER}\tJohn Smith", 1) == [Asked(NUMBER, "John Smith")]


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_is_rows_or_a_refusal(text: str) -> None:
    """Never more rows than lines, never a crash."""
    try:
        rows = parse_table(text, 1000)
    except BulkRefused:
        return
    assert len(rows) <= len(text.splitlines())


def test_lines_of_nothing_but_separators_are_no_rows() -> None:
    """Empty cells of a spreadsheet are pasted as tabs."""
    assert parse_table(f"\t\t\n，，\n{NUMBER}\t张三\n;", 1) == [Asked(NUMBER, "张三")]


def test_a_page_says_how_many_rows_are_taken(core: House, client: FlaskClient) -> None:
    """And that what was pasted is not lost."""
    answer = client.post("/bulk", data={"rows": f"{table(core)}\n" * 501})
    assert answer.status_code == 413
    assert "一次最多 500 行" in answer.text


def last_four(one: Holder) -> str:
    return one.id_number[-4:]


def table(core: House) -> str:
    one, two = core.holders[0], core.holders[1]
    return "\n".join(
        (
            f"{one.certificate.number}\t{one.name}\t{last_four(one)}",
            f"{two.certificate.number}\t{one.name}\t{last_four(one)}",
            f"{NUMBER}\t{two.name}\t{last_four(two)}",
        )
    )


def test_a_row_is_answered_only_when_number_name_and_proof_agree(client: FlaskClient, core: House) -> None:
    """A wrong name and an unknown number read the same; no title of another person is shown."""
    page = client.post("/bulk", data={"rows": table(core)}).text
    assert "未查询到 2 行" in page
    assert "登记有效 1 行" in page
    assert core.holders[0].certificate.facts.title in page
    rows = client.post("/api/v1/bulk-checks", json={"rows": api_rows(core)}).get_json()["rows"]
    wrong, unknown = rows[1], rows[2]
    assert {**wrong, "subject": ""} == {**unknown, "subject": ""}
    assert (rows[0]["code"], wrong["code"]) == ("valid", "no_match")


def api_rows(core: House) -> list[dict[str, str]]:
    return [
        {"number": row.number, "name": row.name, "proof": row.proof} for row in parse_table(table(core), 9)
    ]


def test_a_name_beside_every_number_finds_nobody(client: FlaskClient, core: House) -> None:
    """Numbers are serial: without proof each row gets one and the same answer, whether it would fit or not."""
    name = core.holders[0].name
    rows = [{"number": one.certificate.number, "name": name} for one in core.holders]
    answers = client.post("/api/v1/bulk-checks", json={"rows": rows}).get_json()["rows"]
    assert {one["code"] for one in answers} == {"proof_needed"}
    assert len({str({**one, "subject": ""}) for one in answers}) == 1
    page = client.post("/bulk", data={"rows": "\n".join(f"{row['number']}\t{name}" for row in rows)}).text
    assert f"需要凭据 {len(rows)} 行" in page
    assert core.holders[0].certificate.facts.title not in page


def test_guesses_are_counted_and_not_requests(core: House) -> None:
    """Past the budget of wrong rows a table gets no answers at all, from page and API alike; right ones cost nothing."""
    client = create_app(core.home, settings=WebSettings(rate_misses="5 per hour")).test_client()
    one, two = core.holders[0], core.holders[1]
    right = {"number": one.certificate.number, "name": one.name, "proof": last_four(one)}
    wrong = {**right, "number": two.certificate.number}
    for _ in range(3):
        assert client.post("/api/v1/bulk-checks", json={"rows": [right] * 9}).status_code == 200
    assert client.post("/api/v1/bulk-checks", json={"rows": [wrong] * 4}).status_code == 200
    refused = client.post("/api/v1/bulk-checks", json={"rows": [right, wrong, wrong]})
    assert (refused.status_code, refused.get_json()["code"]) == (429, "bulk_guesses")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert one.certificate.facts.title not in refused.text
    page = client.post("/bulk", data={"rows": f"{one.certificate.number}\t{one.name}\t{last_four(one)}"})
    assert page.status_code == 429
    assert one.certificate.facts.title not in page.text
    assert "Retry-After" in page.headers


@pytest.mark.parametrize("kind", ["last four", "code", "address", "groups"])
def test_any_proof_will_do(client: FlaskClient, core: House, kind: str) -> None:
    """The last four of the ID number; the code as it is printed, scanned or copied."""
    one = core.holders[0]
    code = one.certificate.code
    groups = " ".join(code[at : at + 5] for at in range(0, len(code), 5))
    said = {
        "last four": last_four(one).lower(),
        "code": code,
        "address": f"https://x.example/v/{code}",
        "groups": groups,
    }
    page = client.post("/bulk", data={"rows": f"{one.certificate.number} {one.name} {said[kind]}"}).text
    assert "登记有效 1 行" in page
    body = {"rows": [{"number": one.certificate.number, "name": one.name, "proof": said[kind]}]}
    assert client.post("/api/v1/bulk-checks", json=body).get_json()["rows"][0]["code"] == "valid"


def test_the_proof_of_another_person_does_not_do(client: FlaskClient, core: House) -> None:
    """His code or his four digits beside one's own name and number: not found."""
    one, two = core.holders[0], core.holders[1]
    for proof in (two.certificate.code, "0000"):
        body = {"rows": [{"number": one.certificate.number, "name": one.name, "proof": proof}]}
        assert client.post("/api/v1/bulk-checks", json=body).get_json()["rows"][0]["code"] == "no_match"


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        ("乌兰·巴特尔", "乌兰•巴特尔"),
        ("乌兰·巴特尔", "乌兰・巴特尔"),
        ("乌兰·巴特尔", "乌兰．巴特尔"),
        ("乌兰·巴特尔", "乌兰 · 巴特尔"),
        ("王小明", "王 小　明"),
        ("John Smith", "ＪＯＨＮ  smith"),
    ],
)
def test_habits_of_typing_make_no_difference(held: str, typed: str) -> None:
    """Kinds of interpunct, blanks, width and case; other names stay other names."""
    assert folded_name(held) == folded_name(typed)
    assert folded_name(held) != folded_name(typed + "丽")
    assert folded_name("乌兰巴特尔") != folded_name("乌兰·巴特尔")
    assert folded_name("Li Ming") != folded_name("Liming")


def test_the_report_is_signed_by_this_region(client: FlaskClient, core: House) -> None:
    """The token holds the same rows and no name."""
    answer = client.post("/api/v1/bulk-checks", json={"rows": api_rows(core)})
    body = answer.get_json()
    found = verify(body["token"], open_authority(core.home).keyset, type=REPORT_TYPE)
    assert list(found.payload["rows"]) == body["rows"]
    assert found.payload["checked_at"] == body["checked_at"]
    assert core.holders[0].name not in answer.text
    again = client.post("/bulk", data={"rows": table(core), "form": "json"}).get_json()
    assert again["rows"] == body["rows"]


def test_many_files_are_checked_in_one_request(client: FlaskClient, core: House) -> None:
    """Genuine and changed ones, each with its own code, in order."""
    good, bad = core.holders[0].pdf, core.holders[1].pdf[:-30]
    files = [(io.BytesIO(good), "甲.pdf"), (io.BytesIO(bad), "乙.pdf")]
    answer = client.post("/api/v1/bulk-checks", data={"file": files}, content_type="multipart/form-data")
    rows = answer.get_json()["rows"]
    assert [row["subject"] for row in rows] == ["甲.pdf", "乙.pdf"]
    assert rows[0]["code"] == "genuine"
    assert rows[1]["code"] in ("tampered", "unreadable")


def test_the_workbook_holds_the_answers_as_text(client: FlaskClient, core: House) -> None:
    """One row each, in order; a formula in a name stays text."""
    text = f"{table(core)}\n{NUMBER}\t=1+1\t0000"
    data = client.post("/bulk", data={"rows": text, "form": "xlsx"}).data
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = [row for row in cells if isinstance(row[0], int)]
    assert [row[3] for row in found] == ["登记有效", "未查询到", "未查询到", "未查询到"]
    assert found[3][2] == "=1+1"
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"rows": []}, 422, "invalid"),
        ({"rows": [{"number": "x"}]}, 422, "invalid"),
        ({"rows": [{"number": "x", "name": "y"}] * 501}, 413, "bulk_too_many"),
    ],
)
def test_wrong_tables_are_problem_documents(
    client: FlaskClient, body: dict[str, object], status: int, code: str
) -> None:
    """Empty, incomplete, too long."""
    answer = client.post("/api/v1/bulk-checks", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_an_empty_field_gets_a_calm_page(client: FlaskClient) -> None:
    """Not an error page."""
    answer = client.post("/bulk", data={"rows": " \n "})
    assert answer.status_code == 422
    assert "没有可核验的内容" in answer.text
