"""Whatever may end a command, as one of our own errors: a sentence for people, the details in a file."""

import os
import traceback
from tempfile import mkstemp

from core.errors import HouseError, NotPossible, Unforeseen
from core.reasons import refusal


def in_words(error: Exception) -> HouseError:
    """The error itself if it is one of ours, else one that says what is known."""
    if isinstance(error, HouseError):
        return error
    if isinstance(error, OSError) and error.strerror:
        places = [str(one) for one in (error.filename, error.filename2) if one]
        return NotPossible(path=" → ".join(places) or "—", reason=refusal(error))
    return Unforeseen(what=type(error).__name__, path=_details(error))


def _details(error: Exception) -> str:
    """A private file for whoever mends the program; nothing of it is shown, since it may hold personal data."""
    try:
        descriptor, path = mkstemp(prefix="zhicheng-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(traceback.format_exception(error))
    except OSError:
        return "—"
    return path
