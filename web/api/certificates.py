"""The API (v1): the three answers for programs. Every error is a problem document (RFC 9457)."""

import re
from http import HTTPStatus
from typing import Any, Final

from flask import Response, request
from flask_openapi3 import APIBlueprint, FileStorage, Tag
from pydantic import BaseModel, ConfigDict, Field

from registry.privacy.inquiries import Channel
from web.api.api_keys import caller
from web.api.fast_path import KEPT, certificate_answer, not_changed
from web.api.region import region_entry
from web.http.health import VERDICTS
from web.http.languages import current_language
from web.http.limits import count_query, count_result, count_upload
from web.http.problems import JSON_TYPE, Problem, as_json, problem
from web.http.schemas import QueryAnswer, RegionEntry, VerificationAnswer
from web.http.uploads import UploadRefused, receive
from web.public.inquirer import note
from web.public.view_models import query_row
from web.services import services

TAG: Final = Tag(name="核验", description="证书核验：文件、登记、认可三项答复分别给出")
CODE: Final = re.compile(r"[A-Z2-7]{26}")
PROBLEMS: Final[dict[str | int | HTTPStatus, type[BaseModel] | dict[Any, Any] | None]] = {
    429: Problem,
    500: Problem,
}

pages = APIBlueprint("api", __name__, abp_tags=[TAG], abp_responses=PROBLEMS)


class CodePath(BaseModel):
    """The verification code in the address."""

    code: str = Field(description="核验码，26 位，不分大小写", max_length=60)


class VerificationForm(BaseModel):
    """One uploaded file."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: FileStorage


class Query(BaseModel):
    """A manual look-up."""

    name: str = Field(min_length=1, max_length=60, description="姓名")
    id_number: str = Field(min_length=4, max_length=30, description="证件号码")
    number: str | None = Field(default=None, max_length=40, description="证书编号")


@pages.get(
    "/api/v1/certificates/<code>",
    summary="按核验码取一份证书的核验结果",
    responses={200: VerificationAnswer, 404: Problem},
)
@count_result
def certificate(path: CodePath) -> Response:
    """The three answers for a code; the file answer says that no file was presented."""
    answer = certificate_answer(services(), path.code, current_language())
    if answer is None:
        response = problem(404, "unknown_code")
        response.headers.extend(KEPT)
        return response
    if caller() is not None:
        note([services().register.lookup.by_code(path.code)], Channel.CODE)
    body, tag = answer
    response = Response(body, content_type=JSON_TYPE)
    if not_changed(request.headers.get("If-None-Match"), tag):
        response = Response(status=304)
    response.headers.extend([*KEPT, ("ETag", tag)])
    return response


@pages.post(
    "/api/v1/verifications",
    summary="核验一份 PDF 文件",
    responses={200: VerificationAnswer, 413: Problem, 422: Problem},
)
@count_upload
def verifications(form: VerificationForm) -> Response:
    """The three answers for an uploaded file; the file is not kept."""
    here = services()
    try:
        [upload] = receive([form.file], here.settings)
    except UploadRefused as refused:
        return problem(refused.status, refused.problem)
    verification = here.verifier.verify_file(upload.data)
    note([verification.certificate], Channel.FILE)
    VERDICTS.labels("api-file", str(verification.verdict)).inc()
    return as_json(verification.as_dict(current_language()))


@pages.post(
    "/api/v1/queries",
    summary="按姓名和证件号码查询",
    responses={200: QueryAnswer, 404: Problem, 422: Problem},
)
@count_query
def queries(body: Query) -> Response:
    """Certificates of a person, the name masked; one uniform 404 whatever did not match."""
    found = services().register.lookup.query(body.name, body.id_number, body.number or None)
    if not found:
        return problem(404, "not_found")
    note(found, Channel.QUERY)
    rows = [
        {
            "number": one.number,
            "state": str(one.state),
            "name": one.facts.name_masked,
            "title": one.facts.title,
            "series": one.facts.series,
            "level": one.facts.level,
            "obtained_on": one.facts.obtained_on,
            "authority": one.facts.authority,
            "scope": one.facts.scope_name,
            "superseded_by": one.successor,
            "message": query_row(one).advice,
        }
        for one in found
    ]
    response = as_json({"certificates": rows})
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/.well-known/zhicheng/region.json", summary="本地区的签名条目", responses={200: RegionEntry})
def region() -> Response:
    """Name, keys with validity, roots and end points of this region, signed with its service key."""
    response = as_json(region_entry(services()))
    response.headers["Cache-Control"] = "max-age=3600"
    return response
