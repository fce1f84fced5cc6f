"""Errors of the API as problem documents (RFC 9457) and of pages as plain sentences."""

from __future__ import annotations

import json
import logging
from time import time
from typing import Final

from flask import Flask, Response, render_template, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from core.message import DEFAULT_LANGUAGE, catalogue, message
from registry.errors import DatabaseNotReady
from signing.errors import ServiceKeyNotValid
from signing.trustlist.errors import TrustListRefused
from web.http.causes import log_cause, log_without_data
from web.http.languages import current_language, words
from web.http.limits import limiter
from web.public.page_types import Notice, Tone

_LOG: Final = logging.getLogger(__name__)
JSON_TYPE: Final = "application/json; charset=utf-8"
PROBLEM_TYPE: Final = "application/problem+json"
OFFICE_PREFIX: Final = "/office/"
TOO_MANY: Final = 429
MINUTE_S: Final = 60
API_PREFIX: Final = "/api/"
MACHINE_PREFIXES: Final = (API_PREFIX, "/.well-known/", "/openapi/", "/healthz", "/readyz", "/metrics")
KNOWN_STATUS: Final = (400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 503)


class Problem(BaseModel):
    """A problem document (RFC 9457 §3.1); `code` is stable and meant for programs."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str


def problem(status: int, code: str, detail: str | None = None, *, lang: str | None = None) -> Response:
    """A problem response; texts come from the catalogue entries `problems.CODE.title/detail`."""
    spoken = lang or current_language()
    document = Problem(
        title=message("web", f"problems.{code}.title", spoken),
        status=status,
        detail=detail or message("web", f"problems.{code}.detail", spoken),
        code=code,
    )
    return Response(document.model_dump_json(), status=status, content_type=PROBLEM_TYPE)


def invalid_request(error: ValidationError) -> Response:
    """The answer to a request body or parameter of the wrong shape."""
    fields = sorted({".".join(map(str, item["loc"])) or "body" for item in error.errors()})
    return problem(
        422, "invalid", words("problems.invalid.fields", fields=words("list_separator").join(fields))
    )


def register_handlers(app: Flask) -> None:
    """Give every HTTP error one shape: JSON for machines, a calm page for people."""
    log_without_data(app)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response | tuple[str, int]:
        status = error.code or 500
        known = status if status in KNOWN_STATUS else (400 if status < 500 else 500)
        response = answered(status, f"http{known}")
        for name, value in error.get_headers():
            if name.lower() in {"allow", "retry-after"}:
                response.headers[name] = value
        return response

    @app.errorhandler(DatabaseNotReady)
    def _register_gone(error: DatabaseNotReady) -> Response:
        del error
        return answered(503, "http503")

    @app.errorhandler(ServiceKeyNotValid)
    def _key_ended(error: ServiceKeyNotValid) -> Response:
        log_cause(request.endpoint or "", error)
        return answered(503, "key_ended")

    @app.errorhandler(TrustListRefused)
    def _list_tampered(error: TrustListRefused) -> Response:
        _LOG.error(error.diagnostics())
        return answered(503, "http503")

    @app.errorhandler(500)
    def _unexpected(error: Exception) -> Response:
        del error
        return answered(500, "http500")


def answered(status: int, code: str) -> Response:
    """One problem in the shape that the caller expects."""
    if request.path.startswith(MACHINE_PREFIXES):
        return problem(status, code)
    return as_page(code, status, wait=_wait()) if status == TOO_MANY else as_page(code, status)


def as_page(code: str, status: int, *, tone: Tone = "idle", **data: object) -> Response:
    """A calm page with one message and the way on.

    Texts come from the catalogue entries `problems.CODE.title/detail`, or `problems.CODE.page` where people need other
    words than programs, or `problems.CODE.office` in the workspace.
    """
    office = request.path.startswith(OFFICE_PREFIX)
    wanted = [f"problems.{code}.{one}" for one in (("office",) if office else ()) + ("page", "detail")]
    known = catalogue("web", DEFAULT_LANGUAGE)
    notice = Notice(
        tone=tone,
        title=words(f"problems.{code}.title"),
        text=words(next(key for key in wanted if key in known), **data),
    )
    return Response(render_template("message.html", notice=notice, office=office), status)


def _wait() -> str:
    """How long a visitor who asks too much has to wait, for people."""
    reached = limiter.current_limit
    seconds = max(1, int(reached.reset_at - time())) if reached else MINUTE_S
    if seconds <= MINUTE_S:
        return words("problems.wait.seconds", number=seconds)
    return words("problems.wait.minutes", number=-(-seconds // MINUTE_S))


def as_json(document: object, status: int = 200) -> Response:
    """A JSON response in UTF-8 without escapes."""
    text = json.dumps(document, ensure_ascii=False, default=str)
    return Response(text, status, content_type=JSON_TYPE)
