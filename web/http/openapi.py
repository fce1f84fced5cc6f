"""The OpenAPI document, completed: an example for every answer, the problem document for every error, the keys."""

import json
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from flask_openapi3 import OpenAPI
from flask_openapi3.models.security_scheme import SecurityScheme

from core.message import message
from web.http.problems import API_PREFIX, PROBLEM_TYPE

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "templates" / "web" / "api-examples.json"
KEY_SCHEME: Final = "key"
SECURITY: Final[dict[str, SecurityScheme | dict[str, Any]]] = {
    KEY_SCHEME: SecurityScheme(
        type="http", scheme="bearer", description="接口密钥，zk_ 开头；不带密钥的按访问地址限速"
    )
}
JSON: Final = "application/json"
ALWAYS: Final = ("400", "429", "500", "503")
WITH_KEY: Final = ("401", "403")
TAKING_FILES: Final = ("413", "415")
CODES: Final = {
    ("401", ""): "key_unknown",
    ("403", ""): "key_scope",
    ("404", "/api/v1/certificates/{code}"): "unknown_code",
    ("404", "/api/v1/queries"): "not_found",
    ("404", "/api/v1/log/proof"): "no_log_entry",
    ("404", "/api/v1/status-lists/{id}"): "no_status_list",
    ("413", "/api/v1/verifications"): "file_too_large",
    ("413", "/api/v1/recognitions"): "file_too_large",
    ("413", "/api/v1/bulk-checks"): "bulk_too_many",
    ("422", ""): "invalid",
}
"""Which problem stands as the example of a status, where it is not the general one of the status."""


INDEX: Final = "{% include 'api.html' %}"


@dataclass(frozen=True)
class Call:
    """One call as the page of the interface lists it."""

    method: str
    path: str
    summary: str


class Described(OpenAPI):
    """An application whose OpenAPI document is completed when it is first asked for, and has a page of this site."""

    def describe_page(self) -> None:
        """Let `/openapi/` be a page of this site instead of a list of viewers that are not installed."""
        self.config["OPENAPI_HTML_STRING"] = INDEX
        self.jinja_env.globals["api_calls"] = self.calls

    def calls(self) -> list[Call]:
        """Every call with its summary, in the order of the document."""
        paths = self.api_doc["paths"]
        return [
            Call(method.upper(), path, operation.get("summary", ""))
            for path, operations in paths.items()
            for method, operation in operations.items()
        ]

    def generate_spec_json(self) -> None:
        """Let flask-openapi3 describe the calls, then complete the description."""
        super().generate_spec_json()  # type: ignore[no-untyped-call]
        for path, operations in self.spec_json["paths"].items():
            for method, operation in operations.items():
                _complete(path, method, operation)


@cache
def examples() -> dict[str, Any]:
    """`method path` → what a call answers when all is well, and `… body` → what it is sent."""
    found: dict[str, Any] = json.loads(EXAMPLES.read_text("utf-8"))
    return found


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    body = operation.get("requestBody", {})
    wanted = list(ALWAYS)
    if path.startswith(API_PREFIX):
        operation["security"] = [{}, {KEY_SCHEME: []}]
        wanted += WITH_KEY
    if body:
        wanted += TAKING_FILES
    for status in wanted:
        answers.setdefault(status, {"description": HTTPStatus(int(status)).phrase})
    for status, answer in answers.items():
        if status >= "400":
            answer["content"] = {PROBLEM_TYPE: _problem(status, path)}
    good = answers["200"]["content"]
    next(iter(good.values()))["example"] = examples()[f"{method} {path}"]
    sent = examples().get(f"{method} {path} body")
    if sent is not None:
        kinds = body["content"]
        form = next(iter(kinds.values()))
        kinds.setdefault(JSON, {"schema": form["schema"]})["example"] = sent
    operation["responses"] = dict(sorted(answers.items()))


def _problem(status: str, path: str) -> dict[str, Any]:
    code = CODES.get((status, path)) or CODES.get((status, "")) or f"http{status}"
    example = {
        "type": "about:blank",
        "title": message("web", f"problems.{code}.title"),
        "status": int(status),
        "detail": message("web", f"problems.{code}.detail"),
        "code": code,
    }
    return {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
