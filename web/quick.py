"""`GET /api/v1/certificates/CODE`, the call that is made most often: one indexed read, no template, no session.

The view in `web.api` and the short way here give the same answer (`certificate_answer`). The short way stands before
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

from house.messages import DEFAULT_LANGUAGE
from registry.errors import RegistryError
from web.causes import log_cause
from web.languages import preferred_language
from web.limits import RESULTS, Turnstile
from web.operation import REQUESTS, VERDICTS
from web.problems import JSON_TYPE, problem
from web.security import OPEN_HEADERS, standing_headers
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
    """The short way; `inner` answers everything else."""

    def __init__(self, inner: "WSGIApplication", here: Services) -> None:
        self._inner = inner
        self._here = here
        self._turnstile = Turnstile(here.settings.rate_result, RESULTS)
        self._headers = [*standing_headers(https=here.settings.https), *OPEN_HEADERS.items(), *KEPT]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a plain look-up by code, hand anything else on."""
        path: str = environ["PATH_INFO"]
        if not path.startswith(PREFIX) or not self._plain(environ, path[len(PREFIX) :]):
            return self._inner(environ, start_response)
        lang = preferred_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        count = self._turnstile.hit(environ.get("REMOTE_ADDR") or NOBODY)
        limits = [
            ("X-RateLimit-Limit", str(count.limit)),
            ("X-RateLimit-Remaining", str(count.remaining)),
            ("X-RateLimit-Reset", str(count.reset)),
        ]
        if not count.allowed:
            return self._problem(429, "http429", lang, limits, environ, start_response)
        try:
            answer = certificate_answer(self._here, path[len(PREFIX) :], lang)
        except RegistryError:
            return self._inner(environ, start_response)
        except Exception as error:  # noqa: BLE001 - whatever it is, Flask answers it, and the server logs no address
            log_cause(ENDPOINT, error)
            return self._inner(environ, start_response)
        if answer is None:
            return self._problem(404, "unknown_code", lang, limits, environ, start_response)
        body, tag = answer
        if not_changed(environ.get("HTTP_IF_NONE_MATCH"), tag):
            _counted(304)
            start_response("304 NOT MODIFIED", [*self._headers, *limits, ("ETag", tag)])
            return [b""]
        _counted(200)
        own = [("Content-Type", JSON_TYPE), ("Content-Length", str(len(body))), ("ETag", tag)]
        start_response("200 OK", [*own, *self._headers, *limits])
        return [body]

    @staticmethod
    def _plain(environ: "WSGIEnvironment", code: str) -> bool:
        return (
            environ["REQUEST_METHOD"] == "GET"
            and not environ.get("QUERY_STRING")
            and "HTTP_AUTHORIZATION" not in environ
            and 0 < len(code) <= MAX_CODE
            and "/" not in code
        )

    def _problem(
        self,
        status: int,
        code: str,
        lang: str,
        limits: list[tuple[str, str]],
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        _counted(status)
        response = problem(status, code, lang=lang)
        response.headers.extend([*self._headers, *limits])
        if status == 429:
            reset = dict(limits)["X-RateLimit-Reset"]
            response.headers["Retry-After"] = reset_in(int(reset))
        return response(environ, start_response)


def shorten(app: Flask, here: Services) -> None:
    """Put the short way before an application."""
    inner: Any = app.wsgi_app
    app.wsgi_app = QuickCertificates(inner, here)  # type: ignore[method-assign]


def reset_in(moment: int) -> str:
    """Seconds from now until a moment in seconds since 1970, at least one."""
    return str(max(1, int(moment - time())))


def _counted(status: int) -> None:
    REQUESTS.labels(ENDPOINT, "GET", str(status)).inc()
