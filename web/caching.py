"""What browsers may keep and search engines find: fixed pages (entity tag, 304), answers about people never."""

from typing import Final

from flask import Flask, Response, request

FIXED_PAGES: Final = frozenset({"public.home", "public.about", "bulk.form", "recognition.regions"})
FINDABLE: Final = FIXED_PAGES | {"office.login", "holder.login"}


def keep_fixed_pages(app: Flask) -> None:
    """Let browsers ask whether a fixed page has changed; attach before everything else, so that it runs last."""
    app.jinja_env.globals["may_be_found"] = lambda: request.endpoint in FINDABLE

    @app.after_request
    def _conditional(response: Response) -> Response:
        if request.endpoint in FIXED_PAGES and response.status_code == 200:
            response.headers["Cache-Control"] = "no-cache"
            response.add_etag()
            response.make_conditional(request)
        return response
