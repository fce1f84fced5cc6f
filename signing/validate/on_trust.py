"""Steps 8–10: time-stamps, the chain at the proven moment, revocation. PyHanko does the arithmetic.

The newest document time-stamp is judged now, the one before it at the moment that the newest proves, and so on down
to the signature's own time-stamp; the signer's certificate is judged at the earliest moment so proven.
"""

import asyncio
import logging
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509

from signing.trust import TrustAnchors, fingerprint
from signing.validate.case import Case, Stop, absent, passed
from signing.validate.cms_form import is_plain_token
from signing.validate.report import Code, Step, StepName

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # a hostile file must not fill the log
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def check_timestamps(case: Case) -> Step:
    """8. Every time-stamp is sound and of a trusted authority; the earliest one proves the moment of signing."""
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
    status = _signature_status(case, require=False)
    if not (status.intact and status.valid):
        raise Stop(Code.SIGNATURE_WRONG)
    if not status.trusted:
        raise Stop(_trust_problem(status), str(status.trust_problem_indic))
    root = case.path[-1]
    if root not in case.trust.roots:
        raise Stop(Code.CERTIFICATE_UNUSABLE, "root")
    return passed(StepName.CHAIN, fingerprint(root))


def check_revocation(case: Case) -> Step:
    """10. None of the certificates was revoked by the proven moment, as far as lists are at hand."""
    case.level = _level(case, complete=False)
    if not (case.trust.crls or case.trust.require_revocation or _dss(case)):
        return absent(StepName.REVOCATION, "no revocation list at hand")
    complete = _signature_status(case, require=True).trusted
    if not complete and case.trust.require_revocation:
        raise Stop(Code.REVOCATION_UNKNOWN)
    case.level = _level(case, complete=complete)
    return passed(StepName.REVOCATION) if complete else absent(StepName.REVOCATION, "no current list")


def _judged_document_stamp(case: Case, stamp: Any) -> datetime:
    from pyhanko.sign.validation import async_validate_pdf_timestamp

    context = _context(case, timestamps=True, require=False)
    status = asyncio.run(async_validate_pdf_timestamp(stamp, context, skip_diff=True))
    return _moment_of(case, status, stamp.signed_data)


def _judged_token(case: Case, token: Any) -> datetime:
    from pyhanko.sign.validation.generic_cms import message_imprint_checker, validate_tst_signed_data
    from pyhanko.sign.validation.status import TimestampSignatureStatus

    context = _context(case, timestamps=True, require=False)
    expected = message_imprint_checker(case.main.signed_data["signer_infos"][0])
    arguments = asyncio.run(validate_tst_signed_data(token["content"], context, expected))
    return _moment_of(case, TimestampSignatureStatus(**arguments), token["content"])


def _moment_of(case: Case, status: Any, signed_data: Any) -> datetime:
    if not (status.intact and status.valid):
        raise Stop(Code.TIMESTAMP_WRONG)
    if not status.trusted:
        raise Stop(Code.TIMESTAMP_UNTRUSTED, str(status.trust_problem_indic))
    path = tuple(one.dump() for one in status.validation_path) if status.validation_path else ()
    if case.trust.strict and not is_plain_token(signed_data, path):
        raise Stop(Code.SECOND_SPELLING, "time-stamp")
    moment: datetime = status.timestamp
    return moment


def _signature_status(case: Case, *, require: bool) -> Any:
    from pyhanko.sign.validation import async_validate_pdf_signature

    return asyncio.run(
        async_validate_pdf_signature(
            case.signatures[0],
            signer_validation_context=_context(case, timestamps=False, require=require),
            ts_validation_context=_context(case, timestamps=True, require=False),
            skip_diff=True,
        )
    )


def _context(case: Case, *, timestamps: bool, require: bool) -> Any:
    from pyhanko_certvalidator import ValidationContext

    trust = case.trust
    roots = (*trust.roots, *trust.timestamp_roots) if timestamps else trust.roots
    certificates, crls, ocsps = _dss(case) or ((), (), ())
    moment = case.moment
    return ValidationContext(
        trust_roots=list(_certificates(roots)),
        other_certs=[*_certificates(trust.intermediates), *certificates],
        crls=[*_crls(trust), *crls],
        ocsps=list(ocsps),
        allow_fetching=False,
        moment=moment,
        best_signature_time=moment,
        retroactive_revinfo=True,
        revocation_mode="require" if require else "soft-fail",
    )


def _dss(case: Case) -> tuple[list[Any], list[Any], list[Any]] | None:
    """Certificates, CRLs and OCSP answers of the document's security store."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError

    try:
        store = DocumentSecurityStore.read_dss(case.reader)
    except NoDSSFoundError:
        return None
    from asn1crypto import ocsp as asn1_ocsp

    crls = [asn1_crl.CertificateList.load(ref.get_object().data) for ref in store.crls]
    ocsps = [asn1_ocsp.OCSPResponse.load(ref.get_object().data) for ref in store.ocsps]
    return list(store.load_certs()), crls, ocsps


def _trust_problem(status: Any) -> Code:
    from pyhanko.sign.ades.report import AdESIndeterminate

    match status.trust_problem_indic:
        case AdESIndeterminate.REVOKED_NO_POE | AdESIndeterminate.REVOKED_CA_NO_POE:
            return Code.CERTIFICATE_REVOKED
        case AdESIndeterminate.OUT_OF_BOUNDS_NO_POE | AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED:
            return Code.CERTIFICATE_EXPIRED
        case _:
            return Code.CERTIFICATE_REVOKED if status.revoked else Code.CERTIFICATE_UNUSABLE


def _level(case: Case, *, complete: bool) -> str:
    if len(case.signatures) > 1 and complete:
        return "B-LTA"
    if case.main.timestamp is None:
        return "B-B"
    return "B-LT" if complete and _dss(case) else "B-T"


@lru_cache(maxsize=64)
def _certificates(ders: tuple[bytes, ...]) -> tuple[Any, ...]:
    return tuple(x509.Certificate.load(der) for der in ders)


@lru_cache(maxsize=16)
def _crls(trust: TrustAnchors) -> tuple[Any, ...]:
    return tuple(asn1_crl.CertificateList.load(der) for der in trust.crls)
