"""What holders see beside the certificate: the way of the application, the archived form, who looked them up."""

from __future__ import annotations

import io

import pikepdf
from flask import Flask
from flask.testing import FlaskClient
from holder_helpers import ACTOR, House
from test_holder_pages import ONE, sign_in

from registry.applications.archive import attach
from registry.privacy.inquiries import Channel, note_inquiries
from registry.register import Register

FORM = f"{ONE}/form.pdf"


def blank_form(pages: int) -> bytes:
    output = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(595, 842))
        document.save(output)
    return output.getvalue()


def test_the_way_of_the_application_is_told(client: FlaskClient, core: House) -> None:
    """Up to the issuing of the certificate."""
    sign_in(client, core.holders[3])
    page = client.get(ONE).text
    assert "申报经过" in page
    assert "已发证" in page.split("申报经过")[1]


def test_the_archived_form_is_the_holders_alone(app: Flask, core: House) -> None:
    """Nothing before it is kept, then the signed scan; nothing for the next person or without a session."""
    holder, other = core.holders[3], core.holders[5]
    client = app.test_client()
    sign_in(client, holder)
    assert client.get(FORM).status_code == 404
    assert "还没有这份证书的评审表" in client.get(ONE).text
    with Register.open(core.home) as register:
        attach(register, holder.certificate.number, blank_form(3), ACTOR)
    assert "共 3 页" in client.get(ONE).text
    kept = client.get(FORM)
    assert kept.headers["Cache-Control"] == "no-store"
    with pikepdf.open(io.BytesIO(kept.data)) as document:
        assert len(document.pages) == 3
        assert "/AcroForm" in document.Root
    stranger = app.test_client()
    assert stranger.get(FORM).status_code == 303
    sign_in(stranger, other)
    assert stranger.get(FORM).status_code == 404


def test_a_holder_sees_who_looked_him_up(app: Flask, core: House) -> None:
    """Organisation, purpose, way, time; markup in a name stays text; others see nothing of it."""
    holder, other = core.holders[3], core.holders[5]
    with Register.open(core.home) as register:
        note_inquiries(
            register,
            [holder.certificate],
            organisation="<b>某大学</b>",
            purpose="聘用",
            channel=Channel.QUERY,
        )
        note_inquiries(
            register,
            [core.holders[4].certificate],
            organisation="某大学",
            purpose="聘用",
            channel=Channel.KEY,
        )
    client, stranger = app.test_client(), app.test_client()
    sign_in(client, holder)
    page = client.get("/holder/inquiries").text
    assert "&lt;b&gt;某大学&lt;/b&gt;" in page
    assert "手工查询" in page
    assert page.count('">自报名称<') == 1
    assert '">单位已核实<' not in page
    by_key = app.test_client()
    sign_in(by_key, core.holders[4])
    assert '">单位已核实<' in by_key.get("/holder/inquiries").text
    sign_in(stranger, other)
    assert "还没有单位留下查询记录" in stranger.get("/holder/inquiries").text
    assert app.test_client().get("/holder/inquiries").status_code == 303
