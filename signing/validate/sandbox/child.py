"""The limited child process: `python -m signing.validate.sandbox.child MEMORY_BYTES`."""

import json
import os
import pickle
import resource
import sys
from datetime import datetime
from importlib import import_module
from typing import BinaryIO, TypeAlias, cast

from signing.trust import TrustAnchors
from signing.validate.case import Limits, PageCheck
from signing.validate.sandbox.guarded import validate_guarded
from signing.validate.sandbox.wire import HEADER, read_message

MAX_FILES = 64  # open file descriptors


def main() -> None:
    """Announce readiness with one byte, then answer files until the pipe closes."""
    memory = int(sys.argv[1])
    requests, answers = _private_pipes()
    _load_parsers()
    _limit(memory)
    answers.write(b"+")
    answers.flush()
    while (message := read_message(requests)) is not None:
        request, data = message
        answer = json.dumps(_examine(pickle.loads(request), data)).encode("utf-8")  # noqa: S301 - from our parent
        answers.write(HEADER.pack(len(answer)) + answer)
        answers.flush()


Request: TypeAlias = tuple[TrustAnchors, bool | None, str | None, datetime | None, Limits]


def _examine(request: Request, data: bytes) -> dict[str, object]:
    trust, known_hash, page_check, now, limits = request
    _allow_cpu(limits.seconds)
    report = validate_guarded(
        data, trust, known_hash, page_check=_function(page_check), now=now, limits=limits
    )
    return report.as_json()


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The parent's pipes under other numbers, so that a stray print cannot garble an answer."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    return requests, answers


def _load_parsers() -> None:
    """Import everything that the examination needs, before the limits forbid opening files."""
    for name in (
        "asyncio",
        "pikepdf",
        "pyhanko.pdf_utils.reader",
        "signing.cms.asn1",
        "pyhanko_certvalidator",
    ):
        import_module(name)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_FILES, MAX_FILES))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _allow_cpu(seconds: float) -> None:
    """Move the CPU ceiling: what was used so far plus `seconds` for this file."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    ceiling = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (ceiling, resource.RLIM_INFINITY))


def _function(name: str | None) -> PageCheck | None:
    if name is None:
        return None
    module, _, function = name.partition(":")
    return cast("PageCheck", getattr(import_module(module), function))


if __name__ == "__main__":
    main()
