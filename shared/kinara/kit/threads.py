"""Threads for what transactions send: nobody else's slow work stands before a commit, and nothing cuts one short."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

WRITERS = ThreadPoolExecutor(16, "writer")
TURN_S = 0.001
"""How long the loop keeps the interpreter while a thread asks for it; Python's own is five times as long. A transaction
asks after each answer of the database, for microseconds each time, and all that comes after it waits for it."""


def short_turns() -> None:
    """Let threads have the interpreter soon, in the whole process."""
    sys.setswitchinterval(TURN_S)


async def in_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Run what a transaction sends, in a thread that only transactions have.

    Who is cancelled, however often, waits for its end if it has begun: a session is one thread's. If it has not, it
    never does.
    """
    running = WRITERS.submit(function, *arguments)
    ended = asyncio.wrap_future(running)
    cancelled: asyncio.CancelledError | None = None
    while not ended.done():
        try:
            await asyncio.wait([ended])
        except asyncio.CancelledError as again:
            running.cancel()
            cancelled = again
    if cancelled is None:
        return ended.result()
    if not ended.cancelled():
        ended.exception()  # nobody else will look at it
    raise cancelled
