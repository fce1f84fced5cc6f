"""The genuine files and the pool that all hostile tests share."""

from collections.abc import Iterator

import pytest
from hostile_base import Base, make_base

from signing.validate import ValidationPool


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Genuine certificates and a stranger's keys."""
    return make_base(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session")
def pool() -> Iterator[ValidationPool]:
    """One limited child process."""
    pool = ValidationPool(1)
    yield pool
    pool.close()
