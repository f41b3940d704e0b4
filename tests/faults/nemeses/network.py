"""Links to broker and database that are late, thin, cut, silent, or deaf in one direction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from faults import proxy
from faults.proxy import Proxy
from faults.siege import Siege

HOLDS_S = (1, 4)
LATE_S, THIN_BYTES = (0.05, 0.5), 8_000
"""Seconds of delay, and bytes a second of a line of 64 kbit/s."""

MODES: dict[str, Callable[[Proxy, float], object]] = {
    "late": lambda link, share: link.behave(
        up=proxy.late(LATE_S[0] + share * (LATE_S[1] - LATE_S[0]) / 2), down=proxy.late(LATE_S[1] * share / 2)
    ),
    "thin": lambda link, _: link.behave(up=proxy.slow(THIN_BYTES), down=proxy.slow(THIN_BYTES)),
    "reset": lambda link, _: link.reset(),
    "black hole": lambda link, _: link.behave(up=proxy.BLACKHOLE, down=proxy.BLACKHOLE),
    "no way there": lambda link, _: link.behave(up=proxy.BLACKHOLE),
    "no way back": lambda link, _: link.behave(down=proxy.BLACKHOLE),
    "half open": lambda link, _: link.behave(up=proxy.HALF_OPEN, down=proxy.HALF_OPEN),
}


def trouble(mode: str) -> Callable[[Siege], Awaitable[float]]:
    """The nemesis that spoils the link to broker or database for some seconds."""

    async def spoil(siege: Siege) -> float:
        link = siege.ground.proxies[siege.rng.choice(("kafka", "mongo"))]
        MODES[mode](link, siege.rng.random())
        await asyncio.sleep(siege.rng.uniform(*HOLDS_S))
        link.heal()
        return time.monotonic()

    return spoil
