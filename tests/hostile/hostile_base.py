"""What the attacks start from: genuine certificates of a demo authority, a stranger's keys, and small PDF tools."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives.serialization import Encoding

from generator.certificate.cases import SAMPLE_FACTS, SAMPLE_MARKS
from generator.certificate.face.loading import load_face
from generator.certificate.press import Press
from signing.authority.opening import Authority, demo_authority, demo_crls
from signing.cms.skeleton import SkeletonSigner
from signing.cms.stamped import StampedSigner
from signing.credential.token import sign
from signing.keys import PemSource, SigningKey, open_key
from signing.keys.archive_key import with_archive_key
from signing.keys.certificate_key import certificate_key
from signing.keys.service_key import ServiceKey
from signing.pades.extending import extend
from signing.pades.revocation import RevocationData
from signing.pades.sign import SigningPlan, sign_pdf
from signing.seal import round_seal
from signing.timestamp import LocalTimestamper, Rfc3161Timestamper, TimestampAuthority, Timestamper
from signing.timestamp.client import REPLY_TYPE
from signing.trust import TrustAnchors
from signing.validate import Code, Verdict


@dataclass(frozen=True)
class Base:
    """Genuine files and the keys of a stranger who calls himself the same."""

    authority: Authority
    stranger: Authority
    now: datetime

    @property
    def trust(self) -> TrustAnchors:
        """What the verifier believes."""
        return self.authority.anchors

    @cached_property
    def press(self) -> Press:
        """The press with the demo key."""
        seal = round_seal(self.authority.organisation, sample=True)
        return Press.of(load_face(), seal, SkeletonSigner(certificate_key(self.authority)), sample=True)

    def pressed(
        self, name: str = SAMPLE_FACTS.name, service: ServiceKey | None = None, press: Press | None = None
    ) -> bytes:
        """A certificate of the press with its credential."""
        payload = {
            "iss": "150000",
            "code": SAMPLE_MARKS.code,
            "number": SAMPLE_MARKS.number,
            "holder": {"name": name},
        }
        token = sign(payload, service or self.authority.service)
        facts = replace(SAMPLE_FACTS, name=name)
        return (press or self.press).make(facts, SAMPLE_MARKS, signed_at=self.now, credential=token).data

    @cached_property
    def good(self) -> bytes:
        """A genuine certificate."""
        return self.pressed()

    @cached_property
    def other(self) -> bytes:
        """Another genuine certificate, of somebody else."""
        return self.pressed("包桂英")

    @cached_property
    def plain(self) -> bytes:
        """An unsigned page."""
        return unsigned_page()

    @cached_property
    def other_plain(self) -> bytes:
        """Another unsigned page."""
        return unsigned_page(b"20 20 m 40 40 l S")

    @cached_property
    def loose(self) -> bytes:
        """A genuine file whose signature has much blank space behind it."""
        return sign_pdf(self.plain, certificate_key(self.authority), self.now)

    @cached_property
    def archived(self) -> bytes:
        """The genuine certificate with revocation data and a document time-stamp."""
        return extend(
            self.good, self.stamper(self.authority), self.trust.roots, self.revocation(self.authority)
        )

    @cached_property
    def stamped(self) -> bytes:
        """A genuine certificate of level B-T."""
        signer = StampedSigner(SkeletonSigner(certificate_key(self.authority)), self.bought)
        seal = round_seal(self.authority.organisation, sample=True)
        return self.pressed(press=Press.of(load_face(), seal, signer, sample=True))

    @cached_property
    def stamped_archived(self) -> bytes:
        """The same, archived."""
        return extend(self.stamped, self.bought, self.trust.roots, self.revocation(self.authority))

    @cached_property
    def renewed(self) -> bytes:
        """The archived certificate with one more document time-stamp."""
        return extend(self.archived, self.bought, self.trust.roots, self.revocation(self.authority))

    @cached_property
    def bought(self) -> Timestamper:
        """The authority over HTTP, as anybody may ask it."""
        server = StampServer(TimestampAuthority(tsa_key(self.authority)))
        return Rfc3161Timestamper((server.url,), roots=self.trust.roots)

    def stamper(self, authority: Authority) -> LocalTimestamper:
        """The authority's own time-stamps."""
        return LocalTimestamper(TimestampAuthority(tsa_key(authority)))

    def revocation(self, authority: Authority) -> RevocationData:
        """The authority's lists; nobody stands on them."""
        lists = demo_crls(authority.folder, self.now)
        return RevocationData(tuple(one.public_bytes(Encoding.DER) for one in lists))

    def signed_by_stranger(self, data: bytes, **plan: object) -> bytes:
        """The file signed by the stranger."""
        return sign_pdf(data, certificate_key(self.stranger), self.now, SigningPlan(**plan))  # type: ignore[arg-type]


class StampServer:
    """A time-stamp authority on a port of this machine, until the program ends."""

    def __init__(self, authority: TimestampAuthority) -> None:
        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                reply = authority.respond(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", REPLY_TYPE)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def make_base(folder: Path) -> Base:
    """Two authorities of the same name with different keys."""
    now = datetime.now(UTC).replace(microsecond=0)
    ours = with_archive_key(demo_authority(folder / "ours"))
    return Base(ours, demo_authority(folder / "stranger"), now)


def tsa_key(authority: Authority) -> SigningKey:
    """The time-stamping key of a demo authority."""
    folder = authority.folder
    return open_key(PemSource(folder / "tsa.key.pem", folder / "tsa.cert.pem"), purpose="timestamp")


Builder = Callable[[Base], bytes]


@dataclass(frozen=True)
class Attack:
    """One hostile (or harmless) file: how it is made and what must be said of it; `code` None: any of the verdict."""

    name: str
    family: str
    what: str
    verdict: Verdict
    code: Code | None
    build: Builder
    known: bool | None = None
    """What the register says of the file's hash; None when there is none to ask."""


ATTACKS: list[Attack] = []


def attack(family: str, verdict: Verdict, code: Code | None = None) -> Callable[[Builder], Builder]:
    """Register a builder; its name names the attack, its docstring says what it does."""

    def register(build: Builder) -> Builder:
        ATTACKS.append(
            Attack(build.__name__, family, (build.__doc__ or "").strip().rstrip("."), verdict, code, build)
        )
        return build

    return register


def unsigned_page(text: bytes = b"", **root: object) -> bytes:
    """A one-page PDF; keyword arguments go into the catalogue."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(text or b"0 0 m 10 10 l S")
    for name, value in root.items():
        pdf.Root[f"/{name}"] = value
    buffer = BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def rewritten(data: bytes, change: Callable[[pikepdf.Pdf], None], **how: object) -> bytes:
    """The file opened, changed and saved by qpdf."""
    buffer = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(buffer, **how)
    return buffer.getvalue()


def last_startxref(data: bytes) -> int:
    """The offset in the last `startxref`."""
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


def root_number(data: bytes) -> int:
    """Object number of the catalogue."""
    return int(re.findall(rb"/Root (\d+) 0 R", data)[-1])


def object_text(data: bytes, number: int) -> bytes:
    """The last definition of an object, between `obj` and `endobj`."""
    return re.findall(rb"[\r\n]%d 0 obj(.*?)endobj" % number, data, re.DOTALL)[-1].strip()


def page_number(data: bytes) -> int:
    """Object number of the first page."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return int(pdf.pages[0].obj.objgen[0])


def signature_number(data: bytes) -> int:
    """Object number of the signature dictionary."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return int(pdf.Root.AcroForm.Fields[0].V.objgen[0])


def revise(
    data: bytes,
    objects: Mapping[int, bytes],
    *,
    hidden: bytes = b"",
    ending: bytes = b"%%EOF\n",
    trailer: bytes = b"",
) -> bytes:
    """An incremental update that defines `objects`; `hidden` bytes go in unlisted."""
    size = max([int(re.findall(rb"/Size (\d+)", data)[-1]), *(number + 1 for number in objects)])
    out = data if data.endswith(b"\n") else data + b"\n"
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    out += hidden
    table = b"".join(
        b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in sorted(offsets.items())
    )
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n" + table
    out += b"trailer\n<</Size %d/Root %d 0 R/Prev %d%b>>\n" % (
        size,
        root_number(data),
        last_startxref(data),
        trailer,
    )
    return out + b"startxref\n%d\n%b" % (start, ending)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), entries, data)


def gap(data: bytes) -> tuple[int, int]:
    """Where the first signature's hexadecimal string begins (`<`) and ends (after `>`)."""
    first, second = re.findall(rb"/ByteRange ?\[ ?0 0*(\d+) 0*(\d+)", data)[0]
    return int(first), int(second)


def with_cms(data: bytes, cms: bytes) -> bytes:
    """The file with another CMS in its gap, padded with zeros."""
    start, end = gap(data)
    room = end - start - 2
    digits = cms.hex().upper().encode()
    assert len(digits) <= room, "the CMS does not fit"
    return data[: start + 1] + digits.ljust(room, b"0") + data[end - 1 :]


def cms_of(data: bytes) -> bytes:
    """The DER CMS of the first signature."""
    from signing.validate.steps.slots import split_padding

    start, end = gap(data)
    return split_padding(bytes.fromhex(data[start + 1 : end - 1].decode()))[0]


def flip(data: bytes, place: int, bits: int = 1) -> bytes:
    """One byte changed."""
    return data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]
