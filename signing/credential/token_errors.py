"""What joserfc raises for a signed token that does not hold, for rooms that read tokens through other libraries."""

from typing import Final

from joserfc.errors import JoseError

TOKEN_ERRORS: Final[tuple[type[Exception], ...]] = (JoseError,)
