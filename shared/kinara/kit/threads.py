"""Threads for what transactions send: nobody else's slow work stands before a commit, and nothing cuts one short."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

WRITERS = ThreadPoolExecutor(16, "writer")


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
