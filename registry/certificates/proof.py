"""What an asker has to know of a certificate besides number and name (查询凭据).

Numbers are serial and names are known: whoever has a name could ask for it with every number. So a stranger also gives
the verification code, or the last four characters of the holder's ID number.
"""

import re
import unicodedata
from hmac import compare_digest
from typing import Final

from registry.identifiers import is_code, normal_code
from registry.model import Certificate
from registry.register import Register

LAST_FOUR: Final = re.compile(r"[0-9]{3}[0-9X]")
DOT: Final = "·"
_DOTS: Final = dict.fromkeys(
    map(ord, "\u2022\u2027\u2219\u22c5\u30fb\uff65\uff0e.\u16eb\u25cf"), DOT
)  # • ‧ ∙ ⋅ and their like
_BLANKS: Final = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")


def folded_name(name: str) -> str:
    """A name as it is compared: full and half width, kinds of interpunct, blanks and case make no difference.

    Blanks between Latin words count once, those beside a Chinese character or an interpunct not at all.
    """
    text = unicodedata.normalize("NFKC", name.translate(_DOTS)).translate(_DOTS).casefold()
    words = _BLANKS.split(text.strip())
    folded = ""
    for word in words:
        latin = folded[-1:].isascii() and folded[-1:].isalnum() and word[:1].isascii() and word[:1].isalnum()
        folded += f" {word}" if latin else word
    return folded


def read_proof(given: str) -> str:
    """The last four of an ID number or a verification code, as it is compared; empty where it is neither.

    A code may be typed in groups, or stand at the end of the certificate's address.
    """
    text = unicodedata.normalize("NFKC", given).strip().upper()
    code = normal_code(text.rsplit("/V/", 1)[-1])
    if is_code(code):
        return code
    return text if LAST_FOUR.fullmatch(text) else ""


def proves(register: Register, certificate: Certificate, proof: str) -> bool:
    """Whether what `read_proof` gave belongs to this certificate."""
    known = register.lookup.last_four(certificate)
    by_code = compare_digest(proof.encode(), certificate.code.encode())
    return by_code or (known is not None and compare_digest(proof.encode(), known.encode()))
