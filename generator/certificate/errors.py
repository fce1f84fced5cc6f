"""Errors of the certificate: facts that are missing, layouts that cannot be used, text that does not fit."""

from generator.errors import GeneratorError

WRONG_USE = 2
NOT_READY = 3


class CertificateError(GeneratorError):
    """Root of the errors of the certificate."""

    key = "certificate"


class FactsMissing(CertificateError):
    """Raised when a certificate cannot state what it must; data: `application_number`, `missing` (field names)."""

    key = "facts_missing"

    def __init__(self, *, application_number: str, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(application_number=application_number, missing="、".join(missing))


class TextTooLong(CertificateError):
    """Raised when a text does not fit its box even in the smallest size; data: `number`, `item`, `text`."""

    key = "text_too_long"


class PhotoUnusable(CertificateError):
    """Raised when a photo is no image, too small or too large; data: `reason`."""

    key = "photo_unusable"


class QrUnsuitable(CertificateError):
    """Raised when an address cannot go into the code: not upper-case alphanumeric, or too long; data: `url`."""

    key = "qr_unsuitable"


class SignatureTooLong(CertificateError):
    """Raised when a signer returns more bytes than it announced; data: `size`, `reserved`."""

    key = "signature_too_long"
    exit_code = NOT_READY


class FaceError(CertificateError):
    """Root of the errors about a layout file; they are the installation's fault, not the batch's."""

    key = "face"
    exit_code = NOT_READY


class FaceMissing(FaceError):
    """Raised when there is no layout of that name; data: `name`, `known`."""

    key = "face_missing"


class FaceUnreadable(FaceError):
    """Raised when a layout file is not TOML; data: `path`, `reason`."""

    key = "face_unreadable"


class FaceInvalid(FaceError):
    """Raised when a value of a layout is missing, unknown or malformed; data: `path`, `place`, `reason`."""

    key = "face_invalid"


class FaceUnit(FaceError):
    """Raised when a length has an unknown unit; data: `path`, `place`, `unit`."""

    key = "face_unit"


class FaceOutside(FaceError):
    """Raised when a box leaves the page; data: `path`, `item`."""

    key = "face_outside"


class FaceOverlap(FaceError):
    """Raised when two boxes overlap; data: `path`, `first`, `second`."""

    key = "face_overlap"


class FaceTwice(FaceError):
    """Raised when two items have the same id; data: `path`, `item`."""

    key = "face_twice"


class PlaceholderUnknown(FaceError):
    """Raised when a text uses a placeholder that does not exist; data: `placeholder`."""

    key = "placeholder_unknown"


class WordingMissing(FaceError):
    """Raised when the layout has no words for a kind of certificate; data: `table`, `word`."""

    key = "wording_missing"


class PreviewFormat(CertificateError):
    """Raised when a preview is to be saved as something else than PDF or PNG; data: `path`."""

    key = "preview_format"
    exit_code = WRONG_USE


class PreviewTool(CertificateError):
    """Raised when a page cannot be turned into a picture because pdftoppm is missing or fails."""

    key = "preview_tool"
    exit_code = NOT_READY
