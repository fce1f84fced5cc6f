"""Checking a credential with nothing but a key file: no network, no register."""

from io import BytesIO
from pathlib import Path

from signing.credential.token import Credential, verify
from signing.errors import CredentialMisplaced, TokenMalformed
from signing.keys.service_key import KeySet

MAX_INPUT = 64 << 20  # bytes


def verify_offline(data: bytes, key_file: Path) -> Credential:
    """Check a token's text, or the token embedded in a PDF (whose own signature is not looked at here).

    A PDF without a certification (DocMDP) is no certificate, so a credential in it was put there by somebody else.

    Raises:
        TokenInvalid: one of its kinds. KeySetUnreadable: the key file is none.
    """
    keyset = KeySet.read(key_file)
    if len(data) > MAX_INPUT:
        raise TokenMalformed(reason=f"> {MAX_INPUT >> 20} MB")
    return verify(_from_pdf(data) if data.startswith(b"%PDF-") else _from_text(data), keyset)


def _from_text(data: bytes) -> str:
    try:
        return data.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise TokenMalformed(reason="not ASCII") from error


def _from_pdf(data: bytes) -> str:
    import pikepdf

    from signing.validate.steps.embedded import credential_in_pikepdf

    try:
        with pikepdf.open(BytesIO(data), suppress_warnings=True) as pdf:
            token = credential_in_pikepdf(pdf)
            if token is not None and "/DocMDP" not in (pdf.Root.get("/Perms") or {}):
                raise CredentialMisplaced
    except (pikepdf.PdfError, ValueError, KeyError, TypeError) as error:
        raise TokenMalformed(reason="PDF") from error
    if token is None:
        raise TokenMalformed(reason="no credential in this PDF")
    return token
