"""The register (登记库) of one home: database, vault, store, settings; opened once and handed around."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import func, select

from core.errors import HouseError
from core.settings import Home
from registry.audit.row_macs import RowMacs
from registry.audit.seal_hooks import Watch
from registry.audit.seals import Seals
from registry.certificates.lookup import Lookup
from registry.database.engine import Database, sqlite_address
from registry.database.migrations import migrate
from registry.database.schema import applications
from registry.errors import DatabaseGone, DatabaseMoved
from registry.identifiers import scannable
from registry.model import Certificate
from registry.privacy.field_encryption import KEY_FILE, Vault
from registry.settings import DATABASE_FILE, MOVED_FILE, RegistrySettings
from registry.storage import Storage, open_storage


@dataclass(frozen=True)
class Register:
    """Everything the registry's functions need. Use `Register.open`, close when done; safe between threads."""

    home: Home
    settings: RegistrySettings
    database: Database
    vault: Vault
    storage: Storage

    @classmethod
    def open(cls, home: Home, *, returning: bool = False) -> "Register":
        """Open the register of a home folder; creates it on first use and migrates its schema.

        `returning`: rows of a backup are to come, whose keys are here already.

        Raises:
            HomeNotReady: the folder or its settings cannot be used.
            DatabaseGone: the SQLite file is not there any more, or empty; `DatabaseMoved`: it was moved from.
            DatabaseNotReady: the database cannot be reached or written.
            KeyFileDamaged: there is data, but its key file is gone.
        """
        home.create()
        settings = home.section("registry", RegistrySettings)
        file = home.root / DATABASE_FILE
        if not settings.database and not returning and _lost(file, home.keys / KEY_FILE):
            aside = home.root / MOVED_FILE
            if aside.exists():
                raise DatabaseMoved(path=str(file), aside=str(aside), config=str(home.config))
            raise DatabaseGone(path=str(file))
        address = settings.database or sqlite_address(file)
        database = Database(address, busy_seconds=settings.busy_seconds)
        try:
            upgraded = migrate(database)
            create = (home.keys / KEY_FILE).exists() or _is_empty(database)
            vault = Vault.open(home.keys, create=create)
        except HouseError:
            database.close()
            raise
        if vault.row_key:
            database.watch(Watch(Seals(vault.row_key)))
        register = cls(home, settings, database, vault, open_storage(home))
        if upgraded:
            register.give_macs()
        return register

    @cached_property
    def macs(self) -> RowMacs:
        """MACs of the rows that public answers rest on."""
        return RowMacs(self.vault.row_key)

    def give_macs(self) -> None:
        """Give rows of before there were MACs theirs, those that agree with the log."""
        from registry.audit.log_binding import fill_macs  # it reads what stands on the register

        with self.database.write() as connection:
            fill_macs(connection, self.macs)

    @cached_property
    def lookup(self) -> Lookup:
        """The reading side: certificates by code, number, file, person."""
        return Lookup(self.database, self.vault, self.macs)

    def file_of(self, certificate: Certificate) -> bytes:
        """The file of a certificate that is handed out now.

        Raises:
            StoredFileMissing: the store has lost it.
        """
        return self.storage.get(self.lookup.file_hash(certificate))

    def verification_url(self, code: str) -> str:
        """What a QR code holds: the scheme in lower case, which phones open; all else fits the alphanumeric mode."""
        return scannable(f"{self.settings.public_url}/v/{code}")

    def close(self) -> None:
        """Close the database connections."""
        if "lookup" in self.__dict__:
            self.lookup.close()
        self.database.close()

    def __enter__(self) -> "Register":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _lost(file: Path, key_file: Path) -> bool:
    """Keys are made after the database: where they are and it is not, a new one would know no certificate."""
    return key_file.exists() and not (file.exists() and file.stat().st_size)


def _is_empty(database: Database) -> bool:
    with database.read() as connection:
        return (
            connection.execute(
                select(func.count()).select_from(applications.select().limit(1).subquery())
            ).scalar()
            == 0
        )
