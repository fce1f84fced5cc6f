"""The whole main job as a newcomer runs it: `zhicheng demo`, twice, and what third parties say of its results."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.settings import Home
from demo.run import SEED
from records.sample import sample_batch
from registry.model import Certificate
from registry.register import Register

PEOPLE = 36
MAIN_DOCUMENTS = {"A102", "A103", "A601", "A701", "A304"}
TOOLS = ("pdfsig", "pdffonts", "pdftotext", "pdfinfo", "pdftoppm", "zbarimg", "qpdf")

tools = [
    pytest.mark.tools,
    pytest.mark.skipif(
        any(shutil.which(tool) is None for tool in TOOLS), reason=f"one of {', '.join(TOOLS)} is missing"
    ),
]


def run(*words: object) -> str:
    """Output of a tool; its exit code must be 0."""
    done = subprocess.run([str(word) for word in words], capture_output=True, check=True)
    return done.stdout.decode()


def zhicheng(*words: object) -> subprocess.CompletedProcess[bytes]:
    """The installed command."""
    command = Path(sys.executable).with_name("zhicheng")
    return subprocess.run([str(command), *map(str, words)], capture_output=True, check=False)


@dataclass(frozen=True)
class Demo:
    """A finished demonstration."""

    home: Home
    folder: Path
    manifest: list[dict[str, Any]]
    certificates: list[Certificate]

    def pdf(self, certificate: Certificate) -> Path:
        """The certificate's file."""
        return self.folder / "证书" / "certificates" / f"{certificate.number}.pdf"

    def documents(self, kind: str, document: str) -> list[Path]:
        """Files of one document in one format."""
        return [
            self.folder / "文书" / entry["path"]
            for entry in self.manifest
            if (entry["format"], entry["document"]) == (kind, document)
        ]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`zhicheng demo --no-serve` on 36 people in a fresh home."""
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    done = zhicheng("demo", "--home", home.root, "--people", PEOPLE, "--no-serve")
    assert done.returncode == 0, done.stderr.decode()
    folder = home.root / "demo"
    manifest = json.loads((folder / "文书" / "manifest.json").read_text("utf-8"))["files"]
    with Register.open(home) as register:
        found = [
            register.lookup.query(one.person.name or "", one.person.identity_number or "")[0]
            for one in sample_batch(PEOPLE, SEED).passed
        ]
        yield Demo(home, folder, manifest, found)


def test_everybody_gets_his_documents_in_every_format(demo: Demo) -> None:
    """A form and a submission table for each of 36, notice, report and rosters for the batch."""
    counts = Counter((entry["document"], entry["format"]) for entry in demo.manifest)
    assert {document for document, _ in counts} >= MAIN_DOCUMENTS
    for document in ("A102", "A103"):
        assert counts[document, "pdf"] == counts[document, "docx"] == PEOPLE
    assert counts["A304", "xlsx"] > 1  # one per 报送单位
    assert counts["A702", "xlsx"] + counts["A703", "xlsx"] >= 1
    for entry in demo.manifest:
        assert (demo.folder / "文书" / entry["path"]).stat().st_size > 0


def test_a_second_run_issues_nothing_twice(demo: Demo) -> None:
    """The same numbers, the same bytes."""
    before = {one.number: demo.pdf(one).read_bytes() for one in demo.certificates}
    done = zhicheng("demo", "--home", demo.home.root, "--people", PEOPLE, "--no-serve")
    assert done.returncode == 0
    assert "新签发 0 份" in done.stdout.decode()
    assert {
        path.stem: path.read_bytes() for path in demo.pdf(demo.certificates[0]).parent.iterdir()
    } == before


def test_verify_accepts_every_certificate_and_refuses_a_flipped_byte(demo: Demo, tmp_path: Path) -> None:
    """Exit code 0 only when all are genuine."""
    files = [demo.pdf(one) for one in demo.certificates]
    done = zhicheng("--home", demo.home.root, "verify", *files, "--json")
    assert done.returncode == 0
    assert {one["verdict"] for one in json.loads(done.stdout)["results"]} == {"genuine"}
    changed = bytearray(files[0].read_bytes())
    changed[len(changed) // 2] ^= 1
    (tmp_path / "changed.pdf").write_bytes(changed)
    done = zhicheng("--home", demo.home.root, "verify", tmp_path / "changed.pdf", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["results"][0]["verdict"] == "tampered"


class TestThirdParties:
    """What tools that know nothing of us say."""

    pytestmark = tools

    def test_pdfsig_calls_every_signature_valid_and_the_whole_file_signed(self, demo: Demo) -> None:
        """And the one with a flipped byte not."""
        for certificate in demo.certificates:
            said = run("pdfsig", "-nocert", demo.pdf(certificate))
            assert "Signature Validation: Signature is Valid." in said
            assert "Total document signed" in said
        said = run("pdfsig", "-nocert", demo.folder / "试一试" / "被改动一个字节的证书.pdf")
        assert "Signature is Valid." not in said

    def test_pyhanko_accepts_a_certificate_against_the_demo_root(self, demo: Demo) -> None:
        """The command line tool with our root as its only trust."""
        tool = Path(sys.executable).with_name("pyhanko")
        words = ["sign", "validate", "--trust", demo.home.keys / "root.cert.pem", "--trust-replace"]
        words += ["--pretty-print", demo.pdf(demo.certificates[0])]
        said = run(tool, *words)
        assert "The signature is judged VALID." in said

    def test_names_are_copied_exactly_from_certificates_and_forms(self, demo: Demo) -> None:
        """Rare characters included."""
        for certificate in demo.certificates:
            assert certificate.facts.name in run("pdftotext", demo.pdf(certificate), "-")
        people = sample_batch(PEOPLE, SEED).applications
        for application, path in zip(people, sorted(demo.documents("pdf", "A103")), strict=True):
            text = run("pdftotext", "-raw", path, "-")
            assert (application.person.name or "") in text.replace("\n", "")

    def test_every_font_is_embedded_with_a_unicode_map(self, demo: Demo) -> None:
        """On certificates, forms, reports and rosters."""
        paths = [demo.pdf(one) for one in demo.certificates[:4]]
        paths += [path for name in MAIN_DOCUMENTS for path in demo.documents("pdf", name)[:2]]
        for path in paths:
            rows = run("pdffonts", path).splitlines()[2:]
            assert rows
            for row in rows:
                embedded, _, unicode_map = row.split()[-5:-2]
                assert (embedded, unicode_map) == ("yes", "yes"), f"{path.name}: {row}"

    def test_the_code_is_read_from_a_96_dpi_screen(self, demo: Demo, tmp_path: Path) -> None:
        """And leads to this very certificate."""
        for certificate in demo.certificates[:5]:
            run("pdftoppm", "-r", 96, "-png", "-singlefile", demo.pdf(certificate), tmp_path / "screen")
            read = run("zbarimg", "-q", "--raw", tmp_path / "screen.png").strip()
            assert read == f"http://127.0.0.1:8765/V/{certificate.code}"

    def test_paper_is_a4_and_a3(self, demo: Demo) -> None:
        """Forms and certificates on A4, the submission table on one sheet of A3."""
        assert "(A4)" in run("pdfinfo", demo.pdf(demo.certificates[0]))
        assert "(A4)" in run("pdfinfo", demo.documents("pdf", "A102")[0])
        for path in demo.documents("pdf", "A103"):
            said = run("pdfinfo", path)
            assert "(A3)" in said
            assert " 1\n" in said.split("Pages:")[1][:30]

    def test_qpdf_finds_nothing_wrong_in_any_certificate(self, demo: Demo) -> None:
        """No warning, no error."""
        for certificate in demo.certificates:
            assert "No syntax or stream encoding errors found" in run(
                "qpdf", "--check", demo.pdf(certificate)
            )
