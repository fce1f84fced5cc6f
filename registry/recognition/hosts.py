"""Whose site an address leads to: a code out of a foreign address is looked up, and the foreign host is named."""

import re
from typing import Final
from urllib.parse import urlsplit

MAX_HOST: Final = 100
_PATH: Final = re.compile(r"/v/", re.IGNORECASE)
_HOST: Final = re.compile(r"[^\s/?#\\<>\"']+")


def host_of(text: str) -> str:
    """Host and port of a verification address, in small letters; empty for a bare code.

    What stands before an `@` is no host, however much it looks like one.
    """
    found = _PATH.search(text)
    if found is None:
        return ""
    before = text[: found.start()].strip().lower().replace("\\", "/")  # as browsers read it
    place = before.split("//", 1)[-1].split("/", 1)[0].rpartition("@")[2]
    match = _HOST.match(place)
    shown = match[0] if match else ""
    return "".join(one for one in shown if one.isprintable())[:MAX_HOST]


def host_of_site(address: str) -> str:
    """Host and port of a site's own address."""
    return urlsplit(address).netloc.lower()
