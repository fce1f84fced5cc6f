"""Pressed certificates above B-B: time-stamps in the CMS, archives behind, never anything weaker."""

from datetime import datetime

import pytest

from generator.certificate.cases import SAMPLE_FACTS, SAMPLE_MARKS
from generator.certificate.loading import load_face
from generator.certificate.parts import DigestSigner
from generator.certificate.press import Press
from signing.authority import Authority
from signing.configured import certificate_finisher, certificate_signer
from signing.errors import TimestampFailed
from signing.seal import round_seal
from signing.settings import Level, SigningSettings
from signing.validate import Code, validate


@pytest.mark.parametrize(
    ("level", "reached"), [("B-B", "B-B"), ("B-T", "B-T"), ("B-LT", "B-LTA"), ("B-LTA", "B-LTA")]
)
def test_the_press_reaches_the_configured_level(
    authority: Authority, now: datetime, level: str, reached: str
) -> None:
    """Genuine, and of at least the level that the settings name."""
    settings = SigningSettings(level=Level(level), tsa="none" if level == "B-B" else "local")
    signer = certificate_signer(settings, authority)
    assert isinstance(signer, DigestSigner)
    press = Press.of(load_face(), round_seal(authority.organisation), signer, sample=True)
    pressed = press.make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=now)
    report = validate(certificate_finisher(settings, authority)(pressed.data), authority.anchors)
    assert (report.code, report.level) == (Code.OK, reached)


def test_without_an_answer_no_certificate_is_made(authority: Authority, now: datetime) -> None:
    """The authority is out of reach: the press raises, the record waits."""
    settings = SigningSettings(
        level=Level.B_T, tsa="rfc3161", tsa_urls=("http://127.0.0.1:9/",), tsa_timeout_seconds=0.2
    )
    press = Press.of(
        load_face(), round_seal(authority.organisation), certificate_signer(settings, authority), sample=True
    )
    with pytest.raises(TimestampFailed):
        press.make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=now)
