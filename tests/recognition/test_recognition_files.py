"""The issuing region is asked whether it knows the file: yes, no, or an answer of a release that does not say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from recognition_regions import Region, anchor_in, answering, fill, hand_out, new_region, take_in, verifier_of

from records.sample import Kind
from registry.clock import now
from registry.recognition.answering import ANSWER_TYPE, Question, answer
from registry.register import Register
from registry.verification.answers import FileCode, Verdict, Verification
from signing.authority.opening import open_authority
from signing.credential.token import sign
from signing.pades.configured import renewal


@pytest.fixture(scope="module")
def regions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Region, Region]:
    """One that asks and one that issued."""
    folder = tmp_path_factory.mktemp("files")
    here, there = new_region(folder, "900031", "辛州"), new_region(folder, "900032", "壬州")
    there.home.config.write_text(
        there.home.config.read_text("utf-8") + '\n[signing]\ntsa = "local"\n', "utf-8"
    )
    fill(there, 2, Kind.GREEN, 41)
    anchor = anchor_in(folder / "anchor")
    take_in(anchor, there)
    hand_out(anchor, here)
    return here, there


def _own_answer(region: Region, body: bytes) -> bytes:
    asked = json.loads(body)
    with Register.open(region.home) as register:
        token = answer(register, open_authority(region.home).service, Question(**asked))
    return json.dumps({"token": token}).encode()


def _old_answer(region: Region, body: bytes, sha256: str | None) -> bytes:
    """What a release before this one says: the hash as issued (or another), nothing about the file asked for."""
    asked = json.loads(body)
    certificate = next(one for one in region.certificates if one.code == asked["code"])
    said: dict[str, Any] = {
        "iat": int(now().timestamp()),
        "iss": region.code,
        "nonce": asked["nonce"],
        "found": True,
        "state": "valid",
        "number": certificate.number,
        "sha256": sha256 or certificate.sha256,
        "credential": certificate.credential,
    }
    key = open_authority(region.home).service
    return json.dumps({"token": sign(said, key, ANSWER_TYPE)}).encode()


def _said(here: Region, data: bytes) -> Verification:
    with verifier_of(here) as verifier:
        return verifier.verify_file(data)


def _extended(there: Region, data: bytes) -> bytes:
    """Rightly archived by somebody, registered by nobody."""
    found = renewal(there.home)(data, datetime.max.replace(tzinfo=UTC))
    assert found is not None
    return found


def test_the_issuing_region_knows_the_file(regions: tuple[Region, Region]) -> None:
    """Then it is the registered one, as in the own register."""
    here, there = regions
    with answering(there.port, lambda body: _own_answer(there, body)):
        found = _said(here, there.pdf(there.certificates[0]))
    assert (found.verdict, found.file.code) == (Verdict.GENUINE, FileCode.REGISTERED)


def test_the_issuing_region_does_not_know_the_file(regions: tuple[Region, Region]) -> None:
    """A sound signature over other bytes is tampering there as here, and may not be used."""
    here, there = regions
    with answering(there.port, lambda body: _own_answer(there, body)):
        found = _said(here, _extended(there, there.pdf(there.certificates[0])))
    assert (found.verdict, found.file.code, found.file.reason) == (
        Verdict.TAMPERED,
        FileCode.TAMPERED,
        "not_registered",
    )
    assert str(found.recognition.reason) == "tampered"


@pytest.mark.parametrize("same", [True, False])
def test_an_older_release_does_not_say(regions: tuple[Region, Region], same: bool) -> None:
    """Its answer names the file as issued; about another one it could not be asked, and that is said."""
    here, there = regions
    with answering(there.port, lambda body: _old_answer(there, body, None if same else "0" * 64)):
        found = _said(here, there.pdf(there.certificates[1]))
    assert (found.verdict, found.file.code) == (
        Verdict.GENUINE,
        FileCode.REGISTERED if same else FileCode.INTACT,
    )
    assert same or "未能" in found.file.message


def test_offline_the_answer_says_that_nobody_could_be_asked(regions: tuple[Region, Region]) -> None:
    """The region does not answer: the signature is what there is, and the sentence says so."""
    here, there = regions
    found = _said(here, there.pdf(there.certificates[0]))
    assert found.file.code is FileCode.INTACT
    assert "未能向登记机关核对" in found.file.message
