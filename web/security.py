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

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        return response
