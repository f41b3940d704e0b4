"""Broker and database that die and come back, with their data or without."""

from __future__ import annotations

import asyncio
import time

from faults.siege import Siege


async def _restart(siege: Siege, *names: str, empty: bool = False) -> float:
    if "kafka" in names and (empty or siege.ground.servers.broker == "tansu"):
        siege.injected.emptied += 1
    await siege.ground.kill(*names)
    await asyncio.sleep(siege.rng.uniform(0, 1))
    since = time.monotonic()
    for name in names:
        await siege.ground.start(name, empty=empty)
    return since


async def broker(siege: Siege) -> float:
    """Kill -9 the broker and start it on the data it had; Tansu in memory has none."""
    return await _restart(siege, "kafka")


async def broker_emptied(siege: Siege) -> float:
    """Kill -9 the broker and start it with nothing: outboxes refill it."""
    return await _restart(siege, "kafka", empty=True)


async def database(siege: Siege) -> float:
    """Kill -9 the database and start it again."""
    return await _restart(siege, "mongo")


async def both(siege: Siege) -> float:
    """Kill -9 both, and start both again."""
    return await _restart(siege, "kafka", "mongo")
