"""What to say of a PDF without a signature: readable or not, ours or not, or a certificate whose signature is gone."""

from io import BytesIO
from typing import Any

from signing.validate.case import Case, Stop
from signing.validate.report import Code
from signing.validate.steps.embedded import credential_in_pikepdf

OWN_PRODUCER = "zhicheng"


def judge_unsigned(case: Case) -> Stop:
    """What ends the examination of an unsigned file."""
    import pikepdf

    try:
        with pikepdf.open(BytesIO(case.data)) as pdf:
            return _verdict(pdf, case)
    except pikepdf.PasswordError:
        return Stop(Code.ENCRYPTED)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, RecursionError) as error:
        return Stop(Code.DAMAGED, str(error)[:200])


def _verdict(pdf: Any, case: Case) -> Stop:
    if pdf.is_encrypted:
        return Stop(Code.ENCRYPTED)
    token = credential_in_pikepdf(pdf)
    if token is not None:
        case.token = token
        return Stop(Code.SIGNATURE_REMOVED, "a credential without a signature")
    producer = str(pdf.docinfo.get("/Producer", "")) if pdf.trailer.get("/Info") is not None else ""
    if producer.lower().startswith(OWN_PRODUCER):
        return Stop(Code.OWN_DOCUMENT, producer[:80])
    if len(pdf.pages) == 0:
        return Stop(Code.DAMAGED, "no page")
    return Stop(Code.UNSIGNED)
