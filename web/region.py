"""This region's own entry (地区条目): what other regions and verifiers need to know of it."""

from base64 import b64encode
from typing import Any, Final

from signing.credential import REGION_TYPE, sign
from web.services import Services

ENTRY_VERSION: Final = 1


def region_entry(here: Services) -> dict[str, Any]:
    """The entry as plain JSON and as a signed token of the same content."""
    settings = here.register.settings
    entry = {
        "v": ENTRY_VERSION,
        "code": settings.region_code,
        "name": settings.region_name,
        "organisation": here.authority.organisation,
        "sample": here.authority.demo,
        "address": settings.public_url,
        "end_points": {
            "verifications": "/api/v1/verifications",
            "certificates": "/api/v1/certificates/{code}",
            "queries": "/api/v1/queries",
        },
        "jwks": here.authority.keyset.as_jwks(),
        "roots": [b64encode(root).decode("ascii") for root in here.authority.anchors.roots],
        "root_fingerprints": list(here.authority.root_fingerprints),
    }
    return {"entry": entry, "token": sign(entry, here.authority.service, type=REGION_TYPE)}
