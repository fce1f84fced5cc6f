"""What all tests share: how property tests draw their examples.

A run must be repeatable, or a change would be blamed for a rare example that it has nothing to do with: the usual
profile draws the same examples every time. `make fuzz` draws new ones, thousands of them, and prints how to repeat a
failure; what it finds is kept as an explicit `@example` of the test. How long an example takes says something of the
machine and its other work, never of what the test states: neither profile measures it.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["postgresql_server", "real_browser"]

UNTIMED = settings(print_blob=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", UNTIMED, derandomize=True)
settings.register_profile("random", UNTIMED, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

FIRST = (
    "tests/pages",
    "tests/web/test_web_demo.py",
    "tests/workspace",
    "tests/recognition",
    "tests/registry/test_registry_workers.py",
)
"""What takes longest, so that two processes end together."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in the order in which they should begin; a file stays in one process (`--dist loadfile`)."""

    def place(item: pytest.Item) -> int:
        return next((n for n, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))

    items.sort(key=place)
