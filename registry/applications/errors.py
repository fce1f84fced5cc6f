"""Errors of the services for people."""

from registry.errors import RegistryError


class ApplicationUnknown(RegistryError):
    """Raised when no batch and no mark knows an application number; data: `application_number`."""

    key = "application_unknown"


class ScanUnusable(RegistryError):
    """Raised when a file is no scanned form that could be signed and kept; data: `path`, `reason`."""

    key = "scan_unusable"


class ScanRefused(RegistryError):
    """Raised when a certificate in this state gets no scanned form any more; data: `number`, `state`."""

    key = "scan_refused"


class BatchUnknown(RegistryError):
    """Raised when no batch of that number is registered; data: `number`."""

    key = "batch_unknown"


class DisposalTooEarly(RegistryError):
    """Raised when papers may not be destroyed yet (细则第五十八条); data: `number`, `allowed`, `disposed_on`."""

    key = "disposal_too_early"


class PaperKept(RegistryError):
    """Raised when a paper is to be destroyed that must be kept (细则第四十八、五十八条); data: `paper`."""

    key = "paper_kept"


class InquirerUnnamed(RegistryError):
    """Raised when a look-up is to be recorded without the inquirer's name or purpose, or with too long ones."""

    key = "inquirer_unnamed"


class PersonUnknown(RegistryError):
    """Raised when the register knows nobody with an ID number; the number is not among the data."""

    key = "person_unknown"
