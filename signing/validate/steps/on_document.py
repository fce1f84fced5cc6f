"""Steps 6 and 7: the document's structure by two parsers, the certification, and what came after it."""

from io import BytesIO
from typing import Any, Final

from signing.validate.case import Case, Stop, passed
from signing.validate.report import Code, Step, StepName
from signing.validate.steps.tail import check_tail

NO_CHANGES: Final = 1  # DocMDP permission 1, ISO 32000-2, table 257


def check_structure(case: Case) -> Step:
    """6. Two parsers read it without complaint and see the very signatures that lie in the bytes."""
    pages = _qpdf_pages(case)
    case.reader, case.signatures = _pyhanko_view(case)
    seen = [tuple(int(number) for number in one.byte_range) for one in case.signatures]
    if seen != [slot.byte_range for slot in case.slots]:
        raise Stop(Code.STRUCTURE_SUSPICIOUS, "a signature that the document does not list")
    for signature, content in zip(case.signatures, case.contents, strict=True):
        if signature.pkcs7_content != content.der + content.padding:
            raise Stop(Code.STRUCTURE_SUSPICIOUS, "Contents elsewhere")
    return passed(StepName.STRUCTURE, f"{pages} pages")


def check_certification(case: Case) -> Step:
    """7. The first signature forbids every change, and nothing came later but DSS and document time-stamps."""
    first = case.signatures[0]
    if first.sig_object_type != "/Sig":
        raise Stop(Code.STRUCTURE_SUSPICIOUS, str(first.sig_object_type))
    permission = first.docmdp_level
    perms = case.reader.root.get("/Perms")
    if not case.archived and (permission is None or permission.value != NO_CHANGES):
        raise Stop(Code.NOT_CERTIFIED, str(permission))
    if any(later.sig_object_type != "/DocTimeStamp" for later in case.signatures[1:]):
        raise Stop(Code.CHANGED_AFTER_SIGNING, "another signature")
    check_tail(case)
    if case.archived:  # no certification: nobody's reader shall take it for a certificate
        return passed(StepName.CERTIFICATION, "archive signature, nothing later")
    if not _is_author(perms, first):
        raise Stop(Code.NOT_CERTIFIED, "not the author's signature")
    return passed(StepName.CERTIFICATION, "no changes allowed, none found")


def _qpdf_pages(case: Case) -> int:
    import pikepdf

    try:
        with pikepdf.open(BytesIO(case.data), suppress_warnings=True) as pdf:
            warnings = pdf.get_warnings()
            encrypted, objects, pages = pdf.is_encrypted, int(pdf.trailer.Size), len(pdf.pages)
            warnings += pdf.get_warnings()
    except pikepdf.PasswordError as error:
        raise Stop(Code.ENCRYPTED) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, RecursionError) as error:
        raise Stop(Code.STRUCTURE_SUSPICIOUS, str(error)[:200]) from error
    if encrypted:
        raise Stop(Code.ENCRYPTED)
    if warnings:
        raise Stop(Code.STRUCTURE_SUSPICIOUS, str(warnings[0])[:200])
    if objects > case.limits.max_objects or pages > case.limits.max_pages:
        raise Stop(Code.TOO_COMPLEX, f"{pages} pages, {objects} objects")
    return pages


def _pyhanko_view(case: Case) -> tuple[Any, tuple[Any, ...]]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(case.data), strict=True)
    if reader.encrypted:
        raise Stop(Code.ENCRYPTED)
    return reader, tuple(reader.embedded_signatures)


def _is_author(perms: Any, signature: Any) -> bool:
    """Whether the catalogue names the signature as the author's (ISO 32000-2, 12.8.6)."""
    if perms is None or "/DocMDP" not in perms:
        return False
    return bool(perms.raw_get("/DocMDP") == signature.sig_field.raw_get("/V"))
