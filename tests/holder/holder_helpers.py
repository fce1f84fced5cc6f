"""What the tests of holders' and employers' pages share."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings import Home
from registry.log.events import Actor
from registry.model import Certificate
from web.settings import WebSettings

RARE_NAME = "王𬱖"
ACTOR = Actor("测试员", channel="test")
GENEROUS = WebSettings(
    rate_query="10000 per minute",
    rate_upload="10000 per minute",
    rate_result="10000 per minute",
    rate_bulk="10000 per minute",
    rate_misses="10000 per minute",
)


@dataclass(frozen=True)
class Holder:
    """One person: what he types to sign in, and his certificate."""

    name: str
    id_number: str
    pickup: str
    certificate: Certificate
    pdf: bytes

    @property
    def form(self) -> dict[str, str]:
        """The sign-in form."""
        return {"name": self.name, "id_number": self.id_number, "pickup": self.pickup}


@dataclass(frozen=True)
class House:
    """The home folder and its people; the first has a rare character in the name."""

    home: Home
    holders: tuple[Holder, ...]
