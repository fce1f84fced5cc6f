"""Errors of the registry room; every one descends from `RegistryError`."""

from typing import ClassVar

from core.errors import NOT_READY, HouseError


class RegistryError(HouseError):
    """Root of the errors of the registry room."""

    room: ClassVar[str] = "registry"


class DatabaseNotReady(RegistryError):
    """Raised when the database cannot be opened, migrated or written; data: `reason`."""

    key = "database_not_ready"
    exit_code = NOT_READY


class DatabaseGone(DatabaseNotReady):
    """Raised when the register's SQLite file is missing beside its key file; data: `path`."""

    key = "database_gone"


class DatabaseMoved(DatabaseGone):
    """Raised when the SQLite file was moved from and the new address is not given; data: `path`, `aside`, `config`."""

    key = "database_moved"


class DatabaseTooNew(RegistryError):
    """Raised when a newer release has migrated the database; data: `found`, `known`."""

    key = "database_too_new"
    exit_code = NOT_READY


class KeyFileDamaged(RegistryError):
    """Raised when the registry's key file is missing beside existing data, or is not readable; data: `path`."""

    key = "key_file_damaged"
    exit_code = NOT_READY


class SealedValueDamaged(RegistryError):
    """Raised when an encrypted value does not open: another key, or the row was tampered with; data: `place`."""

    key = "sealed_value_damaged"


class RowAltered(RegistryError):
    """Raised when a row that an answer rests on is not as the program wrote it; data: `table`, `row` (internal id)."""

    key = "row_altered"
    exit_code = NOT_READY


class ClockWrong(RegistryError):
    """Raised when the machine's clock cannot be right; data: `now`, `known`, `against` (log, head, database)."""

    key = "clock_wrong"
    exit_code = NOT_READY


class CertificateUnknown(RegistryError):
    """Raised when no certificate has that number, code or licence identifier; data: `reference`."""

    key = "certificate_unknown"


class BatchHeadChanged(RegistryError):
    """Raised when a batch number is already registered for other head data; data: `number`, `fields`."""

    key = "batch_head_changed"


class IssueRefused(RegistryError):
    """Raised when a batch may not be issued at all (细则第五十三、五十四、七十六条); data: `missing`."""

    key = "issue_refused"


class SeriesExhausted(RegistryError):
    """Raised when the five digits of a number series are used up; data: `series`."""

    key = "series_exhausted"


class ImpossibleMove(RegistryError):
    """Raised when a certificate in this state cannot make this move; data: `number`, `state`, `move`, `possible`."""

    key = "impossible_move"


class SuccessorOfAnother(RegistryError):
    """Raised when a certificate is to be replaced by one of another person, series or level; data: `number`."""

    key = "successor_of_another"


class StoredFileMissing(RegistryError):
    """Raised when the register knows a file that the store no longer holds intact; data: `sha256`."""

    key = "stored_file_missing"
    exit_code = NOT_READY


class StoreNotWritable(RegistryError):
    """Raised when the file store refuses a file: disk full, read-only; data: `reason`."""

    key = "store_not_writable"
    exit_code = NOT_READY


class StoreNotReady(RegistryError):
    """Raised when the file store cannot be reached or its client is not installed; data: `reason`."""

    key = "store_not_ready"
    exit_code = NOT_READY


class RunnerNotAvailable(RegistryError):
    """Raised when workers are asked for where there can be none (SQLite, or a missing package); data: `reason`."""

    key = "runner_not_available"
    exit_code = NOT_READY


class JobNotDone(RegistryError):
    """Raised when a shared-out job stopped before its end; data: `job`, `state`, `note`."""

    key = "job_not_done"
    exit_code = NOT_READY


class JobUnknown(RegistryError):
    """Raised when there is no job of that number; data: `job`."""

    key = "job_unknown"


class JobStateWrong(RegistryError):
    """Raised when a job cannot be paused, resumed or cancelled as it stands; data: `job`, `act`, `state`."""

    key = "job_state_wrong"


class WorkersLost(RegistryError):
    """Raised when worker processes keep dying (killed, out of memory); data: `attempts`."""

    key = "workers_lost"
    exit_code = NOT_READY


class JobCancelled(RegistryError):
    """Raised inside long work when the operator paused or cancelled it; data: `job`, `state`."""

    key = "job_cancelled"


class LogEntryUnknown(RegistryError):
    """Raised when the log has no such position, or has never been of that size; data: `position`, `size`."""

    key = "log_entry_unknown"


class ApplicationTwice(RegistryError):
    """Raised when a streamed batch holds a number twice; data: `application_number`, `field`."""

    key = "application_twice"


class CopiesExhausted(RegistryError):
    """Raised when a certificate already has as many live annotated copies as allowed; data: `number`, `most`."""

    key = "copies_exhausted"


class CopyPeriodWrong(RegistryError):
    """Raised when an annotated copy would expire in the past or too late; data: `last`."""

    key = "copy_period_wrong"


class NothingChanged(RegistryError):
    """Raised when a reissue would print the same facts again; data: `number`."""

    key = "nothing_changed"


class ApplicationMissing(RegistryError):
    """Raised when the batch file lacks the person whose certificate is corrected; data: `application_number`."""

    key = "application_missing"


class BackupUnusable(RegistryError):
    """Raised when a backup cannot be restored: not a backup, damaged, or the home is not empty; data: `reason`."""

    key = "backup_unusable"


class DatabaseNotEmpty(BackupUnusable):
    """Raised when a database that is to take a register in holds rows already; data: `table`."""

    key = "database_not_empty"


class NotMade(RegistryError):
    """Raised when one certificate cannot be made because of its own data; data: `number`, `reason`."""

    key = "not_made"


class CertificateWaits(RegistryError):
    """Raised when a time-stamp or revocation authority did not answer for one certificate; data: `number`, `reason`."""

    key = "certificate_waits"
    exit_code = NOT_READY


class StatusListUnknown(RegistryError):
    """Raised when there is no such status list, it has expired, or has no such position; data: `list`."""

    key = "status_list_unknown"


class NoAnchor(RegistryError):
    """Raised when a first list of regions is to be accepted without the anchor's public key."""

    key = "no_anchor"


class AnchorDiffers(RegistryError):
    """Raised when another anchor's key is given than the one held; data: `path`."""

    key = "anchor_differs"


class StatusListDamaged(RegistryError):
    """Raised when a status list is signed and yet cannot be read; data: `list`, `reason`."""

    key = "status_list_damaged"


class StatusListForeign(RegistryError):
    """Raised when a status list is of another region, or no status list; data: `code`."""

    key = "status_list_foreign"


class IntegrityIncomplete(RegistryError):
    """Raised when an entry of the integrity archive lacks a field (细则第七十一条); data: `missing`, `codes`."""

    key = "integrity_incomplete"
