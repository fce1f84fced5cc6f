"""Papers that somebody brings to be signed: a scan that shows another name, with the true one and a credential inside."""

import re
from io import BytesIO

import pikepdf
from hostile_base import Base, attack, flip

from generator.certificate.cases import SAMPLE_FACTS, SAMPLE_MARKS
from generator.certificate.face.loading import load_face
from generator.certificate.press import Press
from signing.cms.skeleton import SkeletonSigner
from signing.keys.archive_key import archive_key
from signing.pades.redrawing import redrawn
from signing.pades.sign import SealPlace, SigningPlan, sign_pdf
from signing.seal import round_seal
from signing.validate import Code, Verdict

SCANS = "scans"
FOREIGN, TAMPERED = Verdict.FOREIGN, Verdict.TAMPERED
TRUE_TEXT = f"{SAMPLE_MARKS.number} {SAMPLE_FACTS.name} {SAMPLE_FACTS.title}"


def credential_of(certificate: bytes) -> bytes:
    """The credential inside a genuine certificate, which its holder can copy."""
    found = re.search(rb"eyJ[\w.-]{200,}", certificate)
    assert found is not None
    return found[0]


def lying_scan(credential: bytes, text: str = TRUE_TEXT, shown: str = "FORGED NAME") -> bytes:
    """A page that shows one name, has `text` in invisible small letters and a copied credential as /AF."""
    pdf, output = pikepdf.new(), BytesIO()
    page = pdf.add_blank_page(page_size=(595, 842))
    points = {ord(one): number for number, one in enumerate(sorted(set(text)), 1)}
    lines = "".join(f"<{number:04X}> <{point:04X}>\n" for point, number in points.items())
    mapping = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(points)} beginbfchar\n{lines}endbfchar endcmap"
    )
    descendant = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.CIDFontType2,
            BaseFont=pikepdf.Name.Hidden,
            CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        )
    )
    hidden = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name.Hidden,
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=pikepdf.Array([descendant]),
        ToUnicode=pdf.make_stream(mapping.encode()),
    )
    plain = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=plain, F2=hidden))
    codes = "".join(f"{points[ord(one)]:04X}" for one in text)
    drawn = f"BT /F1 40 Tf 60 600 Td ({shown}) Tj ET BT 3 Tr /F2 4 Tf 60 60 Td <{codes}> Tj ET"
    page.Contents = pdf.make_stream(drawn.encode())
    pdf.attachments["credential.jwt"] = credential
    pdf.Root.AF = pikepdf.Array([pdf.attachments["credential.jwt"].obj])
    pdf.save(output)
    return output.getvalue()


@attack(SCANS, FOREIGN, Code.ARCHIVE_SIGNATURE)
def scan_of_another_name_brought_to_the_archive(base: Base) -> bytes:
    """A scan with another name, the true one in invisible letters and a copied credential, signed as the archive does"""
    return _archived(base, redrawn(lying_scan(credential_of(base.good))))


@attack(SCANS, FOREIGN, Code.ARCHIVE_SIGNATURE)
def scan_brought_to_be_sealed(base: Base) -> bytes:
    """The same with the authority's visible seal on it, as `signatures sign --visible` makes it"""
    seal = round_seal(base.authority.organisation, sample=True)
    plan = SigningPlan(certify=False, seal=seal, place=SealPlace(-1, 130, 30))
    return _archived(base, redrawn(lying_scan(credential_of(base.good))), plan)


@attack(SCANS, TAMPERED, Code.CREDENTIAL_WRONG)
def copied_credential_under_the_archive_key(base: Base) -> bytes:
    """The lying page signed with the archive key as it is, a genuine credential inside"""
    return _archived(base, lying_scan(credential_of(base.good)))


@attack(SCANS, FOREIGN, Code.ARCHIVE_SIGNATURE)
def certification_by_the_archive_key(base: Base) -> bytes:
    """An archive paper that certifies that no change is allowed, as certificates do"""
    return _archived(base, base.plain, SigningPlan(certify=True))


@attack(SCANS, TAMPERED, Code.CREDENTIAL_WRONG)
def certificate_face_under_the_archive_key(base: Base) -> bytes:
    """A whole certificate of the press, credential and all, with the archive key instead of the certificate key"""
    seal = round_seal(base.authority.organisation, sample=True)
    press = Press.of(load_face(), seal, SkeletonSigner(archive_key(base.authority)), sample=True)
    return base.pressed(press=press)


@attack(SCANS, TAMPERED, Code.CONTENT_CHANGED)
def archive_paper_altered(base: Base) -> bytes:
    """One bit of the picture in an archive paper is flipped"""
    data = scan_of_another_name_brought_to_the_archive(base)
    return flip(data, data.index(b"stream\n") + 4000)


def _archived(base: Base, data: bytes, plan: SigningPlan | None = None) -> bytes:
    return sign_pdf(data, archive_key(base.authority), base.now, plan or SigningPlan(certify=False))
