"""A pressed certificate is a complete, ordinary, signed PDF/A-3 that other people's programs accept."""

from __future__ import annotations

import hashlib
import io
import pickle
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import pdfa
from press_tools import MOMENT, TOKEN, needs

from generator.certificate.cases import BY_NAME, CASES, SAMPLE_FACTS, SAMPLE_MARKS, portrait
from generator.certificate.errors import PhotoUnusable, QrUnsuitable, SignatureTooLong, TextTooLong
from generator.certificate.face.face import CertificateFace
from generator.certificate.face.placeholders import grouped
from generator.certificate.parts import DigestSigner, PressedCertificate, SealAppearance
from generator.certificate.plan import PressPlan, make_plan
from generator.certificate.press import CREDENTIAL_NAME, Press
from generator.certificate.preview import StandInSeal
from generator.layout.text.errors import Undrawable
from signing.authority.opening import Authority
from signing.cms.skeleton import SkeletonSigner
from signing.seal import Seal

Make = Callable[[str], PressedCertificate]
Saved = Callable[[str], Path]
NAMES = [case.name for case in CASES]


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def opened(pressed: PressedCertificate) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pressed.data))


# What other programs say


@pytest.mark.tools
@needs("qpdf")
@pytest.mark.parametrize("name", NAMES)
def test_qpdf_finds_no_error(saved: Saved, name: str) -> None:
    """Structure, cross-reference table and streams are in order."""
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(saved(name)))


@pytest.mark.tools
@needs("pdfsig")
@pytest.mark.parametrize("name", ["usual", "rare", "basic"])
def test_pdfsig_accepts_the_signature(saved: Saved, name: str) -> None:
    """poppler: valid, and over the total document."""
    report = run("pdfsig", "-nocert", str(saved(name)))
    assert "Signature is Valid" in report
    assert "Total document signed" in report
    assert "ETSI.CAdES.detached" in report


def test_pyhanko_accepts_it_strictly(make: Make, authority: Authority) -> None:
    """Certified with no changes allowed, whole file covered, trusted against the demo root only."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    for name in NAMES:
        reader = PdfFileReader(io.BytesIO(make(name).data), strict=True)
        (signature,) = reader.embedded_signatures
        context = ValidationContext(trust_roots=trust_roots(authority), moment=MOMENT, allow_fetching=False)
        status = validate_pdf_signature(signature, context)
        assert status.bottom_line
        assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        assert signature.docmdp_level is MDPPerm.NO_CHANGES
        assert reader.xrefs.total_revisions == 1


def trust_roots(authority: Authority) -> list[Any]:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return [x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in authority.roots]


@pytest.mark.tools
@needs("pdfsig")
def test_a_flipped_byte_is_noticed(make: Make, tmp_path: Path) -> None:
    """Anywhere in the covered ranges one changed bit breaks the signature."""
    data = make("usual").data
    for place in (1000, len(data) // 2, len(data) - 30):
        damaged = bytearray(data)
        damaged[place] ^= 1
        path = tmp_path / "damaged.pdf"
        path.write_bytes(damaged)
        assert "Signature is Valid" not in run("pdfsig", "-nocert", str(path))


@pytest.mark.tools
@needs("pdffonts")
@pytest.mark.parametrize("name", NAMES)
def test_every_font_is_embedded_with_a_unicode_map(saved: Saved, name: str) -> None:
    """Composite TrueType subsets, each with its own name."""
    rows = run("pdffonts", str(saved(name))).splitlines()[2:]
    assert rows
    assert all(re.search(r"CID TrueType +Identity-H +yes yes yes", row) for row in rows)
    names = [row.split()[0] for row in rows]
    assert len(set(names)) == len(names)


@pytest.mark.tools
@needs("pdftotext")
@pytest.mark.parametrize("name", NAMES)
def test_copied_text_is_what_was_printed(saved: Saved, name: str) -> None:
    """Names exactly, rare characters included; number before name before title; the identity number only masked."""
    case = BY_NAME[name]
    text = run("pdftotext", "-raw", str(saved(name)), "-").replace("\n", "")
    order = [text.index(part) for part in ("内蒙古自治区职称证书", case.marks.number, case.facts.name)]
    assert order == sorted(order)
    assert text.index(case.facts.title) > order[-1]
    for part in (case.facts.employer, case.facts.conferrer, grouped(case.marks.code), case.facts.authority):
        assert part in text
    assert case.facts.identity_masked in text
    assert "样本" in text


@pytest.mark.tools
@needs("pdfinfo")
def test_the_page_is_a4_landscape_tagged_and_titled(saved: Saved) -> None:
    """What pdfinfo says about paper, tags and title."""
    report = run("pdfinfo", str(saved("usual")))
    assert "841.89 x 595.28 pts (A4)" in report
    assert re.search(r"Pages: +1\n", report)
    assert re.search(r"Tagged: +yes", report)
    assert re.search(r"JavaScript: +no", report)
    assert "内蒙古自治区职称证书 乌云其木格 NM20251500202P000128" in report


@pytest.mark.tools
@needs("pdftoppm")
@needs("zbarimg")
@pytest.mark.parametrize("name", ["usual", "reissued"])
def test_the_code_is_read_from_a_screen(saved: Saved, tmp_path: Path, name: str) -> None:
    """Zbar and zxing read the address from 96 dpi."""
    import zxingcpp
    from PIL import Image

    picture = tmp_path / "page"
    run("pdftoppm", "-r", "96", "-png", "-singlefile", str(saved(name)), str(picture))
    url = BY_NAME[name].marks.url
    assert f"QR-Code:{url}" in run("zbarimg", "-q", f"{picture}.png")
    with Image.open(f"{picture}.png") as image:
        assert [code.text for code in zxingcpp.read_barcodes(image)] == [url]


def test_modules_are_large_enough_for_bad_copies(face: CertificateFace) -> None:
    """≥ 20 mm of modules, each ≥ 0.42 mm, in version 4 too."""
    for modules in (29, 33):
        module = face.qr.size.mm / (modules + 8)
        assert module >= 0.42
        assert module * modules >= 20


def test_the_seal_is_seen_without_form_support(make: Make) -> None:
    """Readers that do not draw signature fields still show the seal: pdfium without its form module."""
    import pypdfium2

    from generator.layout.units import Mm

    document = pypdfium2.PdfDocument(make("usual").data)
    image = document[0].render(scale=1).to_pil().convert("RGB")
    red, green, blue = image.getpixel((round(Mm(222)), round(Mm(163.6))))
    document.close()
    assert red > 180
    assert max(green, blue) < 60


# PDF/A-3


@pytest.mark.parametrize("name", ["usual", "rare", "basic", "targeted"])
def test_the_unsigned_page_passes_pdfa(face: CertificateFace, name: str) -> None:
    """Without signature and attachment nothing is left that the checker cannot judge: it must pass."""
    case = BY_NAME[name]
    plan = make_plan(face, StandInSeal(), sample=True, signed=False)
    pressed = Press(plan, None).make(case.facts, case.marks, signed_at=MOMENT, photo=portrait(case))
    assert pdfa.validate_written(io.BytesIO(pressed.data), "3b").verdict == "pass"


def test_the_signed_file_has_no_violation(make: Make) -> None:
    """The checker cannot judge forms and attachments, and objects to nothing."""
    report = pdfa.validate_written(io.BytesIO(make("rare").data), "3b")
    kinds = {str(finding).split("]")[0].strip("[") for finding in report.findings}
    assert kinds <= {"unsupported"}


def test_information_and_xmp_agree(make: Make) -> None:
    """Title, author, subject, producer and dates are the same in both places."""
    with opened(make("usual")) as pdf, pdf.open_metadata() as xmp:
        info = pdf.docinfo
        assert xmp["pdfaid:part"] == "3"
        assert xmp["dc:title"] == str(info.Title)
        assert xmp["dc:creator"] == [str(info.Author)]
        assert xmp["dc:description"] == str(info.Subject)
        assert xmp["dc:identifier"] == SAMPLE_MARKS.number
        assert str(info.CreationDate) == "D:20261121173000+08'00'"
        assert datetime.fromisoformat(xmp["xmp:CreateDate"]) == MOMENT


def test_nothing_is_transparent_or_active(make: Make) -> None:
    """No graphics states, no scripts, no actions, no links."""
    data = make("usual").data
    with opened(make("usual")) as pdf:
        assert "/ExtGState" not in pdf.pages[0].Resources
    for word in (b"/JavaScript", b"/OpenAction", b"/AA", b"/URI", b"/SMask", b"/Encrypt", b"/XFA"):
        assert not re.search(word + rb"\b", data)


def test_the_credential_is_an_associated_file(make: Make) -> None:
    """The token can be taken out by its name, and the file says what it is."""
    with opened(make("usual")) as pdf:
        attached = pdf.attachments[CREDENTIAL_NAME]
        assert attached.get_file().read_bytes() == TOKEN.encode()
        (file,) = pdf.Root.AF
        assert file.AFRelationship == pikepdf.Name.Data
        assert file.EF.F.Subtype == pikepdf.Name("/application/jwt")


# Tags


def test_a_screen_reader_meets_number_name_statement_first(make: Make) -> None:
    """Reading order of the structure tree, with texts for photo, code and seal."""
    with opened(make("usual")) as pdf:
        document = pdf.Root.StructTreeRoot.K
        kinds = [str(kid.S) for kid in document.K]
        assert kinds[:5] == ["/P", "/H1", "/P", "/P", "/P"]
        assert kinds[-3:] == ["/Figure", "/Figure", "/Form"]
        assert all(str(kid.Alt) for kid in document.K if str(kid.S) in ("/Figure", "/Form"))
        content = b"\n".join(stream.read_bytes() for stream in pdf.pages[0].Contents)
        mcids = [int(found) for found in re.findall(rb"/MCID (\d+)", content)]
        assert sorted(mcids) == list(range(len(kinds) - 1))
        parents = pdf.Root.StructTreeRoot.ParentTree.Nums
        assert [int(parent.K) for parent in parents[1]] == list(range(len(mcids)))
        assert pdf.Root.Lang == "zh-CN"
        assert pdf.Root.MarkInfo.Marked


def test_marked_content_is_balanced_even_for_absent_texts(make: Make) -> None:
    """Texts that a certificate does not have are empty, not missing."""
    for name in ("usual", "targeted", "reissued", "basic"):
        with opened(make(name)) as pdf:
            for stream in pdf.pages[0].Contents:
                operators = stream.read_bytes()
                opens = len(re.findall(rb"\bB(?:DC|MC)\b", operators))
                assert opens == len(re.findall(rb"\bEMC\b", operators))
                assert len(re.findall(rb"\bq\b", operators)) == len(re.findall(rb"\bQ\b", operators))


# The press itself


def test_the_hash_is_that_of_the_file(make: Make) -> None:
    """What goes into the register is the SHA-256 of the whole file."""
    for name in NAMES:
        pressed = make(name)
        assert pressed.sha256 == hashlib.sha256(pressed.data).hexdigest()


def test_the_cms_is_what_pyhanko_makes(plan: PressPlan, signer: SkeletonSigner) -> None:
    """For the same digest and raw signature, pyHanko's own flow gives the same bytes."""
    import asyncio

    from asn1crypto import cms

    class Compared:
        cms_size = signer.cms_size

        def sign_digest(self, digest: bytes, signed_at: datetime) -> bytes:
            fast = signer.sign_digest(digest, signed_at)
            parsed = cms.ContentInfo.load(fast)["content"]["signer_infos"][0]
            raw = parsed["signature"].native
            slow = signer.pyhanko_signer(raw).async_sign(digest, "sha256", use_pades=True)
            assert asyncio.run(slow).dump() == fast
            return fast

    pressed = Press(plan, Compared()).make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=MOMENT)
    assert pressed.data.count(b"/ByteRange") == 1


def test_a_plan_travels_to_another_process(plan: PressPlan, signer: SkeletonSigner) -> None:
    """A pickled plan gives the same certificate, but for the signature's random number."""
    copy = pickle.loads(pickle.dumps(plan))
    first, second = (
        Press(each, signer).make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=MOMENT, credential=TOKEN).data
        for each in (plan, copy)
    )
    cut = first.index(b"/Contents<")
    assert first[:cut] == second[:cut]
    assert len(first) == len(second)


def test_what_came_before_leaves_no_trace(plan: PressPlan, signer: SkeletonSigner) -> None:
    """A certificate does not depend on the certificates that the same press made earlier."""
    busy, fresh = Press(plan, signer), Press(plan, signer)
    for case in CASES:
        busy.make(case.facts, case.marks, signed_at=MOMENT)
    first, second = (each.make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=MOMENT).data for each in (busy, fresh))
    cut = first.index(b"/Contents<")
    assert first[:cut] == second[:cut]


@pytest.mark.tools
@needs("pdftotext")
def test_what_certificates_share_is_frozen(
    face: CertificateFace, seal: Seal, plan: PressPlan, signer: SkeletonSigner, tmp_path: Path
) -> None:
    """A plan that has seen an example needs fewer glyphs per certificate and prints the same words."""
    tuned = make_plan(face, seal, sample=True, like=[(SAMPLE_FACTS, SAMPLE_MARKS)])
    facts = replace(SAMPLE_FACTS, name="赵𬱖", employer="包头市第一中学")
    texts = []
    for each in (plan, tuned):
        path = tmp_path / "page.pdf"
        pressed = Press(each, signer).make(facts, SAMPLE_MARKS, signed_at=MOMENT)
        path.write_bytes(pressed.data)
        texts.append((run("pdftotext", "-raw", str(path), "-"), len(pressed.data) - len(each.prefix)))
    assert texts[0][0] == texts[1][0]
    assert texts[1][1] < texts[0][1]


def test_signer_and_seal_fit_the_protocols(signer: SkeletonSigner, seal: Seal) -> None:
    """The signing room's parts are what the press expects, and so is the stand-in."""
    assert isinstance(signer, DigestSigner)
    assert isinstance(seal, SealAppearance)
    assert isinstance(StandInSeal(), SealAppearance)


def test_without_a_demo_key_nothing_says_sample(face: CertificateFace, signer: SkeletonSigner) -> None:
    """样本 is drawn exactly when the plan says so."""
    plain = make_plan(face, StandInSeal(), sample=False)
    with opened(Press(plain, signer).make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=MOMENT)) as pdf:
        assert "/P" not in str(pdf.Root.StructTreeRoot.K.K[0].S)


# What is refused


def test_a_character_without_a_glyph_stops_that_certificate(press: Press) -> None:
    """The error names the application and the code point."""
    facts = replace(SAMPLE_FACTS, name="张\ue000")
    with pytest.raises(Undrawable) as caught:
        press.make(facts, SAMPLE_MARKS, signed_at=MOMENT)
    assert "U+E000" in caught.value.diagnostics()
    assert SAMPLE_FACTS.application_number in caught.value.diagnostics()


def test_a_text_that_cannot_fit_stops_that_certificate(press: Press) -> None:
    """Nothing is cut: the error names person and item."""
    with pytest.raises(TextTooLong) as caught:
        press.make(replace(SAMPLE_FACTS, employer="长" * 300), SAMPLE_MARKS, signed_at=MOMENT)
    assert SAMPLE_FACTS.application_number in caught.value.diagnostics()
    assert "employer" in caught.value.diagnostics()


def test_unusable_photos_and_addresses_are_refused(press: Press) -> None:
    """A broken photo is not replaced by a grey box; an address outside the code's alphabet is not printed."""
    with pytest.raises(PhotoUnusable):
        press.make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=MOMENT, photo=b"GIF89a")
    marks = replace(SAMPLE_MARKS, url="https://zc.example.cn/v/abc")
    with pytest.raises(QrUnsuitable):
        press.make(SAMPLE_FACTS, marks, signed_at=MOMENT)


def test_a_signature_longer_than_announced_is_refused(plan: PressPlan) -> None:
    """A signer that returns too much does not damage the file silently."""

    class Long:
        cms_size = 100

        def sign_digest(self, digest: bytes, signed_at: datetime) -> bytes:
            return digest * 10

    with pytest.raises(SignatureTooLong):
        Press(plan, Long()).make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=MOMENT)
