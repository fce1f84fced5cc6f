"""Public pages and the API on an empty register: shapes of answers, refusals, headers."""

import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from core.settings import Home
from registry.audit.alarms import alarm
from registry.settings import RegistrySettings
from web.app import create_app
from web.http.security import HEADERS
from web.settings import WebSettings

UNKNOWN = "ABCDEFGHIJKLMNOPQRSTUVWX23"
PAGES = ["/", "/about", f"/v/{UNKNOWN}", "/nope"]
MACHINE = [
    ("GET", f"/api/v1/certificates/{UNKNOWN}", 404, "unknown_code"),
    ("GET", "/api/v1/certificates/short", 404, "unknown_code"),
    ("GET", "/api/v1/nope", 404, "http404"),
    ("PUT", "/api/v1/queries", 405, "http405"),
    ("POST", "/api/v1/queries", 422, "invalid"),
    ("POST", "/api/v1/verifications", 422, "invalid"),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    home = Home(tmp_path_factory.mktemp("web") / "home")
    app = create_app(home, settings=WebSettings(max_file_mb=1, max_files=3, rate_query="1000 per minute"))
    return app.test_client()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    """No page may be framed, sniffed or run a script of somebody else."""
    response = client.get(path)
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_inline_script_or_style_and_no_foreign_address(client: FlaskClient, path: str) -> None:
    """The content security policy would block them, and the site must work without the network."""
    text = client.get(path).text
    assert "<style" not in text
    assert " style=" not in text
    assert "<script>" not in text
    assert "onclick" not in text
    for part in text.split('="http')[1:]:
        assert part.startswith(("://127.0.0.1", "s://127.0.0.1"))


@pytest.mark.parametrize(("method", "path", "status", "code"), MACHINE)
def test_every_api_error_is_a_problem_document(
    client: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    """RFC 9457: one shape for all errors, with a stable code."""
    response = client.open(path, method=method)
    body = response.get_json()
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert set(body) == {"type", "title", "status", "detail", "code"}
    assert (body["status"], body["code"]) == (status, code)


def test_an_unknown_code_is_answered_with_three_answers_and_no_guess(client: FlaskClient) -> None:
    """The page says what is not known and never calls it genuine."""
    response = client.get(f"/v/{UNKNOWN.lower()}")
    assert response.status_code == 404
    assert "查无此证" in response.text
    assert "证书真实有效" not in response.text
    assert response.text.count("<h2>") >= 3


def test_a_typed_code_or_pasted_address_leads_to_the_result(client: FlaskClient) -> None:
    """Blanks, hyphens, small letters and the whole address are understood; nothing else is followed."""
    for typed in (UNKNOWN.lower(), f"https://localhost/V/{UNKNOWN}", "ABCDE FGHIJ-KLMNO PQRST UVWX23"):
        response = client.get("/open", query_string={"code": typed})
        assert response.status_code == 303
        assert response.headers["Location"] == f"/v/{UNKNOWN}"
    assert client.get("/open", query_string={"code": "//evil.example/"}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("https://evil.example/v/{}", "evil.example"),
        ("HTTP://EVIL.EXAMPLE:8443/V/{}", "evil.example:8443"),
        ("evil.example/v/{}", "evil.example"),
        ("//evil.example/v/{}", "evil.example"),
        ("https://localhost@evil.example/v/{}", "evil.example"),
        ("https://localhost:80@evil.example/a/v/{}", "evil.example"),
        ("https:\\\\evil.example\\v/v/{}", "evil.example"),
        ("https://localhost.evil.example/v/{}", "localhost.evil.example"),
        ("https://证书.example/v/{}", "证书.example"),
    ],
)
def test_a_code_from_a_foreign_address_names_the_host_and_warns(
    client: FlaskClient, typed: str, host: str
) -> None:
    """Nobody is led on without a word; one step more leads to what this site knows of the code."""
    answer = client.get("/open", query_string={"code": typed.format(UNKNOWN)})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (422, "no-store")
    assert f"网址指向 {host}，不是本站" in answer.text
    assert f'href="/v/{UNKNOWN}"' in answer.text
    asked = client.post("/api/v1/recognitions", json={"code": typed.format(UNKNOWN)}).get_json()
    assert (asked["warning"]["code"], asked["warning"]["host"]) == ("foreign_host", host)
    assert host in asked["warning"]["message"]


def test_a_bare_code_draws_no_warning(client: FlaskClient) -> None:
    """Nor does the address that this site's own QR codes hold."""
    own = RegistrySettings().public_url
    for typed in (UNKNOWN, f"{own}/v/{UNKNOWN}".upper()):
        assert "warning" not in client.post("/api/v1/recognitions", json={"code": typed}).get_json()
        assert client.get("/open", query_string={"code": typed}).status_code == 303


def test_the_answer_to_a_query_is_the_same_whatever_did_not_match(client: FlaskClient) -> None:
    """Nobody learns whether a name or a number exists."""
    first = client.post("/api/v1/queries", json={"name": "张三", "id_number": "150101199001010001"})
    second = client.post(
        "/api/v1/queries", json={"name": "李四", "id_number": "1501", "number": "NM20251500105P00012X"}
    )
    assert (first.status_code, first.get_json()) == (second.status_code, second.get_json())
    assert first.status_code == 404


@pytest.mark.parametrize(
    ("count", "size", "code"), [(1, 1024 * 1024 + 1, "文件太大"), (4, 10, "文件太多"), (0, 0, "没有收到文件")]
)
def test_uploads_beyond_the_limits_are_refused_with_a_sentence(
    client: FlaskClient, count: int, size: int, code: str
) -> None:
    """Too large, too many, none."""
    files = [(io.BytesIO(b"x" * size), f"{number}.pdf") for number in range(count)]
    response = client.post("/verify", data={"file": files}, content_type="multipart/form-data")
    assert response.status_code in (413, 422)
    assert code in response.text
    response.request.environ["wsgi.input"].close()


def test_a_body_larger_than_any_upload_is_cut_off_before_it_is_parsed(client: FlaskClient) -> None:
    """The server does not read gigabytes."""
    response = client.post(
        "/api/v1/verifications", data=b"x" * (5 * 1024 * 1024), content_type="multipart/form-data; boundary=x"
    )
    assert (response.status_code, response.get_json()["code"]) == (413, "http413")


def test_a_form_sent_by_another_site_is_refused(client: FlaskClient) -> None:
    """The browser names the sender; only this site may send forms here."""
    data = {"name": "张三", "id_number": "150101199001010001"}
    assert client.post("/query", data=data, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/query", data=data, headers={"Origin": "http://localhost"}).status_code == 404


def test_too_many_requests_are_refused_as_a_problem_with_a_time_to_wait(tmp_path: Path) -> None:
    """The limit counts per visitor address and says when to come back."""
    app = create_app(Home(tmp_path / "home"), settings=WebSettings(rate_query="2 per hour"))
    client = app.test_client()
    codes = [
        client.post("/api/v1/queries", json={"name": "张三", "id_number": "1501"}).status_code
        for _ in range(3)
    ]
    assert codes == [404, 404, 429]


def test_who_asks_too_much_on_a_page_reads_how_long_to_wait(tmp_path: Path) -> None:
    """In words; the header says the same to programs."""
    app = create_app(Home(tmp_path / "home"), settings=WebSettings(rate_query="1 per hour"))
    client = app.test_client()
    for _ in range(2):
        answer = client.post("/query", data={"name": "张三", "id_number": "1501"})
    assert answer.status_code == 429
    minutes = re.search(r"请等 (\d+) 分钟再试", answer.text)
    assert minutes
    assert (int(minutes[1]) - 1) * 60 < int(answer.headers["Retry-After"]) <= int(minutes[1]) * 60 + 1


@pytest.mark.parametrize(
    "typed",
    [
        UNKNOWN.lower(),
        UNKNOWN.replace("O", "0").replace("I", "1").replace("B", "8"),
        " ".join(UNKNOWN),
        f"localhost/v/{UNKNOWN}/",
    ],
)
def test_a_typed_code_leads_to_its_page_whatever_hands_make_of_it(client: FlaskClient, typed: str) -> None:
    """Digits that no code has stand for the letters that look like them."""
    answer = client.get("/open", query_string={"code": typed})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/v/{UNKNOWN}")


@pytest.mark.parametrize("typed", ["", "x", UNKNOWN[:-1], f"{UNKNOWN}A", f"{UNKNOWN[:-1]}9", "你好"])
def test_half_a_code_is_not_taken_for_a_forged_certificate(client: FlaskClient, typed: str) -> None:
    """The page says what a code looks like, not that the certificate is unknown."""
    answer = client.get("/open", query_string={"code": typed})
    assert answer.status_code == 404
    assert "核验码没有输对" in answer.text
    assert "不要采信" not in answer.text


@pytest.mark.parametrize(
    ("path", "words", "way"),
    [("/query", "不能直接打开", 'href="/"'), ("/office/nope", "“批次”或“查找”", 'href="/office/"')],
)
def test_an_error_page_says_what_to_do_and_leads_on(
    client: FlaskClient, path: str, words: str, way: str
) -> None:
    """Back to the home page, or to the workspace for whoever came from there."""
    page = client.get(path).text
    assert words in page
    assert f'<a class="button plain" {way}' in page


def test_operation_end_points_answer(client: FlaskClient) -> None:
    """A balancer asks /healthz and /readyz, a monitor /metrics."""
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ready"}
    assert "zhicheng_requests_total" in client.get("/metrics").text
    alarm("tried", "by a test")
    assert 'zhicheng_alarms_total{kind="tried"} 1.0' in client.get("/metrics").text


def test_the_region_entry_is_signed_with_a_key_that_it_publishes(client: FlaskClient) -> None:
    """Another region can check the entry with nothing but its key set."""
    from signing.credential.token import REGION_TYPE, verify
    from signing.keys.service_key import KeySet

    body = client.get("/.well-known/zhicheng/region.json").get_json()
    accepted = verify(body["token"], KeySet.from_jwks(body["entry"]["entry_jwks"]), REGION_TYPE)
    assert {**accepted.payload, **body["entry"]} == accepted.payload
    assert body["entry"]["code"] == "150000"


def test_the_openapi_document_names_every_api_path(client: FlaskClient) -> None:
    """Programs find all calls described, with a problem document for errors."""
    document = client.get("/openapi/openapi.json").get_json()
    rules = {
        re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule)
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert rules <= set(document["paths"])
    for path in rules:
        for operation in document["paths"][path].values():
            assert {"429", "500"} <= set(operation["responses"])


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("https://fake.example/V/{code}", "fake.example"),
        ("HTTPS://FAKE.EXAMPLE:8443/V/{code}", "fake.example:8443"),
        ("fake.example/v/{code}", "fake.example"),
        ("https://localhost@fake.example/V/{code}", "fake.example"),
    ],
)
def test_an_address_of_another_site_is_named_and_not_followed(
    client: FlaskClient, given: str, host: str
) -> None:
    """A warning with the host in it; the register is not asked (its code was looked up here without a word)."""
    answer = client.get("/open", query_string={"code": given.format(code=UNKNOWN)})
    assert answer.status_code == 422
    assert f"网址指向 {host}，不是本站" in answer.text
    assert 'class="verdict warn"' in answer.text


def test_an_address_of_this_site_is_followed(client: FlaskClient) -> None:
    """By the name it was asked under, or the public one, in any case of letters."""
    for address in ("http://localhost", "HTTP://127.0.0.1:8765"):
        answer = client.get("/open", query_string={"code": f"{address}/V/{UNKNOWN}"})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/v/{UNKNOWN}")
