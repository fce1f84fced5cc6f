"""The three answers on real certificates: by code, by file, by query; pages and API agree."""

import io
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_helpers import ACTOR, Issued

from records.sample import sample_batch
from registry.certificates.lifecycle import Grounds, Reason, revoke, suspend
from registry.register import Register


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def upload(client: FlaskClient, data: bytes, path: str = "/api/v1/verifications") -> Any:
    files = {"file": (io.BytesIO(data), "证书.pdf")}
    return client.post(path, data=files, content_type="multipart/form-data")


def test_the_page_of_a_code_shows_what_to_compare_with_the_paper(client: FlaskClient, issued: Issued) -> None:
    """Name, title, number and day as on the certificate; no identity number, not even masked."""
    certificate = issued.certificates[0]
    for path in (f"/v/{certificate.code}", f"/V/{certificate.code.lower()}"):
        text = client.get(path).text
        for value in (certificate.facts.name, certificate.facts.title, certificate.number, "登记有效"):
            assert value in text
        assert certificate.facts.identity_masked not in text
        assert "没有上传文件" in text


def test_an_original_file_is_genuine_in_all_three_answers(client: FlaskClient, issued: Issued) -> None:
    """File, register and recognition each say so with their own code."""
    certificate = issued.certificates[1]
    body = upload(client, issued.pdf(certificate)).get_json()
    assert body["verdict"] == "genuine"
    assert body["file"]["code"] == "registered"
    assert (body["register"]["code"], body["register"]["number"]) == ("valid", certificate.number)
    assert (body["recognition"]["code"], body["recognition"]["clause"]) == ("usable", "第五十七条")
    assert body["file"]["signer"]


def test_a_changed_byte_makes_the_file_tampered_and_never_genuine(
    client: FlaskClient, issued: Issued
) -> None:
    """Wherever the byte is."""
    original = issued.pdf(issued.certificates[2])
    for share in (0.1, 0.5, 0.93):
        place = int(len(original) * share)
        changed = original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :]
        body = upload(client, changed).get_json()
        assert body["verdict"] in ("tampered", "unreadable", "foreign")
        assert body["recognition"]["code"] != "usable"


def test_files_that_are_no_certificates_get_their_own_words(client: FlaskClient) -> None:
    """Not a PDF is unreadable, and says so without blame."""
    body = upload(client, b"hello").get_json()
    assert (body["verdict"], body["register"]["code"]) == ("unreadable", "unknown")
    page = upload(client, b"hello", "/verify")
    assert "文件无法读取" in page.text


def test_many_files_are_answered_in_one_table(client: FlaskClient, issued: Issued) -> None:
    """One row a file with its own verdict."""
    good, bad = issued.pdf(issued.certificates[0]), b"nothing"
    files = [(io.BytesIO(good), "甲.pdf"), (io.BytesIO(bad), "乙.pdf")]
    text = client.post("/verify", data={"file": files}, content_type="multipart/form-data").text
    assert text.count('<th scope="row">') == 2
    assert "证书真实有效" in text
    assert "文件无法读取" in text


def test_the_api_answers_a_code_as_the_page_does(client: FlaskClient, issued: Issued) -> None:
    """Masked name, no identity number, same verdict."""
    certificate = issued.certificates[0]
    response = client.get(f"/api/v1/certificates/{certificate.code}")
    body = response.get_json()
    assert body["verdict"] == "registered"
    assert body["register"]["facts"]["name"] == certificate.facts.name_masked
    assert certificate.facts.identity_masked not in response.text


def test_a_query_finds_the_certificate_and_masks_the_name(client: FlaskClient, issued: Issued) -> None:
    """By name and identity number, page and API."""
    person = sample_batch(12, 7).passed[0].person
    form = {"name": person.name, "id_number": person.identity_number}
    body = client.post("/api/v1/queries", json=form).get_json()
    assert [one["number"] for one in body["certificates"]] == [issued.certificates[0].number]
    page = client.post("/query", data=form)
    assert issued.certificates[0].number in page.text
    assert issued.certificates[0].facts.name_masked in page.text
    assert str(person.identity_number) not in page.text
    wrong = client.post("/query", data={**form, "number": issued.certificates[1].number})
    assert wrong.status_code == 404


def test_a_state_change_is_seen_at_once_on_page_and_file(client: FlaskClient, issued: Issued) -> None:
    """Suspended and revoked certificates are never called valid, even with an untouched file."""
    suspended, revoked = issued.certificates[3], issued.certificates[4]
    with Register.open(issued.home) as register:
        grounds = Grounds(ACTOR, "第七十二条", "内人社撤〔2026〕1号", Reason.OTHER)
        suspend(register, suspended.number, grounds)
        revoke(register, revoked.number, grounds)
    for certificate, word, verdict in (
        (suspended, "证书已暂停使用", "suspended"),
        (revoked, "证书已被撤销", "revoked"),
    ):
        assert word in client.get(f"/v/{certificate.code}").text
        body = upload(client, issued.pdf(certificate)).get_json()
        assert (body["verdict"], body["file"]["code"]) == (verdict, "registered")
        assert body["recognition"]["code"] == "not_usable"


def test_a_photograph_is_called_what_it_is(client: FlaskClient) -> None:
    """With what to do instead: the QR code, or the original."""
    picture = b"\x89PNG\r\n\x1a\n" + bytes(64)
    answer = client.post("/api/v1/verifications", data={"file": (io.BytesIO(picture), "a.png")}).get_json()
    assert (answer["file"]["code"], answer["file"]["reason"]) == ("unreadable", "not_pdf")
    assert "不是 PDF 文件" in answer["file"]["message"]
    assert "二维码" in answer["file"]["message"]


def test_a_pdf_without_a_signature_is_called_so(client: FlaskClient) -> None:
    """Not “signed by somebody else”: a scan saved as PDF has no signature at all."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    written = io.BytesIO()
    pdf.save(written)
    written.seek(0)
    answer = client.post("/api/v1/verifications", data={"file": (written, "scan.pdf")}).get_json()
    assert answer["file"]["reason"] == "unsigned"
    assert answer["file"]["message"].startswith("没有电子签名")
    assert "签名机构" not in answer["file"]["message"]
