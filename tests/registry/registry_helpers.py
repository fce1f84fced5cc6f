"""What several registry tests share and what must be importable in fresh processes."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def run_in_processes(function: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> list[Any]:
    """One fresh process per tuple of arguments, all started before the first result is awaited."""
    with ProcessPoolExecutor(len(arguments), mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(function, *each) for each in arguments]
        return [future.result() for future in futures]
