"""Step 11: the machine-readable credential inside the file."""

from collections.abc import Iterator
from typing import Any, Final

from signing.credential.token import CREDENTIAL_TYPE, split, verify
from signing.errors import TokenInvalid
from signing.validate.case import Case, Stop, absent, passed
from signing.validate.report import Code, Step, StepName

MAX_ATTACHMENT: Final = 256 << 10  # bytes
MAX_ATTACHMENTS: Final = 20
_START: Final = "eyJ"  # Base64url of {"


def check_credential(case: Case) -> Step:
    """11. The embedded token is signed by a key of the region's key set."""
    case.token = _token_in_pyhanko(case.reader)
    if case.token is None:
        return absent(StepName.CREDENTIAL, "none embedded")
    if case.archived:
        raise Stop(Code.CREDENTIAL_WRONG, "in a paper that no certificate key signed")
    if case.trust.keyset is None:
        return absent(StepName.CREDENTIAL, "no key set to check it with")
    try:
        accepted = verify(case.token, case.trust.keyset, at=case.now)
    except TokenInvalid as error:
        raise Stop(Code.CREDENTIAL_WRONG, error.diagnostics("en")) from error
    case.credential = accepted.payload
    return passed(StepName.CREDENTIAL, accepted.kid)


def is_credential(text: str) -> bool:
    """Whether a text has the form of our token; nothing is verified."""
    try:
        header, _, _, _ = split(text)
    except TokenInvalid:
        return False
    return header.get("typ") == CREDENTIAL_TYPE


def credential_in_pikepdf(pdf: Any) -> str | None:
    """The first attachment that is a credential, found with qpdf."""
    for number, name in enumerate(pdf.attachments):
        if number == MAX_ATTACHMENTS:
            break
        data = pdf.attachments[name].get_file().read_bytes()
        text = _text(data)
        if text is not None:
            return text
    return None


def _token_in_pyhanko(reader: Any) -> str | None:
    return next((text for data in _attachments(reader) if (text := _text(data)) is not None), None)


def _attachments(reader: Any) -> Iterator[bytes]:
    files = reader.root.get("/AF", ())
    for number, specification in enumerate(files):
        if number == MAX_ATTACHMENTS:
            return
        embedded = specification.get_object()["/EF"]
        stream = embedded["/F"]
        if len(stream.encoded_data) <= MAX_ATTACHMENT:
            yield stream.data


def _text(data: bytes) -> str | None:
    if len(data) > MAX_ATTACHMENT:
        return None
    try:
        text = data.decode("ascii").strip()
    except UnicodeDecodeError:
        return None
    return text if text.startswith(_START) and is_credential(text) else None
