"""What administrators do in the page: accounts, settings, policy; each change is checked and recorded."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office_helpers import GENEROUS, Furnished, Office, post, sign_in

from core.message import catalogue
from records.regulation.policy import home_policy
from records.sample import sample_batch
from registry.accounts.model import Role
from registry.accounts.store import find, listed, state_of
from registry.register import Register
from registry.workspace.reports import AuditFilter, trail
from web.app import create_app
from web.office.setup import SECTIONS

ONCE = re.compile(r'id="one-time">([^<]+)<')
CONFIG = """# 本市的设置
[registry]
region_name = "示例市"   # 页面抬头
inquiry_days = 365

[web]
rate_sign_in = "10000 per minute"
"""


@pytest.fixture
def office(furnished: Furnished, tmp_path: Path) -> Office:
    home = furnished.copy(tmp_path / "home")
    home.config.write_text(CONFIG, "utf-8")
    home.config.chmod(0o600)
    app: Flask = create_app(home, settings=GENEROUS)
    return Office(home, app, dict(furnished.passwords), tmp_path)


@pytest.fixture
def admin(office: Office) -> FlaskClient:
    return office.client(Role.ADMIN)


def account_id(office: Office, name: str) -> int:
    with Register.open(office.home) as register:
        return find(register, name).id


def told(office: Office, kind: str) -> list[tuple[str, str, str]]:
    with Register.open(office.home) as register:
        return [(one.actor, one.subject, one.what) for one in trail(register, AuditFilter(kind=kind))]


def test_an_account_is_made_and_its_password_shown_once(office: Office, admin: FlaskClient) -> None:
    """The one-time password opens the account and is nowhere on the page afterwards."""
    page = post(admin, "/office/accounts", "/office/accounts", name="钱新", role="reviewer")
    once = ONCE.search(page.text)
    assert once
    assert page.headers["Cache-Control"] == "no-store"
    assert once[1] not in admin.get("/office/accounts").text
    assert sign_in(office.app.test_client(), "钱新", once[1]).status_code == 303
    again = post(admin, "/office/accounts", "/office/accounts", name="钱新", role="issuer")
    assert again.status_code == 422
    assert ("周管", f"account:{account_id(office, '钱新')}", "建立账户") in told(office, "account")


def test_disable_bring_back_and_change_the_role(office: Office, admin: FlaskClient) -> None:
    """A disabled person is out at once; brought back with another role he needs the new password."""
    place = f"/office/accounts/{account_id(office, '李复')}"
    reviewer = office.client(Role.REVIEWER)
    assert post(admin, "/office/accounts", f"{place}/disable").status_code == 303
    assert reviewer.get("/office/").status_code == 303
    page = post(admin, "/office/accounts", f"{place}/reset", role="auditor")
    with Register.open(office.home) as register:
        found = find(register, "李复")
    assert (found.role, state_of(found)) == (Role.AUDITOR, "waiting")
    assert ONCE.search(page.text)


def test_a_locked_account_is_unlocked_with_its_own_password(office: Office, admin: FlaskClient) -> None:
    """Five wrong passwords lock; unlocking keeps the password."""
    for _ in range(5):
        sign_in(office.app.test_client(), "王敏", "falsch-falsch-1")
    password = office.passwords["王敏"]
    assert sign_in(office.app.test_client(), "王敏", password).status_code == 401
    assert "已锁定" in admin.get("/office/accounts").text
    post(admin, "/office/accounts", f"/office/accounts/{account_id(office, '王敏')}/unlock")
    assert sign_in(office.app.test_client(), "王敏", password).status_code == 303


@pytest.mark.parametrize("act", ["disable", "reset", "unlock"])
def test_nobody_changes_his_own_account(office: Office, admin: FlaskClient, act: str) -> None:
    """So nobody raises himself, and the last administrator stays."""
    own = account_id(office, "周管")
    answer = post(admin, "/office/accounts", f"/office/accounts/{own}/{act}", role="issuer")
    assert answer.status_code == 422
    with Register.open(office.home) as register:
        assert [one.role for one in listed(register) if one.id == own] == [Role.ADMIN]
        assert state_of(find(register, "周管")) == "active"


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.REVIEWER, Role.ISSUER, Role.AUDITOR])
@pytest.mark.parametrize("path", ["/office/accounts", "/office/settings", "/office/policy"])
def test_other_roles_stay_outside(office: Office, role: Role, path: str) -> None:
    client = office.client(role)
    assert client.get(path).status_code == 403
    assert client.post(path, data={}).status_code == 403


@pytest.mark.parametrize("given", ["每分钟20次", "0 per minute"])
@pytest.mark.parametrize(
    "name", ["rate_query", "rate_bulk", "rate_key", "rate_upload", "rate_result", "rate_sign_in"]
)
def test_a_limit_that_cannot_be_read_is_refused_in_the_page(
    office: Office, admin: FlaskClient, name: str, given: str
) -> None:
    """Told how to write it; the file stays as it was (it was written, and the limit was off after the next start)."""
    before = office.home.config.read_bytes()
    answer = post(admin, "/office/settings", "/office/settings", place=f"web.{name}", value=given)
    assert answer.status_code == 422
    assert "20 per minute; 200 per day" in answer.text
    assert office.home.config.read_bytes() == before


def test_a_setting_is_written_with_the_comments_kept(office: Office, admin: FlaskClient) -> None:
    """Old and new value go into the trail; the page says that a restart is owed."""
    answer = post(admin, "/office/settings", "/office/settings", place="registry.inquiry_days", value="90")
    assert answer.status_code == 303, answer.text
    text = office.home.config.read_text("utf-8")
    assert "# 本市的设置" in text
    assert "# 页面抬头" in text
    assert tomllib.loads(text)["registry"] == {"region_name": "示例市", "inquiry_days": 90}
    assert office.home.config.stat().st_mode & 0o777 == 0o600
    assert ("周管", "setting:registry.inquiry_days", "365 → 90") in told(office, "setting")
    page = admin.get("/office/settings").text
    assert "重新启动后生效：" in page
    with Register.open(office.home) as register:
        assert register.settings.inquiry_days == 90
    post(admin, "/office/settings", "/office/settings", place="registry.four_eyes", value="1")
    post(
        admin,
        "/office/settings",
        "/office/settings",
        place="recognition.contact",
        value="职称处 0470-0000000",
    )
    with Register.open(office.home) as register:
        assert register.settings.four_eyes is True


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("registry.inquiry_days", "0"),
        ("registry.inquiry_days", "viele"),
        ("registry.database", "sqlite:///x"),
        ("registry.public_url", "https://elsewhere.example"),
        ("registry.nothing", "1"),
        ("signing.key", "x"),
        ("web.rate_storage", "redis://x"),
        ("registry.four_eyes", "vielleicht"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    office: Office, admin: FlaskClient, place: str, value: str
) -> None:
    before = office.home.config.read_bytes()
    assert post(admin, "/office/settings", "/office/settings", place=place, value=value).status_code == 422
    assert office.home.config.read_bytes() == before
    assert told(office, "setting") == []


def test_what_the_environment_states_is_not_written(
    office: Office, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHICHENG_REGISTRY_INQUIRY_DAYS", "30")
    answer = post(admin, "/office/settings", "/office/settings", place="registry.inquiry_days", value="90")
    assert answer.status_code == 422
    assert "ZHICHENG_REGISTRY_INQUIRY_DAYS" in answer.text


def test_every_setting_has_a_name_in_both_languages() -> None:
    wanted = {f"{name}.{key}" for name, model in SECTIONS.items() for key in model.model_fields}
    for lang in ("zh", "en"):
        texts = catalogue("web", lang)
        for kind in ("setting_names", "setting_notes"):
            found = {
                key.removeprefix(f"office.{kind}.") for key in texts if key.startswith(f"office.{kind}.")
            }
            assert found == wanted


def test_this_years_notice_counts_from_the_next_check(office: Office, admin: FlaskClient) -> None:
    """Written, in force for that league only, replaced, removed after its name was typed."""
    form = {
        "document": "示例市人社局关于做好2026年职称评审工作的通知",
        "year": "2026",
        "region": "150200",
        "dated": "2026-06-01",
        "cutoff": "2026-07-15",
        "external_share": "1/2",
        "full_senior_teachers": "30",
    }
    answer = post(admin, "/office/policy", "/office/policy", **form)
    assert answer.status_code == 303, answer.text
    here, there = (policy_in(office, region) for region in ("150204", "150102"))
    assert (here.cutoff, here.quota.full_senior_teachers) == (date(2026, 7, 15), 30)
    assert form["document"] in here.documents
    assert form["document"] not in there.documents
    assert there.cutoff != date(2026, 7, 15)
    post(admin, "/office/policy", "/office/policy", **{**form, "cutoff": "2026-08-01"})
    assert policy_in(office, "150204").cutoff == date(2026, 8, 1)
    (who, subject, what), *_ = told(office, "setting")
    assert (who, subject) == ("周管", "setting:policy.office-2026-150200")
    assert "2026-07-15" in what
    assert "2026-08-01" in what
    name = "office-2026-150200"
    assert post(admin, "/office/policy", f"/office/policy/{name}/remove", confirm="x").status_code == 422
    assert post(admin, "/office/policy", f"/office/policy/{name}/remove", confirm=name).status_code == 303
    assert form["document"] not in policy_in(office, "150204").documents


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": "1999"},
        {"region": "150204"},
        {"region": "../x"},
        {"external_share": "1/0"},
        {"external_share": "half"},
        {"cutoff": "tomorrow"},
        {"document": " "},
        {"dated": ""},
    ],
    ids=lambda one: "-".join(one),
)
def test_a_notice_that_cannot_be_read_is_refused(
    office: Office, admin: FlaskClient, wrong: dict[str, str]
) -> None:
    form = {"document": "通知", "year": "2026", "region": "", "dated": "2026-06-01", **wrong}
    assert post(admin, "/office/policy", "/office/policy", **form).status_code == 422
    assert not list((office.home.root / "policy").glob("*.toml"))


def policy_in(office: Office, region: str):
    batch = sample_batch(2, 1).model_copy(update={"year": 2026, "region_code": region})
    with home_policy(office.home.root / "policy") as policies:
        return policies.of(batch)
