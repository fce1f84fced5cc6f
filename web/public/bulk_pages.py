"""Bulk checks for people (a pasted table) and for programs (`POST /api/v1/bulk-checks`)."""

from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field, ValidationError
from werkzeug.wrappers import Response as Answer

from registry.privacy.inquiries import Channel
from signing.errors import SigningError
from web.api.api_keys import caller
from web.api.certificates import PROBLEMS, TAG
from web.http.languages import words
from web.http.limits import bulk_limit, limiter, missed
from web.http.problems import Problem, as_json, as_page, invalid_request, problem
from web.http.uploads import UploadRefused, receive
from web.public.bulk import (
    Asked,
    BulkRefused,
    BulkReport,
    TooManyGuesses,
    check_files,
    check_rows,
    checked_rows,
    parse_table,
    signed_report,
    workbook,
)
from web.public.bulk_report import report_of_receipts, report_pdf
from web.public.inquirer import note
from web.services import Services, services

pages = Blueprint("bulk", __name__)
api = APIBlueprint("bulk_api", __name__, abp_tags=[TAG], abp_responses=PROBLEMS)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MULTIPART: Final = "multipart/form-data"


class BulkRow(BaseModel):
    """One certificate to be checked."""

    number: str = Field(min_length=1, max_length=60, description="证书编号")
    name: str = Field(min_length=1, max_length=60, description="姓名；间隔号、空格、全角半角不论")
    proof: str = Field(
        default="",
        max_length=200,
        description="证件号码后四位，或核验码（可为整个网址）；用批量核验密钥时可不填",
    )


class BulkRequest(BaseModel):
    """The rows of one table."""

    rows: list[BulkRow] = Field(min_length=1)


class BulkAnswer(BaseModel):
    """Answers in the order of the rows or files; `token` is the same content signed."""

    checked_at: str
    region: str
    rows: list[dict[str, object]]
    token: str = Field(description="同一内容的签名紧凑形式，类型 zhicheng-report")


BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": BulkRequest.model_json_schema(ref_template="#/components/schemas/{model}")
            | {"$defs": {}}
        },
        MULTIPART: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
            }
        },
    },
}


@pages.get("/bulk")
def form() -> str:
    """The field to paste a table into."""
    return render_template("bulk.html", most=services().settings.max_rows, given="")


@pages.post("/bulk")
@limiter.limit(bulk_limit)
def check() -> Answer:
    """The answers as a page, as a workbook, or as a signed report."""
    here = services()
    given = request.form.get("rows", "")
    try:
        report = _looked_up(here, parse_table(given, here.settings.max_rows))
    except TooManyGuesses as refused:
        return _later(as_page(refused.problem, refused.status, wait=_minutes(refused)), refused)
    except BulkRefused as refused:
        return as_page(refused.problem, refused.status, most=here.settings.max_rows)
    _note(here, report)
    match request.form.get("form"):
        case "xlsx":
            return _file(workbook(report, here.settings.name), XLSX, "xlsx")
        case "pdf":
            return _pdf(here, report)
        case "json":
            response = as_json(_signed(here, report))
            response.headers["Content-Disposition"] = 'attachment; filename="bulk-check.json"'
            return _private(response)
        case _:
            body = render_template("bulk_result.html", report=report, given=given)
            return _private(make_response(body))


@api.post(
    "/api/v1/bulk-checks",
    summary="批量核验：多行（证书编号、姓名、证件号码后四位或核验码），或多份 PDF",
    responses={200: BulkAnswer, 413: Problem, 422: Problem},
    openapi_extensions={"requestBody": BODY},
)
@limiter.limit(bulk_limit)
def bulk_checks() -> Response:
    """One answer a row or file, and the whole as a signed report."""
    here = services()
    try:
        return _private(as_json(_signed(here, _checked(here))))
    except TooManyGuesses as refused:
        return _later(problem(refused.status, refused.problem), refused)
    except (BulkRefused, UploadRefused) as refused:
        return problem(refused.status, refused.problem)
    except ValidationError as error:
        return invalid_request(error)


@pages.post("/results/report")
@limiter.limit(bulk_limit)
def report_of_files() -> Answer:
    """The results of many files as a workbook or a signed PDF, from the receipts that the results page holds."""
    here = services()
    numbers, names = request.form.getlist("receipt"), request.form.getlist("name")
    shown = list(zip(numbers, names, strict=False))[: here.settings.max_files]
    report = report_of_receipts(here.register, shown)
    if not report.rows:
        return as_page("bulk_empty", 422)
    if request.form.get("form") == "pdf":
        return _pdf(here, report)
    return _file(workbook(report, here.settings.name), XLSX, "xlsx")


def _pdf(here: Services, report: BulkReport) -> Response:
    try:
        data = report_pdf(report, here.register.home, here.site(""), here.authority.organisation)
    except SigningError:
        return as_page("receipt_unsigned", 503)
    return _file(data, "application/pdf", "pdf")


def _checked(here: Services) -> BulkReport:
    if request.mimetype == MULTIPART:
        uploads = receive(request.files.getlist("file"), here.settings)
        report = check_files(here.verifier, [(upload.name, upload.data) for upload in uploads])
        _note(here, report)
        return report
    given = BulkRequest.model_validate_json(request.get_data())
    rows = [Asked(row.number, row.name, row.proof) for row in given.rows]
    report = _looked_up(here, checked_rows(rows, here.settings.max_rows))
    _note(here, report)
    return report


def _looked_up(here: Services, rows: list[Asked]) -> BulkReport:
    """The answers, unless a stranger has guessed too often: then none of them.

    Raises:
        TooManyGuesses: with this table's wrong rows, or before it.
    """
    trusted = caller() is not None
    if not trusted and (seconds := missed(0)):
        raise TooManyGuesses(seconds=seconds)
    report = check_rows(here.register, rows, trusted=trusted)
    if not trusted and report.misses and (seconds := missed(report.misses)):
        raise TooManyGuesses(seconds=seconds)
    return report


def _later(response: Response, refused: TooManyGuesses) -> Response:
    response.headers["Retry-After"] = str(refused.data["seconds"])
    return response


def _minutes(refused: TooManyGuesses) -> str:
    return words("problems.wait.minutes", number=-(-int(str(refused.data["seconds"])) // 60))


def _note(here: Services, report: BulkReport) -> None:
    numbers = {row.number for row in report.rows if row.number}
    note([here.register.lookup.by_number(number) for number in sorted(numbers)], Channel.BULK)


def _signed(here: Services, report: BulkReport) -> dict[str, Any]:
    return signed_report(report, here.authority.service, here.register.settings.region_code)


def _file(data: bytes, kind: str, suffix: str) -> Response:
    response = Response(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="bulk-check.{suffix}"'
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
