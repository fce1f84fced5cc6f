"""The highest trust list ever accepted, written down in the register beside the files: taking a file away rolls nothing back.

The number stands among the counters, which the seals of the register cover.
"""

from typing import Final

from sqlalchemy import Connection, select, update

from core.settings import Home
from registry.database.schema import counters
from registry.issuing.numbering import make_missing
from registry.settings import DATABASE_FILE, RegistrySettings

COUNTER: Final = "#trust-list"


def raise_pin(home: Home, sequence: int) -> None:
    """Note that a list of this number is in use; a lower number changes nothing.

    Raises:
        DatabaseNotReady: the register cannot be written.
    """
    from registry.register import Register

    with Register.open(home) as register, register.database.write() as connection:
        make_missing(connection, [COUNTER])
        if _value(connection) < sequence:
            connection.execute(update(counters).where(counters.c.name == COUNTER).values(value=sequence))


def pinned(home: Home) -> int:
    """The highest number ever accepted; 0 before the first, and where there is no register yet.

    Raises:
        DatabaseNotReady: the register cannot be read.
    """
    from registry.register import Register

    if not home.section("registry", RegistrySettings).database and not (home.root / DATABASE_FILE).exists():
        return 0
    with Register.open(home) as register, register.database.read() as connection:
        return _value(connection)


def _value(connection: Connection) -> int:
    found = connection.execute(select(counters.c.value).where(counters.c.name == COUNTER)).scalar()
    return int(found or 0)
