"""Alarms (报警): contradictions that a person must look into at once. Logged and counted; no personal data.

Whoever runs the server watches the logger `zhicheng.alarm` and the counter `zhicheng_alarms` of `/metrics`.
"""

import logging
import threading
from collections import Counter
from typing import Final

LOG: Final = logging.getLogger("zhicheng.alarm")
_lock = threading.Lock()
_counts: Counter[str] = Counter()


def alarm(kind: str, detail: str) -> None:
    """Raise one. `detail` names hashes, steps and codes of this program only."""
    with _lock:
        _counts[kind] += 1
    LOG.error("%s: %s", kind, detail)


def counted() -> dict[str, int]:
    """How many alarms of each kind this process has raised."""
    with _lock:
        return dict(_counts)
