"""The archive key: what it signs, who has one, and that nothing under it passes for a certificate."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding
from signing_helpers import certificate_of, chain, write_pem

from core.settings import Home
from signing.authority.certificates import ARCHIVE
from signing.authority.opening import demo_authority, open_authority
from signing.errors import ArchiveKeyMissing, ArchiveKeyShared, PdfUnsignable
from signing.keys.archive_key import archive_key, with_archive_key
from signing.keys.certificate_key import certificate_key
from signing.keys.importing import KeyRole, import_key
from signing.keys.listing import list_keys
from signing.keys.ring import read_ring
from signing.pades.configured import sign_brought, sign_document
from signing.pades.redrawing import MOST_PIXELS, redrawn
from signing.pades.sign import SigningPlan, sign_pdf
from signing.trust import fingerprint
from signing.validate import Code, Verdict, validate
from zhicheng import cli


def brought_pdf() -> bytes:
    """A paper with text, an attachment, a script, a form and a hidden layer."""
    pdf, output = pikepdf.new(), BytesIO()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = pdf.make_stream(
        b"BT /F1 40 Tf 60 700 Td (VISIBLE) Tj ET BT 3 Tr /F1 4 Tf 60 60 Td (HIDDEN) Tj ET"
    )
    pdf.attachments["credential.jwt"] = b"eyJ"
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())
    group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="layer"))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([group]), D=pikepdf.Dictionary())
    pdf.save(output)
    return output.getvalue()


def test_a_brought_paper_is_drawn_again_as_pictures() -> None:
    """Pages and their size stay, what is seen stays, and nothing else gets through."""
    import pypdfium2

    data = redrawn(brought_pdf())
    with pikepdf.open(BytesIO(data)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert [tuple(map(int, page.MediaBox)) for page in pdf.pages] == [(0, 0, 595, 842)]
        assert {name for page in pdf.pages for name in page.Resources} == {"/XObject"}
    document = pypdfium2.PdfDocument(data)
    assert document[0].get_textpage().get_text_bounded() == ""
    dark = document[0].render().to_pil().convert("L").histogram()[:100]
    assert sum(dark) > 500
    document.close()


@pytest.mark.parametrize(("dpi", "expected"), [(72, 150), (200, 200), (400, 400), (1200, 600)])
def test_a_scan_keeps_its_own_resolution_within_bounds(dpi: int, expected: int) -> None:
    """Dots per inch of the picture on the page, at least 150 and at most 600."""
    inches, output = 2, BytesIO()
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(72 * inches, 72 * inches))
    side = dpi * inches
    scan = pikepdf.Stream(pdf, b"\x80" * side * side, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
    scan.Width, scan.Height, scan.ColorSpace, scan.BitsPerComponent = side, side, pikepdf.Name.DeviceGray, 8
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=scan))
    page.Contents = pdf.make_stream(b"q 144 0 0 144 0 0 cm /A Do Q")
    pdf.save(output)
    with pikepdf.open(BytesIO(redrawn(output.getvalue()))) as again:
        picture = again.pages[0].Resources.XObject.Scan
        assert abs(int(picture.Width) - expected * inches) <= 1


def test_an_enormous_page_does_not_take_all_memory() -> None:
    """A page of five metres is drawn with as many pixels as an A4 page at 600 dpi, not more."""
    pdf, output = pikepdf.new(), BytesIO()
    page = pdf.add_blank_page(page_size=(14400, 14400))
    page.Contents = pdf.make_stream(b"0 0 m 100 100 l S")
    pdf.save(output)
    with pikepdf.open(BytesIO(redrawn(output.getvalue()))) as again:
        picture = again.pages[0].Resources.XObject.Scan
        assert int(picture.Width) * int(picture.Height) <= MOST_PIXELS * 1.01


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n%%EOF"])
def test_what_cannot_be_drawn_is_refused_in_words(data: bytes) -> None:
    """Nothing is signed then."""
    with pytest.raises(PdfUnsignable):
        redrawn(data)


def test_a_brought_paper_is_an_archive_signature_and_no_certificate(tmp_path: Path) -> None:
    """Its own code, verdict and sentence, at every verifier: here, with the root alone, and elsewhere."""
    home = Home(tmp_path)
    data = sign_brought(brought_pdf(), home)
    anchors = open_authority(home).anchors
    report = validate(data, anchors)
    assert (report.verdict, report.code) == (Verdict.FOREIGN, Code.ARCHIVE_SIGNATURE)
    assert "不是职称证书" in report.message()
    alone = validate(data, replace(anchors, signers=(), archives=()))
    assert alone.code is Code.ARCHIVE_SIGNATURE
    elsewhere = validate(data, replace(anchors, archives=()))
    assert elsewhere.code is Code.SIGNED_BY_OTHER
    with pikepdf.open(BytesIO(data)) as pdf:
        assert "/Perms" not in pdf.Root


def test_an_altered_archive_paper_is_tampered(tmp_path: Path) -> None:
    """It is judged as strictly as a certificate."""
    home = Home(tmp_path)
    data = sign_brought(brought_pdf(), home)
    place = data.index(b"/DCTDecode")
    changed = data[:place] + b"/dctDecode" + data[place + 10 :]
    assert validate(changed, open_authority(home).anchors).verdict is Verdict.TAMPERED


def test_a_credential_under_an_archive_key_is_refused(tmp_path: Path) -> None:
    """Even a genuine one, and even when the paper itself is unchanged."""
    from signing.credential.token import sign

    home = Home(tmp_path)
    authority = open_authority(home)
    with pikepdf.open(BytesIO(redrawn(brought_pdf()))) as pdf:
        pdf.attachments["credential.jwt"] = sign({"code": "A"}, authority.service).encode()
        pdf.Root.AF = pikepdf.Array([pdf.attachments["credential.jwt"].obj])
        output = BytesIO()
        pdf.save(output)
    report = validate(sign_document(output.getvalue(), home), open_authority(home).anchors)
    assert report.code is Code.CREDENTIAL_WRONG


def test_even_a_certification_by_an_archive_key_is_none(tmp_path: Path, plain_pdf: bytes) -> None:
    """DocMDP does not make a certificate of it."""
    authority = with_archive_key(demo_authority(tmp_path))
    data = sign_pdf(plain_pdf, archive_key(authority), datetime.now(UTC), SigningPlan(certify=True))
    assert validate(data, authority.anchors).code is Code.ARCHIVE_SIGNATURE


def test_a_demo_ring_of_an_earlier_release_gets_an_archive_key_at_need(tmp_path: Path) -> None:
    """Once, under its own name; certificates, signers and services stay as they are."""
    home = Home(tmp_path)
    before = open_authority(home)
    assert before.ring.archive is None
    first, second = archive_key(before), archive_key(open_authority(home))
    assert first.certificate == second.certificate
    after = read_ring(home.keys)
    assert (after.signers, after.services) == (before.ring.signers, before.ring.services)
    assert [one.name for one in after.archives] == ["archive-1"]
    assert ("archive-1", "archive", "active") in {
        (one.name, one.use, one.state) for one in list_keys(home.keys)
    }
    own = fingerprint(first.certificate.public_bytes(Encoding.DER))
    assert own in open_authority(home).anchors.archives
    assert own not in open_authority(home).anchors.signers


def test_an_interrupted_making_does_not_stand_in_the_way(tmp_path: Path) -> None:
    """A key file that no entry names is left alone, the next name is taken."""
    authority = demo_authority(tmp_path)
    (tmp_path / "archive-1.key.pem").write_text("half")
    assert archive_key(authority)
    assert read_ring(tmp_path).archive.name == "archive-2"


def test_a_real_installation_is_told_how_to_import_one(tmp_path: Path, plain_pdf: bytes) -> None:
    """Never the certificate key instead; exit code 3 and the command to type."""
    home = Home(tmp_path / "home")
    import_key(home, "seal", write_pem(tmp_path, *chain()), None, keep_demo=False)
    with pytest.raises(ArchiveKeyMissing, match="--role archive") as caught:
        sign_document(plain_pdf, home)
    assert caught.value.exit_code == 3


def test_an_imported_archive_key_signs_papers_and_not_certificates(tmp_path: Path, plain_pdf: bytes) -> None:
    """Both keys of a real installation, each for its own; in either order of import."""
    for number, order in enumerate((("seal", "store"), ("store", "seal"))):
        home = Home(tmp_path / str(number))
        for name in order:
            (folder := tmp_path / f"{number}-{name}").mkdir()
            role = KeyRole.ARCHIVE if name == "store" else KeyRole.CERTIFICATE
            import_key(home, name, write_pem(folder, *chain()), None, keep_demo=False, role=role)
        authority = open_authority(home)
        assert not authority.demo
        paper = validate(sign_document(plain_pdf, home), authority.anchors)
        assert paper.code is Code.ARCHIVE_SIGNATURE
        certificate = sign_pdf(plain_pdf, certificate_key(authority), datetime.now(UTC))
        assert validate(certificate, authority.anchors).code is Code.OK


def test_one_key_has_one_role(tmp_path: Path) -> None:
    """The same certificate twice, or one that says 归档 for certificates, is refused."""
    home = Home(tmp_path / "home")
    source = write_pem(tmp_path, *chain())
    import_key(home, "seal", source, None, keep_demo=False)
    with pytest.raises(ArchiveKeyShared):
        import_key(home, "store", source, None, keep_demo=False, role=KeyRole.ARCHIVE)
    _, issuing, root = chain()
    (folder := tmp_path / "marked").mkdir()
    marked = write_pem(folder, certificate_of(ARCHIVE, issuing), issuing, root)
    with pytest.raises(ArchiveKeyShared):
        import_key(home, "other", marked, None, keep_demo=False)
    assert [one.name for one in read_ring(home.keys).signers] == ["seal"]


def test_the_command_imports_an_archive_key(tmp_path: Path) -> None:
    """`keys import NAME --role archive` says what it will sign."""
    source = write_pem(tmp_path, *chain())
    arguments = ["keys", "import", "store", "--role", "archive", "--pem", str(source.key), "--unlock", "none"]
    arguments += ["--certificates", str(source.certificates)]
    done = CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), *arguments])
    assert done.exit_code == 0, done.output
    assert "归档密钥" in done.output
    assert "demo" not in done.output
