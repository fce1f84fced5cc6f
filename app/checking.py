"""Check a batch (核对): what the rules say of the file, and what the register knows of its people."""

from collections.abc import Sequence
from pathlib import Path

from core.settings import Home
from records.input.checking import Checked, check_file
from registry.issuing.register_findings import looked_up


def check_batch(home: Home, path: Path, *, only: Sequence[str] = (), approving: bool = False) -> Checked:
    """Every finding on a batch file, with its place and remedy.

    `only`: prefixes of the rules to report. `approving`: papers for approval are being made, so that its people stand
    at 核准中 from now on.

    Raises:
        BatchUnreadable: nothing can be read.
        RegistryError: there is a register, but it cannot be used.
    """
    return looked_up(home, check_file(path, home, only=tuple(only)), only=only, approving=approving)
