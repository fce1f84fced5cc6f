"""Fixtures of the Word, Excel and LibreOffice tests."""

import office_trees as trees
import pytest
from office_opened import Opened


@pytest.fixture(scope="session")
def official() -> Opened:
    """The official letter, opened."""
    return Opened(trees.official())


@pytest.fixture(scope="session")
def form() -> Opened:
    """The form, opened."""
    return Opened(trees.form())


@pytest.fixture(scope="session")
def sheet_a3() -> Opened:
    """The A3 sheet, opened."""
    return Opened(trees.sheet_a3())
