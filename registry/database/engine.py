"""The one way to the database: SQLite by default, PostgreSQL by address, the same code for both.

SQLite with the driver's own transaction handling loses updates silently: two connections read, both write, one
write is gone. So the driver's handling is off, and a transaction that may write begins with BEGIN IMMEDIATE.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from core.sentences import Sentence
from core.settings import PRIVATE_MODE
from registry.database.error_text import database_reason
from registry.errors import DatabaseNotReady

UNUSABLE: Final = (
    "OperationalError",
    "DatabaseError",
)  # the latter: a file that is no database, or a torn one
READ_OPTION = "zhicheng_read_only"
PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-32000",
    "wal_autocheckpoint=4000",  # pages, 16 MB: one that many issues have changed is copied back once
)

Parameters = Sequence[Mapping[str, Any]]


class Watch(Protocol):
    """Keeps account of what writing transactions change; `registry.audit.seal_hooks` is the real one."""

    def over(self, connection: Connection) -> AbstractContextManager[None]:
        """Keep account of what the connection writes from here to the end of the block."""

    def before(
        self,
        connection: Connection,
        element: Any,
        many: Parameters,
        one: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> tuple[Any, Parameters, Mapping[str, Any]]:
        """Look at a statement before it is run; what is returned is run in its place."""

    def after(
        self,
        connection: Connection,
        element: Any,
        many: Parameters,
        one: Mapping[str, Any],
        options: Mapping[str, Any],
        result: Any,
    ) -> None:
        """Look at a statement and its result."""


class Database:
    """Hands out transactions: `write()` may change rows, `read()` sees one consistent state."""

    def __init__(self, address: str | URL, *, busy_seconds: float) -> None:
        self.url = _read(address)
        self.busy_seconds = busy_seconds
        self.engine = _engine(self.url, busy_seconds)
        self._watch: Watch | None = None

    def watch(self, watch: Watch) -> None:
        """Let `watch` see everything that is written from now on."""
        self._watch = watch
        event.listen(self.engine, "before_execute", watch.before, retval=True)
        event.listen(self.engine, "after_execute", watch.after)

    def watched(self, connection: Connection) -> AbstractContextManager[None]:
        """Keep account of what is written inside the block, if anybody watches."""
        return self._watch.over(connection) if self._watch else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the file database."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def write(self, *, watched: bool = True) -> Iterator[Connection]:
        """A transaction that may write; committed at the end, rolled back by an error.

        `watched=False` is for rows that come with their seals, out of a backup or another database.

        Raises:
            DatabaseNotReady: the database is locked for too long, read-only, full or gone.
        """
        with (
            _explained(),
            self.engine.begin() as connection,
            self.watched(connection) if watched else nullcontext(),
        ):
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads and never waits for writers.

        Raises:
            DatabaseNotReady: the database cannot be read.
        """
        with (
            _explained(),
            self.engine.connect().execution_options(**{READ_OPTION: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def sqlite_address(path: Path) -> URL:
    """The address of a SQLite file; makes the file private (0600) when it does not exist yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=PRIVATE_MODE, exist_ok=True)
    return URL.create("sqlite", database=str(path))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated or type(error.orig).__name__ in UNUSABLE:
            raise DatabaseNotReady(reason=database_reason(error.orig)) from error
        raise


def _read(address: str | URL) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError) as error:  # the latter: a port that is no number
        raise DatabaseNotReady(
            reason=Sentence.of("registry", "database_reasons.bad_address", words=type(error).__name__)
        ) from error


def _engine(url: URL, busy_seconds: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        try:
            return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=24)
        except ModuleNotFoundError as error:
            raise DatabaseNotReady(
                reason=Sentence.of("registry", "database_reasons.no_driver", words=error)
            ) from error
    engine = create_engine(url, connect_args={"timeout": busy_seconds}, pool_size=8, max_overflow=24)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Take transactions over from the driver and set what every connection needs."""
    del record
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock before the first read, unless the transaction promises only to read."""
    reads = connection.get_execution_options().get(READ_OPTION, False)
    connection.exec_driver_sql("BEGIN DEFERRED" if reads else "BEGIN IMMEDIATE")
