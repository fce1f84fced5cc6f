"""An applicant asks where his application stands, without an account and without a certificate."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from core.settings import Home
from records.batch.model import Batch
from records.sample import sample_batch
from registry.applications.progress import Stage, note_batch, set_stage
from registry.clock import local_day, now
from registry.log.events import Actor
from registry.register import Register
from web.app import create_app

ACTOR = Actor("测试员", channel="test")


@pytest.fixture
def batch() -> Batch:
    """Of 12 people, one of whom did not pass; the results are public."""
    return sample_batch(12, 7)


@pytest.fixture
def home(tmp_path: Path, batch: Batch) -> Home:
    """A register that knows the batch and has issued nothing."""
    home = Home(tmp_path / "home")
    with Register.open(home) as register:
        note_batch(register, batch)
        set_stage(register, batch.applications[0].number, Stage.SUPPLEMENT, ACTOR, note="补交论文检索报告")
    return home


@pytest.fixture
def client(home: Home) -> FlaskClient:
    return create_app(home).test_client()


def asked(client: FlaskClient, application: str, identity: str | None) -> tuple[int, str]:
    answer = client.post("/progress", data={"application": application, "id_number": identity})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, answer.text


def test_the_stages_are_shown_with_what_was_noted(client: FlaskClient, batch: Batch) -> None:
    """In their order, the present one marked."""
    one = batch.applications[0]
    status, text = asked(client, one.number, one.person.identity_number)
    assert status == 200
    assert "评审中" in text
    assert "补交论文检索报告" in text
    assert text.count('aria-current="step"') == 1
    assert str(one.person.name) not in text


def test_a_number_is_found_however_a_phone_types_it(client: FlaskClient, batch: Batch) -> None:
    """Small letters and full-width characters are read as what is meant."""
    one = batch.applications[0]
    wide = str.maketrans({character: chr(ord(character) + 0xFEE0) for character in "LT0123456789X"})
    for application in (one.number.lower(), one.number.translate(wide), f" {one.number} "):
        status, text = asked(client, application, str(one.person.identity_number).translate(wide))
        assert status == 200, application
        assert one.number in text


def test_nobody_learns_who_applied(client: FlaskClient, batch: Batch) -> None:
    """An unknown number, another's number and a wrong ID number are answered alike."""
    first, second, *_ = batch.applications
    answers = {
        asked(client, first.number, second.person.identity_number),
        asked(client, "LT2025999999", first.person.identity_number),
        asked(client, first.number, "150101199001010000"),
        asked(client, "", ""),
    }
    assert {status for status, _ in answers} == {404}
    assert len(answers) == 1


def test_the_vote_is_not_told_before_the_results_are_public(tmp_path: Path, batch: Batch) -> None:
    """Who did not pass sees 评审中 like everybody until the publicity begins, and 未通过 afterwards."""
    failed = next(one for one in batch.applications if one.outcome is not None and not one.passed)
    tomorrow = local_day(now()) + timedelta(days=1)
    publicity = batch.publicity.model_copy(update={"starts": tomorrow, "ends": tomorrow + timedelta(days=9)})
    approval = batch.approval.model_copy(update={"approved_on": None})
    early = batch.model_copy(update={"publicity": publicity, "approval": approval})
    told = []
    for name, given in (("early", early), ("late", batch)):
        home = Home(tmp_path / name)
        with Register.open(home) as register:
            note_batch(register, given)
        told.append(asked(create_app(home).test_client(), failed.number, failed.person.identity_number)[1])
    assert "未通过" not in told[0]
    assert "评审中" in told[0]
    assert "未通过" in told[1]


def test_too_many_questions_are_refused(client: FlaskClient) -> None:
    """The limit of queries by name holds here as well."""
    answers = [asked_status(client, n) for n in range(200)]
    assert answers[0] == 404
    assert answers[-1] == 429


def asked_status(client: FlaskClient, n: int) -> int:
    """The status of a guess."""
    return client.post("/progress", data={"application": f"LT{n}", "id_number": "1"}).status_code
