"""Looking after what is issued: search, one certificate's life, figures, audit trail, settings."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from flask.testing import FlaskClient
from office_helpers import BY_ROLE, Office, csrf_of, post

from records.batch.model import Batch
from records.input.workbook import write_batch
from records.sample import sample_batch
from registry.accounts.model import Role
from registry.accounts.store import find
from registry.certificates.lifecycle import Grounds, Move, Reason, suspend
from registry.issuing.run import issue
from registry.log.events import Actor
from registry.log.tree_heads import sign_head
from registry.model import Certificate, State
from registry.register import Register
from registry.workspace.reports import AuditFilter, distribution, trail
from signing.authority.opening import open_authority

PEOPLE = 12
ACTOR = Actor("测试员", channel="test")
GROUNDS = Grounds(ACTOR, "第七十二条", "内人社〔2026〕9号", Reason.OTHER, "")


@pytest.fixture(scope="module")
def batch() -> Batch:
    return sample_batch(PEOPLE, 3)


@pytest.fixture(scope="module")
def issued(office: Office, batch: Batch, tmp_path_factory: pytest.TempPathFactory) -> list[Certificate]:
    """The certificates of the batch, in its order."""
    with Register.open(office.home) as register:
        issue(register, batch, tmp_path_factory.mktemp("out"), actor=Actor("测试员", channel="test"))
        return [
            register.lookup.by_person(one.person.name or "", one.person.identity_number or "")[0]
            for one in batch.passed
        ]


def now_of(office: Office, one: Certificate) -> Certificate:
    with Register.open(office.home) as register:
        return register.lookup.find(one.number)


def change(client: FlaskClient, one: Certificate, move: Move, **more: object):
    page = f"/office/certificates/{one.number}"
    form = {"document": "内人社〔2026〕9号", "clause": "第七十二条", "reason": "other", "confirm": one.number}
    return post(client, page, f"{page}/{move}", **{**form, **more})


def search(client: FlaskClient, wanted: str) -> str:
    token = csrf_of(client.get("/office/search").text)
    return client.post("/office/search", data={"csrf": token, "wanted": wanted}).text


def test_a_person_is_found_by_name_number_certificate_and_code(
    office: Office, batch: Batch, issued: list[Certificate]
) -> None:
    """Exactly, never by a part."""
    client, person = office.client(Role.OPERATOR), batch.passed[0].person
    for wanted in (person.name, person.identity_number, issued[0].number, issued[0].code.lower()):
        assert issued[0].number in search(client, str(wanted))
    for wanted in (str(person.name)[:1], str(person.identity_number)[:10], "无此人", "%", "'; --"):
        assert "没有找到" in search(client, wanted)


def test_the_page_of_a_certificate_tells_its_life(office: Office, issued: list[Certificate]) -> None:
    """Facts, history, file; no whole identity number; only the issuer sees the changes of state."""
    one, client = issued[0], office.client(Role.OPERATOR)
    text = client.get(f"/office/certificates/{one.number}").text
    for value in (one.facts.name, one.facts.identity_masked, "签发", one.licence_id):
        assert value in text
    assert "变更状态" not in text
    assert "变更状态" in office.client(Role.ISSUER).get(f"/office/certificates/{one.number}").text
    file = client.get(f"/office/certificates/{one.number}/file")
    assert file.data.startswith(b"%PDF")
    file.close()
    assert client.get("/office/certificates/NM00000000000X00000X").status_code == 404


def test_suspending_resuming_and_revoking_need_the_typed_number(
    office: Office, issued: list[Certificate]
) -> None:
    """A slip changes nothing; an impossible move is refused with what is possible."""
    client, one = office.client(Role.ISSUER), issued[1]
    assert change(client, one, Move.SUSPEND, confirm="NM123").status_code == 422
    assert change(client, one, Move.SUSPEND, document=" ").status_code == 422
    assert change(client, one, Move.SUSPEND, reason="invented").status_code == 422
    assert now_of(office, one).state is State.VALID
    assert change(client, one, Move.SUSPEND, reason="investigation").status_code == 303
    assert now_of(office, one).state is State.SUSPENDED
    assert "暂停使用" in client.get(f"/v/{one.code}").text
    assert change(client, one, Move.RESUME, reason="investigation_closed").status_code == 303
    assert change(client, one, Move.REVOKE, reason="dishonesty", note="论文抄袭").status_code == 303
    assert now_of(office, one).state is State.REVOKED
    text = client.get(f"/office/certificates/{one.number}").text
    assert "内人社〔2026〕9号" in text
    assert BY_ROLE[Role.ISSUER] in text
    assert "变更状态" not in text
    page = "/office/search"
    path = f"/office/certificates/{one.number}/{Move.RESUME}"
    form = {"document": "x", "clause": "x", "reason": "other", "confirm": one.number}
    assert post(client, page, path, **form).status_code == 422


def test_a_certificate_is_reissued_from_a_corrected_workbook(
    office: Office, batch: Batch, issued: list[Certificate], tmp_path: Path
) -> None:
    """The old one points to the new one; a workbook that changes nothing is refused."""
    client, one, person = office.client(Role.ISSUER), issued[2], batch.passed[2]
    employer = person.employer.model_copy(update={"name": "内蒙古更正后的单位"})
    fixed = person.model_copy(update={"employer": employer})
    people = tuple(fixed if other.number == person.number else other for other in batch.applications)
    for name, content, status in (
        ("same.xlsx", batch, 422),
        ("fixed.xlsx", batch.model_copy(update={"applications": people}), 303),
    ):
        path = tmp_path / name
        write_batch(content, path)
        book = (io.BytesIO(path.read_bytes()), name)
        response = change(client, one, Move.REISSUE, reason="correction", workbook=book)
        assert response.status_code == status, response.text
    old = now_of(office, one)
    assert old.state is State.SUPERSEDED
    text = client.get(f"/office/certificates/{old.successor}").text
    assert "内蒙古更正后的单位" in text
    assert one.number in text


def test_figures_add_up(office: Office, issued: list[Certificate]) -> None:
    """Every group counts every certificate that is not superseded, once."""
    with Register.open(office.home) as register:
        for group in ("year", "series", "level", "region"):
            assert sum(count for _, count in distribution(register, group)) == len(issued)
    text = office.client(Role.AUDITOR).get("/office/figures").text
    assert text.count("<rect") >= 4
    assert issued[0].facts.series in text


def test_the_audit_trail_is_filtered_and_exported(office: Office, issued: list[Certificate]) -> None:
    """By kind, person, subject and day; the CSV has the same rows and no formulas."""
    client, one = office.client(Role.AUDITOR), issued[0]
    only = client.get(f"/office/audit?kind=issued&subject={one.number}").text
    assert only.count('<th scope="row">') == 1
    assert "没有符合条件的事件" in client.get("/office/audit?last=2001-01-01").text
    assert "没有符合条件的事件" not in client.get("/office/audit?first=2001-01-01&last=2999-01-01").text
    assert client.get("/office/audit?first=nonsense").status_code == 200
    rows = list(csv.reader(io.StringIO(client.get("/office/audit.csv?kind=issued").text.lstrip("\ufeff"))))
    with Register.open(office.home) as register:
        expected = trail(register, AuditFilter(kind="issued"), limit=1000)
    assert len(rows) == len(expected) + 1
    with Register.open(office.home) as register:
        operator = find(register, BY_ROLE[Role.OPERATOR])
    by_him = client.get(f"/office/audit?account={operator.id}").text
    assert by_him.count(f"<td>{operator.name}") == by_him.count('<th scope="row">') > 1
    assert "没有符合条件的事件" in client.get("/office/audit?account=999").text
    by_test = list(csv.reader(io.StringIO(client.get("/office/audit.csv?channel=test").text)))
    assert {row[4] for row in by_test[1:]} == {"测试员"}


def test_a_reason_is_told_in_words(office: Office, issued: list[Certificate]) -> None:
    """Not by its code, in either language."""
    with Register.open(office.home) as register:
        valid = next(one for one in issued if register.lookup.find(one.number).state is State.VALID)
        suspend(
            register, valid.number, Grounds(ACTOR, "第七十二条", "内人社〔2026〕8号", Reason.INVESTIGATION)
        )
        [chinese] = trail(register, AuditFilter(kind="suspended", subject=valid.number))
        [english] = trail(register, AuditFilter(kind="suspended", subject=valid.number), lang="en")
    assert "调查核实期间暂停" in chinese.what
    assert "investigation" in english.what.lower()
    assert str(Reason.INVESTIGATION) not in chinese.what


def test_no_name_of_anybody_stands_in_an_address(office: Office, issued: list[Certificate]) -> None:
    """Neither in a link of the audit trail nor in what its filter sends."""
    text = office.client(Role.AUDITOR).get("/office/audit").text
    names = {*office.passwords, *(one.facts.name for one in issued)}
    links = re.findall(r'(?:href|hx-get|action)="([^"]*)"', text)
    chosen = re.findall(r'<option value="([^"]*)"', text)
    assert len(links) > 5
    assert len(chosen) > 10
    assert not [one for one in (*links, *chosen) if any(name in unquote(one) for name in names)]


def test_older_events_are_reached_page_by_page(office: Office, issued: list[Certificate]) -> None:
    """No event is lost between two pages."""
    assert issued
    with Register.open(office.home) as register:
        everything = trail(register, AuditFilter(), limit=10_000)
        first = trail(register, AuditFilter(), limit=5)
        second = trail(register, AuditFilter(), before=first[-1].position, limit=5)
    assert (*first, *second) == everything[:10]


def test_settings_are_shown_to_the_administrator_alone(office: Office) -> None:
    """With the file that holds them; every account has a page of its own."""
    client = office.client(Role.ADMIN)
    assert "zhicheng.toml" in client.get("/office/settings").text
    text = client.get("/office/accounts").text
    assert all(name in text for name in office.passwords)


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_greets_every_role(office: Office, issued: list[Certificate], role: Role) -> None:
    """Counts, keys, log; links only to pages that the role may open."""
    assert issued
    client = office.client(role)
    text = client.get("/office/").text
    assert "密钥" in text
    with Register.open(office.home) as register, register.database.read() as connection:
        total = connection.exec_driver_sql("SELECT count(*) FROM certificates").scalar()
    assert sum(map(int, re.findall(r"<dd>(\d+) 份</dd>", text))) == total
    for address in {part.split('"')[0] for part in text.split('href="')[1:]}:
        if address.startswith("/office"):
            assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    "path", ["/", "/batches", "/batches/new", "/search", "/figures", "/account", "/account/code"]
)
def test_pages_have_no_inline_script_or_style(office: Office, path: str) -> None:
    """The content security policy would block them."""
    text = office.client(Role.OPERATOR).get(f"/office{path}").text
    assert "<style" not in text
    assert " style=" not in text
    assert "<script>" not in text
    assert " on" not in {part[:3] for part in text.split('"')}


def test_the_trail_leaves_as_a_workbook_and_says_who_took_it(
    office: Office, issued: list[Certificate]
) -> None:
    """The same rows as in the page; the export itself is an event."""
    client = office.client(Role.AUDITOR)
    answer = client.get("/office/audit.xlsx?kind=issued")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert {row[3] for row in rows[1:]} >= {one.number for one in issued}
    with Register.open(office.home) as register:
        shown = trail(register, AuditFilter(kind="issued"))
        assert [row[3] for row in rows[1:]] == [one.subject for one in shown]
        newest, *_ = trail(register, AuditFilter(kind="account", actor=BY_ROLE[Role.AUDITOR]))
    assert newest.what == "导出审计记录"


def test_the_logs_head_and_where_a_certificate_stands_in_it(
    office: Office, issued: list[Certificate]
) -> None:
    """Signed again: the event is proved; an unknown number says so; the head can be taken away."""
    with Register.open(office.home) as register:
        head = sign_head(register, open_authority(office.home).service)
    client = office.client(Role.AUDITOR)
    page = client.get("/office/log", query_string={"number": issued[0].number.lower()}).text
    assert head.root in page
    assert "已在日志头中" in page
    assert "没有这个编号的证书" in client.get("/office/log?number=X1").text
    assert client.get("/office/log/head.jwt").text == head.token
    with Register.open(office.home) as register:
        valid = next(one for one in issued if register.lookup.find(one.number).state is State.VALID)
        suspend(register, valid.number, GROUNDS)
    assert "待下一次签名" in client.get("/office/log", query_string={"number": valid.number}).text
