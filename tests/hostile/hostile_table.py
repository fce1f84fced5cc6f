"""The table of hostile files: `python tests/hostile/hostile_table.py [DOCUMENT.md]`. Exit 1 if one slips through."""

import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import hostile_corpus  # noqa: F401 - registers all attacks
from hostile_base import ATTACKS, Attack, Base, make_base

from signing.validate import FileReport, ValidationPool, Verdict

START, END = "<!-- hostile table -->", "<!-- end of hostile table -->"
PEER_LIMIT = 200_000  # bytes; larger files are not shown to the peer


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    attack: Attack
    report: FileReport
    milliseconds: float
    peer: str

    @property
    def right(self) -> bool:
        """Whether the answer is the expected one."""
        code = self.attack.code
        return self.report.verdict is self.attack.verdict and code in (None, self.report.code)


def rows(base: Base) -> Iterable[Row]:
    """Every attack, examined in a child process."""
    pool = ValidationPool(1)
    pool.validate(base.good, base.trust)
    for one in ATTACKS:
        data = one.build(base)
        start = time.perf_counter()
        report = pool.validate(data, base.trust, one.known)
        yield Row(one, report, (time.perf_counter() - start) * 1000, peer_verdict(data, base))
    pool.close()


def peer_verdict(data: bytes, base: Base) -> str:
    """What pyHanko alone says of the first signature: VALID, INVALID, the exception, or – without a signature."""
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    if b"/ByteRange" not in data or len(data) > PEER_LIMIT:
        return "–"
    try:
        found = PdfFileReader(BytesIO(data)).embedded_signatures
        if not found:
            return "–"
        root = x509.Certificate.load(base.trust.roots[0])
        status = validate_pdf_signature(found[0], ValidationContext(trust_roots=[root], allow_fetching=False))
    except Exception as error:  # noqa: BLE001 - the exception is the answer
        return type(error).__name__
    return "VALID" if status.bottom_line else "INVALID"


def main(document: Path | None) -> int:
    """Print the table, or write it into a document; 1 when an answer is not the expected one."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        found = list(rows(make_base(Path(folder))))
    if document is None:
        print_table(found)
    else:
        write_into(document, found)
    print(f"\n{summary(found)}")
    return 0 if all(row.right for row in found) else 1


def print_table(found: list[Row]) -> None:
    """Name, verdict, code, pyHanko's opinion, time; what was expected where it differs."""
    for row in found:
        one, report = row.attack, row.report
        wrong = "" if row.right else f"  ** expected {one.verdict} {one.code}: {report.detail[:60]} **"
        answer = f"{report.verdict:10} {report.code:22} {row.peer:12} {row.milliseconds:7.1f} ms"
        print(f"{one.name:44} {answer}{wrong}")


def write_into(document: Path, found: list[Row]) -> None:
    """Replace what stands between the two markers of a Markdown document."""
    before, rest = document.read_text("utf-8").split(START, 1)
    _, after = rest.split(END, 1)
    lines = ["", "| attack | what it does | verdict | code | pyHanko alone |", "|---|---|---|---|---|"]
    for row in found:
        one, report = row.attack, row.report
        lines.append(f"| {one.name} | {one.what} | {report.verdict} | `{report.code}` | {row.peer} |")
    lines += ["", summary(found), ""]
    document.write_text(before + START + "\n".join(lines) + END + after, "utf-8")


def summary(found: list[Row]) -> str:
    """The sums in one sentence."""
    verdicts = Counter(row.report.verdict for row in found)
    sums = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    harmless = sum(row.attack.verdict is Verdict.GENUINE for row in found)
    fooled = sum(row.peer == "VALID" and row.attack.verdict is not Verdict.GENUINE for row in found)
    return (
        f"{len(found)} files: {sums}. Genuine by right: {harmless}. Called VALID by pyHanko alone: {fooled}."
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
