"""A region's own yearly notice as a policy layer, written from the workspace: `HOME/policy/office-YEAR-REGION.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import tomlkit

from core.settings import write_atomically
from records.codes import find_region
from records.input.checking import POLICY_FOLDER
from records.regulation.policy import BUILT_IN, Layer, PolicyUnreadable, layers, read_layer
from registry.log.events import Actor
from registry.register import Register
from registry.workspace.home_settings import SettingRefused, note_change

PREFIX: Final = "office-"
WHOLE: Final = "all"
YEARS: Final = range(2023, 2100)
DATES: Final = ("cutoff",)
FRACTIONS: Final = ("external_share", "over_post_share")
NUMBERS: Final = ("full_senior_teachers",)
FIELDS: Final = (*DATES, *FRACTIONS, *NUMBERS)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the form states: year, league (empty: the whole region), the notice's name and day, and what it fixes."""

    year: int
    region: str
    document: str
    dated: date
    fixes: Mapping[str, str]


def layers_of(register: Register) -> tuple[Layer, ...]:
    """Every layer that holds here, the built-in ones and the home's.

    Raises:
        PolicyUnreadable: a file of the home is broken.
    """
    return layers(BUILT_IN, _folder(register))


def is_own(register: Register, layer: Layer) -> bool:
    """Whether it is a file of this home."""
    return layer.path.parent == _folder(register)


def write_notice(register: Register, notice: Notice, actor: Actor) -> Path:
    """Write or replace the layer of that year and region; it counts from the next check on.

    Raises:
        SettingRefused: a value cannot be used; data name the field.
    """
    document = _document(notice)
    path = _folder(register) / f"{PREFIX}{notice.year}-{notice.region or WHOLE}.toml"
    try:
        read_layer(path, document)
    except PolicyUnreadable as error:
        reason = str(error.data["reason"])
        raise SettingRefused(place=path.name, value=notice.document, reason=reason) from error
    before = tomlkit.parse(path.read_text("utf-8")).unwrap() if path.exists() else {}
    write_atomically(path, tomlkit.dumps(document).encode())
    note_change(register, f"policy.{path.stem}", _said(before), _said(document), actor)
    return path


def remove_notice(register: Register, name: str, actor: Actor) -> bool:
    """Remove a layer that was written here; False when there is none of that name."""
    path = _folder(register) / f"{name}.toml"
    if not name.startswith(PREFIX) or "/" in name or not path.is_file():
        return False
    before = tomlkit.parse(path.read_text("utf-8")).unwrap()
    path.unlink()
    note_change(register, f"policy.{name}", _said(before), "–", actor)
    return True


def _folder(register: Register) -> Path:
    return register.home.root / POLICY_FOLDER


def _document(notice: Notice) -> dict[str, Any]:
    if notice.year not in YEARS:
        raise SettingRefused(place="year", value=str(notice.year), reason="2023–2099")
    league = find_region(notice.region) if notice.region else None
    if notice.region and (league is None or league.league_code != notice.region):
        raise SettingRefused(place="region", value=notice.region, reason="GB/T 2260")
    if not notice.document.strip():
        raise SettingRefused(place="document", value="", reason="")
    document: dict[str, Any] = {"documents": [notice.document.strip()]}
    for name, text in notice.fixes.items():
        if text.strip():
            _state(document, name, text.strip())
    applies: dict[str, Any] = {"since": notice.year, "until": notice.year, "dated": notice.dated}
    if notice.region:
        applies["region"] = notice.region
    return {**document, "applies": applies}


def _state(document: dict[str, Any], name: str, text: str) -> None:
    try:
        if name in DATES:
            document[name] = date.fromisoformat(text)
        elif name in NUMBERS:
            document.setdefault("quota", {})[name] = int(text)
        elif name in FRACTIONS:
            document[name] = text
        else:
            raise SettingRefused(place=name, value=text, reason="")
    except ValueError as error:
        raise SettingRefused(place=name, value=text, reason="") from error


def _said(document: Mapping[str, Any]) -> str:
    """A layer in one line, for the record."""
    flat = {**document, **document.get("quota", {})}
    shown = [f"{name} {flat[name]}" for name in FIELDS if name in flat]
    return "；".join([*map(str, document.get("documents", ())), *shown])
