"""Many at once: a hundred files, their report as workbook and sealed PDF, which comes back recognised."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_helpers import Issued

HIDDEN = re.compile(r'name="(receipt|name)" value="([^"]*)"')


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return "\n".join(pages)


def send(client: FlaskClient, files: list[tuple[bytes, str]]) -> Any:
    data = {"file": [(io.BytesIO(data), name) for data, name in files]}
    return client.post("/verify", data=data, content_type="multipart/form-data")


def test_a_hundred_files_are_answered_at_once_and_one_more_is_refused(
    client: FlaskClient, issued: Issued
) -> None:
    """One table with a row a file; the limit is said before anything is checked."""
    pdf = issued.pdf(issued.certificates[0])
    files = [(b"no certificate", f"{place}.pdf") for place in range(98)]
    page = send(client, [(pdf, "a.pdf"), (pdf[:-1], "b.pdf"), *files])
    assert page.text.count('<th scope="row">') == 100
    assert send(client, [(b"x", "x.pdf")] * 101).status_code == 413


def test_the_report_of_files_says_what_the_page_said(client: FlaskClient, issued: Issued) -> None:
    """As workbook and as sealed PDF; the name of a person is masked, formulas in file names stay text."""
    certificate = issued.certificates[0]
    pdf = issued.pdf(certificate)
    page = send(client, [(pdf, "=1+1.pdf"), (b"nothing", "乙.pdf")])
    fields: dict[str, list[str]] = {"receipt": [], "name": []}
    for name, value in HIDDEN.findall(page.text):
        fields[name].append(value)
    assert [len(values) for values in fields.values()] == [2, 2]
    book = client.post("/results/report", data={**fields, "form": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(book.data)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert {"=1+1.pdf", "乙.pdf", "证书真实有效", "文件无法读取", certificate.facts.name_masked} <= set(cells)
    assert certificate.facts.name not in cells
    sealed = client.post("/results/report", data={**fields, "form": "pdf"})
    assert sealed.mimetype == "application/pdf"
    assert sealed.headers["Cache-Control"] == "no-store"
    said = text_of(sealed.data)
    assert "证书真实有效" in said
    assert certificate.facts.name not in said
    assert "本站出具的批量核验报告" in send(client, [(sealed.data, "report.pdf")]).text
    changed = sealed.data.replace(b"%%EOF", b"%%EOG")
    assert "本站出具的批量核验报告" not in send(client, [(changed, "report.pdf")]).text


def test_an_invented_receipt_gives_no_report(client: FlaskClient) -> None:
    """Only what this site answered stands in its report."""
    data = {"receipt": ["AEDSAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ""], "name": ["a", "b"], "form": "pdf"}
    answer = client.post("/results/report", data=data)
    assert (answer.status_code, "没有可核验的内容" in answer.text) == (422, True)


def test_a_table_gives_a_sealed_report_too(client: FlaskClient, issued: Issued) -> None:
    """With the names that the visitor gave himself."""
    certificate = issued.certificates[0]
    rows = (
        f"{certificate.number}\t{certificate.facts.name}\t{certificate.code}\nNM20251500205P00012X 张某 0000"
    )
    answer = client.post("/bulk", data={"rows": rows, "form": "pdf"})
    said = text_of(answer.data)
    assert certificate.number in said
    assert "未查询到" in said


def test_each_answer_says_what_to_do(client: FlaskClient, issued: Issued) -> None:
    """Not only what is, also what follows from it."""
    page = client.get(f"/v/{issued.certificates[0].code}").text
    assert page.count('class="detail todo"') == 3
