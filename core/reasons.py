"""What the operating system refused, in words: the reason inside a sentence for people."""

import errno
from typing import Final

from core.message import DEFAULT_LANGUAGE, catalogue
from core.sentences import Sentence

_PREFIX: Final = "refusals."


def refusal(error: OSError) -> str:
    """The reason of an operating system's error; with the system's own words, by which others have written about it."""
    words = error.strerror or str(error) or type(error).__name__
    key = _PREFIX + errno.errorcode.get(error.errno or 0, "")
    if key not in catalogue("core", DEFAULT_LANGUAGE):
        return words
    return Sentence.of("core", key, words=words)
