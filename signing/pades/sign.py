"""Signing PDFs the ordinary way (receipts, reports, scanned forms), at every PAdES level.

The press signs certificates with `signing.cms.skeleton`; this is for everything else. Level LT puts the revocation data into
the signed revision itself, so that nothing unsigned follows the signature; LTA adds a document time-stamp over all.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigningSession, SigDSSPlacementPreference
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError, ValidationError

from signing.errors import PdfUnsignable, RevocationInfoMissing
from signing.keys import SigningKey
from signing.keys.checks import check_validity
from signing.pades.extending import extend
from signing.pades.pdf_reasons import pdf_reason
from signing.pades.pyhanko_bridge import key_signer, validation_context
from signing.pades.revocation import RevocationData
from signing.seal import Seal
from signing.seal.shapes import PT_PER_MM
from signing.settings import Level
from signing.timestamp import NoTimestamper, Timestamper
from signing.timestamp.bridge import BridgeTimestamper

CMS_ALLOWANCE: Final = 2048  # bytes beyond certificates and signature
TOKEN_ALLOWANCE: Final = 8192  # bytes for a time-stamp token
FIELD_NAME: Final = "Signature1"


@dataclass(frozen=True)
class SealPlace:
    """Where the visible seal stands: page from 0 (−1 is the last), lower left corner in millimetres."""

    page: int = 0
    x_mm: float = 20
    y_mm: float = 20


@dataclass(frozen=True)
class SigningPlan:
    """How a PDF is to be signed. `certify` makes the signature forbid every later change (DocMDP 1)."""

    level: Level = Level.B_B
    timestamper: Timestamper = field(default_factory=NoTimestamper)
    revocation: RevocationData = field(default_factory=RevocationData)
    timestamp_roots: tuple[bytes, ...] = ()
    certify: bool = True
    seal: Seal | None = None
    place: SealPlace = field(default_factory=SealPlace)
    reason: str | None = None
    location: str | None = None
    field_name: str = FIELD_NAME


def sign_pdf(data: bytes, key: SigningKey, signed_at: datetime, plan: SigningPlan | None = None) -> bytes:
    """Sign a PDF; what comes back has the level that was asked for, or nothing comes back.

    Raises:
        PdfUnsignable: not a PDF, encrypted, or certified against changes already.
        CertificateNotValidNow: the key's certificate is not valid at `signed_at` (aware).
        TimestampFailed: no time-stamp; try again later.
        RevocationInfoMissing: LT or LTA without a CRL or OCSP answer for each certificate.
    """
    plan = plan or SigningPlan()
    check_validity(key.certificate, signed_at)
    with _our_errors():
        writer = IncrementalPdfFileWriter(BytesIO(data))
        output = BytesIO()
        signer = _DatedSigner(
            signed_at,
            _metadata(plan, key),
            key_signer(key),
            timestamper=BridgeTimestamper(plan.timestamper) if plan.level.needs_timestamp else None,
            stamp_style=_stamp(plan.seal),
            new_field_spec=_field_spec(plan),
        )
        asyncio.run(_sign(signer, writer, output, _reserved(plan, key)))
    signed = output.getvalue()
    if plan.level is not Level.B_LTA:
        return signed
    root = (key.certificate, *key.chain)[-1].public_bytes(Encoding.DER)
    return extend(signed, plan.timestamper, (root, *plan.timestamp_roots), plan.revocation)


async def _sign(signer: PdfSigner, writer: IncrementalPdfFileWriter, output: BytesIO, reserved: int) -> None:
    try:
        await signer.async_sign_pdf(writer, output=output, bytes_reserved=reserved)
    finally:
        context = signer.signature_meta.validation_context
        if context is not None:  # it may have opened connections to fetch revocation data
            await context.aclose()  # type: ignore[no-untyped-call]


class _DatedSigner(PdfSigner):
    """PyHanko's signer with the moment of signing given instead of read from the clock."""

    def __init__(self, moment: datetime, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._moment = moment

    def init_signing_session(self, *arguments: Any, **more: Any) -> PdfSigningSession:
        """A session dated as wished."""
        session = super().init_signing_session(*arguments, **more)
        session.system_time = self._moment
        return session


def _metadata(plan: SigningPlan, key: SigningKey) -> PdfSignatureMetadata:
    embed = plan.level.needs_revocation
    placement = SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
    return PdfSignatureMetadata(
        field_name=plan.field_name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=plan.certify,
        docmdp_permissions=MDPPerm.NO_CHANGES if plan.certify else MDPPerm.FILL_FORMS,
        reason=plan.reason,
        location=plan.location,
        signer_key_usage={"digital_signature"},
        embed_validation_info=embed,
        validation_context=validation_context(key, plan.timestamp_roots, plan.revocation) if embed else None,
        dss_settings=DSSContentSettings(include_vri=False, placement=placement),
    )


def _field_spec(plan: SigningPlan) -> SigFieldSpec:
    if plan.seal is None:
        return SigFieldSpec(plan.field_name)
    left, low = plan.place.x_mm * PT_PER_MM, plan.place.y_mm * PT_PER_MM
    right, high = left + plan.seal.width_mm * PT_PER_MM, low + plan.seal.height_mm * PT_PER_MM
    box = (round(left), round(low), round(right), round(high))
    return SigFieldSpec(plan.field_name, on_page=plan.place.page, box=box)


def _stamp(seal: Seal | None) -> StaticStampStyle | None:
    if seal is None:
        return None
    box = BoxConstraints(seal.width_mm * PT_PER_MM, seal.height_mm * PT_PER_MM)
    return StaticStampStyle(background=RawContent(seal.content, box=box), border_width=0)


def _reserved(plan: SigningPlan, key: SigningKey) -> int:
    """Hexadecimal digits to keep free for the CMS; saves pyHanko's second, dry signature."""
    certificates = sum(len(one.public_bytes(Encoding.DER)) for one in (key.certificate, *key.chain))
    size = certificates + key.algorithm.signature_size + CMS_ALLOWANCE
    return 2 * (size + (TOKEN_ALLOWANCE if plan.level.needs_timestamp else 0))


@contextmanager
def _our_errors() -> Iterator[None]:
    """PyHanko's errors become ours."""
    try:
        yield
    except (PathBuildingError, PathValidationError, ValidationError) as error:
        raise RevocationInfoMissing(reason=str(error)) from error
    except PyHankoSigningError as error:
        if isinstance(error.__cause__, ValidationError):
            raise RevocationInfoMissing(reason=f"{error} {error.__cause__}") from error
        raise PdfUnsignable(reason=pdf_reason(error)) from error
    except (PdfError, ValueError, KeyError) as error:
        raise PdfUnsignable(reason=pdf_reason(error)) from error
