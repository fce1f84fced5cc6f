"""A home with one account per role, a site over it, and browsers that are signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from office_helpers import GENEROUS, Furnished, Office, make_accounts

from core.settings import Home
from registry.register import Register
from web.app import create_app


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    """An empty register in an empty home."""
    with Register.open(Home(tmp_path / "home")) as register:
        yield register


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """A home with an account in every role, made once: hashing passwords is meant to take long."""
    home = Home(tmp_path_factory.mktemp("furnished") / "home")
    return Furnished(home, make_accounts(home))


@pytest.fixture(scope="module")
def office(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A site of its own for each test module, with an account in every role."""
    folder = tmp_path_factory.mktemp("office")
    home = furnished.copy(folder / "home")
    return Office(home, create_app(home, settings=GENEROUS), dict(furnished.passwords), folder)


@pytest.fixture(scope="module")
def app(office: Office) -> Flask:
    """The site."""
    return office.app
