"""Everything that an operator asks at night (体检): each line good, doubtful or bad, with what to do.

Nothing is created, migrated or written but one probe file in the store, which is removed again.
"""

import hashlib
import os
import platform
import secrets
import shutil
import socket
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from core.errors import HouseError
from core.message import DEFAULT_LANGUAGE, catalogue, message
from core.settings import Home, Section
from generator.layout.text.fonts import FontBook
from records.settings import RecordsSettings
from registry.audit.pulse import Pulse, take_pulse
from registry.clock import beijing_minute
from registry.recognition.settings import RecognitionSettings
from registry.settings import JobsSettings, RegistrySettings, StorageSettings
from registry.storage import open_storage
from signing.keys.exposure import exposed_keys
from signing.keys.listing import list_keys
from signing.keys.ring import RING_NAME
from signing.settings import SigningSettings

SECTIONS: Final[tuple[tuple[str, type[Section]], ...]] = (
    ("records", RecordsSettings),
    ("signing", SigningSettings),
    ("recognition", RecognitionSettings),
    ("registry", RegistrySettings),
    ("jobs", JobsSettings),
    ("storage", StorageSettings),
)
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
KEY_DAYS: Final = 90  # before its end a key is worth a word
LITTLE_BYTES, LITTLE_SHARE = 2 << 30, 0.05
NOTHING_BYTES: Final = 200 << 20
FEW_INODES: Final = 0.02
SLOW_MS: Final = 50.0
REACH_SECONDS: Final = 5.0
CLOCK_SLACK: Final = timedelta(minutes=2)
TOOLS: Final = (("soffice", "word_forms"), ("pdftoppm", "pictures"))


class Health(StrEnum):
    """How a line is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Line:
    """One answer. `topic` names the check, `key` its sentence below `[doctor]`; the remedy is `key` + `_remedy`."""

    topic: str
    health: Health
    key: str
    data: dict[str, object]

    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What was found."""
        return message("app", f"doctor.{self.key}", lang, **self.data)

    def remedy(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What to do; empty where nothing is to be done."""
        key = f"doctor.{self.key}_remedy"
        return message("app", key, lang, **self.data) if key in catalogue("app", lang) else ""

    def as_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "topic": self.topic,
            "state": str(self.health),
            "code": self.key,
            "message": self.message(lang),
            "remedy": self.remedy(lang),
        }


def _line(topic: str, health: Health, key: str, /, **data: object) -> Line:
    return Line(topic, health, key, data)


def examine(home: Home) -> Iterator[Line]:
    """Every line, one after the other; a check that breaks is a bad line and stops none of the others."""
    for topic, check in CHECKS:
        try:
            yield from check(home)
        except HouseError as error:
            yield _line(topic, Health.FAIL, "broken", topic=topic, reason=error.sentence())
        except OSError as error:
            yield _line(topic, Health.FAIL, "broken", topic=topic, reason=str(error))


def worst(lines: list[Line]) -> Health:
    """The worst of them."""
    order = list(Health)
    return max((one.health for one in lines), key=order.index, default=Health.OK)


def _program(home: Home) -> Iterator[Line]:
    del home
    yield _line(
        "program", Health.OK, "program", version=version("zhicheng"), python=platform.python_version(),
        system=platform.platform(terse=True),
    )  # fmt: skip


def _home(home: Home) -> Iterator[Line]:
    if not home.exists:
        yield _line("home", Health.FAIL, "home_missing", path=home.root)
        return
    mode = stat.S_IMODE(home.root.stat().st_mode)
    state, key = (Health.WARN, "home_open") if mode & OTHERS else (Health.OK, "home")
    yield _line("home", state, key, path=home.root, mode=f"{mode:04o}")
    if home.config.exists() and (mode := stat.S_IMODE(home.config.stat().st_mode)) & OTHERS:
        yield _line("home", Health.WARN, "config_open", path=home.config, mode=f"{mode:04o}")


def _settings(home: Home) -> Iterator[Line]:
    for name, model in SECTIONS:
        home.section(name, model)
    given = sorted(name for name in os.environ if name.startswith("ZHICHENG_"))
    yield _line("settings", Health.OK, "settings", path=home.config, variables="、".join(given) or "—")


def _keys(home: Home) -> Iterator[Line]:
    exposed = exposed_keys(home.keys)
    for path in exposed:
        yield _line("keys", Health.FAIL, "key_open", path=path)
    if not (home.keys / RING_NAME).exists():
        yield _line("keys", Health.WARN, "keys_missing", path=home.keys)
        return
    for one in list_keys(home.keys):
        if one.state != "active":
            continue
        told = {"name": one.name, "use": one.use, "days": one.days_left, "until": one.until.date()}
        if one.days_left < 0:
            yield _line("keys", Health.FAIL, "key_ended", **told)
        elif one.days_left <= KEY_DAYS:
            yield _line("keys", Health.WARN, "key_ends", **told)
        elif one.demo:
            yield _line("keys", Health.WARN, "key_demo", **told)
        else:
            yield _line("keys", Health.OK, "key", **told)


def _register(home: Home) -> Iterator[Line]:
    pulse = take_pulse(home)
    if pulse is None:
        yield _line("database", Health.OK, "database_none")
        return
    told = {"kind": pulse.kind, "ms": f"{pulse.latency_ms:.1f}", "certificates": pulse.certificates}
    if pulse.damage:
        yield _line("database", Health.FAIL, "database_damaged", reason=pulse.damage)
    if not pulse.current:
        yield _line("database", Health.WARN, "database_old", revision=pulse.revision or "—")
        return
    slow = pulse.latency_ms > SLOW_MS
    yield _line(
        "database", Health.WARN if slow else Health.OK, "database_slow" if slow else "database", **told
    )
    yield from _log(pulse)
    if pulse.waiting:
        yield _line("issuing", Health.WARN, "waiting", count=pulse.waiting)
    for job in pulse.stuck_jobs:
        yield _line("jobs", Health.WARN, "job_stuck", job=job)
    if not pulse.stuck_jobs:
        yield _line("jobs", Health.OK, "jobs")


def _log(pulse: Pulse) -> Iterator[Line]:
    moment = datetime.now(UTC)
    latest = max((one for one in (pulse.last_event, pulse.last_head) if one), default=None)
    if latest and latest > moment + CLOCK_SLACK:
        yield _line(
            "clock", Health.FAIL, "clock_behind", now=beijing_minute(moment), last=beijing_minute(latest)
        )
    else:
        yield _line("clock", Health.OK, "clock", now=beijing_minute(moment))
    if pulse.unsigned_events:
        yield _line("log", Health.WARN, "log_unsigned", count=pulse.unsigned_events)
    elif pulse.last_head:
        yield _line("log", Health.OK, "log", at=beijing_minute(pulse.last_head))


def _store(home: Home) -> Iterator[Line]:
    if not home.exists:
        return
    probe = secrets.token_bytes(64)
    sha256 = hashlib.sha256(probe).hexdigest()
    started = time.perf_counter()
    store = open_storage(home)
    try:
        store.put(probe, sha256)
        store.settle()
        store.get(sha256)
    finally:
        store.discard(sha256)
    took = (time.perf_counter() - started) * 1000
    yield _line(
        "store",
        Health.OK,
        "store",
        place=home.section("storage", StorageSettings).url or home.files,
        ms=f"{took:.0f}",
    )


def _disk(home: Home) -> Iterator[Line]:
    if not home.root.exists():
        return
    places = {path.stat().st_dev: path for path in (home.files, home.root) if path.exists()}
    for path in places.values():
        usage, inodes = shutil.disk_usage(path), os.statvfs(path)
        told = {
            "path": path,
            "free": f"{usage.free / (1 << 30):.1f}",
            "share": f"{usage.free / usage.total:.0%}",
        }
        if usage.free < NOTHING_BYTES:
            yield _line("disk", Health.FAIL, "disk_full", **told)
        elif usage.free < LITTLE_BYTES or usage.free < LITTLE_SHARE * usage.total:
            yield _line("disk", Health.WARN, "disk_little", **told)
        else:
            yield _line("disk", Health.OK, "disk", **told)
        if inodes.f_files and inodes.f_favail < FEW_INODES * inodes.f_files:
            yield _line("disk", Health.WARN, "inodes_few", path=path, free=inodes.f_favail)


def _timestamps(home: Home) -> Iterator[Line]:
    settings = home.section("signing", SigningSettings)
    if settings.tsa != "rfc3161":
        yield _line("timestamps", Health.OK, "timestamps_none", level=settings.level)
        return
    for url in settings.tsa_urls:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            socket.create_connection((parts.hostname or "", port), timeout=REACH_SECONDS).close()
        except OSError as error:
            yield _line("timestamps", Health.FAIL, "timestamps_away", url=url, reason=str(error))
        else:
            yield _line("timestamps", Health.OK, "timestamps", url=url)


def _fonts(home: Home) -> Iterator[Line]:
    substitutes = FontBook.default(home.templates).substitutes
    if substitutes:
        shown = "、".join(f"{font}→{drawn_by}" for font, drawn_by in substitutes)
        yield _line("fonts", Health.WARN, "fonts_substitute", fonts=shown, folder=home.templates / "fonts")
    else:
        yield _line("fonts", Health.OK, "fonts")


def _tools(home: Home) -> Iterator[Line]:
    own_forms = any((home.templates / "documents").glob("*.docx"))
    for tool, use in TOOLS:
        found = shutil.which(tool)
        needed = use == "word_forms" and own_forms
        if found:
            yield _line("tools", Health.OK, "tool", tool=tool, path=Path(found))
        else:
            yield _line("tools", Health.FAIL if needed else Health.OK, f"tool_missing_{use}", tool=tool)


CHECKS: Final[tuple[tuple[str, Callable[[Home], Iterator[Line]]], ...]] = (
    ("program", _program),
    ("home", _home),
    ("settings", _settings),
    ("keys", _keys),
    ("database", _register),
    ("store", _store),
    ("disk", _disk),
    ("timestamps", _timestamps),
    ("fonts", _fonts),
    ("tools", _tools),
)
"""What is asked, in the order in which it is told."""
