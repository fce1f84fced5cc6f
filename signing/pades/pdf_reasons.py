"""Why a PDF cannot be signed or extended, in words."""

from core.sentences import Sentence

_SIGNED = ("must be the first signature", "filled already")
"""Of pyHanko's sentences about a file that bears a signature already and is to be certified."""


def pdf_refusal(key: str) -> Sentence:
    """A reason of our own."""
    return Sentence.of("signing", f"pdf_reasons.{key}")


def pdf_reason(error: Exception) -> str:
    """The library's reason, its own words in brackets."""
    words = (str(error) or type(error).__name__).rstrip(".")
    key = "signed_already" if any(one in words for one in _SIGNED) else "refused"
    return Sentence.of("signing", f"pdf_reasons.{key}", words=words)
