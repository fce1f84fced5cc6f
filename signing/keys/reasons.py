"""Why a key does not open, in words, with the library's own in brackets: by those others have written about it."""

from typing import Final

import pkcs11

from core.sentences import Sentence

_OF_TOKENS: Final = (
    (pkcs11.NoSuchToken, "no_token"),
    (pkcs11.MultipleTokensReturned, "many_tokens"),
    (pkcs11.NoSuchKey, "no_key"),
    (pkcs11.MultipleObjectsReturned, "many_keys"),
    (pkcs11.SlotIDInvalid, "no_token"),
    (pkcs11.TokenNotPresent, "token_away"),
    (pkcs11.DeviceRemoved, "token_away"),
    (pkcs11.DeviceError, "device_failed"),
    (pkcs11.SessionCount, "too_many_sessions"),
    (pkcs11.PKCS11Error, "token_refused"),  # itself a RuntimeError, like what the loading of a module raises
)


def token_reason(error: Exception) -> str:
    """Of a PKCS#11 device."""
    key = next((key for kinds, key in _OF_TOKENS if isinstance(error, kinds)), "no_module")
    if "while loading" in str(error):  # for which the library has no kind of its own
        key = "no_module"
    return _said(key, str(error) or type(error).__name__)


def file_reason(error: Exception) -> str:
    """Of a file with a key or certificates."""
    return _said("no_such_form", str(error) or type(error).__name__)


def said(key: str) -> Sentence:
    """A reason of our own."""
    return Sentence.of("signing", f"key_reasons.{key}")


def _said(key: str, words: str) -> Sentence:
    return Sentence.of("signing", f"key_reasons.{key}", words=" ".join(words.split()))
