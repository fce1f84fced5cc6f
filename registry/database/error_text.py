"""Why a database refused, in words: SQLite's and PostgreSQL's own sentences are English and say what to look for."""

from typing import Final

from core.sentences import Sentence

KNOWN: Final = (
    ("password authentication failed", "password"),
    ("no password supplied", "password"),
    ("pg_hba.conf", "not_let_in"),
    ("connection refused", "nobody_there"),
    ("no such file or directory", "nobody_there"),
    ("could not translate host name", "no_such_host"),
    ("failed to resolve host", "no_such_host"),
    ("name or service not known", "no_such_host"),
    ("too many clients", "too_many"),
    ("remaining connection slots", "too_many"),
    ("timeout expired", "no_answer"),
    ("connection timed out", "no_answer"),
    ("no route to host", "no_answer"),
    ("starting up", "starting"),
    ("shutting down", "broken_off"),
    ("terminating connection", "broken_off"),
    ("server closed the connection", "broken_off"),
    ("connection is lost", "broken_off"),
    ("no space left", "full"),
    ("database or disk is full", "full"),
    ("database is locked", "locked"),
    ("readonly database", "read_only"),
    ("read-only transaction", "read_only"),
    ("unable to open database file", "not_opened"),
    ("disk i/o error", "disk_error"),
    ("file is not a database", "no_database"),
    ("malformed", "torn"),
    ("permission denied", "no_right"),
    ("no such table", "no_table"),
    ("no such column", "no_table"),
)
"""What the sentence contains, in small letters, and the catalogue's key; the first that fits counts."""


def database_reason(error: BaseException | None) -> str:
    """The reason of a driver's error, with the driver's own words, by which others have written about it."""
    words = " ".join(str(error).split()).rstrip(".?") or type(error).__name__
    folded = words.lower()
    if 'database "' in folded and "does not exist" in folded:
        return _said("no_such_database", words)
    if 'role "' in folded and "does not exist" in folded:
        return _said("password", words)
    key = next((key for part, key in KNOWN if part in folded), None)
    return _said(key, words) if key else words


def _said(key: str, words: str) -> Sentence:
    return Sentence.of("registry", f"database_reasons.{key}", words=words)
