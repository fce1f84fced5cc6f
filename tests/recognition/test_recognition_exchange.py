"""Re-confirmation and exchange (细则第五十七条第二款): application, experts, decision, certificate, message to the old region."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from live_database import stored_bytes
from recognition_regions import (
    ACTOR,
    ROOT,
    Region,
    anchor_in,
    answering,
    fill,
    hand_out,
    new_region,
    take_in,
)
from sqlalchemy import update

import zhicheng
from records.batch.model import Acquisition, Batch
from records.sample import Kind, sample_batch
from registry.clock import now, stamp
from registry.database.case_tables import outbox as outbox_table
from registry.issuing.run import IssueReport, issue
from registry.log.events import Actor, system_actor
from registry.privacy.key_rotation import rotate
from registry.recognition.cases import outbox
from registry.recognition.cases.errors import (
    CaseNotReady,
    ExpertsDisagree,
    MessageRefused,
    SameDecider,
    TooFewExperts,
)
from registry.recognition.cases.exchange import EXCHANGE_TYPE
from registry.recognition.cases.model import Applicant, Case, CaseKind, CaseState, Expert
from registry.recognition.cases.notices import receive
from registry.recognition.cases.store import decide_case, find_case, list_cases, open_case, review
from registry.register import Register
from signing.authority.opening import open_authority
from signing.credential.token import sign
from signing.keys.service_key import ServiceKey

EXPERTS = [Expert(f"专家{n}", "正高级工程师", agrees=n != "丙") for n in "甲乙丙"]
DECIDER = Actor("决定人", "test", "decider")
OFFICE, PAPER = "示例省人事厅", "省职改〔1998〕12号"
DOCUMENT = "示例人社确〔2026〕3号"


@dataclass
class World:
    """A confirms and exchanges; B issued the old certificates; both know each other from the anchor's list."""

    a: Region
    b: Region

    def applicant(self, place: int) -> Applicant:
        """Somebody of A's next batch who holds a certificate of B."""
        person = batch_of_a().passed[place].person
        old = self.b.certificates[place]
        return Applicant(
            person.name, person.identity_number or "", self.b.code, old.number, "副高级", "高级工程师"
        )


def batch_of_a() -> Batch:
    """A batch of people whose titles are re-confirmed."""
    batch = sample_batch(14, 21)
    reviewed = batch.review.model_copy(update={"acquisition": Acquisition.RECONFIRMATION})
    dated = tuple(one.model_copy(update={"recognized_on": date(2025, 8, 22)}) for one in batch.applications)
    return batch.model_copy(update={"review": reviewed, "applications": dated})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("exchange")
    a, b = new_region(folder, "900011", "甲州"), new_region(folder, "900012", "乙州")
    fill(b, 14, Kind.GREEN, 11)
    anchor = anchor_in(folder / "anchor")
    take_in(anchor, a)
    take_in(anchor, b)
    hand_out(anchor, a)
    hand_out(anchor, b)
    yield World(a, b)
    b.stop()


def decided(register: Register, applicant: Applicant, *, confirm: bool = True) -> Case:
    case = open_case(register, CaseKind.RECONFIRM, applicant, ACTOR)
    review(register, case.id, EXPERTS, ACTOR)
    return decide_case(
        register, case.id, confirm=confirm, document=DOCUMENT, opinion="材料属实", actor=DECIDER
    )


def issue_a(world: World, register: Register) -> IssueReport:
    return issue(register, batch_of_a(), world.a.files / "again", actor=ACTOR)


def test_the_steps_have_their_order(world: World):
    """No decision before the experts, no fewer than three of them, no confirmation without a majority, no second one."""
    with Register.open(world.a.home) as register:
        case = open_case(register, CaseKind.RECONFIRM, world.applicant(3), ACTOR)
        assert open_case(register, CaseKind.RECONFIRM, world.applicant(3), ACTOR).id == case.id
        with pytest.raises(CaseNotReady):
            decide_case(register, case.id, confirm=True, document=DOCUMENT, opinion="", actor=ACTOR)
        with pytest.raises(TooFewExperts):
            review(register, case.id, [EXPERTS[0], EXPERTS[0], EXPERTS[1]], ACTOR)
        review(register, case.id, [replace(one, agrees=False) for one in EXPERTS], ACTOR)
        with pytest.raises(ExpertsDisagree):
            decide_case(register, case.id, confirm=True, document=DOCUMENT, opinion="", actor=DECIDER)
        refused = decide_case(
            register, case.id, confirm=False, document=DOCUMENT, opinion="不实", actor=DECIDER
        )
        assert refused.state is CaseState.REFUSED
        with pytest.raises(CaseNotReady):
            review(register, case.id, EXPERTS, ACTOR)


def test_who_noted_the_opinions_does_not_decide(world: World):
    """In the workspace never, under whatever name; at the command line where four eyes are asked for."""
    same = Actor("另一姓名", "test", ACTOR.account)
    with Register.open(world.a.home) as register:
        nobody = replace(world.applicant(5), id_number="150101199001010001", number="旧-002")
        case = open_case(register, CaseKind.RECONFIRM, nobody, ACTOR)
        review(register, case.id, EXPERTS, ACTOR)
        with pytest.raises(SameDecider):
            decide_case(register, case.id, confirm=True, document=DOCUMENT, opinion="", actor=same)
        review(register, case.id, EXPERTS, system_actor())
        strict = replace(register, settings=register.settings.model_copy(update={"four_eyes": True}))
        with pytest.raises(SameDecider):
            decide_case(strict, case.id, confirm=True, document=DOCUMENT, opinion="", actor=system_actor())
        done = decide_case(
            register, case.id, confirm=True, document=DOCUMENT, opinion="", actor=system_actor()
        )
        assert done.state is CaseState.CONFIRMED


def test_a_paper_of_an_office_that_nobody_knows(world: World):
    """There is no region to ask: the application names the office, experts re-confirm."""
    runner = CliRunner()
    home = ["--home", str(world.a.home.root), "region", "case"]
    person = ["--number", PAPER, "--name", "王某", "--id-number", "150101199001010000"]
    call = [*home, "open", "--paper", *person, "--level", "副高级"]
    assert runner.invoke(zhicheng.cli, call).exit_code == 2
    assert runner.invoke(zhicheng.cli, [*call, "--office", OFFICE, "--region", "990000"]).exit_code == 2
    opened = runner.invoke(zhicheng.cli, [*call, "--office", OFFICE, "--json"])
    case = json.loads(opened.stdout)
    assert (case["reason"], case["office"], case["region"]) == ("paper_only", OFFICE, "")
    assert OFFICE in runner.invoke(zhicheng.cli, [*home, "list"]).output


def test_names_and_numbers_of_cases_are_sealed(world: World):
    """Neither person nor experts stand readable in the database; a new key changes nothing that is shown."""
    with Register.open(world.a.home) as register:
        case = open_case(register, CaseKind.RECONFIRM, world.applicant(4), ACTOR)
        review(register, case.id, EXPERTS, ACTOR)
        rotate(register, ACTOR)
    stored = stored_bytes(world.a.home.root)
    for text in (world.applicant(4).name, world.applicant(4).id_number, "专家甲"):
        assert text.encode() not in stored
    with Register.open(world.a.home) as register:
        again = find_case(register, case.id)
    assert again.experts == tuple(EXPERTS)
    assert again.applicant == world.applicant(4)
    assert "专家甲" not in json.dumps(again.as_dict(), ensure_ascii=False)


def test_an_exchange_from_application_to_receipt(world: World):
    """The new certificate bears the old number; the old region is told, retried until it is there, and remembers."""
    with Register.open(world.a.home) as register:
        good = decided(register, world.applicant(0))
        refused = decided(register, world.applicant(1), confirm=False)
        on_paper = replace(world.applicant(6), region="", office=OFFICE, number=PAPER)
        paper = decided(register, on_paper)
        report = issue_a(world, register)
        people = {one.person.name: one.number for one in batch_of_a().passed}
        assert {one.application_number for one in report.left_out} >= {people[refused.applicant.name]}
        exchanged = find_case(register, good.id)
        assert exchanged.state is CaseState.EXCHANGED
        new = register.lookup.by_number(exchanged.successor)
        assert new is not None
        assert new.predecessor == good.applicant.number
        assert new.number[13] == "Q"
        assert _predecessor(register, paper) == PAPER
        assert issue_a(world, register).issued == 0  # harmless to repeat
        assert len([one for one in outbox.letters(register) if one.case_id == good.id]) == 1
        _told_while_the_old_region_is_down(register)
        world.b.start()
        _told(register, good)
    with Register.open(world.b.home) as register:
        old = register.lookup.find(good.applicant.number)
        kinds = [one.kind for one in register.lookup.events_of(old)]
    assert "exchanged" in kinds
    assert str(old.state) == "valid"
    text = _text_of(world.a.files / "again" / "certificates" / f"{exchanged.successor}.pdf")
    assert good.applicant.number in text


def _predecessor(register: Register, case: Case) -> str | None:
    """The old number on the certificate for which a case was exchanged."""
    new = register.lookup.by_number(find_case(register, case.id).successor)
    assert new is not None
    return new.predecessor


def _told_while_the_old_region_is_down(register: Register) -> None:
    """First attempts fail and wait longer each time."""
    (first,) = outbox.deliver(register)
    assert (first.attempts, bool(first.problem), first.delivered_at) == (1, True, "")
    assert first.next_at > stamp(now())
    assert outbox.deliver(register) == ()  # not yet due
    (second,) = outbox.deliver(register, now_or_never=True)
    assert second.attempts == 2
    assert second.next_at > first.next_at


def _told(register: Register, case: Case) -> None:
    (done,) = outbox.deliver(register, now_or_never=True)
    assert (done.case_id, done.problem) == (case.id, "")
    assert done.delivered_at
    assert outbox.letters(register) == ()


def _text_of(path: Path) -> str:
    import pypdfium2 as pdfium

    return pdfium.PdfDocument(path)[0].get_textpage().get_text_bounded()


def test_a_receipt_of_somebody_else_is_no_receipt(world: World):
    """Whoever answers at the address must sign as the old region."""
    world.b.stop()
    with Register.open(world.a.home) as register:
        decided(register, world.applicant(2))
        issue_a(world, register)
        (letter,) = outbox.letters(register)
        stranger = sign(
            {"iat": 1, "iss": world.b.code, "message": letter.digest},
            ServiceKey.generate(),
            "zhicheng-receipt",
        )
        with answering(world.b.port, lambda _: json.dumps({"token": stranger}).encode()):
            (tried,) = outbox.deliver(register, now_or_never=True)
        assert (tried.problem, tried.delivered_at) == ("receipt", "")


def test_the_same_on_a_stick(world: World, tmp_path: Path):
    """Without any network: messages out, receipts back."""
    with Register.open(world.a.home) as register:
        decided(register, world.applicant(10))
        issue_a(world, register)
        waiting = len(outbox.letters(register))
        assert outbox.write_letters(register, tmp_path) == waiting >= 1
    with Register.open(world.b.home) as register:
        key = open_authority(world.b.home).service
        assert outbox.read_folder(register, key, tmp_path) == (waiting, 0, 0)
    (tmp_path / "broken.exchange.jwt").write_text("x", "ascii")
    with Register.open(world.a.home) as register:
        key = open_authority(world.a.home).service
        taken, receipts, refused = outbox.read_folder(register, key, tmp_path)
        assert (taken, receipts, refused) == (
            0,
            waiting,
            waiting + 1,
        )  # its own messages are not meant for itself
        assert outbox.letters(register) == ()


@pytest.mark.parametrize("defect", ["stranger", "addressee", "issuer", "form"])
def test_a_message_that_is_not_a_members_for_us_is_refused(world: World, defect: str):
    """Nobody else can write into a certificate's history."""
    payload = {
        "iat": int(now().timestamp()),
        "iss": world.a.code,
        "to": world.b.code,
        "number": world.b.certificates[-1].number,
        "successor": "NM1",
    }
    key = open_authority(world.a.home).service
    match defect:
        case "stranger":
            token = sign(payload, ServiceKey.generate(), EXCHANGE_TYPE)
        case "addressee":
            token = sign({**payload, "to": world.a.code}, key, EXCHANGE_TYPE)
        case "issuer":
            token = sign({**payload, "iss": "990000"}, key, EXCHANGE_TYPE)
        case _:
            token = "not a token"
    with Register.open(world.b.home) as register:
        with pytest.raises(MessageRefused):
            receive(register, open_authority(world.b.home).service, token)
        assert "exchanged" not in [one.kind for one in register.lookup.events_of(world.b.certificates[-1])]


def test_commands_lead_through_it(world: World):
    """What a secretary types; the machine's decision is asked first."""
    runner = CliRunner()
    home = ["--home", str(world.a.home.root)]
    paper = [
        "--region",
        "990000",
        "--number",
        "旧-001",
        "--name",
        "王某",
        "--id-number",
        "150101199001010000",
    ]
    done = runner.invoke(zhicheng.cli, [*home, "region", "case", "open", *paper, "--level", "中级", "--json"])
    assert done.exit_code == 0, done.output
    case = json.loads(done.stdout)
    assert (case["kind"], case["reason"], case["name"]) == ("reconfirm", "region_unknown", "王○")
    listed = runner.invoke(zhicheng.cli, [*home, "region", "case", "list"])
    assert f"zhicheng region case review {case['id']}" in listed.output
    two = ["--expert", "甲,教授,同意", "--expert", "乙,教授,同意"]
    few = runner.invoke(zhicheng.cli, [*home, "region", "case", "review", str(case["id"]), *two])
    assert few.exit_code == 1
    assert "不少于 3 人" in few.output
    wrong = runner.invoke(
        zhicheng.cli, [*home, "region", "case", "review", str(case["id"]), "--expert", "甲"]
    )
    assert wrong.exit_code == 2
    three = [*two, "--expert", "丙，教授，不同意，材料不全"]
    assert (
        runner.invoke(zhicheng.cli, [*home, "region", "case", "review", str(case["id"]), *three]).exit_code
        == 0
    )
    decide = ["--confirm", "--document", DOCUMENT, "--json"]
    done = runner.invoke(zhicheng.cli, [*home, "region", "case", "decide", str(case["id"]), *decide])
    assert json.loads(done.stdout)["state"] == "confirmed"
    with Register.open(world.a.home) as register:
        assert find_case(register, case["id"]).experts[2].remark == "材料不全"
        assert case["id"] not in [one.id for one in list_cases(register, only_open=True)]
    assert timedelta(minutes=1) == outbox.FIRST_WAIT


def test_a_message_is_sent_by_one_process_only(world: World):
    """While one process sends, another one that looks into the same outbox leaves the message alone."""
    with Register.open(world.a.home) as register:
        decided(register, world.applicant(9))
        issue_a(world, register)

        class Slow:
            """Looks into the outbox again while it is sending."""

            posts = 0

            def post(self, url: str, document: object) -> bytes:
                del url, document
                self.posts += 1
                if self.posts == 1:
                    with Register.open(world.a.home) as other:
                        assert outbox.deliver(other, self) == ()
                raise OSError

        slow = Slow()
        (tried,) = outbox.deliver(register, slow)
        assert (slow.posts, tried.attempts) == (1, 1)


def serve(port: int) -> list[str]:
    return ["zhicheng", "serve", "--port", str(port)]


def gunicorn(port: int) -> list[str]:
    options = ["--workers", "2", "--threads", "2", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    return ["gunicorn", *options, "web.wsgi:application()"]


def gunicorn_loaded_first(port: int) -> list[str]:
    return [*gunicorn(port), "--preload"]


@pytest.mark.parametrize(("server", "person"), [(serve, 5), (gunicorn, 7), (gunicorn_loaded_first, 8)])
def test_a_server_delivers_by_itself(world: World, server: Callable[[int], list[str]], person: int):
    """Down, then up again: no command is typed, the old region is told; the minute in between is put back by hand.

    With two processes each attempt is made by one of them.
    """
    with Register.open(world.a.home) as register:
        decided(register, world.applicant(person))
        issue_a(world, register)
        world.b.stop()
        with served(world.a, server):
            tried = _wait_for(register, lambda one: one.attempts == 1)
            assert (bool(tried.problem), tried.delivered_at) == (True, "")
            world.b.start()
            with register.database.write() as connection:
                connection.execute(update(outbox_table).values(next_at=stamp(now())))
            assert _wait_for(register, lambda one: bool(one.delivered_at)).attempts == 2
    with Register.open(world.b.home) as register:
        old = register.lookup.find(world.applicant(person).number)
        assert "exchanged" in [one.kind for one in register.lookup.events_of(old)]


@contextmanager
def served(region: Region, server: Callable[[int], list[str]]) -> Iterator[None]:
    """A server of a region, looking into its outbox every fifth of a second."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ZHICHENG_HOME": str(region.home.root),
        "ZHICHENG_RECOGNITION_DELIVER_SECONDS": "0.2",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", *server(region.port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(register: Register, done: Callable[[outbox.Letter], bool]) -> outbox.Letter:
    """The newest letter as soon as it is as wanted."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        newest = outbox.letters(register, waiting=False)[-1]
        if done(newest):
            return newest
        time.sleep(0.1)
    raise AssertionError(newest)
