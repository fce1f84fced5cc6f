"""What a person has to settle: the case names the region that was decided about, however the certificate was presented."""

from __future__ import annotations

import json
from functools import partial
from io import BytesIO

import pytest
from recognition_regions import Region, anchor_in, answering, fill, hand_out, new_region, take_in

from records.sample import Kind
from registry.clock import now
from registry.recognition.answering import ANSWER_TYPE
from registry.recognition.cases.store import list_cases
from registry.register import Register
from signing.authority.opening import open_authority
from signing.credential.token import CREDENTIAL_TYPE, sign, split
from web.app import create_app


@pytest.fixture(scope="module")
def regions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Region, Region]:
    folder = tmp_path_factory.mktemp("handing")
    here, there = new_region(folder, "900021", "己州"), new_region(folder, "900022", "庚州")
    fill(there, 3, Kind.GREEN, 31)
    anchor = anchor_in(folder / "anchor")
    take_in(anchor, there)
    hand_out(anchor, here)
    return here, there


def answer_with_another_title(region: Region, body: bytes) -> bytes:
    """The region's own signed answer, whose register holds another title than the file shows."""
    key = open_authority(region.home).service
    asked = json.loads(body)
    certificate = next(one for one in region.certificates if one.code in asked["code"])
    payload = dict(split(certificate.credential)[1])
    payload["title"] = {**payload["title"], "name": "另一职称"}
    said = {
        "iat": int(now().timestamp()),
        "iss": region.code,
        "nonce": asked["nonce"],
        "found": True,
        "state": "valid",
        "number": certificate.number,
        "credential": sign(payload, key, CREDENTIAL_TYPE),
    }
    return json.dumps({"token": sign(said, key, ANSWER_TYPE)}).encode()


@pytest.mark.parametrize("presented", ["file", "address", "credential"])
def test_a_case_names_the_region_that_was_decided_about(
    regions: tuple[Region, Region], presented: str
) -> None:
    """No field `region` is given: the file, the QR code's address or the credential tells."""
    here, there = regions
    place = ("file", "address", "credential").index(presented)
    certificate = there.certificates[place]
    data = {
        "file": {"file": (BytesIO(there.pdf(certificate)), "a.pdf")},
        "address": {"code": f"http://127.0.0.1:{there.port}/v/{certificate.code}", "name": "王五"},
        "credential": {"credential": certificate.credential},
    }[presented]
    respond = partial(answer_with_another_title, there)
    with create_app(here.home).test_client() as client, answering(there.port, respond):
        answer = client.post("/api/v1/recognitions", data=data).get_json()
    assert answer["recognition"]["reason"] == "mismatch"
    with Register.open(here.home) as register:
        newest = list_cases(register, only_open=True)[0].applicant
    assert (newest.region, newest.number) == (there.code, certificate.number)
