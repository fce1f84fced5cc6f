"""Who runs the site and by what right, and what others need to check certificates without it (信任).

Root certificates, the key set and the status lists can be downloaded with their fingerprints; `security.txt` says where a
weakness is reported (RFC 9116).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding
from flask import Blueprint, Response, abort, render_template, url_for

from registry.certificates.status_lists import list_ids
from signing.keys.checks import subject_text
from web.http.limits import limiter, result_limit
from web.services import Services, services

pages = Blueprint("trust", __name__)
KINDS: Final = {
    "pem": (Encoding.PEM, "application/x-pem-file"),
    "cer": (Encoding.DER, "application/pkix-cert"),
}
LASTS: Final = timedelta(days=180)
"""How long a `security.txt` counts; it is made anew at every request."""


@dataclass(frozen=True)
class Download:
    """Something to take away: what it is, where, and its fingerprint."""

    label: str
    links: tuple[tuple[str, str], ...]
    fingerprint: str = ""


@dataclass(frozen=True)
class Roots:
    """What the page of trust offers for download."""

    roots: tuple[Download, ...]
    keys: Download
    lists: Download


def roots_of(here: Services) -> Roots:
    """Root certificates with the fingerprints that readers show, the key set, the status lists."""
    prints = here.authority.root_fingerprints
    roots = tuple(
        Download(
            subject_text(root),
            tuple((kind.upper(), url_for("trust.root", number=number, kind=kind)) for kind in KINDS),
            prints[number - 1] if number <= len(prints) else "",
        )
        for number, root in enumerate(here.authority.roots, 1)
    )
    lists = tuple((str(one), url_for("transparency.one_list", id=one)) for one in list_ids(here.register))
    digest = sha256(_key_set(here)).hexdigest().upper()
    keys = Download("keys.json", (("JSON", url_for("trust.keys")),), digest)
    return Roots(roots, keys, Download("", lists))


@pages.get("/about/root-<int:number>.<kind>")
@limiter.limit(result_limit)
def root(number: int, kind: str) -> Response:
    """One root certificate."""
    found = services().authority.roots
    if kind not in KINDS or not 1 <= number <= len(found):
        abort(404)
    encoding, mimetype = KINDS[kind]
    return _download(found[number - 1].public_bytes(encoding), mimetype, f"root-{number}.{kind}")


@pages.get("/about/keys.json")
@limiter.limit(result_limit)
def keys() -> Response:
    """The public halves of the service keys, with their times."""
    return _download(_key_set(services()), "application/json", "keys.json")


@pages.get("/readers")
def readers() -> str:
    """How Adobe, Foxit and WPS are told to trust this authority."""
    return render_template("readers.html", trust=roots_of(services()))


@pages.get("/.well-known/security.txt")
def security() -> Response:
    """Whom to tell of a weakness; 404 where the operator has named nobody."""
    here = services()
    if not here.settings.security_contact:
        abort(404)
    lines = (
        f"Contact: {here.settings.security_contact}",
        f"Expires: {datetime.now(UTC) + LASTS:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {here.site('').origin}{url_for('trust.security')}",
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _key_set(here: Services) -> bytes:
    return json.dumps(here.authority.keyset.as_jwks(), indent=1, sort_keys=True).encode()


def _download(data: bytes, mimetype: str, name: str) -> Response:
    response = Response(data, content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "max-age=3600"
    return response
