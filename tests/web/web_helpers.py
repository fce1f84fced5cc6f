"""What the web tests share: an issued batch and who issued it."""

from dataclasses import dataclass
from pathlib import Path

from core.settings import Home
from registry.log.events import Actor
from registry.model import Certificate

PEOPLE = 12
ACTOR = Actor("测试员", channel="test")


@dataclass(frozen=True)
class Issued:
    """An issued batch: its home, certificates in the order of the batch, and where their files are."""

    home: Home
    certificates: tuple[Certificate, ...]
    files: Path

    def pdf(self, certificate: Certificate) -> bytes:
        """The file that was handed out."""
        return (self.files / f"{certificate.number}.pdf").read_bytes()
