"""What everybody may check for himself: signed status lists, the log's signed head, inclusion and consistency proofs."""

from typing import Final

from flask import Response, request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from registry.certificates.status_lists import list_ids, status_list
from registry.errors import LogEntryUnknown, StatusListUnknown
from registry.log import tree_heads
from registry.log.openings import opened_by_code, opened_by_file
from registry.register import Register
from web.api.certificates import PROBLEMS
from web.http.limits import limiter, result_limit
from web.http.problems import Problem, as_json, problem
from web.services import services

TAG: Final = Tag(name="公开", description="状态名单和登记日志：任何人都可以自行核对")
LIST_TYPE: Final = "application/jwt"
HEAD_MAX_AGE_S: Final = 60
BIG: Final = 2**63 - 1

api = APIBlueprint("transparency", __name__, abp_tags=[TAG], abp_responses=PROBLEMS)


class ListPath(BaseModel):
    """The number in the address."""

    id: int = Field(ge=1, le=10**9, description="名单号，从 1 起")


class ListIndex(BaseModel):
    """Numbers of all lists."""

    lists: list[int]


class HeadShape(BaseModel):
    """A signed tree head."""

    size: int
    root: str
    signed_at: str
    token: str


class ProofQuery(BaseModel):
    """Inclusion by `position`, or consistency from `old`; `size` is the later tree, by default all of it.

    Whoever gives `code` or `sha256` gets the leaf opened, and needs no position for the event of issue.
    """

    position: int | None = Field(default=None, ge=0, le=BIG, description="事件的位置：包含证明")
    old: int | None = Field(default=None, ge=0, le=BIG, description="较早的大小：一致性证明")
    size: int | None = Field(default=None, ge=0, le=BIG, description="树的大小，默认全部")
    code: str | None = Field(default=None, max_length=60, description="核验码：持有者可见事件原文")
    sha256: str | None = Field(
        default=None, pattern="^[0-9a-f]{64}$", description="文件的 SHA-256：持有者可见事件原文"
    )


class ProofShape(BaseModel):
    """A proof after RFC 6962; hashes are hexadecimal."""

    kind: str = Field(description="inclusion、consistency")
    path: list[str]
    position: int | None = None
    size: int | None = None
    root: str | None = None
    leaf: str | None = Field(
        default=None, description="日志所哈希的内容：时间和承诺值；旧版事件只给出 leaf_hash"
    )
    opening: str | None = Field(
        default=None, description="事件原文，其 SHA-256 即承诺值；只给出示核验码或文件哈希的人"
    )
    leaf_hash: str | None = None
    old: int | None = None
    new: int | None = None
    old_root: str | None = None
    new_root: str | None = None


@api.get("/api/v1/status-lists", summary="全部状态名单的编号", responses={200: ListIndex})
@limiter.limit(result_limit)
def lists() -> Response:
    """Which lists there are."""
    return as_json({"lists": list(list_ids(services().register))})


@api.get(
    "/api/v1/status-lists/<int:id>",
    summary="一份签名的状态名单（紧凑 JWS）",
    responses={
        200: {"description": "签名的状态名单", "content": {LIST_TYPE: {"schema": {"type": "string"}}}},
        304: {"description": "内容未变"},
        404: Problem,
    },
)
@limiter.limit(result_limit)
def one_list(path: ListPath) -> Response:
    """The list as it is now; the entity tag is over its content, so an unchanged list costs nothing."""
    here = services()
    try:
        found = status_list(here.register, path.id, here.authority.service)
    except StatusListUnknown:
        return problem(404, "no_status_list")
    response = Response(found.token, content_type=LIST_TYPE)
    response.set_etag(found.etag)
    response.headers["Cache-Control"] = f"public, max-age={found.max_age}"
    response.make_conditional(request)
    return response


@api.get("/api/v1/log/head", summary="登记日志的签名日志头", responses={200: HeadShape})
@limiter.limit(result_limit)
def head() -> Response:
    """The present head, signed once per state of the log."""
    here = services()
    response = as_json(tree_heads.sign_head(here.register, here.authority.service).as_dict())
    response.headers["Cache-Control"] = f"public, max-age={HEAD_MAX_AGE_S}"
    return response


@api.get(
    "/api/v1/log/proof",
    summary="包含证明或一致性证明",
    responses={200: ProofShape, 404: Problem, 422: Problem},
)
@limiter.limit(result_limit)
def proof(query: ProofQuery) -> Response:
    """Exactly one of `position` and `old` must be given, or who asks shows code or file."""
    register = services().register
    try:
        opened = _opened(register, query)
        if query.old is None and (query.position is not None or opened is not None):
            return as_json({"kind": "inclusion", **_inclusion(register, query, opened or ()).as_dict()})
        if query.old is not None and query.position is None:
            consistency = tree_heads.prove_consistency(register, query.old, query.size)
            return as_json({"kind": "consistency", **consistency.as_dict()})
    except LogEntryUnknown:
        return problem(404, "no_log_entry")
    return problem(422, "one_of_two")


def _opened(register: Register, query: ProofQuery) -> tuple[int, ...] | None:
    """Positions that the visitor may see open; None when he shows neither code nor file."""
    if query.code is not None:
        return opened_by_code(register, query.code)
    return None if query.sha256 is None else opened_by_file(register, query.sha256)


def _inclusion(register: Register, query: ProofQuery, opened: tuple[int, ...]) -> tree_heads.InclusionProof:
    """The proof of the position, by default that of the first event that is open; closed to everybody else."""
    position = query.position if query.position is not None else next(iter(opened), None)
    if position is None:
        raise LogEntryUnknown(position="", size=query.size or "")
    found = tree_heads.prove_inclusion(register, position, query.size)
    return found if position in opened else found.closed
