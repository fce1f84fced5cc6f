"""Key files that others on the machine may read: told when keys are opened and when they are listed."""

import logging
import stat
from pathlib import Path
from typing import Final

from core.message import message
from signing.keys import KeySource, PemSource, Pkcs12Source

PRIVATE: Final = ("*.key.pem", "*.p12", "registry.json")
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_LOG: Final = logging.getLogger(__name__)
_told: set[tuple[Path, int]] = set()


def exposed_keys(folder: Path, outside: KeySource | None = None) -> tuple[Path, ...]:
    """The key files of a ring's folder, and the one that the settings name, whose mode is wider than 0600."""
    paths = [path for pattern in PRIVATE for path in folder.glob(pattern)]
    if isinstance(outside, PemSource):
        paths.append(outside.key)
    elif isinstance(outside, Pkcs12Source):
        paths.append(outside.path)
    return tuple(sorted(path for path in paths if _mode(path) & OTHERS))


def warn_of_exposed(folder: Path, outside: KeySource | None = None) -> None:
    """A line in the log for each, once per process and mode."""
    for path in exposed_keys(folder, outside):
        mode = _mode(path)
        if (path, mode) not in _told:
            _told.add((path, mode))
            _LOG.warning(message("signing", "keys.exposed", path=path, mode=f"{mode:04o}"))


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0
