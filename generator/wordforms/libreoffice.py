"""DOCX and XLSX → PDF by LibreOffice, where it is installed.

Each run has a profile of its own and a time limit. The exit code says nothing: the PDF is there or it is not. Office
fonts that the machine lacks are replaced by the project's own faces of the same role.
"""

import lzma
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from xml.sax.saxutils import escape
from zipfile import BadZipFile, ZipFile

from generator.wordforms.errors import ConversionFailed, OfficeMissing

COMMANDS: Final = ("soffice", "libreoffice")
SECONDS_FIRST: Final = 60
SECONDS_PER_FILE: Final = 20
FONT_FOLDER: Final = "fonts"
RARE_LEAD: Final = b"\xf0"
BUNDLED_FONTS: Final = Path(__file__).resolve().parents[2] / "templates" / "fonts"
STAND_INS: Final = {  # the faces of 宋体 and 黑体 that are tried first can also be set vertically
    "方正小标宋简体": ("GW Title",),
    "宋体": ("Noto Serif CJK SC", "GW Song"),
    "SimSun": ("Noto Serif CJK SC", "GW Song"),
    "仿宋_GB2312": ("GW Fang Lite",),
    "仿宋": ("GW Fang Lite",),
    "楷体_GB2312": ("GW Kai",),
    "楷体": ("GW Kai",),
    "黑体": ("Noto Sans CJK SC", "GW Hei"),
    "Times New Roman": ("Liberation Serif", "GW Song"),
    "SimSun-ExtB": ("GW Song", "GW Rare G", "GW Rare H"),
    "SimSun-ExtG": ("GW Rare G", "GW Rare H"),
}


def office_command() -> str | None:
    """The path of LibreOffice's command, or None."""
    return next((path for name in COMMANDS if (path := shutil.which(name))), None)


def to_pdf(files: Sequence[Path], out: Path) -> list[Path]:
    """Convert office files in one LibreOffice run; returns the PDFs in the same order.

    Raises:
        OfficeMissing: LibreOffice is not installed.
        ConversionFailed: a file gave no PDF, or the time limit passed.
    """
    command = office_command()
    if command is None:
        raise OfficeMissing(command=COMMANDS[0])
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="zhicheng-office-") as folder:
        results = [out / f"{path.stem}.pdf" for path in files]
        for result in results:
            result.unlink(missing_ok=True)
        if any(_has_rare_characters(path) for path in files):
            _unpack_rare_fonts(Path(folder) / FONT_FOLDER)
        said = _run(command, files, out, Path(folder))
    for path, result in zip(files, results, strict=True):
        if not result.is_file():
            raise ConversionFailed(name=path.name, reason=said)
    return results


def _has_rare_characters(path: Path) -> bool:
    """Whether an office file has characters beyond U+FFFF, which four bytes of UTF-8 give away."""
    try:
        with ZipFile(path) as archive:
            return any(
                RARE_LEAD in archive.read(name) for name in archive.namelist() if name.endswith(".xml")
            )
    except (BadZipFile, OSError):
        return False


def _unpack_rare_fonts(folder: Path) -> None:
    """The compressed faces of rare characters, where LibreOffice finds them during this run."""
    folder.mkdir()
    for packed in BUNDLED_FONTS.glob("*.ttf.xz"):
        (folder / packed.stem).write_bytes(lzma.decompress(packed.read_bytes()))


def _run(command: str, files: Sequence[Path], out: Path, folder: Path) -> str:
    """Run LibreOffice in its own process group and return what it said; on time-out the whole group ends."""
    arguments = [
        command,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--convert-to", "pdf", "--outdir", str(out)),
        *map(str, files),
    ]
    limit = SECONDS_FIRST + SECONDS_PER_FILE * len(files)
    with subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"FONTCONFIG_FILE": str(_font_configuration(folder)), "HOME": str(folder)},
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return f"> {limit} s"
    return said.decode("utf-8", "replace").strip()[-300:]


def _font_configuration(folder: Path) -> Path:
    """A fontconfig file that offers the bundled faces in place of office fonts that are not installed."""
    aliases = "".join(
        f'<match target="pattern"><test name="family" qual="any"><string>{name}</string></test>'
        f'<edit name="family" mode="append" binding="strong">'
        f"{''.join(f'<string>{face}</string>' for face in faces)}</edit></match>"
        for name, faces in STAND_INS.items()
    )
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{escape(str(BUNDLED_FONTS))}</dir><dir>{escape(str(folder / FONT_FOLDER))}</dir>{aliases}"
        f"<cachedir>{escape(str(folder / 'cache'))}</cachedir></fontconfig>",
        "utf-8",
    )
    return path
