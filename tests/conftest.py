"""What all tests share: how property tests draw their examples.

A run must be repeatable, or a change would be blamed for a rare example that it has nothing to do with: the usual
profile draws the same examples every time. `make fuzz` draws new ones, thousands of them, and prints how to repeat a
failure; what it finds is kept as an explicit `@example` of the test.
"""

import os

from hypothesis import settings

pytest_plugins = ["postgresql_server", "real_browser"]

settings.register_profile("repeatable", derandomize=True, print_blob=True)
settings.register_profile("random", derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
