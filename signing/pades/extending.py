"""Renewing archives (B-LTA): a new document time-stamp before the last one's certificate runs out."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError, ValidationError

from signing.cms.asn1 import crl as asn1_crl
from signing.cms.asn1 import ocsp as asn1_ocsp
from signing.cms.asn1 import x509
from signing.cms.stamped import TOKEN_SIZE
from signing.errors import PdfUnsignable, RevocationInfoMissing
from signing.pades.pdf_reasons import pdf_reason, pdf_refusal
from signing.pades.revocation import RevocationData
from signing.timestamp import Timestamper
from signing.timestamp.bridge import BridgeTimestamper


@dataclass(frozen=True)
class Archive:
    """What is known of a signed file's long-term protection."""

    signatures: int
    document_stamps: int
    stamped_until: datetime | None

    def due(self, deadline: datetime) -> bool:
        """Whether it must be renewed: no document time-stamp yet, or its certificate ends before `deadline`."""
        return self.stamped_until is None or self.stamped_until < deadline


class QuietWriter(IncrementalPdfFileWriter):
    """PyHanko's writer that leaves the metadata alone: a certificate's XMP and /Info must stay as they were signed."""

    def _update_meta(self) -> None:
        pass


def look(data: bytes) -> Archive:
    """Read how a file is protected; nothing is verified.

    Raises:
        PdfUnsignable: no readable PDF, or no signature in it.
    """
    reader = _reader(data)
    stamps = [one for one in reader.embedded_signatures if one.sig_object_type == "/DocTimeStamp"]
    total = len(reader.embedded_signatures)
    if total == len(stamps):
        raise PdfUnsignable(reason=pdf_refusal("no_signature"))
    until = stamps[-1].signer_cert.not_valid_after if stamps else None
    return Archive(total - len(stamps), len(stamps), until)


def extend(
    data: bytes,
    timestamper: Timestamper | BridgeTimestamper,
    roots: Iterable[bytes],
    revocation: RevocationData,
) -> bytes:
    """The file with its revocation data completed and a document time-stamp over everything.

    `BridgeTimestamper`s that share what is known of an authority ask it only once which certificates it uses.

    Raises:
        PdfUnsignable: no readable PDF, or no signature in it.
        RevocationInfoMissing: a certificate of signer or authority has no CRL or OCSP answer.
        TimestampFailed: no time-stamp; the file stays as it is.
    """
    look(data)
    output = BytesIO()
    bridge = timestamper if isinstance(timestamper, BridgeTimestamper) else BridgeTimestamper(timestamper)
    try:
        asyncio.run(_stamp(data, output, bridge, list(roots), revocation))
    except (PathBuildingError, PathValidationError, ValidationError) as error:
        raise RevocationInfoMissing(reason=str(error)) from error
    except (PdfError, ValueError, KeyError) as error:
        raise PdfUnsignable(reason=pdf_reason(error)) from error
    return output.getvalue()


def embedded_revocation(data: bytes) -> RevocationData:
    """The lists and answers in a file's security store, for other files of the same signer.

    Raises:
        PdfUnsignable: no readable PDF, or no store in it.
    """
    try:
        store = DocumentSecurityStore.read_dss(_reader(data))
    except NoDSSFoundError as error:
        raise PdfUnsignable(reason=pdf_refusal("no_dss")) from error
    return RevocationData(
        tuple(one.get_object().data for one in store.crls),
        tuple(one.get_object().data for one in store.ocsps),
    )


async def _stamp(
    data: bytes,
    output: BytesIO,
    timestamper: BridgeTimestamper,
    roots: list[bytes],
    revocation: RevocationData,
) -> None:
    writer = QuietWriter(BytesIO(data))
    context = _context(writer.prev, roots, revocation)
    settings = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
    try:
        await PdfTimeStamper(timestamper).async_timestamp_pdf(
            writer,
            "sha256",
            context,
            bytes_reserved=2 * TOKEN_SIZE,  # digits; saves pyHanko's dry request to the authority
            validation_paths=await _paths(context, writer.prev),
            output=output,
            dss_settings=settings,
        )
    finally:
        await context.aclose()  # type: ignore[no-untyped-call]


def _context(reader: PdfFileReader, roots: list[bytes], revocation: RevocationData) -> ValidationContext:
    crls = [asn1_crl.CertificateList.load(one) for one in revocation.crls]
    ocsps = [asn1_ocsp.OCSPResponse.load(one) for one in revocation.ocsps]
    try:
        store = DocumentSecurityStore.read_dss(reader)
        crls += [asn1_crl.CertificateList.load(one.get_object().data) for one in store.crls]
        ocsps += [asn1_ocsp.OCSPResponse.load(one.get_object().data) for one in store.ocsps]
        known = list(store.load_certs())
    except NoDSSFoundError:
        known = []
    return ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in roots],
        other_certs=known,
        crls=crls,
        ocsps=ocsps,
        allow_fetching=revocation.fetch,
        revocation_mode="require",
        retroactive_revinfo=True,
    )


async def _paths(context: ValidationContext, reader: PdfFileReader) -> list[Any]:
    """The chains whose revocation data must go in: of the last document time-stamp, or first of all of the signature.

    What an earlier document time-stamp covers was completed when that was made.
    """
    signatures = reader.embedded_signatures
    if signatures[-1].sig_object_type == "/DocTimeStamp":
        return [await _path(context, signatures[-1].signed_data, stamp=True)]
    found = []
    for signature in signatures:
        found.append(await _path(context, signature.signed_data, stamp=False))
        for token in extract_tst_data_iter(signature.signer_info, signed=False):
            found.append(await _path(context, token, stamp=True))  # noqa: PERF401 - awaits
    return found


async def _path(context: ValidationContext, signed_data: Any, *, stamp: bool) -> Any:
    certificates = extract_certificate_info(signed_data)
    context.certificate_registry.register_multiple(certificates.other_certs)
    validator = CertificateValidator(certificates.signer_cert, validation_context=context)
    usage: set[str] = set() if stamp else {"digital_signature"}
    extended = {"time_stamping"} if stamp else set()
    return await validator.async_validate_usage(usage, extended)  # type: ignore[no-untyped-call]


def _reader(data: bytes) -> PdfFileReader:
    try:
        reader = PdfFileReader(BytesIO(data))
        if reader.encrypted:
            raise PdfUnsignable(reason=pdf_refusal("encrypted"))
        reader.embedded_signatures  # noqa: B018 - reads them
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise PdfUnsignable(reason=pdf_reason(error)) from error
    return reader
