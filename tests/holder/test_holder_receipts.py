"""Verification receipts: what they say, that nobody can invent or change one, and that the site knows its own."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from holder_helpers import Holder, House
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.register import Register
from registry.verification.verifier import Verifier
from signing.authority.opening import open_authority
from signing.validate import validate
from web.public.receipts import read_receipt, receipt_number


@pytest.fixture(scope="module")
def holder(core: House) -> Holder:
    return core.holders[1]


def send(client: FlaskClient, *files: tuple[str, bytes]) -> str:
    form = {"file": [(io.BytesIO(data), name) for name, data in files]}
    return client.post("/verify", data=form, content_type="multipart/form-data").text


def link_in(page: str) -> str:
    found = re.search(r"/r/([A-Z2-7]+)\.pdf", page)
    assert found
    return found[1]


def test_a_file_check_gives_a_signed_receipt(client: FlaskClient, core: House, holder: Holder) -> None:
    """Sealed by this authority, intact, with number, verdict and three answers; no whole name."""
    number = link_in(send(client, ("证书.pdf", holder.pdf)))
    answer = client.get(f"/r/{number}.pdf")
    assert answer.mimetype == "application/pdf"
    report = validate(answer.data, open_authority(core.home).anchors)
    assert (str(report.verdict), str(report.code)) == ("foreign", "archive_signature")
    page = client.get(f"/R/{number.lower()}").text
    for words in (holder.certificate.number, "证书真实有效", "与登记的原件完全一致", "登记有效"):
        assert words in page
    assert holder.certificate.facts.name_masked in page
    assert holder.name not in page


def test_a_code_check_gives_a_receipt_that_says_so(client: FlaskClient, holder: Holder) -> None:
    """It does not claim that a file was checked."""
    number = link_in(client.get(f"/v/{holder.certificate.code}").text)
    page = client.get(f"/r/{number}").text
    assert "没有核验电子文件" in page
    assert "没有上传文件，未核验" in page


def test_a_receipt_that_comes_back_is_recognised(client: FlaskClient, holder: Holder) -> None:
    """Alone as a page of its own, among others as a row; changed, it is called changed."""
    number = link_in(send(client, ("证书.pdf", holder.pdf)))
    receipt = client.get(f"/r/{number}.pdf").data
    alone = send(client, ("回执.pdf", receipt))
    assert "这是本站出具的核验回执" in alone
    assert holder.certificate.number in alone
    assert "本站出具的核验回执，内容完好" in send(client, ("回执.pdf", receipt), ("证书.pdf", holder.pdf))
    changed = receipt[:1500] + bytes([receipt[1500] ^ 1]) + receipt[1501:]
    answer = send(client, ("回执.pdf", changed))
    assert "这是本站出具的核验回执" not in answer
    assert "文件已被改动" in answer or "文件无法读取" in answer


def test_every_answer_fits_into_a_number_and_comes_out_again(core: House, holder: Holder) -> None:
    """Known and unknown codes, files of every kind."""
    with Register.open(core.home) as register:
        verifier = Verifier(register)
        checks = [verifier.verify_code(holder.certificate.code), verifier.verify_code("A" * 26)]
        checks += [verifier.verify_file(data) for data in (holder.pdf, b"", b"text", holder.pdf[:-40])]
        for check in checks:
            found = read_receipt(register, receipt_number(register, check))
            assert found
            assert (found.verdict, found.file) == (check.verdict, check.file.code)
            assert (found.register, found.recognition) == (check.register.code, check.recognition.code)
            assert found.certificate_id == (check.certificate.id if check.certificate else None)
            assert (check.file.sha256 or "").startswith(found.hash_start)


def test_nobody_can_invent_a_number(client: FlaskClient, holder: Holder) -> None:
    """Any changed character makes it unknown."""
    number = link_in(client.get(f"/v/{holder.certificate.code}").text)
    for place, old in enumerate(number):
        new = "A" if old != "A" else "B"
        assert client.get(f"/r/{number[:place]}{new}{number[place + 1 :]}").status_code == 404
    assert client.get(f"/r/{number}A.pdf").status_code == 404


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=90))
def test_any_text_as_a_number_is_just_unknown(core: House, text: str) -> None:
    """No text makes reading fail."""
    with Register.open(core.home) as register:
        assert read_receipt(register, text) is None


def test_without_a_signature_there_is_no_receipt(core: House, holder: Holder) -> None:
    """When the key cannot sign, the visitor is told to come back."""
    import shutil

    from core.settings import Home
    from web.app import create_app

    home = Home(core.home.root.parent / "unsigned")
    shutil.copytree(core.home.root, home.root)
    app = create_app(home)
    client = app.test_client()
    number = link_in(client.get(f"/v/{holder.certificate.code}").text)
    for key in home.keys.glob("archive-*.key.pem"):
        key.write_bytes(b"")
    answer = client.get(f"/r/{number}.pdf")
    assert answer.status_code == 503
    assert "暂时不能出具回执" in answer.text
