"""The OpenAPI document against the running application: examples are real, errors have one shape, nothing breaks it."""

from __future__ import annotations

import io
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from web_helpers import Issued

from records.sample import sample_batch

SHAPE = {"type", "title", "status", "detail", "code"}
PROBLEM = "application/problem+json"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/openapi/openapi.json").get_json()
    return found


def calls(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def keys(value: Any) -> Any:
    """The shape of an answer: keys all the way down, without values."""
    if isinstance(value, dict):
        return {key: keys(one) for key, one in value.items()}
    return [keys(value[0])] if isinstance(value, list) and value else None


def test_every_answer_of_every_call_has_an_example(document: dict[str, Any]) -> None:
    """Good answers by their own, errors by a problem document of the very status."""
    for method, path, operation in calls(document):
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                assert "example" in content, (method, path, status)
                if status >= "400":
                    assert kind == PROBLEM
                    assert set(content["example"]) == SHAPE
                    assert content["example"]["status"] == int(status)
        if operation.get("requestBody") and "application/json" in operation["requestBody"]["content"]:
            assert operation["requestBody"]["content"]["application/json"]["example"]


def test_the_examples_have_the_shape_of_real_answers(
    client: FlaskClient, issued: Issued, document: dict[str, Any]
) -> None:
    """Whoever programs against the examples is not surprised."""
    certificate = issued.certificates[0]
    person = sample_batch(12, 7).passed[0].person
    pdf = {"file": (io.BytesIO(issued.pdf(certificate)), "a.pdf")}
    query = {"name": person.name, "id_number": person.identity_number}
    rows = {
        "rows": [{"number": certificate.number, "name": certificate.facts.name, "proof": certificate.code}]
    }
    real = {
        ("get", "/api/v1/certificates/{code}"): client.get(f"/api/v1/certificates/{certificate.code}"),
        ("post", "/api/v1/verifications"): client.post("/api/v1/verifications", data=pdf),
        ("post", "/api/v1/queries"): client.post("/api/v1/queries", json=query),
        ("post", "/api/v1/bulk-checks"): client.post("/api/v1/bulk-checks", json=rows),
        ("post", "/api/v1/recognitions"): client.post(
            "/api/v1/recognitions", json={"code": certificate.code}
        ),
        ("post", "/api/v1/answers"): client.post(
            "/api/v1/answers", json={"nonce": "n" * 20, "code": certificate.code}
        ),
        ("get", "/api/v1/log/head"): client.get("/api/v1/log/head"),
        ("get", "/api/v1/log/proof"): client.get("/api/v1/log/proof?position=2"),
        ("get", "/api/v1/status-lists"): client.get("/api/v1/status-lists"),
        ("get", "/.well-known/zhicheng/region.json"): client.get("/.well-known/zhicheng/region.json"),
    }
    for (method, path), answer in real.items():
        assert answer.status_code == 200, (method, path, answer.text)
        example = document["paths"][path][method]["responses"]["200"]["content"]["application/json"][
            "example"
        ]
        assert keys(answer.get_json()) == keys(example), (method, path)


def test_every_error_of_every_call_is_a_problem_document(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    """Wrong method, body, content type, key or address: one shape, one media type, the status inside."""
    for method, path, operation in calls(document):
        address = path.format(code="A" * 26, id=999_999)
        answers = [client.delete(address), client.get(address + "/nothing/here")]
        if path.startswith("/api/"):
            answers.append(client.open(address, method=method, headers={"Authorization": "Bearer zk_x"}))
        if method == "post":
            answers += [
                client.post(address, data="{", content_type="application/json"),
                client.post(address, data="x", content_type="text/plain"),
                client.post(address, json={}),
                client.post(address, json=[1]),
                client.post(address, data={"file": "not a file"}),
                client.post(address, data=b"--x", content_type="multipart/form-data; boundary=x"),
            ]
        elif operation.get("parameters"):
            answers.append(client.get(address))
        for answer in answers:
            assert 400 <= answer.status_code < 500, (path, answer.status_code, answer.text)
            assert answer.mimetype == PROBLEM, (path, answer.status_code)
            body = answer.get_json()
            assert set(body) == SHAPE
            assert body["status"] == answer.status_code
            assert body["title"]
            assert body["detail"]
            assert str(answer.status_code) in operation["responses"] or answer.status_code in (404, 405)


CALLS = [
    ("GET", "/api/v1/certificates/{code}"),
    ("POST", "/api/v1/verifications"),
    ("POST", "/api/v1/queries"),
    ("POST", "/api/v1/bulk-checks"),
    ("POST", "/api/v1/recognitions"),
    ("POST", "/api/v1/answers"),
    ("POST", "/api/v1/exchanges"),
    ("GET", "/api/v1/log/head"),
    ("GET", "/api/v1/log/proof"),
    ("GET", "/api/v1/status-lists"),
    ("GET", "/api/v1/status-lists/{id}"),
    ("GET", "/.well-known/zhicheng/region.json"),
]


def test_the_calls_tried_below_are_all_there_are(document: dict[str, Any]) -> None:
    """A new call is tried as well."""
    assert sorted(CALLS) == sorted((method.upper(), path) for method, path, _ in calls(document))


@pytest.fixture(scope="module")
def described(app: Flask, issued: Issued) -> Any:
    """The document as Schemathesis reads it, with the identifiers of a certificate that there is among its values."""
    schema = schemathesis.openapi.from_wsgi("/openapi/openapi.json", app)
    person = sample_batch(12, 7).passed[0].person
    fields = schema.raw_schema["components"]["schemas"]
    for shape, field, value in (
        ("Query", "name", person.name),
        ("Query", "id_number", person.identity_number),
        ("RecognitionForm", "code", issued.certificates[0].code),
        ("AnswerBody", "code", issued.certificates[0].code),
    ):
        kept = fields[shape]["properties"][field]
        fields[shape]["properties"][field] = {"anyOf": [{"const": value}, kept]}
    code = schema.raw_schema["paths"]["/api/v1/certificates/{code}"]["get"]["parameters"][0]
    code["schema"] = {"anyOf": [{"const": issued.certificates[0].code}, code["schema"]]}
    return schema


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_no_input_makes_the_server_fail(described: Any, method: str, path: str) -> None:
    """Schemathesis tries what the document allows; no answer is a server error, every status is described."""
    operation = described[path][method]
    known = set(operation.definition.raw["responses"]) | {"405"}

    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def one(case: Any) -> None:
        answer = case.call()
        case.validate_response(answer, checks=[not_a_server_error])
        assert str(answer.status_code) in known

    one()
