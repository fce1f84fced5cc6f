"""This region's own entry (地区条目): what other regions and verifiers need to know of it."""

from typing import Any

from registry.recognition.regions import sign_own_entry
from signing.credential.token import split
from web.services import Services


def region_entry(here: Services) -> dict[str, Any]:
    """The entry as a token signed with the entry key, and its content as plain JSON."""
    token = sign_own_entry(here.register.home)
    return {"entry": split(token)[1], "token": token}
