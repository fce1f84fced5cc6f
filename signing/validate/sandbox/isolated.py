"""Validation in limited child processes: spawned once, reused, replaced when one dies or takes too long.

The child has no more rights than memory and time: no new files, no core dump, a ceiling on address space, a CPU
allowance per file. What it answers is JSON, so that even a subverted child cannot run anything here.
"""

import atexit
import hashlib
import json
import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Final

from signing.trust import TrustAnchors
from signing.validate.case import Limits
from signing.validate.report import Code, FileReport, failed_report
from signing.validate.sandbox.wire import HEADER, pack

MAX_ANSWER: Final = 4 << 20  # bytes
START_SECONDS: Final = 30
_ROOT: Final = Path(__file__).resolve().parents[3]


class ChildGone(Exception):
    """Raised inside this room when a child gave no whole answer; `code` says why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


class _Child:
    """One worker process and its two pipes."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        environment = {
            **{name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL", "TZ"}},
            "PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, sys.path)]),
        }
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "signing.validate.sandbox.child", str(limits.memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
        )
        self.ready = False

    def ask(self, request: bytes, data: bytes) -> bytes:
        """Send one file, wait for its answer.

        Raises:
            ChildGone: it died or took longer than allowed.
        """
        if not self.ready:
            self._read(1, time.monotonic() + START_SECONDS)
            self.ready = True
        deadline = time.monotonic() + self.limits.seconds
        try:
            self._write(pack(request, data), deadline)
            size = HEADER.unpack(self._read(HEADER.size, deadline))[0]
            if size > MAX_ANSWER:
                raise ChildGone(Code.CHECKER_DIED)
            return self._read(size, deadline)
        except OSError as error:
            raise ChildGone(Code.CHECKER_DIED) from error

    def end(self) -> None:
        """Kill and reap it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def _write(self, message: bytes, deadline: float) -> None:
        descriptor = self.process.stdin.fileno()  # type: ignore[union-attr]
        view = memoryview(message)
        while view:
            _, writable, _ = select.select([], [descriptor], [], max(0.0, deadline - time.monotonic()))
            if not writable:
                raise ChildGone(Code.TIME_EXCEEDED)
            view = view[os.write(descriptor, view[: 1 << 16]) :]

    def _read(self, size: int, deadline: float) -> bytes:
        descriptor = self.process.stdout.fileno()  # type: ignore[union-attr]
        parts: list[bytes] = []
        while size:
            readable, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not readable:
                raise ChildGone(Code.TIME_EXCEEDED)
            part = os.read(descriptor, min(size, 1 << 16))
            if not part:
                raise ChildGone(self._cause())
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _cause(self) -> Code:
        """What the way of dying tells: the CPU ceiling, the memory ceiling, or anything else."""
        try:
            status = self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Code.CHECKER_DIED
        if status == -signal.SIGXCPU:
            return Code.TIME_EXCEEDED
        return Code.MEMORY_EXCEEDED if status == -signal.SIGKILL else Code.CHECKER_DIED


class ValidationPool:
    """A few children; safe to use from many threads, which wait for a free one."""

    def __init__(self, processes: int = 2, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(processes):
            self._idle.put(None)
        self._processes = processes

    def validate(
        self,
        data: bytes,
        trust: TrustAnchors,
        known_hash: bool | None = None,
        page_check: str | None = None,
        now: datetime | None = None,
    ) -> FileReport:
        """Examine any bytes; never raises because of them.

        `page_check` names a function `module:function` of the kind `PageCheck`, called in the child; `now` (aware) is
        the moment of the examination when it is not the present one.
        """
        if len(data) > self.limits.max_bytes or not data:
            return failed_report(data, Code.TOO_LARGE if data else Code.EMPTY, known_hash)
        request = pickle.dumps((trust, known_hash, page_check, now, self.limits))
        child = self._idle.get()
        keep: _Child | None = None
        try:
            child = child or _Child(self.limits)
            answer = child.ask(request, data)
            keep = child
        except ChildGone as gone:
            return failed_report(data, gone.code, known_hash)
        finally:
            if keep is None and child is not None:
                child.end()
            self._idle.put(keep)
        return _read_answer(answer, data, known_hash)

    def close(self) -> None:
        """End all idle children."""
        for child in [self._idle.get() for _ in range(self._processes)]:
            if child is not None:
                child.end()
            self._idle.put(None)


def validate_isolated(
    data: bytes,
    trust: TrustAnchors,
    known_hash: bool | None = None,
    *,
    page_check: str | None = None,
    now: datetime | None = None,
) -> FileReport:
    """Examine any bytes in this program's shared pool of limited child processes; never raises because of them."""
    return shared_pool(os.getpid()).validate(data, trust, known_hash, page_check, now)


_shared_lock = threading.Lock()
_shared: dict[int, ValidationPool] = {}
_shape: tuple[int, Limits] = (2, Limits())


def configure_shared_pool(processes: int, limits: Limits) -> None:
    """Number and limits of the shared pool's children; counts for pools that are not in use yet."""
    global _shape
    _shape = (processes, limits)


def shared_pool(pid: int) -> ValidationPool:
    """The pool of this process; a forked worker gets its own."""
    with _shared_lock:
        if pid not in _shared:
            _shared[pid] = ValidationPool(*_shape)
            atexit.register(_shared[pid].close)
        return _shared[pid]


def _read_answer(answer: bytes, data: bytes, known_hash: bool | None) -> FileReport:
    try:
        report = FileReport.from_json(json.loads(answer))
    except (ValueError, KeyError, TypeError):
        return failed_report(data, Code.CHECKER_DIED, known_hash, "answer")
    if report.sha256 != hashlib.sha256(data).hexdigest():
        return failed_report(data, Code.CHECKER_DIED, known_hash, "answer about another file")
    return report
