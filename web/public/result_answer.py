"""The page of a code (`/v/CODE`), the address that every QR code holds: made by the short way and by Flask's alike."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from flask import Flask, current_app
from werkzeug.http import quote_etag

from web.http.health import VERDICTS
from web.http.languages import speaking_as
from web.http.wording import beijing
from web.public.fallback_fonts import with_fonts
from web.public.folding import FoldedPages
from web.public.receipts import receipt_number
from web.public.view_models import result_page
from web.services import Services

EXTENSION: Final = "zhicheng.result"
HTML_TYPE: Final = "text/html; charset=utf-8"
NEVER_KEPT: Final = (
    ("Cache-Control", "no-store"),
    ("Vary", "Accept-Language, Cookie"),
    ("X-Robots-Tag", "noindex, noarchive"),
)
ENDPOINTS: Final = {"/v/": "public.result", "/V/": "public.result_capital"}
_RECEIPT: Final = "ZZRECEIPTZZ"
_MOMENT: Final = "ZZMOMENTZZ"
_HASH_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class ResultAnswer:
    """A page, its weak entity tag, and whether the register knows the code."""

    body: bytes
    tag: str
    known: bool


def prepare_results(app: Flask) -> FoldedPages:
    """Compile the page in every language, before the first visitor asks."""
    pages = app.extensions[EXTENSION] = FoldedPages(app, "result.html")
    return pages


def result_answer(
    here: Services, code: str, language: str, endpoint: str, pages: FoldedPages | None = None
) -> ResultAnswer:
    """The three answers for a code as a page; the tag leaves the moment, and the receipt made of it, out."""
    verification = here.verifier.verify_code(code)
    VERDICTS.labels("code", str(verification.verdict)).inc()
    made: FoldedPages = pages or current_app.extensions[EXTENSION]
    with speaking_as(language):
        page = result_page(verification, receipt=_RECEIPT, moment=_MOMENT)
        body = with_fonts(made.render(language, endpoint, {"code": code}, page=page)).encode()
        moment = beijing(verification.checked_at)
    tag = quote_etag(blake2b(body, digest_size=_HASH_BYTES).hexdigest(), weak=True)
    number = receipt_number(here.register, verification)
    whole = body.replace(_MOMENT.encode(), moment.encode()).replace(_RECEIPT.encode(), number.encode())
    return ResultAnswer(whole, tag, verification.certificate is not None)
