"""Keys whose time is over sign nothing, and homes that have such signatures can be cured."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from click.testing import CliRunner
from registry_helpers import ACTOR, issue_blank, of_others, rows

from records.input.workbook import write_batch
from registry.audit.checks import check_register
from registry.errors import ClockWrong
from registry.issuing import run
from registry.issuing.run import issue
from registry.jobs.issuing import Shared
from registry.log import tree_heads
from registry.log.tree_heads import accept_clock, heads, latest_head, sign_head
from signing.authority.opening import Authority, open_authority
from signing.credential.token import TREE_HEAD_TYPE, sign
from signing.errors import CertificateNotValidNow, ServiceKeyNotValid
from signing.keys.importing import rotate_service
from signing.keys.service_key import ServiceKey
from zhicheng import cli

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from records.batch.model import Batch
    from registry.register import Register


def ended(register: Register) -> datetime:
    """A day after the service key's end."""
    until = open_authority(register.home).ring.service.until
    return until + timedelta(days=1)


def test_nothing_is_issued_with_a_service_key_whose_time_is_over(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Refused before anything is reserved, with the way out; before the key's time likewise."""
    before = open_authority(register.home).ring.service.since - timedelta(days=1)
    for moment in (ended(register), before):
        with (
            time_machine.travel(moment),
            pytest.raises((ServiceKeyNotValid, CertificateNotValidNow)) as caught,
        ):
            issue(register, batch, tmp_path / "out", actor=ACTOR)
        assert caught.value.exit_code == 3
    assert rows(register, "SELECT count(*) FROM numbers") == [(0,)]


def test_the_command_says_what_to_do(register: Register, batch: Batch, tmp_path: Path) -> None:
    """Exit 3 and the command that makes a new key; after it issuing goes on."""
    path = tmp_path / "batch.xlsx"
    write_batch(batch, path)
    words = ["--home", str(register.home.root), "issue", str(path), "-o", str(tmp_path / "out"), "--json"]
    with time_machine.travel(ended(register), tick=True):
        done = CliRunner().invoke(cli, words)
        told = json.loads(done.stdout)["error"]
        assert done.exit_code == 3
        if told["code"] == "certificate_not_valid_now":
            pytest.skip("the certificate key of the demo ends first")
        assert told["code"] == "service_key_not_valid"
        assert "keys rotate --service" in told["message"]


def test_the_keys_are_looked_at_again_for_every_chunk(
    register: Register, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that ends in the middle stops the run; what is registered stays, and the same command goes on later."""
    asked: list[datetime] = []
    genuine = Authority.require_valid

    def looked(self: Authority, moment: datetime) -> None:
        asked.append(moment)
        genuine(self, ended(register) if len(asked) > 3 else moment)

    monkeypatch.setattr(run, "SHORT_CHUNK", 4)
    small = register.settings.model_copy(update={"chunk": 4})
    monkeypatch.setattr(Authority, "require_valid", looked)
    object.__setattr__(register, "settings", small)
    with pytest.raises((ServiceKeyNotValid, CertificateNotValidNow)):
        issue_blank(register, batch, tmp_path / "out")
    monkeypatch.setattr(Authority, "require_valid", genuine)
    report = issue_blank(register, batch, tmp_path / "out")
    assert report.already > 0
    assert report.issued + report.already == len(batch.passed)


def test_no_head_is_signed_with_it(register: Register, batch: Batch, tmp_path: Path) -> None:
    """Neither by function nor by `log head`; the log's entries stay as they are."""
    issue_blank(register, batch, tmp_path / "out")
    with time_machine.travel(ended(register)), pytest.raises(ServiceKeyNotValid):
        sign_head(register, open_authority(register.home).service)
    assert latest_head(register) is None
    assert sign_head(register, open_authority(register.home).service).size > 0


def bad_head(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head as an earlier release signed it: with a key that had ended."""
    service = open_authority(register.home).service
    with monkeypatch.context() as patch, time_machine.travel(ended(register)):
        patch.setattr(ServiceKey, "require_valid", lambda self, moment: None)
        patch.setattr(tree_heads, "require_clock", lambda register: None)
        sign_head(register, service)


def codes(register: Register) -> list[str]:
    return [one.code for one in check_register(register, open_authority(register.home).keyset).problems]


def test_a_home_with_such_heads_is_told_so_and_cured_by_a_new_head(
    register: Register, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One problem of its own, no alarm; a new head ends it, also over an unchanged log, and the old one is kept."""
    issue_blank(register, batch, tmp_path / "out")
    bad_head(register, monkeypatch)
    assert codes(register) == ["head_key_ended"]
    old = heads(register)
    rotate_service(open_authority(register.home))
    assert codes(register) == ["head_key_ended"]
    with pytest.raises(ClockWrong, match="accept-clock"):
        sign_head(register, open_authority(register.home).service)
    accept_clock(register, ACTOR)
    new = sign_head(register, open_authority(register.home).service)
    assert codes(register) == []
    assert heads(register) == (*old, new)
    assert new.size == old[-1].size + 1
    assert sign_head(register, open_authority(register.home).service) == new


def test_a_head_of_an_ended_key_is_signed_anew_over_an_unchanged_log(
    register: Register, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only the key's end was passed and the clock is right: the new key's first head says so in the log."""
    issue_blank(register, batch, tmp_path / "out")
    bad_head(register, monkeypatch)
    with time_machine.travel(ended(register) + timedelta(days=1)):
        monkeypatch.setattr(
            tree_heads, "require_clock", lambda register: None
        )  # a database server has its own
        rotate_service(open_authority(register.home))
        new = sign_head(register, open_authority(register.home).service)
        assert rows(register, "SELECT count(*) FROM events WHERE kind = 'head_renewed'") == [(1,)]
        assert sign_head(register, open_authority(register.home).service) == new
        assert codes(register) == []


def test_a_head_that_says_something_else_stays_an_alarm(
    register: Register, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where its key's time is over: the signature has to fit what the row says."""
    issue_blank(register, batch, tmp_path / "out")
    bad_head(register, monkeypatch)
    with register.database.write(watched=False) as connection:
        connection.exec_driver_sql("UPDATE log_heads SET signed_at = '2020-01-01T00:00:00Z'")
    assert "head_token" in codes(register)


@pytest.mark.parametrize("days", [-1, 800])
def test_no_token_is_signed_outside_the_keys_time(register: Register, days: int) -> None:
    """Whatever its type: the moment that counts is the one that the token itself names."""
    service = open_authority(register.home).service
    assert service.since
    assert service.until
    moment = (service.since if days < 0 else service.until) + timedelta(days=days)
    payload: dict[str, Any] = {"iat": int(moment.timestamp()), "size": 1}
    with pytest.raises(ServiceKeyNotValid):
        sign(payload, service, TREE_HEAD_TYPE)


def test_workers_are_not_given_work_that_no_key_may_sign(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Sharing out is refused by the command, before anything is queued."""
    path = tmp_path / "batch.xlsx"
    write_batch(of_others(batch, "shared"), path)
    from registry.issuing.sources import open_source
    from registry.jobs.following import Follow

    source = open_source(path, register.home)
    shared = Shared(register, source, path, tmp_path / "out", ACTOR)
    with time_machine.travel(ended(register)), pytest.raises((ServiceKeyNotValid, CertificateNotValidNow)):
        shared.issue(Follow())
    assert rows(register, "SELECT count(*) FROM jobs") == [(0,)]
