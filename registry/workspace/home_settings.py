"""Changing the home's settings and policy from the workspace (设置): checked first, written whole, recorded.

The operator's comments and order of lines stay. What a mistake could make unreachable or worthless (the database, keys,
the region's code) is changed in the file by whoever has the server.
"""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from core.errors import HomeNotReady
from core.settings import Section, own_words, write_atomically
from registry.clock import now
from registry.errors import RegistryError
from registry.log.events import Actor, Kind, NewEvent, record
from registry.register import Register

Value = str | int | float | bool


class SettingFixed(RegistryError):
    """Raised when a setting is not one that the workspace may change; data: `place`."""

    key = "setting_fixed"


class SettingOutranked(RegistryError):
    """Raised when the environment states a setting, so that the file would have no effect; data: `place`, `variable`."""

    key = "setting_outranked"


class SettingRefused(RegistryError):
    """Raised when a value cannot be used; data: `place`, `value`, `reason`."""

    key = "setting_refused"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its value in the file or by default, and whether the environment outranks the file."""

    section: str
    key: str
    value: object
    stated: bool
    variable: str
    outranked: bool

    @property
    def place(self) -> str:
        """`section.key`."""
        return f"{self.section}.{self.key}"

    @property
    def line(self) -> str:
        """How the file states it."""
        shown = self.value if isinstance(self.value, str | int | float | bool) else str(self.value)
        return f"{self.key} = {tomlkit.item(shown).as_string()}"


def settings_of(register: Register, section: str, model: type[Section]) -> tuple[Setting, ...]:
    """The settings of a section as the file and the environment state them now.

    Raises:
        HomeNotReady: the file cannot be read or contradicts itself.
    """
    stated = _stated(register, section)
    found = register.home.section(section, model).model_dump(mode="json")
    prefix = str(model.model_config.get("env_prefix", ""))
    settings = []
    for key, value in found.items():
        variable = f"{prefix}{key}".upper()
        settings.append(Setting(section, key, value, key in stated, variable, variable in os.environ))
    return tuple(settings)


def change_setting(
    register: Register, section: str, model: type[Section], key: str, text: str, actor: Actor
) -> tuple[object, object]:
    """Write one setting into the home's file; returns the old and the new value. Programs that run go on with the old.

    Raises:
        SettingFixed: there is no such setting.
        SettingOutranked: the environment states it.
        SettingRefused: the value cannot be used, alone or beside the others.
        HomeNotReady: the file cannot be read.
    """
    known = {one.key: one for one in settings_of(register, section, model)}
    place = f"{section}.{key}"
    if key not in known:
        raise SettingFixed(place=place)
    if known[key].outranked:
        raise SettingOutranked(place=place, variable=known[key].variable)
    value = _typed(text, known[key].value, place)
    document = _document(register)
    table = document.setdefault(section, tomlkit.table())
    table[key] = value
    changed = tomlkit.dumps(document)
    try:
        model(**tomllib.loads(changed)[section])
    except ValidationError as error:
        raise SettingRefused(place=place, value=text, reason=own_words(error)) from error
    old = known[key].value
    if value != old:
        _write(register, changed.encode())
        note_change(register, place, old, value, actor)
    return old, value


def note_change(register: Register, place: str, old: object, new: object, actor: Actor) -> None:
    """Record a change of settings or policy; the public leaf names the place only."""
    detail = {"actor": actor.as_dict(), "note": f"{old if old not in ('', None) else '–'} → {new}"}
    with register.database.write() as connection:
        record(connection, [NewEvent(Kind.SETTING, f"setting:{place}", detail)], now())


def _typed(text: str, like: object, place: str) -> Value:
    """The text as the kind of value that stands there now."""
    text = text.strip()
    try:
        if isinstance(like, bool):
            return {"1": True, "0": False}[text]
        if isinstance(like, int):
            return int(text)
        if isinstance(like, float):
            return float(text)
    except (KeyError, ValueError) as error:
        raise SettingRefused(place=place, value=text, reason=type(like).__name__) from error
    return text


def _stated(register: Register, section: str) -> Mapping[str, Any]:
    table = _document(register).get(section, {})
    return table if isinstance(table, dict) else {}


def _document(register: Register) -> Any:
    path = register.home.config
    try:
        return tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise HomeNotReady(path=str(path), reason=str(error)) from error


def _write(register: Register, data: bytes) -> None:
    """Replace the file; who may read it stays as it is."""
    path = register.home.config
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
    write_atomically(path, data)
    if mode is not None:
        path.chmod(mode)


def plain(value: object) -> str:
    """A value as a form shows it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value if value is not None else "")


OFFICE_FIXED: Final = frozenset(
    {
        *("database", "public_url", "region_code", "licence_type", "licence_issuer", "busy_seconds", "chunk"),
        *("host", "port", "threads", "proxies", "https", "rate_storage"),
        *("list_address", "query", "proxy"),
    }
)
"""Settings that only whoever has the server may change, or that may hold a password."""
