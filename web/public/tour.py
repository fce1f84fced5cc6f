"""The demonstration's own pages: links to everything that `zhicheng demo` made. Never on a real site."""

import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from flask import Blueprint, Response, abort, render_template, send_from_directory
from werkzeug.security import safe_join

from registry.model import State
from web.http.languages import words
from web.public.receipts import receipt_number
from web.public.view_models import result_page
from web.services import services

pages = Blueprint("tour", __name__)
SUMMARY_NAME: Final = "summary.json"
SHOWN_PER_DOCUMENT: Final = 6
INLINE_TYPES: Final = (".pdf", ".png", ".jpg")


@dataclass(frozen=True)
class Item:
    """One thing to look at."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True)
class Shelf:
    """Things of one kind; `more` counts what is not listed."""

    title: str
    note: str
    items: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True)
class Stage:
    """One stage of the process (评审环节), in the order of its folder's number."""

    title: str
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True)
class Issued:
    """One certificate of the demonstration."""

    name: str
    title: str
    number: str
    href: str
    page: str
    state: str


@pages.get("/demo")
def index() -> str:
    """Everything that was made, with links."""
    folder = _folder()
    summary = json.loads((folder / SUMMARY_NAME).read_text("utf-8"))
    return render_template(
        "demo.html",
        summary=summary,
        certificates=[
            Issued(**{**entry, "state": _state(entry["state"])}) for entry in summary["certificates"]
        ],
        trials=[Item(**entry) for entry in summary["trials"]],
        stages=_stages(folder),
    )


@pages.get("/demo/files/<path:name>")
def file(name: str) -> Response:
    """One file of the demonstration; PDFs open in the browser, the rest is downloaded."""
    inline = name.lower().endswith(INLINE_TYPES)
    response = send_from_directory(_folder(), name, as_attachment=not inline)
    response.headers["Cache-Control"] = "no-cache"
    return response


@pages.get("/demo/verify/<path:name>")
def verify(name: str) -> str:
    """The result page of one PDF of the demonstration, as if it had been uploaded."""
    path = safe_join(str(_folder()), name)
    if path is None or not path.endswith(".pdf") or not Path(path).is_file():
        abort(404)
    here = services()
    verification = here.verifier.verify_file(Path(path).read_bytes())
    receipt = receipt_number(here.register, verification)
    return render_template(
        "result.html", page=result_page(verification, receipt=receipt, file_name=Path(path).name)
    )


def file_link(relative: str) -> str:
    """Address of a file below the demonstration folder."""
    return f"/demo/files/{quote(relative)}"


def _state(kept: str) -> str:
    """A state in the visitor's language; demonstrations of older releases kept a Chinese word."""
    return words(f"states.{kept}") if kept in set(State) else kept


def _folder() -> Path:
    folder = services().demo
    if folder is None or not (folder / SUMMARY_NAME).exists():
        abort(404)
    return folder.resolve()


def _stages(folder: Path) -> list[Stage]:
    found = folder / "文书" / "manifest.json"
    files: list[dict[str, Any]] = json.loads(found.read_text("utf-8"))["files"] if found.exists() else []
    files.sort(key=lambda entry: (_stage_of(entry), entry["document"], entry["path"]))
    return [
        Stage(
            stage,
            tuple(_shelf(list(one)) for _, one in groupby(entries, key=lambda entry: entry["document"])),
        )
        for stage, entries in groupby(files, key=_stage_of)
    ]


def _stage_of(entry: dict[str, Any]) -> str:
    return Path(entry["path"]).parts[0]


def _shelf(entries: list[dict[str, Any]]) -> Shelf:
    items = tuple(
        Item(Path(entry["path"]).name, file_link(f"文书/{entry['path']}"), _note(entry))
        for entry in entries[:SHOWN_PER_DOCUMENT]
    )
    first = entries[0]
    kinds = "、".join(sorted({entry["format"].upper() for entry in entries}))
    return Shelf(
        title=first["name"],
        note=f"{first['document']}　{len(entries)} 个文件　{kinds}",
        items=items,
        more=max(0, len(entries) - SHOWN_PER_DOCUMENT),
    )


def _note(entry: dict[str, Any]) -> str:
    pages_ = f"{entry['pages']} 页" if entry.get("pages") else ""
    return " ".join(part for part in (entry.get("paper") or "", pages_) if part)
