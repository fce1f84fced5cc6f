"""No forged credential, and nothing false beside a true one, is genuine or usable at the recognitions interface."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from hostile_credentials import LIES, Lie, Theft

from core.settings import Home
from records.sample import Kind, sample_batch
from registry.issuing.run import issue
from registry.log.events import Actor
from registry.register import Register
from signing.authority.opening import open_authority
from web.app import create_app
from web.settings import WebSettings
from zhicheng import cli


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with three certificates."""
    folder = tmp_path_factory.mktemp("credentials")
    home = Home(folder / "home")
    with Register.open(home) as register:
        issue(
            register, sample_batch(3, 6, kind=Kind.GREEN), folder / "out", actor=Actor("测试员", "test", "t")
        )
    return home


@pytest.fixture(scope="module")
def theft(home: Home) -> Theft:
    """Two certificates and the region's key."""
    with Register.open(home) as register:
        own, other = register.lookup.by_id(1), register.lookup.by_id(2)
    assert own
    assert other
    return Theft(own, other, open_authority(home).service)


@pytest.fixture(scope="module")
def client(home: Home) -> Iterator[FlaskClient]:
    """The site."""
    settings = WebSettings(rate_upload="1000 per minute", rate_query="1000 per minute")
    with create_app(home, settings=settings).test_client() as client:
        yield client


@pytest.mark.parametrize("one", LIES, ids=lambda one: one.name)
def test_it_is_neither_genuine_nor_usable(one: Lie, theft: Theft, client: FlaskClient) -> None:
    """The verdict is the expected one, nothing may be used, and nothing of the certificate is told."""
    answer = client.post("/api/v1/recognitions", json=one.build(theft)).get_json()
    assert answer["verdict"] == one.verdict
    assert answer["recognition"]["code"] in ("not_usable", "undecided", "reconfirm")
    assert answer["recognition"]["message"]
    assert answer["register"]["facts"] is None


def test_there_are_many_and_each_says_what_it_does() -> None:
    """Each under its own name."""
    assert len(LIES) >= 25
    assert len({one.name for one in LIES}) == len(LIES)
    assert all(one.what for one in LIES)


@pytest.mark.parametrize("more", [(), ("number",), ("name",), ("code", "number", "name", "region")])
def test_the_true_credential_with_true_words_beside_it_is_genuine(
    more: tuple[str, ...], theft: Theft, client: FlaskClient
) -> None:
    """However much is said beside it, and in whatever spelling a person types."""
    own = theft.own
    said = {
        "number": f" {own.number[:6].lower()} {own.number[6:]}",
        "name": own.facts.name,
        "code": own.code.lower(),
        "region": theft.payload["iss"],
    }
    asked = {"credential": f" {own.credential}\n", **{name: said[name] for name in more}}
    answer = client.post("/api/v1/recognitions", json=asked).get_json()
    assert (answer["verdict"], answer["recognition"]["code"]) == ("registered", "usable")


def test_the_reason_is_told_in_words_and_codes(theft: Theft, client: FlaskClient) -> None:
    """A refused credential names its fault, a difference its fields."""
    forged = client.post("/api/v1/recognitions", json={"credential": theft.own.credential[:-4] + "AAAA"})
    assert forged.get_json()["file"]["reason"] == "token_signature_wrong"
    assert "机读凭证不成立" in forged.get_json()["file"]["message"]
    differing = {"code": theft.own.code, "name": "张三", "number": theft.other.number}
    found = client.post("/api/v1/recognitions", json=differing).get_json()["recognition"]
    assert (found["result"], found["differences"]) == ("MISMATCH", ["number", "name"])
    assert "证书编号、姓名" in found["message"]


@pytest.mark.parametrize(
    "name", [one.name for one in LIES if one.verdict == "tampered" and one.name != "without_a_code"]
)
def test_the_command_line_does_not_believe_it_either(
    name: str, theft: Theft, home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """`credential verify` with the published keys: exit code 1."""
    folder = tmp_path_factory.mktemp("offline")
    (folder / "keys.json").write_text(json.dumps(open_authority(home).keyset.as_jwks()))
    lie = next(one for one in LIES if one.name == name)
    (folder / "a.jwt").write_text(lie.build(theft)["credential"])
    arguments = ["credential", "verify", str(folder / "a.jwt"), "--keys", str(folder / "keys.json"), "--json"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 1
    assert json.loads(done.output)["valid"] is False
