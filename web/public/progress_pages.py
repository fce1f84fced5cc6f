"""进度查询: an applicant asks where his application stands, before there is any certificate to sign in with.

Two things that he knows open the answer: the number of his application and his ID number. Neither stands in an address
or a log; whatever does not fit, the answer is the same.
"""

import unicodedata
from contextlib import suppress
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from registry.applications.errors import ApplicationUnknown
from registry.applications.progress import Progress, progress_for
from web.holder.view import reached
from web.http.limits import limiter, query_limit
from web.services import services

pages = Blueprint("progress", __name__)
MOST_LONG: Final = 80


@pages.get("/progress")
def ask() -> Response:
    """The form."""
    return _page(200)


@pages.post("/progress")
@limiter.limit(query_limit)
def answer() -> Response:
    """The stages that were reached; how the committee voted not before the results are public (细则第四十九条)."""
    given = {key: request.form.get(key, "").strip()[:MOST_LONG] for key in ("application", "id_number")}
    found = _found(given["application"], given["id_number"])
    if found is None:
        return _page(404, unknown=True)
    stages = [reached(mark) for mark in found.marks]
    return _page(200, stages=stages, number=found.application_number)


def _found(application: str, id_number: str) -> Progress | None:
    """As typed, else in capitals and without full-width characters: a phone's keyboard makes no difference."""
    for number in dict.fromkeys((application, unicodedata.normalize("NFKC", application).upper())):
        with suppress(ApplicationUnknown):
            return progress_for(services().register, number, unicodedata.normalize("NFKC", id_number))
    return None


def _page(status: int, **more: object) -> Response:
    response = make_response(render_template("progress.html", **more), status)
    response.headers["Cache-Control"] = "no-store"
    return response
