"""Life of a certificate: every move is an event, impossible ones are refused with what is possible."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest
from registry_helpers import ACTOR, GROUNDS, issue_blank, rows, run_in_processes, set_columns
from sqlalchemy import update

from core.message import message
from core.settings import Home
from records.regulation.calendar import add_years
from registry.applications import misconduct
from registry.applications.misconduct import barred, dishonesty_of, enter
from registry.certificates import lifecycle
from registry.certificates.annotated_copies import MOST_LIVE, annotate, revoke_copy
from registry.certificates.lifecycle import MOVES, Move, Reason
from registry.certificates.reissue import reissue
from registry.clock import local_day, now
from registry.database.schema import applications, certificates, copies
from registry.errors import (
    ApplicationMissing,
    CertificateUnknown,
    CopiesExhausted,
    CopyPeriodWrong,
    ImpossibleMove,
    IntegrityIncomplete,
    NothingChanged,
    SuccessorOfAnother,
)
from registry.issuing.produce import BlankMaker, blank_maker
from registry.issuing.sources import Source
from registry.model import State, canonical
from registry.recognition import Usable
from registry.register import Register
from registry.verification.answers import RegisterCode, Verdict
from registry.verification.verifier import Verifier

if TYPE_CHECKING:
    from pathlib import Path

    from records.batch.model import Batch
    from registry.model import Certificate


@pytest.fixture
def issued(register: Register, batch: Batch, tmp_path: Path) -> Certificate:
    """The first certificate of an issued batch."""
    issue_blank(register, batch, tmp_path / "out")
    certificate = register.lookup.by_id(1)
    assert certificate
    return certificate


def corrected(batch: Batch, tmp_path: Path, employer: str = "改正后的单位") -> Source:
    """The batch with the first passed person's employer corrected."""
    first = batch.passed[0]
    mended = first.model_copy(update={"employer": first.employer.model_copy(update={"name": employer})})
    people = tuple(mended if one.number == first.number else one for one in batch.applications)
    changed = batch.model_copy(update={"applications": people})
    return Source(changed, (), tmp_path, len(changed.passed), lambda: changed.applications)


def test_suspend_resume_and_revoke_leave_a_trail(register: Register, issued: Certificate) -> None:
    """Each move changes the state, is verifiable at once, and its event names actor, clause, document, reason."""
    verifier = Verifier(register)
    steps = [
        (lifecycle.suspend, State.SUSPENDED, Verdict.SUSPENDED),
        (lifecycle.resume, State.VALID, Verdict.REGISTERED),
        (lifecycle.revoke, State.REVOKED, Verdict.REVOKED),
    ]
    for move, state, verdict in steps:
        assert move(register, issued.number, GROUNDS).state is state
        answer = verifier.verify_code(issued.code)
        assert answer.verdict is verdict
        assert (answer.recognition.code is Usable.NOT) == (state is not State.VALID)
    events = register.lookup.events_of(issued)
    assert [event.kind for event in events] == ["issued", "suspended", "resumed", "revoked"]
    assert events[1].detail["clause"] == GROUNDS.clause
    assert events[1].detail["document"] == GROUNDS.document
    assert events[1].detail["actor"] == ACTOR.as_dict()
    assert GROUNDS.document not in str(events[1].leaf)


@pytest.mark.parametrize("reason", list(Reason))
def test_a_reason_is_kept_and_never_told_to_who_only_has_the_code(
    register: Register, issued: Certificate, reason: Reason
) -> None:
    """The event's private part holds the reason; the public answer and the public leaf say nothing of it."""
    lifecycle.revoke(register, issued.number, replace(GROUNDS, reason=reason, note="只供内部"))
    event = register.lookup.events_of(issued)[-1]
    assert (event.detail["reason"], event.detail["note"]) == (str(reason), "只供内部")
    said = canonical(Verifier(register).verify_code(issued.code).as_dict()) + str(event.leaf)
    for secret in (message("registry", f"reasons.{reason}"), GROUNDS.document, "只供内部"):
        assert secret not in said


@pytest.mark.parametrize("state", list(State))
def test_impossible_moves_are_refused_with_what_is_possible(
    register: Register, issued: Certificate, state: State
) -> None:
    """In every state each move that the table does not list raises, names the possible ones, and changes nothing."""
    set_columns(register, certificates, 1, state=str(state))
    moves = {Move.SUSPEND: lifecycle.suspend, Move.RESUME: lifecycle.resume, Move.REVOKE: lifecycle.revoke}
    for move, function in moves.items():
        if move in MOVES[state]:
            continue
        with pytest.raises(ImpossibleMove) as caught:
            function(register, issued.number, GROUNDS)
        assert caught.value.data["codes"] == tuple(map(str, MOVES[state]))
    assert rows(register, "SELECT state FROM certificates WHERE id = 1") == [(state,)]
    assert rows(register, "SELECT count(*) FROM events WHERE certificate_id = 1") == [(1,)]


def test_an_unknown_certificate_is_named(register: Register) -> None:
    """A wrong number gives an error that repeats it."""
    with pytest.raises(CertificateUnknown, match="NM999"):
        lifecycle.suspend(register, "NM999", GROUNDS)


def suspend_here(home: Path, number: str) -> str:
    with Register.open(Home(home)) as register:
        try:
            lifecycle.suspend(register, number, GROUNDS)
        except ImpossibleMove:
            return "refused"
        return "done"


def test_of_several_operators_who_suspend_at_once_one_does(register: Register, issued: Certificate) -> None:
    """Four processes try the same move; it happens once and the others are told."""
    outcomes = run_in_processes(suspend_here, [(register.home.root, issued.number)] * 4)
    assert sorted(outcomes) == ["done", "refused", "refused", "refused"]
    assert rows(register, "SELECT count(*) FROM events WHERE kind = 'suspended'") == [(1,)]


def test_revoking_for_dishonesty_writes_the_integrity_archive(
    register: Register, issued: Certificate
) -> None:
    """细则第七十二条: the title is revoked and the person is barred for three years."""
    before = local_day(now())
    entry = dishonesty_of(register, issued, "抄袭、剽窃他人作品", "第七十二条")
    lifecycle.revoke(register, issued.number, GROUNDS, entry)
    since = entry.effective_on
    assert before <= since <= local_day(now())
    assert barred(register, [entry.identity_number], since) == {entry.identity_number}
    assert barred(register, [entry.identity_number], entry.until_on) == {entry.identity_number}
    assert barred(register, [entry.identity_number], entry.until_on + timedelta(days=1)) == set()
    assert entry.until_on == add_years(since, 3) - timedelta(days=1)
    kinds = [kind for (kind,) in rows(register, "SELECT kind FROM events ORDER BY position DESC LIMIT 2")]
    assert kinds == ["dishonesty", "revoked"]


def test_an_entry_bears_the_second_of_its_event(
    register: Register, issued: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the transaction takes: with a clock that is a second later at every look, the check finds nothing."""
    looks = count(1)
    for module in (misconduct, lifecycle):
        monkeypatch.setattr(module, "now", lambda: now() + timedelta(seconds=next(looks)))
    entry = dishonesty_of(register, issued, "抄袭、剽窃他人作品", "第七十二条")
    misconduct.enter(register, entry, ACTOR)
    lifecycle.revoke(register, issued.number, GROUNDS, entry)
    assert next(looks) > 2
    kept = rows(register, "SELECT recorded_at FROM integrity ORDER BY id")
    leaves = rows(register, "SELECT leaf FROM events WHERE kind = 'dishonesty' ORDER BY position")
    assert [(json.loads(leaf)["at"],) for (leaf,) in leaves] == kept


@pytest.mark.parametrize("field", ["name", "identity_number", "violation", "basis", "measure"])
def test_an_entry_of_the_integrity_archive_lacks_nothing(
    register: Register, issued: Certificate, field: str
) -> None:
    """细则第七十一条: an entry without one of its fields is refused with its name, and nothing is written."""
    entry = replace(dishonesty_of(register, issued, "抄袭", "第七十二条"), **{field: " "})
    with pytest.raises(IntegrityIncomplete) as caught:
        enter(register, entry, ACTOR)
    assert caught.value.data["codes"] == (field,)
    assert rows(register, "SELECT count(*) FROM integrity") == [(0,)]


def test_a_reissue_supersedes_and_points_both_ways(
    register: Register, issued: Certificate, batch: Batch, tmp_path: Path
) -> None:
    """The new certificate has the next version, a new number and code; the old one is superseded by it."""
    source = corrected(batch, tmp_path)
    old = reissue(register, issued.number, source, tmp_path / "new", GROUNDS, factory=blank_maker)
    assert old.state is State.SUPERSEDED
    assert old.successor
    new = register.lookup.find(old.successor)
    assert (new.state, new.version, new.predecessor) == (State.VALID, 2, issued.number)
    assert new.facts.employer == "改正后的单位"
    assert new.licence_id.split(".")[-2] == "002"
    assert new.licence_id.split(".")[:-2] == issued.licence_id.split(".")[:-2]
    assert new.code != issued.code
    assert (tmp_path / "new" / "certificates" / f"{new.number}.pdf").exists()
    answer = Verifier(register).verify_code(issued.code)
    assert (answer.verdict, answer.register.superseded_by) == (Verdict.SUPERSEDED, new.number)
    assert new.number in answer.register.message


def test_after_a_reissue_the_batch_hands_out_the_new_certificate(
    register: Register, issued: Certificate, batch: Batch, tmp_path: Path
) -> None:
    """Issuing again with the corrected data gives nobody a second one and writes the new file, not the old."""
    source = corrected(batch, tmp_path)
    old = reissue(register, issued.number, source, tmp_path / "new", GROUNDS, factory=blank_maker)
    report = issue_blank(register, source.batch, tmp_path / "again")
    assert (report.issued, report.changed) == (0, [])
    written = {path.stem for path in (tmp_path / "again" / "certificates").iterdir()}
    assert old.successor in written
    assert old.number not in written


def test_a_reissue_without_a_correction_is_refused(
    register: Register, issued: Certificate, batch: Batch, tmp_path: Path
) -> None:
    """Same facts: nothing to correct; a person who is not in the file: said so."""
    same = Source(batch, (), tmp_path, 1, lambda: batch.applications)
    with pytest.raises(NothingChanged):
        reissue(register, issued.number, same, tmp_path, GROUNDS, factory=blank_maker)
    nobody = Source(batch, (), tmp_path, 0, lambda: ())
    with pytest.raises(ApplicationMissing):
        reissue(register, issued.number, nobody, tmp_path, GROUNDS, factory=blank_maker)


def test_an_interrupted_reissue_goes_on_with_its_number(
    register: Register, issued: Certificate, batch: Batch, tmp_path: Path
) -> None:
    """A press that fails after the number was reserved leaves no gap: the next try uses the same number."""
    source = corrected(batch, tmp_path)
    with pytest.raises(OSError, match="paper jam"):
        reissue(register, issued.number, source, tmp_path, GROUNDS, factory=jammed)
    held = rows(register, "SELECT number FROM numbers WHERE version = 2")
    old = reissue(register, issued.number, source, tmp_path, GROUNDS, factory=blank_maker)
    assert [(old.successor,)] == held == rows(register, "SELECT number FROM numbers WHERE version = 2")


def jammed(home: Home) -> BlankMaker:
    del home
    raise OSError("paper jam")


def test_a_certificate_can_be_replaced_by_another_one(register: Register, issued: Certificate) -> None:
    """换发注销 after 重新确认: only by a valid certificate other than itself."""
    other = register.lookup.by_id(2)
    assert other
    with pytest.raises(ImpossibleMove):
        lifecycle.replace(register, issued.number, issued.number, GROUNDS)
    one_person(register, issued.id, other.id)
    assert lifecycle.replace(register, issued.number, other.number, GROUNDS).successor == other.number


def one_person(register: Register, first: int, second: int) -> None:
    """Let the second certificate be a later one of the first one's holder, with the same facts."""
    ((name, index),) = rows(register, f"SELECT name, identity_index FROM applications WHERE id = {first}")
    with register.database.write() as connection:
        person = update(applications).where(applications.c.id == second)
        connection.execute(person.values(name=name, identity_index=index))
    ((facts,),) = rows(register, f"SELECT facts FROM certificates WHERE id = {first}")
    set_columns(register, certificates, second, facts=facts)


@pytest.mark.parametrize("differing", ["person", "series", "level"])
def test_a_stranger_s_certificate_is_no_successor(
    register: Register, issued: Certificate, differing: str
) -> None:
    """Person, series and level must agree by the register; otherwise nothing happens."""
    other = register.lookup.by_id(2)
    assert other
    if differing != "person":
        one_person(register, issued.id, other.id)
        said = rows(register, "SELECT facts FROM certificates WHERE id = 2")[0][0]
        before = getattr(issued.facts, differing)
        assert f'"{before}"' in said
        set_columns(register, certificates, 2, facts=said.replace(f'"{before}"', '"另一种"'))
    with pytest.raises(SuccessorOfAnother):
        lifecycle.replace(register, issued.number, other.number, GROUNDS)
    assert Verifier(register).verify_code(issued.code).verdict is Verdict.REGISTERED


def test_annotated_copies_are_verified_and_withdrawn_on_their_own(
    register: Register, issued: Certificate, tmp_path: Path
) -> None:
    """A copy has its own code and file; withdrawn or past its day it is no longer good, the certificate still is."""
    verifier = Verifier(register)
    copy, path = annotate(register, issued.number, "投标 使用", tmp_path, actor=ACTOR, maker=BlankMaker())
    good = verifier.verify_code(copy.code)
    assert (good.verdict, good.register.number) == (Verdict.REGISTERED, issued.number)
    blank = verifier.verify_file(path.read_bytes())  # a blank file is registered here, and no certificate
    assert (blank.verdict, blank.file.reason) == (Verdict.TAMPERED, "register_contradicted")
    assert good.register.as_dict()["copy"] == {"purpose": "投标 使用", "expires_on": copy.expires_on}
    revoke_copy(register, copy.code.lower(), ACTOR)
    revoke_copy(register, copy.code, ACTOR)
    assert verifier.verify_code(copy.code).register.code is RegisterCode.COPY_REVOKED
    assert verifier.verify_code(copy.code).recognition.code is Usable.NOT
    assert verifier.verify_code(issued.code).verdict is Verdict.REGISTERED
    assert rows(register, "SELECT count(*) FROM events WHERE kind = 'copy_revoked'") == [(1,)]
    second, _ = annotate(register, issued.number, "入职", tmp_path, actor=ACTOR, maker=BlankMaker())
    ((second_id,),) = rows(register, f"SELECT id FROM copies WHERE code = '{second.code}'")
    set_columns(register, copies, second_id, expires_on="2020-01-01")
    assert verifier.verify_code(second.code).register.code is RegisterCode.COPY_EXPIRED


def test_copies_fall_with_their_certificate(register: Register, issued: Certificate, tmp_path: Path) -> None:
    """A copy of a revoked certificate is revoked, and no new copy can be made."""
    copy, _ = annotate(register, issued.number, "投标", tmp_path, actor=ACTOR, maker=BlankMaker())
    lifecycle.revoke(register, issued.number, GROUNDS)
    assert Verifier(register).verify_code(copy.code).verdict is Verdict.REVOKED
    with pytest.raises(ImpossibleMove):
        annotate(register, issued.number, "投标", tmp_path, actor=ACTOR, maker=BlankMaker())


def test_no_more_than_three_live_copies_and_ninety_days(
    register: Register, issued: Certificate, tmp_path: Path
) -> None:
    """The fourth live copy and a period of ninety-one days are refused; withdrawing one makes room."""
    today = local_day(now())
    for days in (-1, 91):
        with pytest.raises(CopyPeriodWrong):
            annotate(
                register,
                issued.number,
                "x",
                tmp_path,
                actor=ACTOR,
                expires_on=today + timedelta(days=days),
                maker=BlankMaker(),
            )
    made = [
        annotate(register, issued.number, f"用途{n}", tmp_path, actor=ACTOR, maker=BlankMaker())[0]
        for n in range(MOST_LIVE)
    ]
    with pytest.raises(CopiesExhausted):
        annotate(register, issued.number, "第四份", tmp_path, actor=ACTOR, maker=BlankMaker())
    revoke_copy(register, made[0].code, ACTOR)
    annotate(register, issued.number, "第四份", tmp_path, actor=ACTOR, maker=BlankMaker())
