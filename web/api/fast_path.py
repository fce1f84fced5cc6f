"""What is asked for most often, the page of a code and the same from the API: one indexed read, no session.

The views in `web.public.verify_pages` and `web.api.certificates` and the short way here give the same answers. The short way stands before
Flask's dispatcher and takes plain requests only; whatever has a query string or a key goes on to Flask. Both count in
the same windows.
"""

import json
from collections.abc import Iterable
from hashlib import blake2b
from time import time
from typing import TYPE_CHECKING, Any, Final

from flask import Flask
from werkzeug.http import parse_etags, quote_etag

from core.message import DEFAULT_LANGUAGE
from registry.errors import RegistryError
from web.http.causes import log_cause
from web.http.crawlers import is_crawler
from web.http.health import REQUESTS, VERDICTS
from web.http.languages import COOKIE, LANGUAGES, preferred_language
from web.http.limits import RESULTS, Count, Turnstile
from web.http.problems import JSON_TYPE, problem
from web.http.security import OPEN_HEADERS, standing_headers
from web.public.folding import FoldedPages
from web.public.result_answer import ENDPOINTS as PAGES
from web.public.result_answer import HTML_TYPE, NEVER_KEPT, prepare_results, result_answer
from web.services import Services

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX: Final = "/api/v1/certificates/"
ENDPOINT: Final = "api.certificate"
KEPT: Final = (("Cache-Control", "no-cache"), ("Vary", "Accept-Language"))
NOBODY: Final = "127.0.0.1"
"""As whom Flask-Limiter counts a visitor without an address."""
MAX_CODE: Final = 60
_HASH_BYTES: Final = 12
_encode: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode


def certificate_answer(here: Services, code: str, lang: str = DEFAULT_LANGUAGE) -> tuple[bytes, str] | None:
    """The three answers for a code as JSON and their weak entity tag; None for an unknown code.

    The tag leaves the moment of checking out: it changes when anything else does.
    """
    verification = here.verifier.verify_code(code)
    VERDICTS.labels("api-code", str(verification.verdict)).inc()
    if verification.certificate is None:
        return None
    document = verification.as_dict(lang)
    head = _encode({"verdict": document.pop("verdict"), "checked_at": document.pop("checked_at")})
    rest = _encode(document)
    tag = blake2b(rest.encode(), digest_size=_HASH_BYTES).hexdigest()
    return f"{head[:-1]}, {rest[1:]}".encode(), quote_etag(tag, weak=True)


def not_changed(given: str | None, tag: str) -> bool:
    """Whether a visitor who sends this `If-None-Match` has the answer already (RFC 9110 §13.1.2)."""
    if not given:
        return False
    return given == tag or parse_etags(given).contains_weak(tag.removeprefix("W/").strip('"'))


class QuickCertificates:
    """The short way to the API's answer and to the page of a code; `inner` answers everything else."""

    def __init__(self, inner: "WSGIApplication", here: Services, pages: FoldedPages) -> None:
        self._inner = inner
        self._here = here
        self._pages = pages
        self._turnstile = Turnstile(here.settings.rate_result, RESULTS)
        standing = standing_headers(https=here.settings.https)
        self._headers = [*standing, *OPEN_HEADERS.items(), *KEPT]
        self._page_headers = [*standing, *NEVER_KEPT, ("Content-Type", HTML_TYPE)]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a plain look-up by code, hand anything else on; so, too, what cannot be answered here."""
        path: str = environ["PATH_INFO"]
        endpoint = PAGES.get(path[:3])
        try:
            answer = None
            if endpoint is not None and _plain(environ, path[3:]) and _person(environ, path[3:]):
                answer = self._page(endpoint, path[3:], environ, start_response)
            elif path.startswith(PREFIX) and _plain(environ, path[len(PREFIX) :]):
                answer = self._document(path[len(PREFIX) :], environ, start_response)
            if answer is not None:
                return answer
        except RegistryError:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, Flask answers it, and the server logs no address
            log_cause(endpoint or ENDPOINT, error)
        return self._inner(environ, start_response)

    def _document(
        self, code: str, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        lang = preferred_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        count, limits = self._counted(environ)
        if not count.allowed:
            return self._problem(429, "http429", lang, limits, environ, start_response)
        answer = certificate_answer(self._here, code, lang)
        if answer is None:
            return self._problem(404, "unknown_code", lang, limits, environ, start_response)
        body, tag = answer
        if not_changed(environ.get("HTTP_IF_NONE_MATCH"), tag):
            _noted(ENDPOINT, 304)
            start_response("304 NOT MODIFIED", [*self._headers, *limits, ("ETag", tag)])
            return [b""]
        _noted(ENDPOINT, 200)
        own = [("Content-Type", JSON_TYPE), ("Content-Length", str(len(body))), ("ETag", tag)]
        start_response("200 OK", [*own, *self._headers, *limits])
        return [body]

    def _page(
        self, endpoint: str, code: str, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes] | None:
        """The page; None where Flask has to say that it is too much."""
        lang = preferred_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        count, limits = self._counted(environ)
        if not count.allowed:
            return None
        answer = result_answer(self._here, code, lang, endpoint, self._pages)
        own = [*self._page_headers, ("Content-Language", LANGUAGES[lang].tag), *limits, ("ETag", answer.tag)]
        if answer.known and not_changed(environ.get("HTTP_IF_NONE_MATCH"), answer.tag):
            _noted(endpoint, 304)
            start_response("304 NOT MODIFIED", own)
            return [b""]
        _noted(endpoint, 200 if answer.known else 404)
        status = "200 OK" if answer.known else "404 NOT FOUND"
        start_response(status, [*own, ("Content-Length", str(len(answer.body)))])
        return [answer.body]

    def _counted(self, environ: "WSGIEnvironment") -> tuple[Count, list[tuple[str, str]]]:
        count = self._turnstile.hit(environ.get("REMOTE_ADDR") or NOBODY)
        return count, [
            ("X-RateLimit-Limit", str(count.limit)),
            ("X-RateLimit-Remaining", str(count.remaining)),
            ("X-RateLimit-Reset", str(count.reset)),
        ]

    def _problem(
        self,
        status: int,
        code: str,
        lang: str,
        limits: list[tuple[str, str]],
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        _noted(ENDPOINT, status)
        response = problem(status, code, lang=lang)
        response.headers.extend([*self._headers, *limits])
        if status == 429:
            reset = dict(limits)["X-RateLimit-Reset"]
            response.headers["Retry-After"] = reset_in(int(reset))
        return response(environ, start_response)


def shorten(app: Flask, here: Services) -> None:
    """Put the short way before an application."""
    inner: Any = app.wsgi_app
    app.wsgi_app = QuickCertificates(inner, here, prepare_results(app))  # type: ignore[method-assign]


def _plain(environ: "WSGIEnvironment", code: str) -> bool:
    """Nothing but a code is given, in a request of the plainest kind."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and not environ.get("QUERY_STRING")
        and "HTTP_AUTHORIZATION" not in environ
        and 0 < len(code) <= MAX_CODE
        and "/" not in code
    )


def _person(environ: "WSGIEnvironment", code: str) -> bool:
    """A page is for people who have chosen no other language than their browser's; crawlers get none."""
    return (
        code.isalnum()
        and code.isascii()
        and COOKIE not in environ.get("HTTP_COOKIE", "")
        and not is_crawler(environ.get("HTTP_USER_AGENT", ""))
    )


def reset_in(moment: int) -> str:
    """Seconds from now until a moment in seconds since 1970, at least one."""
    return str(max(1, int(moment - time())))


def _noted(endpoint: str, status: int) -> None:
    REQUESTS.labels(endpoint, "GET", str(status)).inc()
