"""Messages of other regions about exchanged certificates (换发告知)."""

from typing import Final

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from registry.recognition.cases.errors import MessageRefused
from registry.recognition.cases.notices import receive
from web.api.certificates import PROBLEMS
from web.http.limits import limiter, query_limit
from web.http.problems import Problem, as_json, problem
from web.public.recognition import TAG, SignedAnswer
from web.services import services

MAX_TOKEN: Final = 8192

api = APIBlueprint("exchange_api", __name__, abp_tags=[TAG], abp_responses=PROBLEMS)


class ExchangeMessage(BaseModel):
    """A signed message (compact JWS)."""

    token: str = Field(min_length=1, max_length=MAX_TOKEN, pattern=r"^[A-Za-z0-9_.\-\s]+$")


@api.post(
    "/api/v1/exchanges",
    summary="其他地区告知：本地区的一份证书已在该地区重新确认换发",
    responses={200: SignedAnswer, 422: Problem},
)
@limiter.limit(query_limit)
def exchanges(body: ExchangeMessage) -> Response:
    """Keep the message of a listed region and answer with a signed receipt; repeating it does no harm."""
    here = services()
    try:
        receipt = receive(here.register, here.authority.service, body.token)
    except MessageRefused:
        return problem(422, "message_refused")
    response = as_json({"token": receipt})
    response.headers["Cache-Control"] = "no-store"
    return response
