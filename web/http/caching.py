"""What browsers may keep and search engines find: fixed pages (entity tag, 304), answers about people never.

A file asked for with the site's present version (`?v=`) never changes at that address: a browser need not ask again.
"""

from typing import Final

from flask import Flask, Response, request

FIXED_PAGES: Final = frozenset({"public.home", "public.about", "bulk.form", "recognition.regions"})
FINDABLE: Final = FIXED_PAGES | {"office.login", "holder.login", "progress.ask"}
YEAR_S: Final = 365 * 24 * 3600


def keep_fixed_pages(app: Flask, version: str) -> None:
    """Let browsers ask whether a fixed page has changed; attach before everything else, so that it runs last."""
    app.jinja_env.globals["may_be_found"] = lambda: request.endpoint in FINDABLE

    @app.after_request
    def _conditional(response: Response) -> Response:
        if request.endpoint in FIXED_PAGES and response.status_code == 200:
            response.headers["Cache-Control"] = "no-cache"
            response.add_etag()
            response.make_conditional(request)
        if request.endpoint == "static" and response.status_code == 200 and request.args.get("v") == version:
            response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
        return response
