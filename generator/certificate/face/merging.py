"""A layout on top of another (`extends`): a small file says only what differs."""

from __future__ import annotations

from typing import Any, Final

REMOVE: Final = "remove"


def merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """`base` with the entries of `own`: tables are merged, items of a list by their id, everything else replaced.

    `remove = ["id", …]` in `own` takes texts and fields of the base away.
    """
    removed = frozenset(own.get(REMOVE, ()))
    found = _merged_table(base, {key: value for key, value in own.items() if key != REMOVE})
    return {key: _without(value, removed) for key, value in found.items()} if removed else found


def _merged_table(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    found = dict(base)
    for key, value in own.items():
        found[key] = _merged_value(base.get(key), value)
    return found


def _merged_value(base: Any, own: Any) -> Any:
    if isinstance(base, dict) and isinstance(own, dict):
        return _merged_table(base, own)
    if _is_items(base) and _is_items(own):
        return _merged_items(base, own)
    return own


def _is_items(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(i, dict) and "id" in i for i in value)


def _merged_items(base: list[dict[str, Any]], own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    changes = {item["id"]: item for item in own}
    known = [_merged_table(item, changes.pop(item["id"], {})) for item in base]
    return [*known, *(item for item in own if item["id"] in changes)]


def _without(value: Any, removed: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [
            item
            for item in value
            if not (
                item in removed
                if isinstance(item, str)
                else isinstance(item, dict) and item.get("id") in removed
            )
        ]
    return value
