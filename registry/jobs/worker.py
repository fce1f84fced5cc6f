"""`zhicheng worker`: does chunk after chunk, for as long as it is wanted."""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from core.errors import HouseError
from core.settings import Home
from registry.issuing.press_maker import certificate_maker
from registry.issuing.produce import Maker, MakerFactory
from registry.jobs import chunks, documents, issuing
from registry.jobs.chunks import Chunk
from registry.jobs.deferring import require_queue
from registry.jobs.serving import BackOff, Serving
from registry.privacy import encrypted_packages
from registry.register import Register
from registry.settings import JobsSettings

Tell = Callable[[str, Chunk, str], None]


def _silent(*told: object) -> None:
    """Nobody listens."""


def own_name() -> str:
    """`machine:process`, as the operator sees it in `zhicheng job show`."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass
class Worker:
    """One worker process: opens the register and the press once, works on one chunk at a time.

    `tell` hears of each chunk (`begun`, `done`, `failed`), `trouble` of a database that is away. With `once` it ends as
    soon as the queue is empty.
    """

    register: Register
    factory: MakerFactory = certificate_maker
    tell: Tell = _silent
    trouble: Callable[[str], None] = _silent
    once: bool = False
    name: str = field(default_factory=own_name)
    _maker: Maker | None = None
    _bench: documents.Bench | None = None

    def __post_init__(self) -> None:
        require_queue(self.register.database)
        self.settings = self.register.home.section("jobs", JobsSettings)
        self.back_off = BackOff(self.settings.retries)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; the chunk in hand is finished first."""
        url = self.register.database.url.set(drivername="postgresql")
        address = url.render_as_string(hide_password=False)
        serving = Serving(
            address, self.settings, self.name, self.take, self.back_off, self.trouble, self.once
        )
        asyncio.run(serving.run())

    def take(self, chunk_id: int, attempts: int) -> None:
        """Do one chunk, if it is still wanted.

        Raises:
            HouseError: it could not be done; why stands with the chunk, unless the database is away.
        """
        chunk = chunks.begin(self.register, chunk_id, self.name)
        if chunk is None:
            return  # done already, or not wanted now
        self.tell("begun", chunk, "")
        try:
            result = self._work(chunk)
        except HouseError as error:
            self._stumble(chunk, error, error.sentence(), attempts)
            raise
        except Exception as error:
            self._stumble(chunk, error, f"{type(error).__name__}: {error}", attempts)
            raise
        done, failed = result.pop("done"), result.pop("failed")
        if not chunks.finish(self.register, chunk.id, done, failed, result):
            encrypted_packages.drop(self.register.storage, result.get("pieces", ()))
        chunks.tidy(self.register, chunk.job)
        self.tell("done", chunk, "")

    def _work(self, chunk: Chunk) -> dict[str, Any]:
        if chunk.kind == documents.KIND:
            return self._one_bench(chunk).make(self.register, chunk)
        return issuing.work_on(self.register, chunk, self._one_maker)

    def _stumble(self, chunk: Chunk, error: Exception, reason: str, attempts: int) -> None:
        self.tell("failed", chunk, reason)
        with suppress(HouseError):  # the database itself is away: the heartbeat tells the others
            chunks.stumble(self.register, chunk.id, reason, final=self.back_off.is_last(error, attempts))

    def _one_bench(self, chunk: Chunk) -> documents.Bench:
        """The workshop of the batch in hand is kept until another one comes."""
        if self._bench is None or self._bench.content != chunk.part["content"]:
            if self._bench is not None:
                self._bench.close()
            self._bench = documents.Bench(self.register, chunk)
        return self._bench

    def _one_maker(self, home: Home) -> Maker:
        """The press is loaded at the first chunk and kept."""
        if self._maker is None:
            self._maker = self.factory(home)
        return self._maker
