"""Our own rate limit: a token bucket that makes callers wait for their turn, in the order they came."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class Pace:
    """Lets ``per_second`` callers pass, and up to ``burst`` at once after a quiet time."""

    def __init__(
        self, per_second: float, burst: int = 1, *, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._interval = 1 / per_second
        self._saved = self._interval * (burst - 1)
        self._clock = clock
        self._sleep = sleep
        self._next = clock() - self._saved

    async def take(self) -> None:
        """Wait for a turn."""
        now = self._clock()
        turn = max(self._next, now - self._saved)
        self._next = turn + self._interval
        if turn > now:
            await self._sleep(turn - now)
