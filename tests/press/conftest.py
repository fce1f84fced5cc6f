"""Fixtures of the press tests: one demo authority, one plan, one finished certificate per session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from press_tools import MADE, MOMENT, TOKEN

from generator.certificate.cases import BY_NAME, portrait
from generator.certificate.face.face import CertificateFace
from generator.certificate.face.loading import load_face
from generator.certificate.parts import PressedCertificate
from generator.certificate.plan import PressPlan, make_plan
from generator.certificate.press import Press
from generator.layout.text.fonts import FontBook
from signing.authority.opening import Authority, demo_authority
from signing.cms.skeleton import SkeletonSigner
from signing.keys.certificate_key import certificate_key
from signing.seal import Seal, round_seal


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return demo_authority(tmp_path_factory.mktemp("authority") / "keys", at=MADE)


@pytest.fixture(scope="session")
def signer(authority: Authority) -> SkeletonSigner:
    return SkeletonSigner(certificate_key(authority))


@pytest.fixture(scope="session")
def seal() -> Seal:
    return round_seal("内蒙古自治区人力资源和社会保障厅", sample=True)


@pytest.fixture(scope="session")
def fonts() -> FontBook:
    return FontBook.default()


@pytest.fixture(scope="session")
def face() -> CertificateFace:
    return load_face()


@pytest.fixture(scope="session")
def plan(face: CertificateFace, seal: Seal) -> PressPlan:
    return make_plan(face, seal, sample=True)


@pytest.fixture(scope="session")
def press(plan: PressPlan, signer: SkeletonSigner) -> Press:
    return Press(plan, signer)


Make = Callable[[str], PressedCertificate]


@pytest.fixture(scope="session")
def make(press: Press) -> Make:
    """Press an invented case by its name; each is pressed once per session."""
    kept: dict[str, PressedCertificate] = {}

    def pressed(name: str) -> PressedCertificate:
        if name not in kept:
            case = BY_NAME[name]
            kept[name] = press.make(
                case.facts, case.marks, signed_at=MOMENT, credential=TOKEN, photo=portrait(case)
            )
        return kept[name]

    return pressed


@pytest.fixture(scope="session")
def saved(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of a pressed case."""
    folder = tmp_path_factory.mktemp("pressed")

    def path(name: str) -> Path:
        target = folder / f"{name}.pdf"
        if not target.exists():
            target.write_bytes(make(name).data)
        return target

    return path
