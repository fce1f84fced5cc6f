"""The holder's pages: signing in, files, annotated copies, history; and who is kept out."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pikepdf
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from holder_helpers import ACTOR, GENEROUS, Holder, House

from registry.certificates.lifecycle import Grounds, Reason, suspend
from registry.clock import local_day, now
from registry.register import Register
from web.app import create_app
from web.holder.session import COOKIE

ONE = "/holder/certificates/1"


def sign_in(client: FlaskClient, holder: Holder) -> None:
    assert client.post("/holder/login", data=holder.form).location == "/holder/"


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(ONE).text)
    assert found
    return found[1]


def copy_form(client: FlaskClient, purpose: str, days: int = 30) -> dict[str, str]:
    last = local_day(now()) + timedelta(days=days)
    return {"csrf": token(client), "purpose": purpose, "expires_on": last.isoformat()}


def test_a_holder_signs_in_and_sees_his_certificates(client: FlaskClient, core: House) -> None:
    """Whole name, state in words, history; no ID number anywhere."""
    holder = core.holders[0]
    sign_in(client, holder)
    overview, page = client.get("/holder/").text, client.get(ONE).text
    assert holder.name in overview
    assert holder.certificate.number in overview
    for words in ("登记有效，可以正常使用", "签发证书", holder.certificate.number):
        assert words in page
    assert holder.id_number not in overview + page


def test_the_typed_code_may_have_hyphens_and_small_letters(client: FlaskClient, core: House) -> None:
    """As people copy it from the distribution list."""
    holder = core.holders[0]
    typed = "-".join(holder.pickup[at : at + 4] for at in (0, 4, 8)).lower()
    assert client.post("/holder/login", data={**holder.form, "pickup": typed}).status_code == 303


@pytest.mark.parametrize("field", ["name", "id_number", "pickup"])
def test_every_refusal_reads_the_same(client: FlaskClient, core: House, field: str) -> None:
    """Whichever of the three is wrong, and also for a person who does not exist."""
    right, other = core.holders[1], core.holders[2]
    wrong = client.post("/holder/login", data={**right.form, field: other.form[field]})
    unknown = client.post("/holder/login", data={"name": "无此人", "id_number": "1", "pickup": "x"})
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text == unknown.text
    assert COOKIE not in str(wrong.headers)


def test_many_wrong_codes_lock_one_person_and_nobody_else(core: House) -> None:
    """The right code is refused too, with the same words, until the half hour is over."""
    app = create_app(core.home, settings=GENEROUS)
    client = app.test_client()
    victim, other = core.holders[1], core.holders[2]
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(8):
            client.post("/holder/login", data={**victim.form, "pickup": "WRONG"})
        assert client.post("/holder/login", data=victim.form).status_code == 401
        assert client.post("/holder/login", data=other.form).status_code == 303
        clock.shift(timedelta(minutes=31))
        assert client.post("/holder/login", data=victim.form).status_code == 303


def test_the_cookie_is_out_of_reach_and_ends_after_twenty_minutes(client: FlaskClient, core: House) -> None:
    """HttpOnly, SameSite=Lax, only for these pages, no personal data in it."""
    holder = core.holders[0]
    cookie = client.post("/holder/login", data=holder.form).headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/holder", "Max-Age=1200"):
        assert part in cookie
    assert "Secure" not in cookie
    secure = client.post("/holder/login", data=holder.form, base_url="https://localhost")
    assert "Secure" in secure.headers["Set-Cookie"]
    value = client.get_cookie(COOKIE, path="/holder")
    assert value
    with time_machine.travel(now() + timedelta(minutes=21), tick=False):
        fresh = client.application.test_client()
        fresh.set_cookie(COOKIE, value.value, path="/holder")
        assert fresh.get("/holder/").status_code == 303


def _altered(text: str) -> str:
    """Another first letter; the last one of base64 may carry bits without meaning."""
    return ("y" if text[0] == "x" else "x") + text[1:]


def test_a_forged_cookie_opens_nothing(client: FlaskClient, core: House) -> None:
    """Neither rubbish nor a changed payload."""
    sign_in(client, core.holders[0])
    cookie = client.get_cookie(COOKIE, path="/holder")
    assert cookie
    body, _, seal = cookie.value.rpartition(".")
    for value in ("rubbish", f"{_altered(body)}.{seal}", f"{body}.{_altered(seal)}"):
        fresh = client.application.test_client()
        fresh.set_cookie(COOKIE, value, path="/holder")
        assert fresh.get("/holder/").status_code == 303


def test_without_signing_in_nothing_is_shown(client: FlaskClient) -> None:
    """Every page of the holder leads to the sign-in form."""
    for path in ("/holder/", ONE, f"{ONE}/certificate.pdf", f"{ONE}/picture.png", f"{ONE}/copies/1.pdf"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith("/holder/login")


def test_the_file_is_the_original_and_the_picture_shows_it(client: FlaskClient, core: House) -> None:
    """Byte for byte; the picture is a landscape or upright page of some size."""
    from PIL import Image

    holder = core.holders[0]
    sign_in(client, holder)
    answer = client.get(f"{ONE}/certificate.pdf")
    assert answer.data == holder.pdf
    assert answer.headers["Cache-Control"] == "no-store"
    picture = Image.open(io.BytesIO(client.get(f"{ONE}/picture.png").data))
    assert min(picture.size) > 1000
    assert len(picture.convert("L").getcolors() or []) > 20


def test_other_peoples_certificates_are_out_of_reach(client: FlaskClient, core: House) -> None:
    """Places beyond one's own list do not exist."""
    sign_in(client, core.holders[0])
    for path in ("/holder/certificates/0", "/holder/certificates/2", f"{ONE}/copies/1.pdf"):
        assert client.get(path).status_code == 404


def test_a_copy_is_made_and_withdrawn_in_one_step_each(client: FlaskClient, core: House) -> None:
    """It verifies with its purpose while it lives, and not a moment longer."""
    sign_in(client, core.holders[2])
    made = client.post(f"{ONE}/copies", data=copy_form(client, "供某某医院聘用核验"))
    assert made.status_code == 303
    page = client.get(ONE).text
    assert "供某某医院聘用核验" in page
    assert "出具了一份加注件" in page
    data = client.get(f"{ONE}/copies/1.pdf").data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
    assert "证书真实有效" in verify(client, data)
    client.post(f"{ONE}/copies/1/revoke", data={"csrf": token(client)})
    assert "证书真实有效" not in verify(client, data)
    assert "已撤回" in client.get(ONE).text


def verify(client: FlaskClient, data: bytes) -> str:
    files = {"file": (io.BytesIO(data), "加注件.pdf")}
    return client.post("/verify", data=files, content_type="multipart/form-data").text


def test_copies_have_their_limits_in_words(client: FlaskClient, core: House) -> None:
    """No purpose, too far a day, no day: nothing is made and the page says why."""
    sign_in(client, core.holders[0])
    for form, words in (
        (copy_form(client, "  "), "请填写用途"),
        (copy_form(client, "长" * 41), "不超过 40 个字"),
        (copy_form(client, "核验", days=91), "90 天以内"),
        (copy_form(client, "核验", days=-1), "90 天以内"),
        ({**copy_form(client, "核验"), "expires_on": "明天"}, "有效期不对"),
    ):
        answer = client.post(f"{ONE}/copies", data=form)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert "出具了一份加注件" not in client.get(ONE).text


def test_a_form_without_this_sessions_token_changes_nothing(client: FlaskClient, core: House) -> None:
    """Neither a missing token nor another session's."""
    sign_in(client, core.holders[0])
    other = client.application.test_client()
    sign_in(other, core.holders[2])
    form = copy_form(other, "核验")
    assert client.post(f"{ONE}/copies", data=form).status_code == 403
    assert client.post("/holder/logout").status_code == 403
    assert client.get("/holder/").status_code == 200


def test_signing_out_takes_the_cookie_away(client: FlaskClient, core: House) -> None:
    """The next page asks to sign in again."""
    sign_in(client, core.holders[0])
    assert client.post("/holder/logout", data={"csrf": token(client)}).status_code == 303
    assert client.get_cookie(COOKIE, path="/holder") is None
    assert client.get("/holder/").status_code == 303


def test_a_suspension_is_told_without_its_accusation(app: Flask, core: House) -> None:
    """State and decision number, but not the reason code of an investigation; no copies meanwhile."""
    holder = core.holders[3]
    client = app.test_client()
    sign_in(client, holder)
    form = copy_form(client, "核验")
    with Register.open(core.home) as register:
        grounds = Grounds(ACTOR, "第七十二条", "内人社撤〔2026〕1号", Reason.INVESTIGATION)
        suspend(register, holder.certificate.number, grounds)
    page = client.get(ONE).text
    for words in ("已暂停", "暂停使用", "内人社撤〔2026〕1号"):
        assert words in page
    assert "出具加注件</button>" not in page
    refused = client.post(f"{ONE}/copies", data=form)
    assert refused.status_code == 422
    assert "不能出具加注件" in refused.text
