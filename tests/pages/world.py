"""A site on which every page has something to show, and another on which nothing has happened yet."""

from __future__ import annotations

import io
import json
import re
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
from flask import Flask
from flask.testing import FlaskClient
from workspace_moves import move

from core.settings import Home
from records.batch.model import Batch
from records.input.workbook import write_batch
from records.sample import sample_batch, write_photos
from registry.accounts.model import Role
from registry.accounts.store import add, change_password, find
from registry.applications.archive import attach
from registry.applications.progress import note_batch
from registry.certificates.annotated_copies import annotate, revoke_copy
from registry.certificates.lifecycle import Grounds, Reason, revoke, suspend
from registry.certificates.reissue import reissue
from registry.clock import local_day, now
from registry.issuing.run import issue
from registry.issuing.sources import Source
from registry.jobs import store as jobs
from registry.jobs.store import JobState
from registry.log.events import Actor
from registry.model import Certificate
from registry.privacy.inquiries import Channel, note_inquiries
from registry.recognition import RecognitionAnswer, Usable
from registry.recognition.answer import QueryResult
from registry.recognition.answer import Reason as Why
from registry.recognition.cases.model import Applicant, CaseKind, Expert
from registry.recognition.cases.store import decide_case, open_case, review
from registry.recognition.members import CONDITIONS, Members
from registry.recognition.regions import sign_own_entry
from registry.register import Register
from registry.workspace import store
from registry.workspace.model import Act, Stage
from signing.trustlist import admit, create_anchor, read_entry
from signing.trustlist import suspend as suspend_member
from web.app import create_app
from web.settings import WebSettings

BAD = Path(__file__).resolve().parents[2] / "samples" / "bad" / "forty_planted_defects.xlsx"
ACTOR = Actor("测试员", channel="test")
SINCE = date(2025, 1, 1)
GENEROUS = WebSettings(
    rate_query="10000 per minute",
    rate_upload="10000 per minute",
    rate_result="10000 per minute",
    rate_sign_in="10000 per minute",
)
NAMES = {
    Role.OPERATOR: "王敏",
    Role.REVIEWER: "李复",
    Role.ISSUER: "赵签",
    Role.AUDITOR: "孙审",
    Role.ADMIN: "周管",
}
LONG_NAME = "阿拉坦其其格·巴雅尔图孟和那仁高娃"
PURPOSE = "供某某自治区直属事业单位聘用核验"
ISSUED_PEOPLE = 12
BATCH_PEOPLE = 5
WAIT_S = 120


@dataclass(frozen=True)
class Holder:
    """Who signs in with what, and the certificate."""

    name: str
    id_number: str
    pickup: str
    certificate: Certificate


@dataclass
class World:
    """A home, its site, everybody who can sign in, and what its pages are about."""

    home: Home
    app: Flask
    folder: Path
    passwords: dict[Role, str]
    holders: tuple[Holder, ...] = ()
    works: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    receipt: str = ""
    application: str = ""

    def client(self, role: Role) -> FlaskClient:
        """A browser without a window, signed in."""
        client = self.app.test_client()
        form = {"csrf": csrf_of(client.get("/office/login").text), "name": NAMES[role]}
        answer = client.post("/office/login", data={**form, "password": self.passwords[role]})
        assert answer.status_code == 303, answer.text
        return client

    def holder(self, state: str) -> Holder:
        """The first holder whose certificate is in that state."""
        return next(one for one in self.holders if one.certificate.state == state)

    def file(self, holder: Holder) -> bytes:
        """The certificate as it was handed out."""
        with Register.open(self.home) as register:
            return register.storage.get(holder.certificate.sha256)


def csrf_of(text: str) -> str:
    """The token of the first form of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found, "the page has no form"
    return found.group(1)


def empty_world(folder: Path, **settings: Any) -> World:
    """Accounts, and nothing else."""
    home = Home(folder / "home")
    passwords = {role: f"abc-{role}-12345" for role in Role}
    with Register.open(home) as register:
        for role, name in NAMES.items():
            account, once = add(register, name, role, ACTOR)
            change_password(register, account, once, passwords[role])
    return World(home, create_app(home, settings=GENEROUS, **settings), folder, passwords)


def full_world(folder: Path) -> World:
    """Certificates in every state, a batch at every stage, cases of every kind, a demonstration."""
    results = folder / "demo"
    results.mkdir()
    world = empty_world(folder, demo=results)
    with Register.open(world.home) as register:
        world.holders = _certificates(register, folder)
        world.application = sample_batch(ISSUED_PEOPLE, 7).passed[0].number
        _happenings(register, world, folder)
        _cases(register, world)
    _batches(world)
    _members(world)
    _demonstration(world, results)
    page = world.app.test_client().get(f"/v/{world.holders[0].certificate.code}").text
    world.receipt = re.search(r"/r/(\w+)\.pdf", page)[1]  # type: ignore[index]
    return world


def named(batch: Batch, number: str) -> Batch:
    """A batch with a number of its own, whose first passed person has a name as long as names get."""
    first = batch.passed[0]
    people = [
        one.model_copy(update={"person": one.person.model_copy(update={"name": LONG_NAME})})
        if one is first
        else one
        for one in batch.applications
    ]
    return batch.model_copy(update={"number": number, "applications": tuple(people)})


def workbook_of(folder: Path, seed: int, people: int = BATCH_PEOPLE) -> Path:
    """A good workbook of a batch with a number of its own."""
    path = folder / f"批次{seed}.xlsx"
    batch = sample_batch(people, seed).model_copy(update={"number": f"PC2025-T{seed}"})
    write_batch(batch, path)
    write_photos(batch, path.parent)
    return path


def _certificates(register: Register, folder: Path) -> tuple[Holder, ...]:
    batch = named(sample_batch(ISSUED_PEOPLE, 7), "PC2025-A1")
    issue(register, batch, folder / "out", actor=ACTOR)
    note_batch(register, batch)
    numbers = [
        register.lookup.query(one.person.name or "", one.person.identity_number or "")[0].number
        for one in batch.passed
    ]
    grounds = Grounds(ACTOR, "第七十二条", "内人社〔2026〕3号", Reason.INVESTIGATION)
    suspend(register, numbers[1], grounds)
    revoke(register, numbers[2], Grounds(ACTOR, "第七十二条", "内人社〔2026〕4号", Reason.UNFILED_COMMITTEE))
    corrected = _with_other_name(batch, batch.passed[3].number)
    source = Source(corrected, (), folder, len(corrected.passed), lambda: corrected.applications)
    correction = Grounds(ACTOR, "第五十四条", "内人社〔2026〕5号", Reason.CORRECTION)
    reissue(register, numbers[3], source, folder / "out", correction)
    holders = []
    for one, number in zip(batch.passed, numbers, strict=True):
        found = register.lookup.by_number(number)
        assert found
        code = register.vault.pickup_code(found.code, found.pickup_epoch)
        holders.append(Holder(one.person.name or "", one.person.identity_number or "", code, found))
    return tuple(holders)


def _with_other_name(batch: Batch, number: str) -> Batch:
    people = [
        one.model_copy(update={"person": one.person.model_copy(update={"name": "苏和巴特尔"})})
        if one.number == number
        else one
        for one in batch.applications
    ]
    return batch.model_copy(update={"applications": tuple(people)})


def _happenings(register: Register, world: World, folder: Path) -> None:
    """The first holder's archived form, copies and look-ups."""
    first = world.holders[0].certificate
    form = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        document.save(form)
    attach(register, first.number, form.getvalue(), ACTOR)
    for days in (20, 30):
        last = local_day(now()) + timedelta(days=days)
        copy, _ = annotate(register, first.number, PURPOSE, folder / "out", actor=ACTOR, expires_on=last)
    revoke_copy(register, copy.code, ACTOR)
    for channel in (Channel.QUERY, Channel.FILE):
        asked = {"organisation": "某某大学附属医院人力资源部", "purpose": "聘用审核"}
        note_inquiries(register, [first], channel=channel, **asked)


def _cases(register: Register, world: World) -> None:
    undecided = RecognitionAnswer(Usable.UNDECIDED, QueryResult.MISMATCH, reason=Why.MISMATCH)
    kinds = {
        "mismatch": (CaseKind.MISMATCH, Applicant("王五", "", "900002", "ZZ20260001", "中级")),
        "reconfirm": (
            CaseKind.RECONFIRM,
            Applicant(
                LONG_NAME,
                "",
                "",
                "省职改〔1998〕12号",
                "副高级",
                "高级工程师",
                "仅有纸质证书",
                "示例省人事厅",
            ),
        ),
        "reviewed": (CaseKind.RECONFIRM, Applicant("赵六", "", "990000", "ZC2019001", "副高级", "高级教师")),
        "decided": (CaseKind.UNDECIDED, Applicant("钱七", "", "900003", "ZZ20260003", "中级")),
    }
    for name, (kind, applicant) in kinds.items():
        world.cases[name] = open_case(register, kind, applicant, Actor("site", "site", ""), undecided).id
    experts = [Expert(f"{one}专家", "正高级工程师", one != "丙") for one in "甲乙丙"]
    review(register, world.cases["reviewed"], experts, ACTOR)
    decided = {"document": "内人社发〔2026〕9号", "opinion": "内容与原证书不符"}
    decide_case(
        register, world.cases["decided"], confirm=False, actor=Actor("李复", "office", "李复"), **decided
    )


def _batches(world: World) -> None:
    """One batch at every stage: the first one really generated and issued, the others moved there."""
    operator = world.client(Role.OPERATOR)
    world.works["bad"] = _upload(operator, BAD)
    world.works["published"] = _upload(operator, workbook_of(world.folder, 31))
    again = workbook_of(world.folder, 32)  # one number for all others: their pages say so
    for name in ("checked", "failed", "generated", "submitted", "approved", "discarded"):
        world.works[name] = _upload(operator, again)
    with Register.open(world.home) as register:
        who = {role: find(register, name) for role, name in NAMES.items()}
        for stage in (Stage.GENERATED, Stage.SUBMITTED, Stage.APPROVED):
            move(register, who, world.works[str(stage)], stage)
        store.take_step(register, world.works["discarded"], Act.DISCARD, who[Role.OPERATOR])
        for name, state in (("failed", JobState.FAILED), ("checked", JobState.RUNNING)):
            job = store.start_job(register, world.works[name], Act.GENERATE, who[Role.OPERATOR], 12)
            jobs.advance(register, job, 4, 0)
            world.jobs[name] = job
            if state is JobState.FAILED:
                jobs.finish(register, job, state, "磁盘空间不足")
    _publish(world, operator)


def _publish(world: World, operator: FlaskClient) -> None:
    work = world.works["published"]
    page = f"/office/batches/{work}"
    world.jobs["generated"] = _run(operator, page, "generate")
    _post(operator, page, "submit")
    _post(world.client(Role.REVIEWER), page, "approve", note="同意")
    _run(world.client(Role.ISSUER), page, "issue", confirm="PC2025-T31")
    _post(operator, page, "publish", place="https://example.invalid/gs/2025/1", confirm="PC2025-T31")


def _upload(client: FlaskClient, path: Path) -> int:
    form = {
        "csrf": csrf_of(client.get("/office/batches/new").text),
        "workbook": (io.BytesIO(path.read_bytes()), path.name),
    }
    answer = client.post("/office/batches", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].split("?")[0].rsplit("/", 1)[-1])


def _post(client: FlaskClient, page: str, act: str, **form: str) -> str:
    answer = client.post(f"{page}/{act}", data={"csrf": csrf_of(client.get(page).text), **form})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def _run(client: FlaskClient, page: str, act: str, **form: str) -> int:
    address = _post(client, page, act, **form)
    until = time.monotonic() + WAIT_S
    while client.get(f"{address}/state").get_json()["running"]:
        assert time.monotonic() < until, address
        time.sleep(0.1)
    return int(address.rsplit("/", 1)[-1])


def _members(world: World) -> None:
    """A list of regions with a neighbour in good standing and one that is suspended."""
    anchor = create_anchor(world.folder / "anchor", "某某信任锚")
    for code, name in (("900001", "甲州"), ("900002", "乙州")):
        home = Home(world.folder / code)
        home.create()
        home.config.write_text(
            f'[registry]\npublic_url = "https://zc.{code}.example.invalid"\nregion_code = "{code}"\nregion_name = "{name}"\n',
            "utf-8",
        )
        entry = read_entry(sign_own_entry(home))
        limits = {} if code == "900001" else {"levels": ["中级"]}
        anchor.keep(admit(anchor.draft(CONDITIONS), entry, SINCE, limits))
    anchor.keep(suspend_member(anchor.draft(CONDITIONS), "900002", local_day(now())))
    signed = anchor.sign(now(), timedelta(days=30), CONDITIONS)
    Members(world.home).accept(signed.token, anchor.public_file)


def _demonstration(world: World, results: Path) -> None:
    """What the demonstration's page reads: a summary with real certificates."""
    certificates = [
        {
            "name": one.name,
            "title": one.certificate.facts.title,
            "number": one.certificate.number,
            "href": "/demo/files/x.pdf",
            "page": f"/v/{one.certificate.code}",
            "state": "有效",
        }
        for one in world.holders[:3]
    ]
    trial = {"label": "一份证书的核验页", "href": certificates[0]["page"], "note": "三项答复"}
    summary = {
        "batch": "PC2025-A1",
        "people": ISSUED_PEOPLE,
        "passed": len(world.holders),
        "documents": 0,
        "folder": str(results),
        "certificates": certificates,
        "trials": [trial],
    }
    (results / "summary.json").write_text(json.dumps(summary), "utf-8")
