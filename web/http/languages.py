"""Languages of the site (Flask-Babel): which one a visitor reads, and where the texts come from.

Chinese is the source: it stands in the templates inside `_()`. Translations are plain `.po` files,
`templates/web/locale/LANGUAGE/*.po`, read when the site starts; there is nothing to compile. A sentence without a
translation stays Chinese. Sentences that Python makes come from the catalogues (`core.message`) in the same language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, has_request_context, request, url_for
from flask_babel import Babel, Domain, force_locale, get_locale
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from core.message import DEFAULT_LANGUAGE, message

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

LOCALE: Final = Path(__file__).resolve().parents[2] / "templates" / "web" / "locale"
PARAMETER: Final = "lang"
COOKIE: Final = "zc_lang"
COOKIE_S: Final = 365 * 24 * 3600


SPOKEN_CHINESE: Final = Markup(' lang="zh-CN"')
NOTHING: Final = Markup("")
_HAN: Final = "\u3400-\u9fff\uff10-\uff5a\U00020000-\U0003ffff"  # full-width letters and digits, too
HAN: Final = re.compile(f"[{_HAN}]")
_CHINESE: Final = "\u3001-\u303f\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff"
RUN: Final = re.compile(f"[〔《“（]?[{_HAN}](?:[{_CHINESE}·“”0-9]|[-A-Za-z0-9.+/—]{{1,40}}(?=[{_CHINESE}]))*")
"""Chinese words with what stands between them, no blanks: 内人社〔2026〕3号, 送审表（A3）."""

_SPOKEN: Final[ContextVar[str | None]] = ContextVar("spoken", default=None)


@dataclass(frozen=True)
class Language:
    """One language: its code, the tag for `lang` attributes, its name in itself."""

    code: str
    tag: str
    name: str


LANGUAGES: Final = {
    one.code: one
    for one in (
        Language("zh", "zh-CN", "中文"),
        Language("en", "en", "English"),
        Language("mn", "mn", "Монгол"),
    )
}


@dataclass(frozen=True)
class Choice:
    """A link to this page in another language."""

    tag: str
    name: str
    href: str


class PoDomain(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Flask-Babel's source of translations, from `.po` files."""

    def get_translations(self) -> NullTranslations:
        """The translations into the visitor's language."""
        return translations(current_language())


@cache
def translations(code: str) -> NullTranslations:
    """All `.po` files of a language as one; Chinese needs none."""
    merged = Translations()
    for path in sorted((LOCALE / code).glob("*.po")):
        with path.open("rb") as handle:
            compiled = BytesIO()
            write_mo(compiled, read_po(handle, locale=code))
        compiled.seek(0)
        merged.merge(one := Translations(compiled))
        merged.plural = one.plural
    return merged


@cache
def offered() -> tuple[Language, ...]:
    """The languages that a visitor may choose: Chinese, and every one that has translations."""
    return tuple(one for one in LANGUAGES.values() if one.code == DEFAULT_LANGUAGE or _translated(one.code))


def current_language() -> str:
    """Code of the language that is spoken now (`speaking_as`), else of this request; Chinese outside of requests."""
    spoken = _SPOKEN.get()
    if spoken is not None:
        return spoken
    if not has_request_context():
        return DEFAULT_LANGUAGE
    locale = get_locale()
    return str(locale.language) if locale and locale.language in LANGUAGES else DEFAULT_LANGUAGE


def words(key: str, /, **data: object) -> str:
    """A sentence of the web room's catalogue in the visitor's language.

    Raises:
        KeyError: the catalogue has no such key.
    """
    return message("web", key, current_language(), **data)


def words_of(room: str, key: str, /, **data: object) -> str:
    """A sentence of another room's catalogue in the visitor's language.

    Raises:
        KeyError: the catalogue has no such key.
    """
    return message(room, key, current_language(), **data)


def speaking(code: str = DEFAULT_LANGUAGE) -> AbstractContextManager[None]:
    """Another language for a while; documents that leave the site are always Chinese."""
    kept: AbstractContextManager[None] = force_locale(code)
    return kept


@contextmanager
def speaking_as(code: str) -> Iterator[None]:
    """A language for what is made without a request of Flask's, or many times in one."""
    before = _SPOKEN.set(code)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def chosen_language() -> str:
    """`?lang=`, else the cookie that an earlier choice left, else what the browser prefers, else Chinese."""
    for given in (request.args.get(PARAMETER), request.cookies.get(COOKIE)):
        if given in _codes():
            return given
    return preferred_language(request.headers.get("Accept-Language", ""))


def speak(app: Flask) -> None:
    """Make an application choose the language for each request, remember a choice, and say so to caches."""
    Babel(app, default_locale=DEFAULT_LANGUAGE, locale_selector=chosen_language).domain_instance = PoDomain()
    app.jinja_env.globals.update(
        language=lambda: LANGUAGES[current_language()],
        other_languages=_others,
        spoken=lambda value: _spoken(value, current_language()),
        chinese=lambda value: _chinese(value, current_language()),
    )
    app.jinja_env.filters["mark_chinese"] = lambda value: marked(value, current_language())
    secure = bool(app.config["SESSION_COOKIE_SECURE"])

    @app.after_request
    def _remember(response: Response) -> Response:
        if response.mimetype != "text/html":
            return response
        response.vary.update(("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", LANGUAGES[current_language()].tag)
        given = request.args.get(PARAMETER)
        if given in _codes():
            response.set_cookie(COOKIE, given, max_age=COOKIE_S, secure=secure, httponly=True, samesite="Lax")
        return response


def _others() -> list[Choice]:
    """This page in the other languages; what a form answered begins again at the home page."""
    endpoint, given = "public.home", {}
    if request.endpoint and request.method in {"GET", "HEAD"}:
        endpoint, given = request.endpoint, {**request.args.to_dict(), **(request.view_args or {})}
    here = current_language()
    return [
        Choice(one.tag, one.name, url_for(endpoint, **{**given, PARAMETER: one.code}))
        for one in offered()
        if one.code != here
    ]


def language_globals(code: str) -> dict[str, Callable[..., object]]:
    """What templates call for their language, bound to one of them."""
    return {
        "language": lambda: LANGUAGES[code],
        "spoken": lambda value: _spoken(value, code),
        "chinese": lambda value: _chinese(value, code),
    }


def _spoken(value: str, language: str) -> Markup:
    """The `lang` attribute of registered data (names, titles), which are Chinese on every page."""
    foreign = language != DEFAULT_LANGUAGE and HAN.search(value)
    return SPOKEN_CHINESE if foreign else NOTHING


def _chinese(value: object, language: str) -> Markup:
    """Registered data as an element that says it is Chinese on pages in another language."""
    text = str("" if value is None else value)
    attribute = _spoken(text, language)
    return Markup("<span{}>{}</span>").format(attribute, text) if attribute else escape(text)


def marked(value: object, language: str) -> Markup:
    """A sentence with registered data inside (a decision's number, a signer's name), these marked as Chinese."""
    text = str(value)
    if language == DEFAULT_LANGUAGE:
        return escape(text)
    parts, at = [], 0
    for found in RUN.finditer(text):
        parts += [escape(text[at : found.start()]), _chinese(found.group(), language)]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])


@cache
def _codes() -> frozenset[str]:
    return frozenset(one.code for one in offered())


@lru_cache(256)
def preferred_language(header: str) -> str:
    """The offered language that an `Accept-Language` header prefers; Chinese when it names none of them."""
    if not header:
        return DEFAULT_LANGUAGE
    accepted = parse_accept_header(header, LanguageAccept)
    best = accepted.best_match([one.tag for one in offered()])
    return next((one.code for one in offered() if one.tag == best), DEFAULT_LANGUAGE)


def _translated(code: str) -> bool:
    for path in (LOCALE / code).glob("*.po"):
        with path.open("rb") as handle:
            if any(one.id and one.string for one in read_po(handle, locale=code)):
                return True
    return False
