"""What several registry tests share and what must be importable in fresh processes."""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from records.input.identity import mod_11_2
from registry.certificates.lifecycle import Grounds, Reason
from registry.issuing.produce import blank_maker
from registry.issuing.run import IssueReport, issue
from registry.log.events import Actor
from registry.register import Register

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Table

    from records.batch.model import Batch


def run_in_processes(function: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> list[Any]:
    """One fresh process per tuple of arguments, all started before the first result is awaited."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["registry.issuing.press_maker", "registry.issuing.run"])
    with ProcessPoolExecutor(len(arguments), mp_context=context) as pool:
        futures = [pool.submit(function, *each) for each in arguments]
        return [future.result() for future in futures]


ACTOR = Actor("测试员", "test", "tester")
GROUNDS = Grounds(ACTOR, "第七十二条", "内人社发〔2026〕1号", Reason.INVESTIGATION)


def issue_blank(register: Register, batch: Batch, out: Path, **options: Any) -> IssueReport:
    """Issue without a press: the register's own work only."""
    return issue(register, batch, out, actor=ACTOR, factory=blank_maker, **options)


def of_others(batch: Batch, number: str, region: int = 1) -> Batch:
    """The same batch decided about other people (nobody obtains one level twice in a year), `number` its number.

    The people of different `region` (0–99) differ.
    """

    def other(one: Any) -> Any:
        identity = one.person.identity_number
        if not identity or len(identity) != 18:
            identity = f"X{region}{identity}"
        else:
            body = f"1599{region:02d}{identity[6:17]}"
            identity = body + mod_11_2(body)
        return one.model_copy(update={"person": one.person.model_copy(update={"identity_number": identity})})

    people = tuple(other(one) for one in batch.applications)
    return batch.model_copy(update={"number": number, "applications": people})


def rows(register: Register, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a plain SELECT."""
    with register.database.read() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def change(register: Register, sql: str) -> None:
    """What somebody with access to the database could do behind the register's back."""
    with register.database.write() as connection:
        connection.execute(text(sql))


def set_columns(register: Register, table: Table, row_id: int, **values: Any) -> None:
    """What the program itself would have written, without the story that leads there: the row's MAC fits."""
    with register.database.write() as connection:
        register.macs.renew(connection, table, row_id, values)


def assert_sound(register: Register, batch: Batch, out: Path) -> None:
    """Everybody who passed has one certificate, gapless numbers, and a file that agrees with its row."""
    passed = len(batch.passed)
    assert rows(register, "SELECT count(*), count(DISTINCT application_id) FROM certificates") == [
        (passed, passed)
    ]
    for series, count, last in rows(
        register,
        "SELECT n.series, count(*), max(n.serial) FROM numbers n JOIN certificates c ON c.id = n.id GROUP BY n.series",
    ):
        assert count == last, series
    assert rows(register, "SELECT count(*) FROM events WHERE kind = 'issued'") == [(passed,)]
    for number, sha256 in rows(register, "SELECT number, sha256 FROM certificates"):
        data = (out / "certificates" / f"{number}.pdf").read_bytes()
        assert hashlib.sha256(data).digest() == bytes(sha256)
        assert register.storage.get(bytes(sha256).hex()) == data
    assert set(register.storage) == {
        bytes(s).hex() for (s,) in rows(register, "SELECT sha256 FROM certificates")
    }


def in_chunks_of(size: int, register: Register) -> Register:
    """The same register with a smaller chunk; it shares everything, so only the original is to be closed."""
    settings = register.settings.model_copy(update={"chunk": size})
    spread = Register(register.home, settings, register.database, register.vault, register.storage)
    spread.__dict__["lookup"] = register.lookup
    return spread
