"""Steps 1–5, on the bytes alone: size, form, whose signature, does it cover the whole file, is the content unchanged.

Nothing is parsed as a PDF here, so most forgeries end before any parser could be led astray.
"""

from typing import Final

from signing.cms.der import is_der
from signing.trust import TrustAnchors
from signing.validate.anchors import are_only_spellings, pinned_path, subject_of
from signing.validate.case import Case, Stop, passed
from signing.validate.report import Code, Step, StepName
from signing.validate.steps.cms_form import (
    CmsBroken,
    SignedCms,
    digest_of,
    has_no_more_members,
    has_strong_algorithms,
    is_only_spelling,
    open_cms,
    open_content,
)
from signing.validate.steps.slots import MAX_SLOTS, Slot, find_blobs, find_slots
from signing.validate.steps.unsigned import judge_unsigned

HEADER: Final = b"%PDF-"
_ENDINGS: Final = (b"%%EOF", b"%%EOF\n", b"%%EOF\r\n", b"%%EOF\r")


def check_size(case: Case) -> Step:
    """1. There is something, and not too much of it."""
    if not case.data:
        raise Stop(Code.EMPTY)
    if len(case.data) > case.limits.max_bytes:
        raise Stop(Code.TOO_LARGE, f"{len(case.data)} bytes")
    return passed(StepName.SIZE, f"{len(case.data)} bytes")


def check_form(case: Case) -> Step:
    """2. It begins as a PDF with its first byte."""
    if case.data.startswith(HEADER):
        return passed(StepName.FORM, case.data[:8].decode("ascii", "replace"))
    if HEADER in case.data[:1024] and mentions_ours(case.data, case.trust):
        raise Stop(Code.BYTE_RANGE_FORGED, "bytes before the header")
    raise Stop(Code.NOT_PDF)


def check_signature(case: Case) -> Step:
    """3. There is a signature, and its signer's certificate leads to a pinned root (times are looked at later)."""
    case.slots = find_slots(case.data)
    if len(case.slots) > MAX_SLOTS:
        raise Stop(Code.TOO_COMPLEX, "signatures")
    if not case.slots:
        if mentions_ours(case.data, case.trust):
            raise Stop(Code.SIGNATURE_DAMAGED, "no ByteRange")
        raise judge_unsigned(case)
    case.contents = tuple(_opened(case, slot) for slot in case.slots)
    ours = [one for one in case.contents if not one.is_timestamp and _pinned(one, case.trust)]
    case.signer = subject_of((ours or case.contents)[0].signer)
    if not ours:
        raise Stop(Code.SIGNED_BY_OTHER, case.signer or "")
    case.path = _pinned(ours[0], case.trust) or ()
    return passed(StepName.SIGNATURE, case.signer or "")


def check_coverage(case: Case) -> Step:
    """4. The first signature is ours, each leaves out exactly its own gap, nothing hides in gap or tail."""
    if not _pinned(case.contents[0], case.trust) or case.contents[0].is_timestamp:
        raise Stop(Code.BYTE_RANGE_FORGED, "another signature lies before ours")
    for slot, content in zip(case.slots, case.contents, strict=True):
        if any(content.padding):
            raise Stop(Code.PADDING_FILLED)
        if case.trust.strict and not slot.is_upper_case:
            raise Stop(Code.SECOND_SPELLING, "letter case")
    if case.slots[-1].end > len(case.data):
        raise Stop(Code.BYTE_RANGE_FORGED, "beyond the end")
    if not case.data.endswith(_ENDINGS):
        raise Stop(Code.BYTES_APPENDED, "no %%EOF at the end")
    if len(case.slots) == 1 and case.slots[0].end == len(case.data):
        return passed(StepName.COVERAGE, "whole file")
    return passed(
        StepName.COVERAGE, f"{len(case.slots)} signatures, {len(case.data) - case.slots[0].end} bytes later"
    )


def check_content(case: Case) -> Step:
    """5. The signed bytes have the signed digest, and the CMS has the only spelling that this allows."""
    for slot, content in zip(case.slots, case.contents, strict=True):
        if content.is_timestamp:  # its imprint is checked with its signature, in step 8
            if case.trust.strict and not (is_der(content.der) and has_no_more_members(content.der)):
                raise Stop(Code.SECOND_SPELLING, "time-stamp")
            continue
        if digest_of(slot, case.data, content.digest_name) != content.message_digest:
            raise Stop(Code.CONTENT_CHANGED)
    main = case.main
    if case.trust.strict and set(main.certificates) != set(case.path):
        raise Stop(Code.SECOND_SPELLING, "not the certificates of the chain")
    if case.trust.strict and not are_only_spellings(main.certificates, case.trust):
        raise Stop(Code.SECOND_SPELLING, "certificate")
    if not has_strong_algorithms(main):
        raise Stop(Code.SIGNATURE_WRONG, "weak digest")
    if case.trust.strict and not is_only_spelling(main, low_s_only=True):
        raise Stop(Code.SECOND_SPELLING, "CMS")
    return passed(StepName.CONTENT, f"SHA-{main.digest_name[3:]}")


def _opened(case: Case, slot: Slot) -> SignedCms:
    if not slot.is_sound:
        raise _damaged(case, Code.BYTE_RANGE_FORGED, "ByteRange")
    try:
        return open_cms(slot)
    except CmsBroken:
        raise _damaged(case, Code.SIGNATURE_DAMAGED, "CMS") from None


def _damaged(case: Case, code: Code, detail: str) -> Stop:
    """Whose signature is damaged? Of somebody else's we only say that it is not ours."""
    if mentions_ours(case.data, case.trust):
        return Stop(code, detail)
    rest = judge_unsigned(case)
    return rest if rest.code is Code.SIGNATURE_REMOVED else Stop(Code.SIGNED_BY_OTHER, f"damaged: {detail}")


def _pinned(content: SignedCms, trust: TrustAnchors) -> tuple[bytes, ...] | None:
    others = tuple(one for one in content.certificates if one != content.signer)
    return pinned_path(content.signer, others, trust)


def mentions_ours(data: bytes, trust: TrustAnchors) -> bool:
    """Whether some hexadecimal string holds a signature of ours, or at least our certificates."""
    known = trust.roots + trust.intermediates
    for blob in find_blobs(data):
        if any(certificate in blob for certificate in known):
            return True
        try:
            if _pinned(open_content(blob), trust):
                return True
        except CmsBroken:
            continue
    return False
