"""Mutual recognition (互认): the decision for programs, signed answers for other regions, the page of accepted regions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from flask_openapi3 import APIBlueprint, FileStorage, Tag
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from registry.recognition.answering import Question, answer
from registry.recognition.presenting import Presented, Recognition
from registry.recognition.regions import Region, trusted_regions
from web.api.certificates import PROBLEMS
from web.api.escalation import hand_to_person
from web.http.health import VERDICTS
from web.http.languages import current_language, words
from web.http.limits import limiter, query_limit, result_limit, upload_limit
from web.http.problems import Problem, as_json, invalid_request, problem
from web.http.schemas import VerificationAnswer
from web.http.uploads import UploadRefused, receive
from web.public.page_types import Tone
from web.services import services

TAG: Final = Tag(name="互认", description="外地区证书能否在本地区使用（细则第五十七条）")
NONCE: Final = r"^[A-Za-z0-9_-]{16,64}$"
SHA256: Final = r"^[0-9a-f]{64}$"

api = APIBlueprint("recognition_api", __name__, abp_tags=[TAG], abp_responses=PROBLEMS)
pages = Blueprint("recognition", __name__)


class AskedBy(BaseModel):
    """What is presented, without a file; also accepted as JSON."""

    region: str | None = Field(default=None, pattern=r"^\d{6}$", description="发证地区代码")
    code: str | None = Field(default=None, max_length=200, description="核验码，或二维码中的网址")
    credential: str | None = Field(default=None, max_length=1 << 18, description="机读凭证")
    number: str | None = Field(default=None, max_length=40, description="证书编号")
    name: str | None = Field(default=None, max_length=60, description="姓名")
    id_number: str | None = Field(default=None, max_length=30, description="证件号码")
    level: str | None = Field(
        default=None, max_length=10, description="资格等级，查不到证书时决定由谁重新确认"
    )


class RecognitionForm(AskedBy):
    """The same with a PDF."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: FileStorage | None = None


class AnswerBody(BaseModel):
    """Another region's question: by `code`, or by `number` with `name` and `id_number`."""

    nonce: str = Field(pattern=NONCE, description="一次性随机数，原样写入签名答复")
    code: str | None = Field(default=None, max_length=60)
    number: str | None = Field(default=None, max_length=40)
    name: str | None = Field(default=None, max_length=60)
    id_number: str | None = Field(default=None, max_length=30)
    sha256: str | None = Field(
        default=None,
        pattern=SHA256,
        description="所持文件的 SHA-256；答复中的 registered 说明登记簿是否认得这份文件",
    )


class SignedAnswer(BaseModel):
    """The signed answer (compact JWS)."""

    token: str


@dataclass(frozen=True)
class RegionRow:
    """One accepted region on the public page."""

    name: str
    code: str
    organisation: str
    tone: Tone
    state: str
    limits: tuple[str, ...]
    address: str
    contact: str
    keys: tuple[str, ...]
    roots: tuple[str, ...]
    sample: bool


@dataclass(frozen=True)
class Act:
    """One act of the anchor, as its list records it."""

    sequence: int
    text: str


@api.post(
    "/api/v1/recognitions",
    summary="任何地区的一份证书能否在本地区使用",
    description="multipart/form-data 可带 PDF（file）；不带文件时同样的字段也可用 application/json 提交。",
    responses={200: VerificationAnswer, 413: Problem, 422: Problem},
)
@limiter.limit(upload_limit)
def recognitions(form: RecognitionForm) -> Response:
    """The three answers; the third is the decision with clause, reason and evidence."""
    here = services()
    try:
        asked = AskedBy.model_validate(request.get_json()) if request.is_json else form
        data = receive([form.file], here.settings)[0].data if form.file else None
    except ValidationError as error:
        return invalid_request(error)
    except UploadRefused as refused:
        return problem(refused.status, refused.problem)
    given: dict[str, Any] = {key: value or None for key, value in asked.model_dump(exclude={"file"}).items()}
    presented = Presented(file=data, **given)
    if not presented.enough:
        return problem(422, "nothing_presented")
    verification = Recognition.of(here.verifier).decide(presented)
    hand_to_person(presented, verification)
    VERDICTS.labels("api-recognition", str(verification.verdict)).inc()
    response = as_json(verification.as_dict(current_language()))
    response.headers["Cache-Control"] = "no-store"
    return response


@api.post(
    "/api/v1/answers",
    summary="给其他地区的签名答复",
    responses={200: SignedAnswer, 422: Problem},
)
@limiter.limit(result_limit, exempt_when=lambda: not _by_code())
@limiter.limit(query_limit, exempt_when=lambda: _by_code())
def answers(body: AnswerBody) -> Response:
    """What this register says of one certificate, signed, dated and bound to the nonce."""
    here = services()
    if not (body.code or (body.name and body.id_number)):
        return problem(422, "nothing_presented")
    token = answer(here.register, here.authority.service, Question(**body.model_dump()))
    response = as_json({"token": token})
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/regions")
def regions() -> str:
    """The accepted regions with their keys, and every act of the anchor."""
    here = services()
    own, *others = trusted_regions(here.register.home)
    listing = here.verifier.recogniser.members.current()
    names = {one.code: one.name for one in (own, *others)}
    return render_template(
        "regions.html",
        own=_row(own),
        rows=[_row(one) for one in others],
        listing=listing,
        acts=[_act(one, names) for one in reversed(listing.history)] if listing else [],
    )


def _row(region: Region) -> RegionRow:
    tones: dict[str, Tone] = {"own": "good", "accepted": "good", "suspended": "warn", "ended": "idle"}
    return RegionRow(
        name=region.name,
        code=region.code,
        organisation=region.organisation,
        tone=tones[region.status],
        state=_text(region.status, since=region.since or "", state_from=region.state_from or ""),
        limits=tuple(_limit(name, value) for name, value in sorted(region.conditions.items())),
        address=region.address,
        contact=region.contact,
        keys=region.keys,
        roots=region.root_fingerprints,
        sample=region.sample,
    )


def _limit(name: str, value: Any) -> str:
    shown = (
        value["name"] if isinstance(value, dict) else "、".join(value) if isinstance(value, list) else value
    )
    return _text(f"limit_{name}", value=shown)


def _act(act: Any, names: Mapping[str, str]) -> Act:
    who = f"{act['code']} {names.get(act['code'], '')}".strip()
    text = _text(f"act_{act['act']}", code=who, day=act.get("from", ""))
    return Act(int(act["sequence"]), text)


def _by_code() -> bool:
    body = request.get_json(silent=True)
    return isinstance(body, dict) and bool(body.get("code"))


def _text(key: str, **data: str) -> str:
    return words(f"regions.{key}", **data)
