"""进度查询: an applicant asks where his application stands, before there is any certificate to sign in with.

Two things that he knows open the answer: the number of his application and his ID number. Neither stands in an address
or a log; whatever does not fit, the answer is the same.
"""

from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from registry.service.errors import ApplicationUnknown
from registry.service.progress import progress_for
from web.holder.view import reached
from web.limits import limiter, query_limit
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
    try:
        found = progress_for(services().register, given["application"], given["id_number"])
    except ApplicationUnknown:
        return _page(404, unknown=True)
    stages = [reached(mark) for mark in found.marks]
    return _page(200, stages=stages, number=found.application_number)


def _page(status: int, **more: object) -> Response:
    response = make_response(render_template("progress.html", **more), status)
    response.headers["Cache-Control"] = "no-store"
    return response
