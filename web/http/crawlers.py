"""Search engines (搜索引擎): the doors may be found; what shows a person is refused to them, not only marked.

`noindex` asks a crawler to forget what it has read. A crawler that says what it is gets nothing to read: 403 and no
name, on every page but the doors. Calls of the API are left alone: programs may call themselves as they like.
"""

import re
from typing import Final

from flask import Flask, Response, request

from web.http.caching import FINDABLE
from web.http.problems import MACHINE_PREFIXES, as_page

CRAWLER: Final = re.compile(
    r"(?<!cu)bot(?![a-z])|crawl|spider|slurp|archiver|bingpreview|externalhit"
    r"|googleother|google-inspectiontool|mediapartners-google|yandeximages|yeti/",
    re.IGNORECASE,
)
"""How crawlers name themselves; Cubot (a maker of phones) is none."""
FORGET: Final = "noindex, noarchive"
FREE: Final = FINDABLE | {"static"}


def is_crawler(user_agent: str) -> bool:
    """Whether a visitor says that he reads for a search engine."""
    return CRAWLER.search(user_agent) is not None


def refuse_crawlers(app: Flask) -> None:
    """Answer crawlers with 403 wherever a person could be shown."""

    @app.before_request
    def _refuse() -> Response | None:
        if request.endpoint in FREE or request.path.startswith(MACHINE_PREFIXES):
            return None
        if not is_crawler(request.headers.get("User-Agent", "")):
            return None
        response = as_page("crawler", 403)
        response.headers["X-Robots-Tag"] = FORGET
        return response
