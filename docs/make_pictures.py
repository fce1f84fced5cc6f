"""Makes the pictures of README from a fresh demonstration: the certificate, the form, the verification page.

The sheet of certificates that docs/gallery.md shows is made of invented cases.

Run: .venv/bin/python docs/make_pictures.py   (needs Debian's chromium for the page; names it when missing)
"""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pypdfium2
from PIL import Image
from werkzeug.serving import make_server

from house.settings import Home
from web.app import create_app

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PORT = 8766
CERTIFICATE_WIDTH = 1500
FORM_WIDTH = 620
PHONE = (390, 844)
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
        screenshot(Home(home), results, summary["certificates"][0]["page"], "result.png")


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


def screenshot(home: Home, results: Path, path: str, name: str) -> None:
    """A phone's view of one page of the site."""
    from playwright.sync_api import sync_playwright

    browser_path = shutil.which("chromium")
    if browser_path is None:
        sys.exit("chromium is not installed; the page's picture was not made")
    server = make_server("127.0.0.1", PORT, create_app(home, demo=results), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(
            viewport={"width": PHONE[0], "height": PHONE[1]}, device_scale_factor=1.5, locale="zh-CN"
        )
        page.goto(f"http://127.0.0.1:{PORT}{path}")
        shot = Path(folder) / "shot.png"
        page.screenshot(path=shot)
        save(Image.open(shot), name)
        browser.close()
    server.shutdown()


def save(image: Image.Image, name: str) -> None:
    """Write a PNG with a palette, small enough for a README."""
    image.convert("RGB").quantize(COLOURS).save(PICTURES / name, optimize=True)


if __name__ == "__main__":
    main()
