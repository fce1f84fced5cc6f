"""Errors of the certificate: facts that are missing, layouts that cannot be used, text that does not fit."""

from generator.errors import GeneratorError


class CertificateError(GeneratorError):
    """Root of the errors of the certificate."""

    key = "certificate"


class FactsMissing(CertificateError):
    """Raised when a certificate cannot state what it must; data: `application_number`, `missing` (field names)."""

    key = "facts_missing"

    def __init__(self, *, application_number: str, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(application_number=application_number, missing="、".join(missing))
