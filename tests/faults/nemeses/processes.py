"""Service processes that are killed, stopped, replaced and joined."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable

from embedded.stack import SERVICES
from kinara.kit.testing import eventually

from faults.siege import Siege

CRASHES: dict[str, tuple[str, ...]] = {
    "outbox.before_send": SERVICES,
    "outbox.after_send": SERVICES,
    "inbox.after_effect": SERVICES,
    "import.after_batch": ("personnel",),
}
"""Crash points that load reaches, and the services that pass them."""
DRAINED_S = 20
"""A process that was asked to end has ended by then."""


async def kill(siege: Siege) -> float:
    """Kill -9 one service at a random moment, and start it again."""
    service = siege.rng.choice(SERVICES)
    await asyncio.sleep(siege.rng.uniform(0, 0.5))
    await siege.ground.kill(service)
    await asyncio.sleep(siege.rng.choice((0, 0, 0.5)))
    since = time.monotonic()
    await siege.ground.start(service)
    return since


def crash_at(point: str) -> Callable[[Siege], Awaitable[float]]:
    """The nemesis that has a service die at a named point, at its first to third passage."""

    async def crash(siege: Siege) -> float:
        service = siege.rng.choice(CRASHES[point])
        await siege.ground.kill(service)
        await siege.ground.start(service, {"KINARA_CRASH_AT": f"{point}:{siege.rng.randint(1, 3)}"})

        async def dead() -> bool:
            if point.startswith("import"):
                await siege.load.bring_people()
            return not siege.ground.child(service).running

        await eventually(dead, 60, every=0.5)
        assert siege.ground.child(service).exit_code == -signal.SIGKILL, siege.ground.child(service).tail()
        since = time.monotonic()
        await siege.ground.start(service)
        return since

    return crash


async def pause(siege: Siege) -> float:
    """Stop one service for longer than its session in the group, and let it go on as if nothing had been."""
    child = siege.ground.child(siege.rng.choice(SERVICES))
    child.signal(signal.SIGSTOP)
    await asyncio.sleep(siege.ground.broker.session_timeout_ms / 1000 * siege.rng.uniform(1.1, 1.5))
    child.signal(signal.SIGCONT)
    return time.monotonic()


async def rolling(siege: Siege) -> float:
    """Ask each service in turn to end, and start it again when it has drained."""
    since = time.monotonic()
    for service in SERVICES:
        since = await replaced(siege, service, DRAINED_S)
    return since


async def replaced(siege: Siege, service: str, patience: float) -> float:
    """Replace one process as a deployment does; when its successor was started."""
    child = siege.ground.child(service)
    child.signal(signal.SIGTERM)
    ended = await asyncio.to_thread(child.wait, patience)
    assert ended, f"{service} has not ended {patience} s after SIGTERM\n{child.tail()}"
    since = time.monotonic()
    await siege.ground.start(service)
    await siege.ground.ready(service)
    return since


async def storm(siege: Siege) -> float:
    """Second processes of one service join its group and leave it, politely or not."""
    service = siege.rng.choice(SERVICES)
    names = [await siege.ground.second(service, number) for number in (2, 3)]
    for name in names:
        await asyncio.sleep(siege.rng.uniform(2, 5))
        child = siege.ground.child(name)
        child.signal(siege.rng.choice((signal.SIGTERM, signal.SIGKILL)))
        await asyncio.to_thread(child.stop)
    return time.monotonic()
