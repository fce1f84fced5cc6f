"""Pages and PDF files of verification receipts (核验回执)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import qrcode
from flask import Blueprint, Response, abort, make_response, render_template

from core.settings import Home
from generator.documents.compose import compose
from generator.render.pdf import render
from registry.clock import stamp
from registry.identifiers import scannable
from registry.model import Certificate
from registry.register import Register
from signing.errors import SigningError
from signing.pades.configured import sign_document
from signing.pades.sign import SealPlace
from web.http.languages import speaking, words
from web.http.limits import limiter, result_limit, upload_limit
from web.http.problems import as_page
from web.http.wording import beijing, scope_name
from web.public.page_types import AnswerRow, Fact, Site, Tone
from web.public.receipts import KEYWORD, Receipt, certificate_of, read_receipt
from web.public.view_models import tone_of
from web.services import services

pages = Blueprint("receipts", __name__)
TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates" / "web"
SEAL_PLACE: Final = SealPlace(page=-1, x_mm=142, y_mm=32)
QR_PIXELS: Final = 8


@dataclass(frozen=True)
class ReceiptPage:
    """The page of a receipt; `dropped` when the visitor brought its file, which was found unchanged."""

    number: str
    grouped: str
    tone: Tone
    headline: str
    checked_at: str
    what: str
    answers: tuple[AnswerRow, ...]
    facts: tuple[Fact, ...]
    now_state: str
    dropped: bool = False
    file_name: str | None = None


@pages.get("/r/<number>")
@pages.get("/R/<number>", endpoint="page_capital")
@limiter.limit(result_limit)
def page(number: str) -> Response:
    """What a receipt says, for whoever scans its QR code."""
    response = make_response(render_template("receipt.html", page=receipt_page(_receipt(number))))
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/r/<number>.pdf")
@limiter.limit(upload_limit)
def document(number: str) -> Response:
    """The receipt as a signed PDF."""
    here = services()
    try:
        data = receipt_pdf(
            here.register, here.register.home, _receipt(number), here.site(""), here.authority.organisation
        )
    except SigningError:
        return as_page("receipt_unsigned", 503)
    response = Response(data, content_type="application/pdf")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{number[:12].upper()}.pdf"'
    return response


def receipt_page(receipt: Receipt, *, dropped: bool = False, file_name: str | None = None) -> ReceiptPage:
    """The variables of a receipt's page."""
    certificate = certificate_of(services().register, receipt)
    return ReceiptPage(
        number=receipt.number,
        grouped=receipt.grouped,
        tone=tone_of(receipt.verdict),
        headline=_headline(receipt),
        checked_at=beijing(stamp(receipt.checked_at)),
        what=_what(receipt),
        answers=_answers(receipt),
        facts=_facts(certificate),
        now_state=words(f"states.{certificate.state}") if certificate else "",
        dropped=dropped,
        file_name=file_name,
    )


def receipt_pdf(register: Register, home: Home, receipt: Receipt, site: Site, organisation: str) -> bytes:
    """Lay a receipt out in Chinese, whatever the visitor reads, and sign it with the authority's key.

    Raises:
        SigningError: it cannot be signed now.
    """
    folders = (home.templates / "documents", TEMPLATES)  # an operator's own layout first
    with speaking():
        variables = {
            "page": receipt_page(receipt),
            "site": site,
            "organisation": organisation,
            "address": register.settings.public_url,
            "made_at": beijing(stamp(datetime.now(UTC))),
            "qr": _qr(scannable(f"{register.settings.public_url}/r/{receipt.number}")),
        }
        layout = compose("receipt_document", variables, folders=folders)
    layout = replace(layout, author=organisation, keywords=(f"{KEYWORD}{receipt.number}",))
    return sign_document(render(layout).data, home, visible=True, place=SEAL_PLACE)


def _qr(text: str) -> bytes:
    code = qrcode.QRCode(border=2, box_size=QR_PIXELS)
    code.add_data(text)
    output = BytesIO()
    code.make_image().save(output)
    return output.getvalue()


def _receipt(number: str) -> Receipt:
    found = read_receipt(services().register, number)
    if found is None:
        abort(404)
    return found


def _headline(receipt: Receipt) -> str:
    return words(f"headlines.{receipt.verdict}")


def _what(receipt: Receipt) -> str:
    if not receipt.by_file:
        return words("receipt.what_code")
    return words("receipt.what_file", hash_start=receipt.hash_start)


def _answers(receipt: Receipt) -> tuple[AnswerRow, ...]:
    kinds = (
        ("file", receipt.file),
        ("register", receipt.register),
        ("recognition", receipt.recognition),
    )
    return tuple(
        AnswerRow(
            question=words(f"questions.{kind}"),
            code=str(code),
            tone=tone_of(code),
            sentence=words(f"receipt.{kind}.{code}"),
        )
        for kind, code in kinds
    )


def _facts(certificate: Certificate | None) -> tuple[Fact, ...]:
    if certificate is None:
        return ()
    facts = certificate.facts
    rows = (
        ("number", certificate.number),
        ("name", facts.name_masked),
        ("title", facts.title),
        ("level", facts.level),
        ("authority", facts.authority),
        ("scope", scope_name(facts.scope_name)),
    )
    return tuple(Fact(words(f"facts.{key}"), value) for key, value in rows if value)
