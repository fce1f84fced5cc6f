"""Four eyes at the command line (经办、复核、签发分离), where `[registry] four_eyes` asks for them.

Whoever may use the home acts as the system user that the operating system knows, not as the name he gives. A step
holds for the bytes of one file: a changed workbook has to be prepared and approved again.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from core.message import message
from registry.clock import now, stamp
from registry.database.service_tables import command_steps
from registry.errors import RegistryError
from registry.log.events import Actor, Kind, NewEvent, lock_log, record
from registry.register import Register


class CommandAct(StrEnum):
    """The three steps in their order."""

    PREPARE = "prepare"
    APPROVE = "approve"
    ISSUE = "issue"


class FourEyesMissing(RegistryError):
    """Raised when an earlier step on this very file is missing; data: `number`, `act`, `missing`."""

    key = "four_eyes_missing"


class SameUser(RegistryError):
    """Raised when one system user would do two steps of a batch; data: `number`, `account`, `act`, `earlier`."""

    key = "same_user"


@dataclass(frozen=True, slots=True)
class CommandStep:
    """Who did what to which file of a batch; `account` is the system user, `name` what he called himself."""

    batch_number: str
    digest: str
    act: CommandAct
    account: str
    name: str
    at: str


def file_digest(path: Path) -> str:
    """SHA-256 of a batch file, hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def take_command_step(
    register: Register, batch_number: str, digest: str, act: CommandAct, actor: Actor
) -> CommandStep:
    """Do a step if the earlier ones were done on the same file by other system users; repeating one's own is harmless.

    Raises:
        FourEyesMissing: an earlier step is missing.
        SameUser: this user has done another step of the same batch file.
    """
    moment = now()
    step = CommandStep(batch_number, digest, act, actor.account, actor.name, stamp(moment))
    with register.database.write() as connection:
        lock_log(connection)
        done = _steps(connection, batch_number, digest)
        if any(one.act is act and one.account == actor.account for one in done):
            return step
        _check(done, step)
        row: dict[str, Any] = {name: str(getattr(step, name)) for name in step.__slots__}
        connection.execute(insert(command_steps).values(**row))
        detail = {"actor": actor.as_dict(), "act": str(act), "digest": digest}
        record(connection, [NewEvent(Kind.COMMAND, batch_number, detail)], moment)
    return step


def command_steps_of(register: Register, batch_number: str) -> tuple[CommandStep, ...]:
    """Every step on a batch, whatever its file, oldest first."""
    with register.database.read() as connection:
        return _steps(connection, batch_number)


def _check(done: tuple[CommandStep, ...], step: CommandStep) -> None:
    earlier = next((one for one in done if one.account == step.account), None)
    if earlier is not None:
        raise SameUser(
            number=step.batch_number,
            account=step.account,
            act=_named(step.act),
            earlier=_named(earlier.act),
        )
    order = tuple(CommandAct)
    missing = [one for one in order[: order.index(step.act)] if all(one is not had.act for had in done)]
    if missing:
        raise FourEyesMissing(
            number=step.batch_number, act=_named(step.act), missing="、".join(map(_named, missing))
        )


def _named(act: CommandAct) -> str:
    return message("registry", f"command_acts.{act}")


def _steps(connection: Connection, batch_number: str, digest: str | None = None) -> tuple[CommandStep, ...]:
    wanted = select(command_steps).where(command_steps.c.batch_number == batch_number)
    if digest is not None:
        wanted = wanted.where(command_steps.c.digest == digest)
    return tuple(
        CommandStep(row.batch_number, row.digest, CommandAct(row.act), row.account, row.name, row.at)
        for row in connection.execute(wanted.order_by(command_steps.c.id))
    )
