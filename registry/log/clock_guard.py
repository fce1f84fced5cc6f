"""Whether the machine's clock can be believed (时钟): before certificates are issued and heads are signed.

A wrong clock dates certificates wrongly for ever. What is known better: the last event of the log, the last signed head,
and a database server's own clock. A clock that is ahead of a register in one file cannot be told from a long quiet time.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text

from core.sentences import Sentence
from registry.clock import beijing_minute, moment_of, now
from registry.database.schema import events, log_heads
from registry.errors import ClockWrong
from registry.log.events import Kind
from registry.register import Register


def require_clock(register: Register) -> None:
    """Refuse to go on when the clock is further off than `[registry] clock_minutes`.

    Raises:
        ClockWrong: behind the log, or apart from the database server's clock.
    """
    slack, moment = timedelta(minutes=register.settings.clock_minutes), now()
    for what, known in _known(register):
        if moment < known - slack or (what == "database" and moment > known + slack):
            raise ClockWrong(
                now=beijing_minute(moment),
                known=beijing_minute(known),
                against=Sentence.of("registry", f"clock.{what}"),
            )


def _known(register: Register) -> Iterator[tuple[str, datetime]]:
    """What is compared with: `log` and `head` may only be before the present, `database` is the present."""
    with register.database.read() as connection:
        newest = select(events.c.kind, events.c.leaf).order_by(events.c.position.desc()).limit(1)
        last = connection.execute(newest).first()
        head = connection.execute(
            select(log_heads.c.signed_at).order_by(log_heads.c.size.desc()).limit(1)
        ).scalar()
        if last:
            yield "log", moment_of(json.loads(last.leaf)["at"])
        if head and not (last and last.kind == Kind.CLOCK_ACCEPTED):
            yield "head", moment_of(head)
        if not register.database.is_sqlite:
            served: datetime = connection.execute(text("SELECT now()")).scalar_one()
            yield "database", served.astimezone(UTC)
