"""The page of a certificate against the credential inside it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from generator.certificate.cases import CASES, SAMPLE_FACTS, Case
from generator.certificate.face.loading import load_face
from generator.certificate.press import Press
from registry.verification.page_check import CALLED
from signing.authority.opening import Authority, demo_authority
from signing.cms.skeleton import SkeletonSigner
from signing.credential.token import sign
from signing.keys.certificate_key import certificate_key
from signing.seal import round_seal
from signing.validate import Code, validate_isolated


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A demo authority made for this module."""
    return demo_authority(tmp_path_factory.mktemp("authority") / "keys")


@pytest.fixture(scope="module")
def press(authority: Authority) -> Press:
    """The press of the standard layout."""
    signer = SkeletonSigner(certificate_key(authority))
    return Press.of(load_face(), round_seal(authority.organisation), signer, sample=True)


def payload(case: Case) -> dict[str, object]:
    """The part of a credential that the page must show."""
    return {
        "v": 1,
        "iat": int(datetime.now(UTC).timestamp()),
        "number": case.marks.number,
        "holder": {"name": case.facts.name},
        "title": {"name": case.facts.title},
    }


def code_of(press: Press, authority: Authority, case: Case, said: dict[str, object]) -> tuple[Code, str]:
    """What the validator's child says of a pressed certificate with a credential inside."""
    token = sign(said, authority.service)
    data = press.make(case.facts, case.marks, signed_at=datetime.now(UTC), credential=token).data
    report = validate_isolated(data, authority.anchors, page_check=CALLED)
    return report.code, report.detail


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_kind_of_certificate_shows_what_its_credential_says(
    press: Press, authority: Authority, case: Case
) -> None:
    """Long names, two-line titles and rare characters too."""
    assert code_of(press, authority, case, payload(case)) == (Code.OK, "")


@pytest.mark.parametrize("path", ["number", "holder.name", "title.name"])
def test_another_text_on_the_page_is_noticed(press: Press, authority: Authority, path: str) -> None:
    """Our own signature over a page that says something else than the credential is no certificate."""
    case = CASES[0]
    said = payload(case)
    first, _, second = path.partition(".")
    said[first] = {second: f"{SAMPLE_FACTS.name}甲"} if second else "NM20251500202P999999"
    assert code_of(press, authority, case, said) == (Code.PAGE_DIFFERS, path)
