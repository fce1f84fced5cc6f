"""Memory in large pages (大页) for a program that looks up in much of it for a long time.

The kept pages of a big register are tens of megabytes in which every look-up goes somewhere else. In pages of four
kilobytes the processor has forgotten where each of them lies, which on a virtual machine costs more than the look-up;
glibc (2.35 and later) asks the kernel for pages of two megabytes when it is told to at the start of a program.
"""

import os
import sys
from pathlib import Path
from typing import Final

TUNABLES: Final = "GLIBC_TUNABLES"
NAME: Final = "glibc.malloc.hugetlb"
ADVISED: Final = f"{NAME}=1"  # ask with madvise(2); what the kernel has not got it does not give


def with_huge_pages(given: str) -> str:
    """The value of `GLIBC_TUNABLES` that asks for large pages; unchanged where it says something about them."""
    return given if NAME in given else ":".join(filter(None, (ADVISED, given)))


def restart_in_huge_pages(programs: tuple[str, ...] = ("zhicheng", "__main__")) -> None:
    """Begin this program again with large pages, once; it keeps its process number and its open files.

    Nothing happens where the environment says something about large pages already, elsewhere than on Linux, and in
    another program than `programs` (one that only imports this one, such as a test).
    """
    given = os.environ.get(TUNABLES, "")
    wanted = with_huge_pages(given)
    if sys.platform != "linux" or wanted == given or Path(sys.argv[0]).stem not in programs:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, TUNABLES: wanted})  # noqa: S606
