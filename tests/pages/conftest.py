"""One site with something on every page for the whole session, and one without anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from real_browser import served
from world import World, empty_world, full_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Everything is there."""
    return full_world(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Nothing has happened yet."""
    return empty_world(tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="session")
def address(world: World) -> Iterator[str]:
    """Where the full site is served."""
    with served(world.app) as found:
        yield found


@pytest.fixture(scope="session")
def bare_address(bare: World) -> Iterator[str]:
    """Where the empty site is served."""
    with served(bare.app) as found:
        yield found
