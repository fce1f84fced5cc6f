"""Headers that every answer carries, and the checks that precede a form."""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "font-src 'self'",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
HSTS: Final = "max-age=31536000; includeSubDomains"
OPEN_ENDPOINTS: Final = frozenset(
    {
        "api.certificate",
        "api.verifications",
        "api.region",
        "transparency.lists",
        "transparency.one_list",
        "transparency.head",
        "transparency.proof",
    }
)
"""What pages of other sites may ask by script: verification, and what is public anyway. Never people's data."""
OPEN_HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}
PREFLIGHT_HEADERS: Final = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
}
OWN_SENDERS: Final = frozenset({"same-origin", "none"})
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def protect(app: Flask, *, https: bool) -> None:
    """Attach the headers and refuse forms that another site sends (no cookie is used, so origin is enough)."""

    @app.before_request
    def _same_origin() -> None:
        if request.method in SAFE_METHODS or request.path.startswith("/api/"):
            return
        origin = request.headers.get("Origin")
        if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SENDERS:
            abort(403)
        if origin is not None and urlsplit(origin).netloc != request.host:
            abort(403)

    standing = standing_headers(https=https)

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in standing:
            response.headers.setdefault(name, value)
        if request.endpoint in OPEN_ENDPOINTS:
            response.headers.update(OPEN_HEADERS)
            if request.method == "OPTIONS":
                response.headers.update(PREFLIGHT_HEADERS)
        return response


def standing_headers(*, https: bool) -> list[tuple[str, str]]:
    """The headers of every answer."""
    return [*HEADERS.items(), *([("Strict-Transport-Security", HSTS)] if https else [])]
