"""Writes docs/settings.md from the settings classes of all rooms, so that the page cannot drift.

Run: .venv/bin/python docs/make_settings.py
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from core.settings import HOME_VARIABLE, Section

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "settings.md"
ROOMS = ("records", "generator", "signing", "registry", "web")
HEAD = f"""# Settings

The home folder's `zhicheng.toml` has one table per section; every value may also stand in the environment, which
wins. `{HOME_VARIABLE}` names the home folder itself. Unknown keys and contradictions are refused at start.
"""


def sections() -> list[type[Section]]:
    """Every settings section of every room, in the order of the data flow."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("settings.py")):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found = [one for one in Section.__subclasses__() if one.__module__.split(".")[0] in ROOMS]
    return sorted(found, key=lambda one: (ROOMS.index(one.__module__.split(".")[0]), one.__module__))


def name_of(section: type[Section]) -> str:
    """The table's name in zhicheng.toml: `ZHICHENG_WEB_` is `[web]`."""
    prefix = str(section.model_config["env_prefix"])
    return prefix.removeprefix("ZHICHENG_").rstrip("_").lower()


def variables(section: type[Section]) -> list[str]:
    """The environment variables of a section."""
    return [f"{section.model_config['env_prefix']}{field.upper()}" for field in section.model_fields]


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_table(section) for section in sections())


def _table(section: type[Section]) -> str:
    notes = dict(_notes(section))
    intro = " ".join(inspect.cleandoc(section.__doc__ or "").split())
    rows = [
        f"| `{field}` | `{variable}` | {_default(info.get_default(call_default_factory=True))} | {notes.get(field, '')} |"
        for (field, info), variable in zip(section.model_fields.items(), variables(section), strict=True)
    ]
    head = "| key | environment | default | |\n| --- | --- | --- | --- |\n"
    return f"\n## `[{name_of(section)}]`\n\n{intro}\n\n{head}" + "\n".join(rows) + "\n"


def _default(value: object) -> str:
    if value is None or str(value) in ("", "()"):
        return "–"
    return f"`{value}`" if not hasattr(value, "value") else f"`{value.value}`"


def _notes(section: type[Section]) -> Iterator[tuple[str, str]]:
    """The sentence that follows a field in the source."""
    [tree] = ast.parse(textwrap.dedent(inspect.getsource(section))).body
    assert isinstance(tree, ast.ClassDef)
    for field, note in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(note, ast.Expr):
            yield ast.unparse(field.target), " ".join(str(ast.literal_eval(note.value)).split())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
