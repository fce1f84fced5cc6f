"""Who asks (查询单位): an organisation may say who it is and what for, and the holder then sees it.

A form's words are the visitor's own; a key (`web.api.api_keys`) proves the organisation. Nobody has to say anything, and
the answer is the same either way.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import request

from core.message import DEFAULT_LANGUAGE, message
from registry.model import Certificate
from registry.privacy.inquiries import MOST_NAME, MOST_PURPOSE, Channel, note_inquiries
from web.api.api_keys import caller
from web.services import services

ORGANISATION: Final = "organisation"
PURPOSE: Final = "purpose"


@dataclass(frozen=True)
class Inquirer:
    """Who asks and what for, as the holder will read it."""

    organisation: str
    purpose: str
    proved: bool = False


def inquirer() -> Inquirer | None:
    """Who asks, by key or by the two fields of a form; None for a visitor who does not say."""
    by_key = caller()
    if by_key is not None:
        return Inquirer(by_key.organisation, _text("by_key"), proved=True)
    name = _given(ORGANISATION, MOST_NAME)
    return Inquirer(name, _given(PURPOSE, MOST_PURPOSE) or _text("unsaid")) if name else None


def note(found: Iterable[Certificate | None], channel: Channel) -> bool:
    """Record for the holders of certificates of this register that they were looked up; whether anything was."""
    asking = inquirer()
    own = [one for one in found if one is not None and one.id > 0]
    if asking is None or not own:
        return False
    here = services().register
    way = Channel.KEY if asking.proved else channel
    note_inquiries(here, own, organisation=asking.organisation, purpose=asking.purpose, channel=way)
    return True


def _given(field: str, most: int) -> str:
    text = " ".join(request.form.get(field, "").split())
    return "".join(one for one in text if one.isprintable())[:most]


def _text(key: str) -> str:
    return message("web", f"inquiry.{key}", DEFAULT_LANGUAGE)
