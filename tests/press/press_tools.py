"""What several press tests share: fixed moments, a token, and the mark for tools that may be missing."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

MOMENT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
MADE = datetime(2026, 11, 1, tzinfo=UTC)
TOKEN = "eyJhbGciOiJFZDI1NTE5In0.eyJ2IjoxfQ.c2lnbmF0dXJl"


def needs(tool: str) -> pytest.MarkDecorator:
    """Skip, with a reason, where a checking tool is not installed."""
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")
