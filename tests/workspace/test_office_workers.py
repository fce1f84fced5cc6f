"""The workspace's long work on worker processes beside the site: killed, paused, resumed, or nobody there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from office_helpers import BY_ROLE, GENEROUS, Office, make_accounts, post
from postgresql_server import new_postgres_database
from test_office_journey import await_job, begin, photos_of, upload
from workspace_moves import move

from core.settings import Home
from records.input.workbook import write_batch
from records.sample import sample_batch, write_photos
from registry.accounts.model import Role
from registry.accounts.store import find
from registry.audit.checks import check_register
from registry.jobs.store import JobState, listed
from registry.register import Register
from registry.workspace.model import Stage
from signing.authority.opening import open_authority
from web.app import create_app
from web.services import services

ROOT = Path(__file__).parents[2]
PEOPLE = 8
PATIENCE_S = 120
SETTINGS = """
[registry]
database = "{address}"
[jobs]
runner = "procrastinate"
chunk = 3
heartbeat_seconds = 0.5
stalled_seconds = 2
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, postgres_server: Any) -> Iterator[Office]:
    """A site whose register lies in PostgreSQL and whose long work goes to workers."""
    folder = tmp_path_factory.mktemp("office")
    home = Home(folder / "home")
    home.create()
    home.config.write_text(SETTINGS.format(address=new_postgres_database(postgres_server)), "utf-8")
    passwords = make_accounts(home)
    app = create_app(home, settings=GENEROUS)
    yield Office(home, app, passwords, folder)
    with app.app_context():
        services().register.close()


@contextmanager
def worker(office: Office) -> Iterator[subprocess.Popen[bytes]]:
    """`zhicheng worker` for the time of a block."""
    command = [sys.executable, "-m", "zhicheng", "--home", str(office.home.root), "worker"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def taken_in(office: Office, seed: int) -> tuple[str, str]:
    """An uploaded batch: its page and its number."""
    batch = sample_batch(PEOPLE, seed)
    batch = batch.model_copy(update={"number": f"{batch.number}-{seed}"})
    folder = office.folder / str(seed)
    folder.mkdir()
    path = folder / "batch.xlsx"
    write_batch(batch, path)
    write_photos(batch, folder)
    response = upload(office.client(Role.OPERATOR), path.read_bytes(), photos=photos_of(folder))
    return str(response.headers["Location"]).split("?")[0], batch.number


def approved(office: Office, seed: int) -> tuple[str, str]:
    """A batch ready to be issued, without documents: its page and its number."""
    page, number = taken_in(office, seed)
    with Register.open(office.home) as register:
        who = {role: find(register, name) for role, name in BY_ROLE.items()}
        move(register, who, int(page.rsplit("/", 1)[-1]), Stage.APPROVED)
    return page, number


def shared_jobs(office: Office, kind: str, number: str) -> list[JobState]:
    with Register.open(office.home) as register:
        return [
            one.state
            for one in listed(register)
            if one.kind == kind and one.subject == number and one.runner == "procrastinate"
        ]


def assert_one_each(office: Office, number: str, passed: int) -> None:
    """Exactly one certificate per person of the batch, and nothing wrong with the register."""
    with Register.open(office.home) as register:
        found = register.database.read()
        with found as connection:
            rows = connection.exec_driver_sql(
                "SELECT count(*), count(DISTINCT c.application_id), count(DISTINCT c.number) FROM certificates c"
                " JOIN batches b ON b.id = c.batch_id WHERE b.number = %s",
                (number,),
            ).all()
        assert [tuple(row) for row in rows] == [(passed,) * 3]
        assert check_register(register, open_authority(register.home).keyset).problems == ()


def test_workers_make_what_the_page_asks_for_and_a_killed_one_does_no_harm(office: Office) -> None:
    """Documents and certificates come from workers; one is killed in the middle, another one goes on."""
    page, number = taken_in(office, 7)
    operator = office.client(Role.OPERATOR)
    with worker(office):
        told = await_job(operator, begin(operator, page, "generate"))
    assert told["state"] == "done", told
    begin(operator, page, "submit")
    begin(office.client(Role.REVIEWER), page, "approve", note="同意")
    assert shared_jobs(office, "generate", number) == [JobState.DONE]
    issuer = office.client(Role.ISSUER)
    passed = len(sample_batch(PEOPLE, 7).passed)
    with worker(office) as first:
        job = begin(issuer, page, "issue", confirm=number)
        until(lambda: issuer.get(f"{job}/state").get_json()["done"])
        first.send_signal(signal.SIGKILL)
        with worker(office):
            told = await_job(issuer, job)
    assert told["state"] == "done", issuer.get(job).text
    assert told["done"] == passed
    assert_one_each(office, number, passed)
    assert f"新签发 {passed} 份" in issuer.get(page).text


def test_without_a_worker_the_page_says_what_to_start_and_a_pause_is_kept(office: Office) -> None:
    """Nobody there: the page names the command. Paused, then resumed with a worker: everybody has one certificate."""
    page, number = approved(office, 8)
    issuer = office.client(Role.ISSUER)
    job = begin(issuer, page, "issue", confirm=number)
    until(lambda: "zhicheng worker" in issuer.get(f"{job}/state").get_json()["note"])
    assert "zhicheng worker" in issuer.get(job).text
    post(issuer, job, f"{job}/pause")
    assert await_job(issuer, job)["state"] == "paused"
    assert shared_jobs(office, "issue", number) == [JobState.PAUSED]
    assert "继续" in issuer.get(job).text
    with worker(office):
        again = post(issuer, job, f"{job}/resume")
        assert again.status_code == 303, again.text
        told = await_job(issuer, str(again.headers["Location"]))
    assert told["state"] == "done", told
    assert_one_each(office, number, len(sample_batch(PEOPLE, 8).passed))


def test_cancelling_reaches_the_workers_and_issuing_can_begin_again(office: Office) -> None:
    """A cancelled job leaves nothing queued; the next one gives everybody a certificate."""
    page, number = approved(office, 9)
    issuer = office.client(Role.ISSUER)
    job = begin(issuer, page, "issue", confirm=number)
    until(lambda: shared_jobs(office, "issue", number))
    post(issuer, job, f"{job}/cancel")
    assert await_job(issuer, job)["state"] == "cancelled"
    assert shared_jobs(office, "issue", number) == [JobState.CANCELLED]
    with worker(office):
        told = await_job(issuer, begin(issuer, page, "issue", confirm=number))
    assert told["state"] == "done", told
    assert_one_each(office, number, len(sample_batch(PEOPLE, 9).passed))
