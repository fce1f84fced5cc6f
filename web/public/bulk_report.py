"""The report of a bulk check (批量核验报告) as a signed PDF, and the report of many files from their receipts.

Files are never kept, so a report of files is made from the receipts of their results: a receipt's number holds the
whole answer and only this site can make one. The names of the files are the visitor's own words.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf

from core.settings import Home
from generator.documents.compose import compose
from generator.render.pdf import render
from registry.clock import stamp
from registry.register import Register
from registry.verification.answers import Verdict, Verification
from signing.pades.configured import sign_document
from signing.pades.sign import SealPlace
from web.http.languages import speaking, words
from web.http.wording import beijing, people_day, scope_name
from web.public.bulk import MAX_CELL, Answered, BulkReport
from web.public.page_types import Site
from web.public.receipts import Receipt, certificate_of, is_paper, read_receipt
from web.public.view_models import tone_of

TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates" / "web"
KEYWORD: Final = "zhicheng-bulk-report:"
SEAL_PLACE: Final = SealPlace(page=-1, x_mm=211, y_mm=16)


def report_of_receipts(register: Register, shown: Iterable[tuple[str, str]]) -> BulkReport:
    """A report from pairs of receipt number and file name; a number that this site never made is left out."""
    found = [(read_receipt(register, number), name) for number, name in shown]
    rows = [_row(register, receipt, name) for receipt, name in found if receipt]
    moments = [receipt.checked_at for receipt, _ in found if receipt]
    return BulkReport(stamp(max(moments, default=datetime.now(UTC))), tuple(rows))


def report_pdf(report: BulkReport, home: Home, site: Site, organisation: str) -> bytes:
    """The report laid out as table and signed with the authority's key.

    Raises:
        SigningError: it cannot be signed now.
    """
    variables = {
        "report": report,
        "days": {row.obtained_on: people_day(row.obtained_on) for row in report.rows if row.obtained_on},
        "site": site,
        "organisation": organisation,
        "made_at": beijing(stamp(datetime.now(UTC))),
    }
    with speaking():
        layout = compose("bulk_document", variables, folders=(home.templates / "documents", TEMPLATES))
    layout = replace(layout, author=organisation, keywords=(f"{KEYWORD}{len(report.rows)}",))
    return sign_document(render(layout).data, home, visible=True, place=SEAL_PLACE)


def is_report(verification: Verification, data: bytes) -> bool:
    """Whether an unchanged file signed by this authority is one of its bulk reports."""
    if not is_paper(verification):
        return False
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            return KEYWORD in str(pdf.docinfo.get("/Keywords", ""))
    except pikepdf.PdfError:
        return False


def _row(register: Register, receipt: Receipt, name: str) -> Answered:
    certificate = certificate_of(register, receipt)
    facts = (
        certificate.facts
        if certificate and receipt.verdict in (Verdict.GENUINE, Verdict.REGISTERED)
        else None
    )
    return Answered(
        subject=name[:MAX_CELL],
        name=facts.name_masked if facts else "",
        code=str(receipt.verdict),
        tone=tone_of(receipt.verdict),
        sentence=words(f"headlines.{receipt.verdict}"),
        advice=words(f"advice.{receipt.verdict}"),
        number=certificate.number if certificate else "",
        title=facts.title if facts else "",
        level=facts.level if facts else "",
        obtained_on=facts.obtained_on if facts else "",
        scope=scope_name(facts.scope_name) if facts else "",
        usable=str(receipt.recognition),
    )
