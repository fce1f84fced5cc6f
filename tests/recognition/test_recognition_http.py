"""The HTTP side: decisions, signed answers, status lists, log head and proofs, the page of regions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from recognition_regions import Region, anchor_in, fill, hand_out, new_region, take_in

from records.sample import Kind
from registry.certificates.status_lists import read_state
from registry.log.merkle import inclusion_holds, leaf_hash
from registry.model import State
from signing.authority.opening import open_authority
from signing.credential.token import TREE_HEAD_TYPE, verify
from web.app import create_app
from web.settings import WebSettings


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    folder = tmp_path_factory.mktemp("http")
    region, other = new_region(folder, "900011", "丁州"), new_region(folder, "900012", "戊州")
    fill(region, 3, Kind.GREEN, 21)
    anchor = anchor_in(folder / "anchor")
    take_in(anchor, other, {"levels": ["副高级"]})
    hand_out(anchor, region)
    return region


@pytest.fixture(scope="module")
def client(region: Region) -> Iterator[FlaskClient]:
    settings = WebSettings(
        rate_query="1000 per minute", rate_upload="1000 per minute", rate_result="1000 per minute"
    )
    with create_app(region.home, settings=settings).test_client() as client:
        yield client


def test_an_answer_is_signed_dated_and_bound_to_its_nonce(client: FlaskClient, region: Region) -> None:
    """By code, and by person; a wrong name and a wrong number give the same answer."""
    keyset = open_authority(region.home).keyset
    nonce = "0123456789abcdef"
    body = client.post("/api/v1/answers", json={"nonce": nonce, "code": region.certificates[0].code})
    payload = verify(body.get_json()["token"], keyset, "zhicheng-answer").payload
    assert (payload["nonce"], payload["found"], payload["state"]) == (nonce, True, "valid")
    nobody = {"nonce": nonce, "name": "查无此人", "id_number": "150101199001010000"}
    body = client.post("/api/v1/answers", json=nobody)
    payload = verify(body.get_json()["token"], keyset, "zhicheng-answer").payload
    assert payload.keys() == {"v", "iat", "iss", "nonce", "found"}
    assert client.post("/api/v1/answers", json={"nonce": "short"}).status_code == 422


def test_a_status_list_is_signed_and_cacheable(client: FlaskClient, region: Region) -> None:
    """Anybody can read the state of a position; an unchanged list is not sent twice."""
    assert client.get("/api/v1/status-lists").get_json() == {"lists": [1]}
    first = client.get("/api/v1/status-lists/1")
    position = region.certificates[0].list_position
    assert read_state(first.text, position, open_authority(region.home).keyset) is State.VALID
    assert "max-age" in first.headers["Cache-Control"]
    again = client.get("/api/v1/status-lists/1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    missing = client.get("/api/v1/status-lists/9")
    assert (missing.status_code, missing.get_json()["code"]) == (404, "no_status_list")


def test_the_log_proves_what_it_says(client: FlaskClient, region: Region) -> None:
    """The signed head and an inclusion proof fit together without this program's database."""
    head = client.get("/api/v1/log/head").get_json()
    signed = verify(head["token"], open_authority(region.home).keyset, TREE_HEAD_TYPE).payload
    assert (signed["size"], signed["root"]) == (head["size"], head["root"])
    proof = client.get(f"/api/v1/log/proof?position=0&size={head['size']}").get_json()
    path = [bytes.fromhex(one) for one in proof["path"]]
    root = bytes.fromhex(head["root"])
    assert inclusion_holds(leaf_hash(proof["leaf"].encode()), 0, head["size"], path, root)
    assert client.get("/api/v1/log/proof?old=1").get_json()["kind"] == "consistency"
    assert client.get("/api/v1/log/proof?position=100000").get_json()["code"] == "no_log_entry"
    assert client.get("/api/v1/log/proof").get_json()["code"] == "one_of_two"


def test_a_decision_is_given_for_a_file_and_for_json(
    client: FlaskClient, region: Region, tmp_path: Path
) -> None:
    """Own certificates too; nothing presented is a problem document."""
    from io import BytesIO

    certificate = region.certificates[0]
    upload = {"file": (BytesIO(region.pdf(certificate)), "a.pdf")}
    answer = client.post("/api/v1/recognitions", data=upload).get_json()
    assert (answer["verdict"], answer["recognition"]["code"]) == ("genuine", "usable")
    asked = {"region": "990001", "code": certificate.code, "level": "中级"}
    answer = client.post("/api/v1/recognitions", json=asked).get_json()
    assert (answer["recognition"]["code"], answer["recognition"]["reason"]) == (
        "reconfirm",
        "region_unknown",
    )
    empty = client.post("/api/v1/recognitions", json={})
    assert (empty.status_code, empty.get_json()["code"]) == (422, "nothing_presented")
    wrong = client.post("/api/v1/recognitions", json={"region": "x"})
    assert wrong.content_type == "application/problem+json"
    assert json.loads(wrong.text)["code"] == "invalid"


def test_the_page_of_regions_names_who_is_accepted_and_how_far(client: FlaskClient) -> None:
    """The public sees keys, limits and every act."""
    page = client.get("/regions").text
    for text in ("戊州", "限级别：副高级", "接纳 900012 戊州", "互认名单第 1 号"):
        assert text in page
