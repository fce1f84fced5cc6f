"""Errors of the workspace's pages."""

from web.errors import WebError


class OfficeError(WebError):
    """Root of the errors of the workspace's pages."""


class WorkbookRefused(OfficeError):
    """Raised when an uploaded workbook cannot be read; data: `reason`."""

    key = "workbook_refused"


class CheckTooLong(OfficeError):
    """Raised when reading a workbook takes longer or more memory than the settings allow."""

    key = "check_too_long"


class PhotosRefused(OfficeError):
    """Raised when an archive of photos is no archive, too large, or holds paths that lead elsewhere."""

    key = "photos_refused"


class NotReady(OfficeError):
    """Raised when a batch is not ready for a step; data: `reason`."""

    key = "batch_not_ready"


class ConfirmationWrong(OfficeError):
    """Raised when the typed certificate number is not the certificate's; data: `number`."""

    key = "confirmation_wrong"


class FieldMissing(OfficeError):
    """Raised when a form lacks what it must have; data: `field`."""

    key = "field_missing"
