"""The language of placeholders: a small part of Jinja. No calls, no arithmetic, no attributes of Python objects.

A value is a field, or a key of a field's rows. Loops run over rows that the records hold, so they end; an inner loop
must run over rows of the outer loop's row, so the work grows with the records and not with their square.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jinja2 import StrictUndefined, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.wordforms.tags import CLOSE, OPEN

FILTERS: Final = frozenset(("default", "d", "join", "length", "first", "last", "trim"))
TESTS: Final = frozenset(("defined", "none", "undefined"))
LOOP_FACTS: Final = frozenset(("index", "index0", "first", "last", "length", "revindex"))
LOOP: Final = "loop"
TEMPLATE_NAMES: Final = frozenset(("self", "super", "caller", "varargs", "kwargs"))
_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const,
    nodes.For, nodes.If, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.CondExpr, nodes.Keyword,
)  # fmt: skip


class FormEnvironment(ImmutableSandboxedEnvironment):
    """Attributes are keys of mappings; nothing else of an object can be reached."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`row.period` is `row["period"]`; `loop.index` and its like are the only true attributes."""
        if isinstance(obj, LoopContext) and attribute in LOOP_FACTS:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A key of a mapping or a place of a list."""
        try:
            if isinstance(obj, Mapping) and isinstance(argument, str):
                return obj[argument]
            if isinstance(obj, Sequence) and not isinstance(obj, str) and isinstance(argument, int):
                return obj[argument]
        except LookupError:
            pass
        return self.undefined(obj=obj, name=str(argument))


def environment(finalize: Any) -> FormEnvironment:
    """The environment of forms; `finalize` turns every shown value into XML text."""
    made = FormEnvironment(
        block_start_string=f"{OPEN}b",
        block_end_string=f"b{CLOSE}",
        variable_start_string=f"{OPEN}v",
        variable_end_string=f"v{CLOSE}",
        comment_start_string=f"{OPEN}c",
        comment_end_string=f"c{CLOSE}",
        undefined=StrictUndefined,
        autoescape=False,  # finalize escapes
        finalize=finalize,
        keep_trailing_newline=True,
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.tests = {name: made.tests[name] for name in TESTS}
    return made


def forbidden(tree: nodes.Node, outer: frozenset[str] = frozenset()) -> str | None:
    """What in a syntax tree may not stand in a form; None when all is well. `outer` are the outer loops' variables."""
    if not isinstance(tree, _ALLOWED):
        return type(tree).__name__
    if isinstance(tree, nodes.Name) and tree.name in TEMPLATE_NAMES:
        return tree.name
    if isinstance(tree, nodes.For):
        if tree.recursive or not isinstance(tree.target, nodes.Name):
            return "for"
        if outer and _root_name(tree.iter) not in outer:
            return "for … for"
        outer = outer | {tree.target.name}
    return next(
        (found for child in tree.iter_child_nodes() if (found := forbidden(child, outer)) is not None), None
    )


def _root_name(expression: nodes.Node) -> str | None:
    while isinstance(expression, nodes.Getattr | nodes.Getitem):
        expression = expression.node
    return expression.name if isinstance(expression, nodes.Name) else None


class Names:
    """The fields that a form may use, from samples; loop variables come and go with their loops."""

    def __init__(self, samples: Mapping[str, Any]) -> None:
        self._known: dict[str, Any] = dict(samples)
        self._scopes: list[dict[str, Any]] = []

    def enter(self, variable: str, rows: Any) -> None:
        """A loop over rows begins; `rows` is a sample of them."""
        row = rows[0] if isinstance(rows, Sequence) and not isinstance(rows, str) and rows else None
        loop: dict[str, Any] = dict.fromkeys(LOOP_FACTS, 0)
        self._scopes.append({variable: row, LOOP: loop})

    def leave(self) -> None:
        """The innermost loop ends."""
        if self._scopes:
            self._scopes.pop()

    def sample(self, expression: nodes.Node) -> Any:
        """A sample of what an expression yields; None where that is not known."""
        if isinstance(expression, nodes.Name):
            return self._look_up(expression.name)
        if isinstance(expression, nodes.Getattr | nodes.Getitem):
            key = _key(expression)
            inner = self.sample(expression.node)
            if isinstance(inner, Mapping):
                return inner.get(key)
            return inner[0] if isinstance(inner, list | tuple) and inner and isinstance(key, int) else None
        return None

    def unknown(self, expression: nodes.Node) -> list[str]:
        """The names in an expression that are no fields, as written: `personn`, `study.scool`."""
        if isinstance(expression, nodes.Getattr | nodes.Getitem):
            return self._unknown_key(expression)
        if isinstance(expression, nodes.Name):
            return [] if self._knows(expression.name) else [expression.name]
        return [name for child in expression.iter_child_nodes() for name in self.unknown(child)]

    def _unknown_key(self, expression: nodes.Getattr | nodes.Getitem) -> list[str]:
        deeper = self.unknown(expression.node)
        if deeper:
            return deeper
        inner, key = self.sample(expression.node), _key(expression)
        if isinstance(inner, Mapping) and key not in inner:
            return [f"{_root_name(expression.node)}.{key}"]
        known = isinstance(inner, Mapping | Sequence) and not (
            isinstance(inner, str) and isinstance(key, str)
        )
        return [] if inner is None or known else [f"{_root_name(expression.node)}.{key}"]

    def _knows(self, name: str) -> bool:
        return name in self._known or any(name in scope for scope in self._scopes)

    def _look_up(self, name: str) -> Any:
        return next((scope[name] for scope in reversed(self._scopes) if name in scope), self._known.get(name))


def _key(expression: nodes.Getattr | nodes.Getitem) -> Any:
    if isinstance(expression, nodes.Getattr):
        return expression.attr
    return expression.arg.value if isinstance(expression.arg, nodes.Const) else None
