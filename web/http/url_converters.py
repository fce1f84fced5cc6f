"""Numbers in addresses: no database is asked for a number that no row can have."""

from typing import Any, Final

from flask import request
from werkzeug.routing import IntegerConverter, Map

MOST: Final = 2**31 - 1  # the narrowest integer column of the register (PostgreSQL `integer`)


class RowNumber(IntegerConverter):
    """`<int:…>` in a route: greater numbers are no address of the site."""

    def __init__(self, map: Map, *arguments: Any, **options: Any) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, *arguments, **{"max": MOST, **options})


def asked_number(name: str) -> int | None:
    """A number behind the question mark; None where there is none or no row can have it."""
    found = request.args.get(name, None, int)
    return found if found is not None and 0 <= found <= MOST else None
