"""Finding and checking layout files: every defect names the file, the place in it and what is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.message import catalogue, message
from generator.certificate.errors import (
    FaceInvalid,
    FaceMissing,
    FaceOutside,
    FaceOverlap,
    FaceTwice,
    FaceUnit,
    FaceUnreadable,
    PlaceholderUnknown,
)
from generator.certificate.face.face import Box, CertificateFace, Text
from generator.certificate.face.fields import field_texts
from generator.certificate.face.merging import merged
from generator.certificate.face.placeholders import PLACEHOLDERS, parse

FACE_FOLDER: Final = Path(__file__).resolve().parents[3] / "templates" / "certificates"
STANDARD: Final = "standard"
_LISTED: Final = ("texts", "fields", "dividers")


def face_folders(home_templates: Path | None) -> tuple[Path, ...]:
    """Where layouts are looked for: the operator's own folder first."""
    own = (home_templates / "certificates",) if home_templates else ()
    return (*own, FACE_FOLDER)


def face_path(name: str, home_templates: Path | None = None) -> Path:
    """The file of the layout `name`; an operator's file stands before a built-in one of the same name.

    Raises:
        FaceMissing: there is none.
    """
    folders = face_folders(home_templates)
    found = next((path for folder in folders if (path := folder / f"{name}.toml").is_file()), None)
    if found is None or "/" in name:
        known = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
        raise FaceMissing(name=name, known="、".join(known))
    return found


def load_face(name: str = STANDARD, home_templates: Path | None = None) -> CertificateFace:
    """Read and check the layout `name`.

    Raises:
        FaceError: one of its kinds; `diagnostics()` names file, place and defect.
    """
    return read_face(face_path(name, home_templates))


def read_face(path: Path) -> CertificateFace:
    """Read and check one layout file.

    Raises:
        FaceError: one of its kinds.
    """
    table = _table(path, ())
    try:
        face = CertificateFace(**table)
    except ValidationError as error:
        raise _defect(path, error.errors()[0], table) from error
    _check_ids(path, face)
    _check_placeholders(path, face)
    _check_boxes(path, face)
    return face


def _table(path: Path, above: tuple[Path, ...]) -> dict[str, Any]:
    """The file's table on top of the one it extends (`extends`, looked for beside it, then among the built-in ones)."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise FaceUnreadable(path=str(path), reason=str(error)) from error
    name = table.pop("extends", None)
    if name is None:
        return table
    places = (folder / f"{name}.toml" for folder in (path.parent, FACE_FOLDER))
    base = next((place for place in places if place.is_file() and place not in (path, *above)), None)
    if base is None:
        reason = message("generator", "certificate.reason.no_base", name=name)
        raise FaceInvalid(path=str(path), place="extends", reason=reason)
    return merged(_table(base, (path, *above)), table)


def _defect(path: Path, detail: ErrorDetails, table: dict[str, Any]) -> FaceInvalid | FaceUnit:
    place = _place(detail["loc"], table)
    if detail["type"] == "unit":
        return FaceUnit(path=str(path), place=place, unit=detail["ctx"]["unit"])
    key = f"certificate.reason.{detail['type']}"
    known = key in catalogue("generator", "zh")
    reason = message("generator", key) if known else detail["msg"]
    return FaceInvalid(path=str(path), place=place, reason=reason)


def _place(location: tuple[int | str, ...], table: dict[str, Any]) -> str:
    """`texts.name.width` instead of `texts.3.width`: items are called by their id."""
    parts = list(location)
    if len(parts) > 1 and parts[0] in _LISTED and isinstance(parts[1], int):
        item = table[str(parts[0])][parts[1]]
        name = item.get("id") if isinstance(item, dict) else None
        parts[1] = str(name or parts[1] + 1)
    return ".".join(str(part) for part in parts) or "."


def _named_boxes(face: CertificateFace) -> Iterator[tuple[str, Box]]:
    for item in face.texts:
        yield item.id, item
    for field in face.fields:
        yield field.id, Box(x=field.x, y=field.y, width=field.width, height=face.field_style.height)
    yield "photo", face.photo
    yield "qr", Box(x=face.qr.x, y=face.qr.y, width=face.qr.size, height=face.qr.size)
    if face.mongolian:
        yield "mongolian", face.mongolian


def _check_ids(path: Path, face: CertificateFace) -> None:
    seen: set[str] = set()
    for name in (*(item.id for item in face.texts), *(item.id for item in face.fields)):
        if name in seen:
            raise FaceTwice(path=str(path), item=name)
        seen.add(name)
    for name in face.reading_order:
        if name not in seen:
            reason = message("generator", "certificate.reason.no_such_item", item=name)
            raise FaceInvalid(path=str(path), place="reading_order", reason=reason)


def _check_placeholders(path: Path, face: CertificateFace) -> None:
    for place, content in _contents(face):
        try:
            parse(content)
        except PlaceholderUnknown as error:
            raise _unknown(path, place, error.data["placeholder"]) from error
    for item in face.texts:
        for name in (*item.emphasis, *([item.when] if item.when else [])):
            if name not in PLACEHOLDERS:
                raise _unknown(path, f"texts.{item.id}", name)


def _unknown(path: Path, place: str, placeholder: object) -> FaceInvalid:
    reason = message("generator", "certificate.reason.placeholder", placeholder=placeholder)
    return FaceInvalid(path=str(path), place=place, reason=reason)


def _contents(face: CertificateFace) -> Iterator[tuple[str, str]]:
    yield from ((f"texts.{item.id}.content", item.content) for item in face.texts)
    for field in face.fields:
        yield f"fields.{field.id}.label", field.label
        yield f"fields.{field.id}.value", field.value
    wording = face.wording
    yield from ((f"wording.statement.{key}", text) for key, text in wording.statement.items())
    yield "wording.scope", wording.scope
    yield "wording.predecessor", wording.predecessor
    yield "wording.title", wording.title


def _check_boxes(path: Path, face: CertificateFace) -> None:
    boxes = list(_named_boxes(face))
    for name, box in boxes:
        if not _inside(box, face) or min(box.width, box.height) <= 0:
            raise FaceOutside(path=str(path), item=name)
    for (first, one), (second, other) in combinations(boxes, 2):
        if one.overlaps(other):
            raise FaceOverlap(path=str(path), first=first, second=second)
    if not (0 <= face.seal.x <= face.page.width and 0 <= face.seal.y <= face.page.height):
        raise FaceOutside(path=str(path), item="seal")


def _inside(box: Box, face: CertificateFace) -> bool:
    slack = 0.01
    return (
        box.x >= -slack
        and box.y >= -slack
        and box.x + box.width <= face.page.width + slack
        and box.y + box.height <= face.page.height + slack
    )


def all_texts(face: CertificateFace) -> Sequence[Text]:
    """Every text to be set, in reading order: those of `reading_order` first, then texts and fields as they stand."""
    texts = [(item.id, item) for item in face.texts]
    texts += [(field.id, text) for field in face.fields for text in field_texts(field, face.field_style)]
    order = {name: place for place, name in enumerate(face.reading_order)}
    return [text for _, text in sorted(texts, key=lambda pair: order.get(pair[0], len(order)))]
