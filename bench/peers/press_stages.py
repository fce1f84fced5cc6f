"""The stages of pressing, each alone: what one certificate costs where."""

import hashlib
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from generator.certificate.face.placeholders import sentences, values
from generator.certificate.parts import CertificateFacts, IssueMarks
from generator.certificate.pdf.fontobjects import to_unicode
from generator.certificate.pdf.metadata import information, xmp
from generator.certificate.pdf.painting import Brush, FontCase
from generator.certificate.pdf.qr import qr_batch
from generator.certificate.press import Press
from signing.cms.skeleton import SkeletonSigner

COVERED, BEHIND = 40_000, 6_000  # bytes of a certificate behind its frozen part, and of signature and end


class Stages:
    """Runs one stage for every certificate of a list."""

    def __init__(
        self, press: Press, jobs: Sequence[tuple[CertificateFacts, IssueMarks]], signer: SkeletonSigner
    ) -> None:
        self.press, self.jobs, self.signer = press, jobs, signer
        wording = press.plan.face.wording
        self.words = [(values(*job, wording), sentences(*job, wording)) for job in jobs]
        self.now = datetime.now(UTC)
        self.brushes: list[Brush] = []
        self.texts()

    @property
    def all(self) -> dict[str, Callable[[], None]]:
        """The stages by name."""
        return {
            "texts set and drawn": self.texts,
            "fonts cut and mapped": self.fonts,
            "QR code": self.codes,
            "metadata": self.metadata,
            "hashes": self.hashes,
            "CMS with P-256 signature": self.signatures,
        }

    def texts(self) -> None:
        """Set every variable text."""
        case = FontCase(self.press.plan.frozen)
        self.brushes = [Brush(case) for _ in self.words]
        for brush, each in zip(self.brushes, self.words, strict=True):
            self.press.set_texts(brush, *each)

    def fonts(self) -> None:
        """Make the font programs and Unicode maps."""
        for brush in self.brushes:
            for use in brush.fonts.values():
                use.sliced.program(use.slices)
                to_unicode(use)

    def codes(self) -> None:
        """Make the QR codes."""
        for _, marks in self.jobs:
            qr_batch(marks.url[: marks.url.rfind("/") + 1], len(marks.url)).path(marks.url)

    def metadata(self) -> None:
        """Make XMP and document information."""
        for facts, marks in self.jobs:
            texts = {
                "title": facts.name,
                "author": facts.authority,
                "subject": marks.number,
                "moment": self.now,
            }
            xmp(number=marks.number, language="zh-CN", **texts)  # type: ignore[arg-type]
            information(**texts)  # type: ignore[arg-type]

    def hashes(self) -> None:
        """Hash a certificate for its signature and for the register."""
        prefix, body = hashlib.sha256(self.press.plan.prefix), bytes(COVERED)
        for _ in self.jobs:
            whole = prefix.copy()
            whole.update(body)
            ranges = whole.copy()
            ranges.digest()
            whole.update(body[:BEHIND])
            whole.hexdigest()

    def signatures(self) -> None:
        """Make the CMS."""
        for _ in self.jobs:
            self.signer.sign_digest(bytes(32), self.now)


if __name__ == "__main__":
    sys.exit("run bench/press.py")
