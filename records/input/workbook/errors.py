"""What can be wrong with a batch file as a whole: nothing is read, one sentence says why and what to do."""

from records.errors import RecordsError


class BatchUnreadable(RecordsError):
    """Root of the errors of a whole batch file; data: `path`. Raised itself when the file cannot be opened."""

    key = "batch_unreadable"


class EmptyFile(BatchUnreadable):
    """Raised when the file has no bytes."""

    key = "empty_file"


class UnknownFormat(BatchUnreadable):
    """Raised when the file is neither a workbook nor JSON; data: `suffix`."""

    key = "unknown_format"


class NotAWorkbook(BatchUnreadable):
    """Raised when a file called .xlsx is something else; data: `looks_like`."""

    key = "not_a_workbook"


class OldWorkbook(BatchUnreadable):
    """Raised when the file is a workbook of Excel 97–2003 (.xls, .et)."""

    key = "old_workbook"


class EncryptedWorkbook(BatchUnreadable):
    """Raised when a password protects the workbook."""

    key = "encrypted_workbook"


class MacroWorkbook(BatchUnreadable):
    """Raised when the workbook carries macros."""

    key = "macro_workbook"


class FileTooLarge(BatchUnreadable):
    """Raised when the file is larger than allowed; data: `size_mb`, `limit_mb`."""

    key = "file_too_large"


class ZipBomb(BatchUnreadable):
    """Raised when the file would unpack to far more than it holds; data: `unpacked_mb`, `limit_mb`."""

    key = "zip_bomb"


class SheetTooLarge(BatchUnreadable):
    """Raised when a sheet reaches too far to be held in memory; data: `sheet`, `cell` that stands astray or last."""

    key = "sheet_too_large"


class WorkbookDamaged(BatchUnreadable):
    """Raised when the archive or its XML is broken; data: `reason`."""

    key = "workbook_damaged"


class SheetsMissing(BatchUnreadable):
    """Raised when a sheet that no batch can do without is not there; data: `missing`, `found`, `hint`."""

    key = "sheets_missing"


class HeadsMissing(BatchUnreadable):
    """Raised when a sheet has no row of column heads at all; data: `sheet`, `heads`."""

    key = "heads_missing"


class NumberMissing(BatchUnreadable):
    """Raised when 批次编号 is not stated: nothing can be filed under it; data: `cell`."""

    key = "number_missing"


class JsonInvalid(BatchUnreadable):
    """Raised when a JSON batch does not follow the published schema; data: `problems`."""

    key = "json_invalid"
