"""Pages that are made very often: one compiled template for each language, with all that never changes folded into it.

The templates stay the ones of every page. When such a template is compiled, calls with constant arguments (translations,
addresses of fixed files) and the attributes of the site are worked out once and become part of its text; what is left
to do for each page is its own data. No request of Flask's is needed to make one.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from typing import Any, Final, cast
from urllib.parse import quote

from flask import Flask, url_for
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro, markup_join
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from werkzeug.routing import BuildError

from core.message import DEFAULT_LANGUAGE
from web.http.languages import (
    LANGUAGES,
    NOTHING,
    Choice,
    language_globals,
    marked,
    offered,
    speaking_as,
    translations,
)

MARK: Final = "ZZ{}ZZ"
SAYING: Final = frozenset({"_", "gettext"})
SAME: Final = frozenset({"icon", "inquirer_fields"})
SPECIAL: Final = re.compile("[&<>\"']")
Folder = Callable[..., Any]


class _Fold(NodeTransformer):
    """Works out what does not depend on the page."""

    def __init__(
        self, functions: Mapping[str, Folder], translate: Folder, site: object, context: nodes.EvalContext
    ) -> None:
        self._functions = functions
        self._translate = translate
        self._site = site
        self._context = context

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's way to name methods
        """A call of a known function with constant arguments is its result."""
        node = cast("nodes.Call", self.generic_visit(node))
        if not isinstance(node.node, nodes.Name) or node.node.name not in self._functions:
            return node
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            return node
        if node.node.name == "spoken" and self._functions["language"]().code == DEFAULT_LANGUAGE:
            return nodes.Const(NOTHING, lineno=node.lineno)  # registered data are Chinese, and so is the page
        constant = all(isinstance(one.value, nodes.Const) for one in node.kwargs)
        if node.node.name in SAYING and not constant and isinstance(node.args[0], nodes.Const):
            said = nodes.Const(self._translate(node.args[0].value), lineno=node.lineno)
            filled = nodes.Name("filled", "load", lineno=node.lineno)
            return nodes.Call(filled, [said], node.kwargs, None, None, lineno=node.lineno)
        try:
            given = [one.as_const(self._context) for one in node.args]
            named = {one.key: one.value.as_const(self._context) for one in node.kwargs}
            return nodes.Const(self._functions[node.node.name](*given, **named), lineno=node.lineno)
        except (nodes.Impossible, BuildError):  # or a page that this site has not, behind a condition
            return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Joined as the compiled template would: what is safe stays safe (Jinja's own folding forgets it)."""
        node = cast("nodes.Concat", self.generic_visit(node))
        try:
            parts = [one.as_const(self._context) for one in node.nodes]
        except nodes.Impossible:
            return node
        return nodes.Const(markup_join(parts), lineno=node.lineno)

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802
        """What the site is called, and the like; attributes of results."""
        node = cast("nodes.Getattr", self.generic_visit(node))
        owner: object = node
        if isinstance(node.node, nodes.Name) and node.node.name == "site" and node.ctx == "load":
            owner = self._site
        elif isinstance(node.node, nodes.Const):
            owner = node.node.value
        value = getattr(owner, node.attr, node)
        return nodes.Const(value, lineno=node.lineno) if isinstance(value, str | int | None) else node


class _Directly(CodeGenerator):
    """Pages are typed: what is asked of them is an attribute, never an item, and it is there."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """An attribute as Python itself reads it."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        """Most texts hold nothing to escape: to look is cheaper than to make them `Markup`."""
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class _Context(Context):
    """Macros and functions that want nothing of the context are called without asking each time whether they do.

    What the macros in `SAME` make depends on their arguments alone, of which there are a handful.
    """

    def call(self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a macro or an address at once, anything else as always."""
        kind = type(__obj)
        if kind in CALLED:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            if kind is Macro and __obj.name in SAME and not kwargs:  # type: ignore[attr-defined]
                return self.environment.made_once(__obj, args)  # type: ignore[attr-defined]
            return __obj(*args, **kwargs)
        return super().call(__obj, *args, **kwargs)


class FoldedEnvironment(Environment):
    """Flask's environment for one language, which folds templates as they are compiled."""

    def __init__(self, app: Flask, language: str) -> None:
        super().__init__(app, autoescape=app.select_jinja_autoescape, auto_reload=False, **app.jinja_options)
        self.context_class = _Context
        self.code_generator_class = _Directly
        self.language = language
        self._made: dict[tuple[str, ...], str] = {}
        self.globals.update(app.jinja_env.globals)
        self.filters.update(app.jinja_env.filters)
        self.add_extension("jinja2.ext.i18n")
        found = translations(language)
        self.install_gettext_callables(found.gettext, found.ngettext, newstyle=True)  # type: ignore[attr-defined]
        self.globals.update(language_globals(language), url_for=_Addresses(app), filled=_Filled())
        self.filters["mark_chinese"] = partial(marked, language=language)
        self._translate = found.gettext
        self._folds: dict[str, Folder] = {
            **dict.fromkeys(("_", "gettext"), partial(_say, found.gettext)),
            "url_for": _Addresses(app),
            "language": lambda: LANGUAGES[language],
            "may_be_found": lambda: False,
            "spoken": cast("Folder", self.globals["spoken"]),
        }
        self.globals["may_be_found"] = self._folds["may_be_found"]

    @staticmethod
    def escaped(value: object) -> str:
        """A value as HTML."""
        text = value if type(value) is str else escape(value)
        return escape(text) if type(text) is str and SPECIAL.search(text) else text

    def made_once(self, macro: Macro, arguments: tuple[str, ...]) -> str:
        """What a macro makes of these few arguments."""
        key = (macro.name, *arguments)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = macro(*arguments)
        return made

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of every template are those of this environment, as a plain dictionary."""
        return {**self.globals, **d} if d else self.globals

    def page(self, template: Template, values: Mapping[str, object]) -> str:
        """What `template.render` makes; macros are known not to depend on the page, so they are kept."""
        known = {**self.globals, **values}
        context = _Context(self, known, template.name, template.blocks)
        return "".join(template.root_render_func(context))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        context = nodes.EvalContext(self, name)
        with speaking_as(self.language):
            return cast(
                "nodes.Template",
                _Fold(self._folds, self._translate, self.globals["site"], context).visit(tree),
            )


def _say(gettext: Callable[[str], str], sentence: str, **values: object) -> Markup:
    return Markup(gettext(sentence)) % values  # noqa: S704 - translations are the program's own


class _Filled:
    """A translated sentence with its values put in."""

    def __call__(self, sentence: str, **values: object) -> Markup:
        escaped = {name: FoldedEnvironment.escaped(value) for name, value in values.items()}
        return Markup(str(sentence) % escaped)  # noqa: S704 - translations are the program's own


class _Addresses:
    """`url_for` without a request: the rule is asked once for each endpoint, then values are put in."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._known: dict[tuple[str, ...], str] = {}

    def __call__(self, endpoint: str, **values: str) -> str:
        if endpoint == "static":
            return self._asked(endpoint, values)
        names = tuple(sorted(values))
        pattern = self._known.get((endpoint, *names))
        if pattern is None:
            pattern = self._asked(endpoint, {name: MARK.format(name) for name in names})
            self._known[(endpoint, *names)] = pattern
        for name in names:
            pattern = pattern.replace(MARK.format(name), values[name])
        return pattern

    def _asked(self, endpoint: str, values: Mapping[str, str]) -> str:
        with self._app.test_request_context("/"):
            return url_for(endpoint, **cast("dict[str, Any]", values))


CALLED: Final = frozenset({Macro, _Addresses, _Filled})


class FoldedPages:
    """A template in every language that is offered."""

    def __init__(self, app: Flask, name: str) -> None:
        self._templates: dict[str, Template] = {}
        self._addresses = _Addresses(app)
        for one in offered():
            self._templates[one.code] = FoldedEnvironment(app, one.code).get_template(name)

    def render(self, language: str, endpoint: str, given: Mapping[str, str], **values: object) -> str:
        """The page; `endpoint` and `given` say where it stands, for the links to it in other languages."""
        quoted = {name: quote(value, safe="") for name, value in given.items()}
        others = [
            Choice(one.tag, one.name, self._addresses(endpoint, **quoted, lang=one.code))
            for one in offered()
            if one.code != language
        ]
        return self._templates[language].environment.page(  # type: ignore[attr-defined,no-any-return]
            self._templates[language], {**values, "other_languages": lambda: others}
        )
