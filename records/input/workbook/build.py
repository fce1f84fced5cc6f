"""Makes frozen records from parsed cells without validating again what the cell parsers have just checked.

Validation by pydantic costs more than everything else at 100,000 people; every value that arrives here comes from
a parser of the right type, which a test holds against `model_validate`.
"""

from collections.abc import Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from types import UnionType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from records.batch.frozen import Frozen
from records.input.sheets import Column

M = TypeVar("M")
REQUIRED = object()


def trusted(model: type[Any], values: dict[str, Any]) -> Any:
    """An instance of a pydantic model holding `values` (every field of the model) as they are."""
    made = object.__new__(model)
    put = object.__setattr__
    put(made, "__dict__", values)
    put(made, "__pydantic_fields_set__", _all_fields(model))
    put(made, "__pydantic_extra__", None)
    put(made, "__pydantic_private__", None)
    return made


_fields: dict[type[Frozen], set[str]] = {}


def _all_fields(model: type[Frozen]) -> set[str]:
    if model not in _fields:
        _fields[model] = set(model.model_fields)
    return _fields[model]


def defaults(model: type[Any]) -> dict[str, Any]:
    """Every field of a record type with its default; `REQUIRED` where it has none."""
    if is_dataclass(model):
        return {item.name: REQUIRED if item.default is MISSING else item.default for item in fields(model)}
    return {
        name: REQUIRED if field.is_required() else field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
    }


def field_type(model: type[Any], path: str) -> type[Any]:
    """The type of the field at a dotted path, without `None`.

    Raises:
        KeyError: there is no such field.
    """
    head, _, rest = path.partition(".")
    annotation: Any = (
        get_type_hints(model)[head] if is_dataclass(model) else model.model_fields[head].annotation
    )
    if isinstance(annotation, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return field_type(annotation, rest) if rest else annotation


def enumeration(model: type[Any], path: str) -> type[StrEnum] | None:
    """The closed set of values of a field, if it has one."""
    found = field_type(model, path)
    return found if issubclass(found, StrEnum) else None


class RowBuilder(Generic[M]):
    """Builds child rows (slotted dataclasses) from parsed cells."""

    def __init__(self, model: type[M], columns: Sequence[Column]) -> None:
        known = defaults(model)
        self._model = model
        self._leaves = [
            (column.field, index, None if known[column.field] is REQUIRED else known[column.field])
            for index, column in enumerate(columns)
            if column.field in known
        ]

    def build(self, cells: Sequence[Any], **direct: Any) -> M:
        """The row of `cells` (one per column, None where empty); `direct` fills fields that no column does."""
        for name, index, default in self._leaves:
            value = cells[index]
            direct[name] = default if value is None else value
        return self._model(**direct)


class Builder(Generic[M]):
    """Builds records of one pydantic model from a row of parsed cells; columns say which field each cell fills."""

    def __init__(self, model: type[M], columns: Sequence[Column]) -> None:
        paths = [(column.field.split("."), index) for index, column in enumerate(columns)]
        self._node = _Node(model, paths)
        self._model = model

    def build(self, cells: Sequence[Any], **direct: Any) -> M:
        """The record of `cells` (one per column, None where empty); `direct` fills fields that no column does."""
        values = self._node.values(cells)
        values.update(direct)
        made: M = trusted(self._model, values)
        return made


class _Node:
    """One model of the tree: its own cells, its nested models, and the values of all other fields."""

    def __init__(self, model: type[Any], paths: list[tuple[list[str], int]]) -> None:
        known = defaults(model)
        self._model = model
        self._defaults = {name: None if value is REQUIRED else value for name, value in known.items()}
        self._leaves = [(path[0], index) for path, index in paths if len(path) == 1]
        names = dict.fromkeys(path[0] for path, _ in paths if len(path) > 1)
        self._nested = [
            (
                name,
                _Node(field_type(model, name), [(p[1:], i) for p, i in paths if p[0] == name and len(p) > 1]),
            )
            for name in names
        ]
        self._empty = None if REQUIRED in known.values() else trusted(model, dict(self._defaults))

    def values(self, cells: Sequence[Any]) -> dict[str, Any]:
        """Every field of the model."""
        values = self._defaults.copy()
        for name, index in self._leaves:
            values[name] = cells[index]
        for name, node in self._nested:
            values[name] = node.make(cells)
        return values

    def make(self, cells: Sequence[Any]) -> Any:
        """The nested record; records that say nothing are one shared instance."""
        if self._empty is not None and not self._nested:
            for _, index in self._leaves:
                if cells[index] is not None:
                    return trusted(self._model, self.values(cells))
            return self._empty
        return trusted(self._model, self.values(cells))
