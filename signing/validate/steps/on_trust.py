"""Steps 8–10: time-stamps, the chain at the proven moment, revocation. PyHanko does the arithmetic.

The newest document time-stamp is judged now, the one before it at the moment that the newest proves, and so on down
to the signature's own time-stamp; the signer's certificate is judged at the earliest moment so proven.
"""

import asyncio
import logging
from datetime import datetime
from functools import lru_cache
from threading import get_ident
from typing import Any, TypeAlias

from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation import PdfSignatureStatus, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import (
    message_imprint_checker,
    validate_cert_usage,
    validate_sig_integrity,
    validate_tst_signed_data,
)
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from signing.cms.asn1 import crl as asn1_crl
from signing.cms.asn1 import ocsp as asn1_ocsp
from signing.cms.asn1 import x509
from signing.timestamp.canonical import is_in_one_spelling
from signing.trust import TrustAnchors, fingerprint
from signing.validate.anchors import are_only_spellings, may_sign_documents
from signing.validate.case import Case, Stop, absent, passed
from signing.validate.report import Code, Step, StepName

Dss: TypeAlias = tuple[list[Any], list[Any], list[Any]]  # certificates, CRLs, OCSP answers

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # a hostile file must not fill the log
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def check_timestamps(case: Case) -> Step:
    """8. Every time-stamp is sound and of a trusted authority; the earliest one proves the moment of signing."""
    _dss(case)  # once, so that a broken store ends the examination here
    stamps = case.signatures[1:]
    for stamp in reversed(stamps):
        case.proven_at = _judged_document_stamp(case, stamp)
    token = case.main.timestamp
    if token is not None:
        case.proven_at = _judged_token(case, token)
    case.claimed_at = case.signatures[0].self_reported_timestamp
    if case.proven_at is None:
        return absent(StepName.TIMESTAMP, "claimed time only")
    return passed(StepName.TIMESTAMP, case.proven_at.isoformat())


def check_chain(case: Case) -> Step:
    """9. The signature fits the certificate, and its chain was good at the proven moment (or is now)."""
    if not _is_sound(case):
        raise Stop(Code.SIGNATURE_WRONG)
    problem = _chain_problem(case, require=False)
    if problem is not None:
        raise Stop(problem)
    if not may_sign_documents(case.main.signer):
        raise Stop(Code.CERTIFICATE_UNUSABLE, "usage")
    return passed(StepName.CHAIN, fingerprint(case.path[-1]))


def check_revocation(case: Case) -> Step:
    """10. None of the certificates was revoked by the proven moment, as far as lists are at hand.

    A check of its own: pyHanko's tolerant mode does not open a list unless the certificate names an address.
    """
    case.level = _level(case, complete=False)
    if not (case.trust.crls or case.trust.require_revocation or case.has_dss):
        return absent(StepName.REVOCATION, "no revocation list at hand")
    problem = _chain_problem(case, require=True)
    if problem is Code.CERTIFICATE_REVOKED:
        raise Stop(problem)
    complete = problem is None
    if not complete and case.trust.require_revocation:
        raise Stop(Code.REVOCATION_UNKNOWN)
    case.level = _level(case, complete=complete)
    return passed(StepName.REVOCATION) if complete else absent(StepName.REVOCATION, "no current list")


def _judged_document_stamp(case: Case, stamp: Any) -> datetime:
    context = _context(case, timestamps=True, require=False)
    status = asyncio.run(async_validate_pdf_timestamp(stamp, context, skip_diff=True))
    return _moment_of(case, status, stamp.signed_data)


def _judged_token(case: Case, token: Any) -> datetime:
    context = _context(case, timestamps=True, require=False)
    expected = message_imprint_checker(case.main.signed_data["signer_infos"][0])
    arguments = asyncio.run(validate_tst_signed_data(token["content"], context, expected))
    return _moment_of(case, TimestampSignatureStatus(**arguments), token["content"])


def _moment_of(case: Case, status: Any, signed_data: Any) -> datetime:
    if not (status.intact and status.valid):
        raise Stop(Code.TIMESTAMP_WRONG)
    if not status.trusted:
        raise Stop(Code.TIMESTAMP_UNTRUSTED, str(status.trust_problem_indic))
    _refuse_revoked_authority(case, signed_data)
    embedded = tuple(one.chosen.dump() for one in signed_data["certificates"])
    pinned = (*case.trust.roots, *case.trust.timestamp_roots)
    if case.trust.strict and not (
        is_in_one_spelling(signed_data, pinned) and are_only_spellings(embedded, case.trust)
    ):
        raise Stop(Code.SECOND_SPELLING, "time-stamp")
    moment: datetime = status.timestamp
    return moment


def _refuse_revoked_authority(case: Case, signed_data: Any) -> None:
    """Lists at hand count for time-stamp authorities too."""
    if not (case.trust.crls or case.has_dss):
        return
    found = extract_certificate_info(signed_data)
    others = tuple(one.dump() for one in found.other_certs)
    context = _context(case, timestamps=True, require=True)
    if _judged_chain(found.signer_cert.dump(), others, context) is Code.CERTIFICATE_REVOKED:
        raise Stop(Code.TIMESTAMP_UNTRUSTED, "revoked")


def _is_sound(case: Case) -> bool:
    """Whether the signature value fits attributes and certificate; the digest was compared in step 5."""
    main = case.main
    (certificate,) = _certificates((main.signer,))
    intact, valid = validate_sig_integrity(
        main.signed_data["signer_infos"][0], certificate, "data", main.message_digest
    )
    return bool(intact and valid)


def _chain_problem(case: Case, *, require: bool) -> Code | None:
    """What is wrong with the signer's chain at the proven moment; judged once a minute when nothing is embedded."""
    if case.has_dss or case.proven_at is not None:
        context = _context(case, timestamps=False, require=require)
        return _judged_chain(case.main.signer, case.main.certificates, context)
    minute = case.now.replace(second=0, microsecond=0)
    return _remembered_chain(case.main.signer, case.main.certificates, case.trust, minute, require)


@lru_cache(maxsize=256)
def _remembered_chain(
    signer: bytes, others: tuple[bytes, ...], trust: TrustAnchors, minute: datetime, require: bool
) -> Code | None:
    context = _make_context(trust, trust.roots, minute, ([], [], []), require=require)
    return _judged_chain(signer, others, context)


def _judged_chain(signer: bytes, others: tuple[bytes, ...], context: ValidationContext) -> Code | None:
    (certificate,) = _certificates((signer,))
    context.certificate_registry.register_multiple(_certificates(others))
    usage = PdfSignatureStatus.default_usage_constraints()
    paths = context.path_builder.async_build_paths_lazy(certificate)
    found = asyncio.run(validate_cert_usage(certificate, context, usage, paths))
    return None if found.success_result is not None else _code_of(found.error_subindic)


def _context(case: Case, *, timestamps: bool, require: bool) -> ValidationContext:
    trust = case.trust
    roots = (*trust.roots, *trust.timestamp_roots) if timestamps else trust.roots
    return _make_context(trust, roots, case.moment, _dss(case) or ([], [], []), require=require)


def _make_context(
    trust: TrustAnchors, roots: tuple[bytes, ...], moment: datetime, dss: Dss, *, require: bool
) -> ValidationContext:
    certificates, crls, ocsps = dss
    return ValidationContext(
        trust_roots=list(_certificates(roots)),
        other_certs=[*_certificates(trust.intermediates), *certificates],
        crls=[*_crls(trust), *crls],
        ocsps=ocsps,
        allow_fetching=False,
        moment=moment,
        best_signature_time=moment,
        retroactive_revinfo=True,
        revocation_mode="require" if require else "soft-fail",
    )


def _dss(case: Case) -> Dss | None:
    """Certificates, CRLs and OCSP answers of the document's security store."""
    try:
        store = DocumentSecurityStore.read_dss(case.reader)
    except NoDSSFoundError:
        return None
    case.has_dss = True
    crls = [asn1_crl.CertificateList.load(ref.get_object().data) for ref in store.crls]
    ocsps = [asn1_ocsp.OCSPResponse.load(ref.get_object().data) for ref in store.ocsps]
    return list(store.load_certs()), crls, ocsps


def _code_of(problem: AdESIndeterminate | None) -> Code:
    match problem:
        case AdESIndeterminate.REVOKED_NO_POE | AdESIndeterminate.REVOKED_CA_NO_POE:
            return Code.CERTIFICATE_REVOKED
        case AdESIndeterminate.OUT_OF_BOUNDS_NO_POE | AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED:
            return Code.CERTIFICATE_EXPIRED
        case _:
            return Code.CERTIFICATE_UNUSABLE


def _level(case: Case, *, complete: bool) -> str:
    if len(case.signatures) > 1 and complete:
        return "B-LTA"
    if case.main.timestamp is None:
        return "B-B"
    return "B-LT" if complete and case.has_dss else "B-T"


def _certificates(ders: tuple[bytes, ...]) -> tuple[Any, ...]:
    return _loaded_certificates(get_ident(), ders)


def _crls(trust: TrustAnchors) -> tuple[Any, ...]:
    return _loaded_crls(get_ident(), trust.crls)


@lru_cache(maxsize=128)
def _loaded_certificates(thread: int, ders: tuple[bytes, ...]) -> tuple[Any, ...]:
    """Each thread has its own: asn1crypto parses on first reading, and a second reader would see half of it."""
    del thread
    return tuple(x509.Certificate.load(der) for der in ders)


@lru_cache(maxsize=32)
def _loaded_crls(thread: int, ders: tuple[bytes, ...]) -> tuple[Any, ...]:
    del thread
    return tuple(asn1_crl.CertificateList.load(der) for der in ders)
