"""Message catalogues (文案): every user-facing sentence of a room lives in ROOM/messages/{zh,en}.toml."""

import tomllib
from functools import cache
from pathlib import Path
from string import Formatter

DEFAULT_LANGUAGE = "zh"
LANGUAGES = ("zh", "en")
_ROOT = Path(__file__).resolve().parent.parent


@cache
def catalogue(room: str, lang: str) -> dict[str, str]:
    """All sentences of `room` in `lang`, as dotted key → template; none for a language without a file."""
    path = _ROOT / room / "messages" / f"{lang}.toml"
    if lang != DEFAULT_LANGUAGE and not path.exists():
        return {}
    return dict(_flatten(tomllib.loads(path.read_text("utf-8"))))


def message(room: str, key: str, lang: str = DEFAULT_LANGUAGE, **data: object) -> str:
    """One sentence with its placeholders filled; a key without a translation falls back to Chinese.

    Raises:
        KeyError: the Chinese catalogue has no such key, or a placeholder has no value.
    """
    texts = catalogue(room, lang)
    template = texts[key] if key in texts else catalogue(room, DEFAULT_LANGUAGE)[key]
    return template.format(**data)


def placeholders(template: str) -> set[str]:
    """Names of the placeholders in a catalogue sentence."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _flatten(table: dict[str, object], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows += _flatten(value, f"{prefix}{key}.")
        else:
            rows.append((prefix + key, str(value)))
    return rows
