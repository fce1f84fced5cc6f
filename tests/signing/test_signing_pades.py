"""Signing other PDFs at every level, renewing archives, and what third parties say."""

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from signing.authority.opening import Authority
from signing.errors import CertificateNotValidNow, PdfUnsignable, RevocationInfoMissing
from signing.keys import SigningKey
from signing.keys.certificate_key import certificate_key
from signing.pades.extending import extend, look
from signing.pades.revocation import RevocationData
from signing.pades.sign import SealPlace, SigningPlan, sign_pdf
from signing.seal import round_seal
from signing.settings import Level
from signing.timestamp import LocalTimestamper, TimestampAuthority
from signing.validate import Code, validate

LEVELS = list(Level)


@pytest.fixture(scope="module")
def local(tsa_key: SigningKey) -> LocalTimestamper:
    """Time-stamps of the demo authority."""
    return LocalTimestamper(TimestampAuthority(tsa_key))


@pytest.mark.parametrize("level", LEVELS)
def test_what_was_signed_has_the_level_that_was_asked_for(
    signed: dict[Level, bytes], authority: Authority, level: Level, now: datetime
) -> None:
    """Genuine, of exactly that level, with a proven time from B-T on."""
    report = validate(signed[level], authority.anchors)
    assert (report.code, report.level) == (Code.OK, level.value)
    assert report.time_proven is level.needs_timestamp
    assert report.signed_at is not None
    assert abs(report.signed_at - now) < timedelta(minutes=5)


@pytest.mark.parametrize("level", LEVELS)
def test_everything_up_to_the_end_is_covered(signed: dict[Level, bytes], level: Level) -> None:
    """The last signature or time-stamp covers the whole file: nothing unsigned follows."""
    from signing.validate.steps.slots import find_slots

    assert find_slots(signed[level])[-1].end == len(signed[level])


@pytest.mark.tools
@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("level", LEVELS)
def test_pdfsig_agrees(signed: dict[Level, bytes], tmp_path: Path, level: Level) -> None:
    """Poppler calls the signature valid, and a changed file not."""
    changed = signed[level].replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [ 0 0 595 843 ]")
    assert changed != signed[level]
    for name, data, wanted in (("good", signed[level], True), ("changed", changed, False)):
        (tmp_path / name).write_bytes(data)
        done = subprocess.run(
            ["pdfsig", "-nocert", name], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert ("Signature is Valid" in done.stdout) is wanted, done.stdout


@pytest.mark.tools
@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
@pytest.mark.parametrize("level", LEVELS)
def test_qpdf_finds_nothing_wrong(signed: dict[Level, bytes], tmp_path: Path, level: Level) -> None:
    """`qpdf --check` is content."""
    (tmp_path / "f.pdf").write_bytes(signed[level])
    done = subprocess.run(
        ["qpdf", "--check", "f.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("level", [Level.B_B, Level.B_LTA])
def test_the_command_line_of_pyhanko_agrees(
    signed: dict[Level, bytes], authority: Authority, tmp_path: Path, level: Level
) -> None:
    """`pyhanko sign validate` with our root as the only trust: intact and trusted."""
    (tmp_path / "root.pem").write_bytes(authority.roots[0].public_bytes(Encoding.PEM))
    (tmp_path / "f.pdf").write_bytes(signed[level])
    command = [
        sys.executable,
        "-m",
        "pyhanko",
        "sign",
        "validate",
        "--trust",
        "root.pem",
        "--trust-replace",
        "f.pdf",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "INTACT:TRUSTED" in done.stdout


def test_a_visible_seal_is_drawn(authority: Authority, plain_pdf: bytes, now: datetime) -> None:
    """The seal stands where it was put, red, and the file stays genuine."""
    import pypdfium2

    plan = SigningPlan(
        seal=round_seal(authority.organisation, sample=True), place=SealPlace(0, 50, 100), reason="回执"
    )
    data = sign_pdf(plain_pdf, certificate_key(authority), now, plan)
    assert validate(data, authority.anchors).genuine
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    image = document[0].render(scale=1, may_draw_forms=True).to_pil().convert("RGB")
    middle = round((50 + 21) * 72 / 25.4), round(842 - (100 + 21) * 72 / 25.4)
    red, green, _ = image.getpixel(middle)
    assert red > 150 > green


def test_the_moment_of_signing_is_the_given_one(
    authority: Authority, plain_pdf: bytes, now: datetime
) -> None:
    """Not the clock's; and it must lie in the certificate's validity."""
    moment = now - timedelta(days=100)
    report = validate(sign_pdf(plain_pdf, certificate_key(authority), moment), authority.anchors)
    assert report.signed_at == moment
    with pytest.raises(CertificateNotValidNow):
        sign_pdf(plain_pdf, certificate_key(authority), now - timedelta(days=4000))


@pytest.mark.parametrize("data", [b"", b"rubbish", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_cannot_be_signed(authority: Authority, now: datetime, data: bytes) -> None:
    """One error of ours, whatever pyHanko raises."""
    with pytest.raises(PdfUnsignable):
        sign_pdf(data, certificate_key(authority), now)
    with pytest.raises(PdfUnsignable):
        look(data)


def test_a_certified_file_cannot_be_signed_again(
    signed: dict[Level, bytes], authority: Authority, now: datetime
) -> None:
    """The certification forbids it."""
    with pytest.raises(PdfUnsignable):
        sign_pdf(signed[Level.B_B], certificate_key(authority), now, SigningPlan(field_name="S2"))


def test_an_encrypted_file_cannot_be_signed(plain_pdf: bytes, authority: Authority, now: datetime) -> None:
    """Neither signed nor extended."""
    buffer = BytesIO()
    with pikepdf.open(BytesIO(plain_pdf)) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(PdfUnsignable):
        sign_pdf(buffer.getvalue(), certificate_key(authority), now)


@pytest.mark.filterwarnings("ignore:Validation/revocation info")
def test_without_revocation_data_there_is_no_long_term_level(
    authority: Authority, plain_pdf: bytes, local: LocalTimestamper, now: datetime
) -> None:
    """LT without a CRL or OCSP answer raises."""
    with pytest.raises(RevocationInfoMissing):
        sign_pdf(plain_pdf, certificate_key(authority), now, SigningPlan(level=Level.B_LT, timestamper=local))


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_can_be_renewed_again_and_again(
    signed: dict[Level, bytes],
    authority: Authority,
    local: LocalTimestamper,
    crls: RevocationData,
    level: Level,
) -> None:
    """Each renewal adds one document time-stamp over everything; the file stays genuine, now B-LTA."""
    before = look(signed[level])
    once = extend(signed[level], local, authority.anchors.roots, crls)
    twice = extend(once, local, authority.anchors.roots, crls)
    assert twice.startswith(once)
    assert look(twice).document_stamps == before.document_stamps + 2
    report = validate(twice, authority.anchors)
    assert (report.code, report.level) == (Code.OK, "B-LTA")


def test_only_what_is_due_is_renewed(signed: dict[Level, bytes], now: datetime) -> None:
    """Due: no document time-stamp yet, or its certificate ends before the deadline."""
    assert look(signed[Level.B_T]).due(now)
    archived = look(signed[Level.B_LTA])
    assert archived.stamped_until is not None
    assert not archived.due(now + timedelta(days=365))
    assert archived.due(archived.stamped_until + timedelta(days=1))


def test_an_unsigned_file_has_no_archive_to_renew(
    plain_pdf: bytes, authority: Authority, local: LocalTimestamper
) -> None:
    """Nothing to protect."""
    with pytest.raises(PdfUnsignable):
        extend(plain_pdf, local, authority.anchors.roots, RevocationData())


def test_an_archive_outlives_the_signer_certificate(
    authority: Authority, plain_pdf: bytes, tsa_key: SigningKey, now: datetime
) -> None:
    """Six years later the B-B file is past its certificate's end, the B-LTA file is still proven."""
    from signing.authority.opening import demo_crls

    lists = RevocationData(tuple(one.public_bytes(Encoding.DER) for one in demo_crls(authority.folder, now)))
    plan = SigningPlan(
        level=Level.B_LTA, timestamper=LocalTimestamper(TimestampAuthority(tsa_key)), revocation=lists
    )
    later = certificate_key(authority).certificate.not_valid_after_utc + timedelta(days=365)
    plain = sign_pdf(plain_pdf, certificate_key(authority), now)
    archived = sign_pdf(plain_pdf, certificate_key(authority), now, plan)
    assert validate(plain, authority.anchors, now=later).code is Code.CERTIFICATE_EXPIRED
    assert validate(archived, authority.anchors, now=later).code is Code.OK
    known = [validate(plain, authority.anchors, known_hash=True, now=moment).code for moment in (now, later)]
    assert known == [
        Code.REGISTER_HASH,
        Code.REGISTER_CONTRADICTED,
    ]  # a register asks as of the day of registration


def test_a_signature_made_after_revocation_is_refused_and_one_proven_before_is_not(
    authority: Authority, plain_pdf: bytes, tsa_key: SigningKey
) -> None:
    """The proven moment decides; a claimed one proves nothing."""
    from signing.authority.opening import demo_crls

    now = datetime.now(UTC).replace(microsecond=0)
    serial = certificate_key(authority).certificate.serial_number

    def trust(revoked_at: datetime) -> object:
        lists = demo_crls(authority.folder, now, {serial: revoked_at})
        return replace(authority.anchors, crls=tuple(one.public_bytes(Encoding.DER) for one in lists))

    stamped = sign_pdf(
        plain_pdf,
        certificate_key(authority),
        now,
        SigningPlan(level=Level.B_T, timestamper=LocalTimestamper(TimestampAuthority(tsa_key, lambda: now))),
    )
    claimed = sign_pdf(plain_pdf, certificate_key(authority), now - timedelta(days=30))
    before, after = trust(now - timedelta(days=10)), trust(now + timedelta(hours=1))
    assert validate(stamped, before).code is Code.CERTIFICATE_REVOKED  # type: ignore[arg-type]
    assert validate(claimed, before).code is Code.CERTIFICATE_REVOKED  # type: ignore[arg-type]
    assert validate(stamped, after, now=now + timedelta(days=2)).code is Code.OK  # type: ignore[arg-type]
    assert validate(claimed, after, now=now + timedelta(days=2)).code is Code.CERTIFICATE_REVOKED  # type: ignore[arg-type]


def test_time_stamps_of_a_revoked_authority_prove_nothing(
    authority: Authority, signed: dict[Level, bytes], tsa_key: SigningKey, now: datetime
) -> None:
    """The lists count for time-stamp authorities too."""
    from signing.authority.opening import demo_crls

    lists = demo_crls(authority.folder, now, {tsa_key.certificate.serial_number: now - timedelta(days=10)})
    trust = replace(authority.anchors, crls=tuple(one.public_bytes(Encoding.DER) for one in lists))
    assert validate(signed[Level.B_T], trust).code is Code.TIMESTAMP_UNTRUSTED
