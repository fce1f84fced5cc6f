"""Makes the pictures of README from a fresh demonstration: the certificate and the form; pages come from tests/pages.

The sheet of certificates that docs/gallery.md shows is made of invented cases.

Run: .venv/bin/python docs/make_pictures.py
"""

import json
import subprocess
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PORT = 8766
CERTIFICATE_WIDTH = 1500
FORM_WIDTH = 620
COLOURS = 255


def main() -> None:
    """Run the demonstration in a temporary home and take the pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "demo"
        command = [ROOT / ".venv/bin/zhicheng", "demo", "--home", home, "--no-serve", "--port", str(PORT)]
        subprocess.run([*map(str, command)], check=True)
        results = home / "demo"
        summary = json.loads((results / "summary.json").read_text("utf-8"))
        number = summary["certificates"][0]["number"]
        page_of(results / "证书" / "certificates" / f"{number}.pdf", 0, CERTIFICATE_WIDTH, "certificate.png")
        form = min((results / "文书").rglob("专业技术职称评审表/*.pdf"))
        page_of(form, 2, FORM_WIDTH, "form.png")
        certificates_of(Path(folder), home)


def page_of(pdf: Path, page: int, width: int, name: str) -> None:
    """Render one page of a PDF, `width` pixels wide."""
    document = pypdfium2.PdfDocument(pdf)
    sheet = document[page]
    image = sheet.render(scale=width / sheet.get_width()).to_pil()
    document.close()
    save(image, name)


def certificates_of(folder: Path, home: Path) -> None:
    """The contact sheet of every kind of certificate."""
    sheet = folder / "sheet.png"
    command = [
        ROOT / ".venv/bin/zhicheng",
        "--home",
        home,
        "certificate",
        "preview",
        "--case",
        "all",
        "-o",
        sheet,
    ]
    subprocess.run([*map(str, command)], check=True)
    save(Image.open(sheet), "certificates.png")


def save(image: Image.Image, name: str) -> None:
    """Write a PNG with a palette, small enough for a README."""
    image.convert("RGB").quantize(COLOURS).save(PICTURES / name, optimize=True)


if __name__ == "__main__":
    main()
