"""The regions that the tests of recognition play with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recognition_regions import Region, verifier_of

from registry.model import Certificate
from registry.recognition.presenting import Presented, Recognition
from registry.verification.answers import Verification
from signing.trustlist import Anchor


@dataclass
class World:
    """A asks, B and C issue; the anchor stands apart."""

    folder: Path
    anchor: Anchor
    a: Region
    b: Region
    c: Region

    def file(self, region: Region, certificate: Certificate) -> Verification:
        """What A says of a PDF."""
        return self.data(region.pdf(certificate))

    def data(self, data: bytes) -> Verification:
        """What A says of any bytes."""
        with verifier_of(self.a) as verifier:
            return verifier.verify_file(data)

    def asked(self, **presented: str) -> Verification:
        """What A says of a code, credential or person."""
        with verifier_of(self.a) as verifier:
            return Recognition.of(verifier).decide(Presented(**presented))
