"""Names of files and folders: readable for a secretary, safe on every file system, never two the same."""

import unicodedata
from typing import Final

from generator.documents.catalogue import DocumentEntry, Per
from generator.documents.context.subjects import Subject

FORBIDDEN: Final = frozenset('/\\:*?"<>|')
MAX_BYTES: Final = 120
BLANK_FOLDER: Final = "空白备用"
UNNAMED: Final = "未填写"


def safe(name: str, limit: int = MAX_BYTES) -> str:
    """A name that every file system takes; letters are kept as they are, at most `limit` bytes of UTF-8.

    Characters that no file name may hold become `_`; lone surrogates and controls become their code point.
    """
    cleaned = "".join(_safe_character(character) for character in name).strip(" .")
    while len(cleaned.encode()) > limit:
        cleaned = cleaned[:-1]
    return cleaned.strip(" .") or UNNAMED


def _safe_character(character: str) -> str:
    if character in FORBIDDEN:
        return "_"
    if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
        return f"U+{ord(character):04X}"
    return character


def relative_path(entry: DocumentEntry, subject: Subject, extension: str) -> str:
    """Where a document goes inside the output folder: `01 个人申报/专业技术职称评审表/2025-0001_张三.pdf`."""
    if subject.blank:
        return f"{BLANK_FOLDER}/{entry.folder}/{entry.name}（空白）.{extension}"
    label = subject.label
    if entry.per is Per.BATCH and not label:
        return f"{entry.folder}/{entry.name}.{extension}"
    return f"{entry.folder}/{entry.name}/{safe(label)}.{extension}"
