"""Time as the register writes it: seconds, UTC, ISO 8601 with Z."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")  # 北京时间: the day on certificates and in rules


def now() -> datetime:
    """The present second in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


@lru_cache(maxsize=64)  # one moment for a whole chunk
def stamp(moment: datetime) -> str:
    """`2026-05-04T03:02:01Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=64)
def moment_of(text: str) -> datetime:
    """Read what `stamp` wrote."""
    return datetime.fromisoformat(text)


@lru_cache(maxsize=64)
def local_day(moment: datetime) -> date:
    """The calendar day in Beijing time."""
    return moment.astimezone(LOCAL).date()


def beijing_minute(moment: datetime) -> str:
    """`2026-05-04 11:02` in Beijing time, for sentences."""
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"
