"""Fixtures of the layout tests: templates from text, the font book."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.documents.compose import compose
from generator.layout.text.fonts import FontBook
from generator.layout.tree import Document

Composer = Callable[..., Document]


@pytest.fixture(scope="session")
def book() -> FontBook:
    """The built-in fonts."""
    return FontBook.default()


@pytest.fixture
def composed(tmp_path: Path) -> Composer:
    """Composes a template given as text; keyword arguments are its variables."""

    def make(text: str, **variables: object) -> Document:
        (tmp_path / "sample.html").write_text(text, "utf-8")
        return compose("sample", variables, folders=[tmp_path])

    return make
