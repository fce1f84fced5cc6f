"""Public pages (公开核验): home, the result of a code, of files, of a query. No login, no cookie."""

import re
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from registry.identifiers import CODE_LENGTH, is_code, normal_code
from registry.model import Certificate
from registry.privacy.inquiries import Channel
from registry.recognition.hosts import host_of, host_of_site
from web.api.fast_path import not_changed
from web.http.health import VERDICTS
from web.http.languages import current_language, words
from web.http.limits import count_query, count_result, count_upload
from web.http.problems import as_page
from web.http.uploads import UploadRefused, receive
from web.public.bulk_report import is_report
from web.public.inquirer import note
from web.public.page_types import Notice, ResultPage
from web.public.receipt_pages import receipt_page
from web.public.receipts import receipt_in, receipt_number
from web.public.result_answer import ENDPOINTS, HTML_TYPE, NEVER_KEPT, result_answer
from web.public.trust_pages import roots_of
from web.public.view_models import grouped, query_row, recognised, report_notice, result_page, shown_name
from web.services import services

pages = Blueprint("public", __name__)
ADDRESS_END: Final = re.compile(r"[/?#]")
STATUS_MAX_AGE_S: Final = 60
STATUS_NOT_FOUND: Final = 404
STATUS_UNPROCESSABLE: Final = 422
STATUS_UNFIT: Final = 422


@pages.get("/")
def home() -> str:
    """Three ways to verify: scan, file, query."""
    return render_template("home.html", limits=services().limits())


@pages.get("/about")
def about() -> str:
    """What the answers mean."""
    return render_template("about.html", trust=roots_of(services()))


@pages.get("/v/<code>")
@pages.get("/V/<code>", endpoint="result_capital")
@count_result
def result(code: str) -> Response:
    """The three answers for one certificate; the address a QR code holds."""
    endpoint = request.endpoint or ENDPOINTS["/v/"]
    answer = result_answer(services(), code, current_language(), endpoint)
    response = Response(answer.body, 200 if answer.known else STATUS_NOT_FOUND, content_type=HTML_TYPE)
    if answer.known and not_changed(request.headers.get("If-None-Match"), answer.tag):
        response = Response(status=304)
    response.headers.extend([*NEVER_KEPT, ("ETag", answer.tag)])
    return response


@pages.post("/v/<code>/inquiry")
@count_query
def tell_holder(code: str) -> Answer:
    """Record who looked this certificate up by its code, for the holder to see."""
    certificate = services().register.lookup.by_code(code)
    if certificate is None:
        return _private(as_page("unknown_code", STATUS_NOT_FOUND))
    if not note([certificate], Channel.CODE):
        return _private(as_page("inquirer_unsaid", STATUS_UNFIT))
    told = Notice(tone="good", title=words("inquiry.noted.title"), text=words("inquiry.noted.text"))
    return _private(render_template("message.html", notice=told))


@pages.get("/open")
def open_code() -> Answer:
    """From a typed or pasted code (or the whole address) to its result page; a foreign address is named first."""
    given = request.args.get("code", "")
    typed = normal_code(given)
    code = ADDRESS_END.split(typed.rsplit("/V/", 1)[-1])[0]
    if not is_code(code):
        return _private(as_page("not_a_code", STATUS_NOT_FOUND, length=CODE_LENGTH, given=len(code)))
    here = services()
    host = host_of(given)
    if host and host not in (host_of_site(here.register.settings.public_url), request.host.lower()):
        way = url_for("public.result", code=code)
        title, text = words("foreign_host.title"), words("foreign_host.text", host=host)
        notice = Notice("warn", title, text, link=way, link_text=words("foreign_host.link"))
        return _private((render_template("message.html", notice=notice), STATUS_UNPROCESSABLE))
    return redirect(url_for("public.result", code=code), 303)


@pages.post("/verify")
@count_upload
def verify_files() -> Answer:
    """The three answers for one file, or a table for many."""
    here = services()
    try:
        uploads = receive(request.files.getlist("file"), here.settings)
    except UploadRefused as refused:
        return _private(as_page(refused.problem, refused.status))
    results: list[ResultPage] = []
    found: list[Certificate | None] = []
    for upload in uploads:
        verification = here.verifier.verify_file(upload.data)
        found.append(verification.certificate)
        VERDICTS.labels("file", str(verification.verdict)).inc()
        returned = receipt_in(here.register, verification, upload.data)
        if returned and len(uploads) == 1:
            shown = receipt_page(returned, dropped=True, file_name=shown_name(upload.name))
            return _private(render_template("receipt.html", page=shown))
        report = is_report(verification, upload.data)
        if report and len(uploads) == 1:
            return _private(render_template("message.html", notice=report_notice()))
        number = receipt_number(here.register, verification)
        page = result_page(verification, receipt=number, file_name=upload.name)
        results.append(recognised(page, report=report) if returned or report else page)
    note(found, Channel.FILE)
    if len(results) == 1:
        body = render_template("result.html", page=results[0])
    else:
        body = render_template("results.html", pages=results, groups=grouped(results))
    return _private(body)


@pages.post("/query")
@count_query
def query() -> Answer:
    """Certificates of a person; the answer is the same whatever did not match."""
    given = {key: request.form.get(key, "").strip() for key in ("name", "id_number", "number")}
    found = services().register.lookup.query(given["name"], given["id_number"], given["number"] or None)
    if not found:
        return _private(as_page("not_found", STATUS_NOT_FOUND))
    note(found, Channel.QUERY)
    return _private(render_template("query.html", rows=[query_row(one) for one in found]))


def _private(body: str | Response | tuple[str, int]) -> Response:
    response = make_response(body)
    response.headers["Cache-Control"] = "no-store"
    return response
