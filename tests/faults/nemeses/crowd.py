"""More people at once than the service can serve."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

from faults.history import Operation
from faults.siege import Siege

CONNECTIONS = 64
TIMES = 3
GOODPUT = 0.8
"""Of what can be served, how much is served still; four seconds beside other tests tell a collapse only."""
COLLAPSE = 0.5
GROWTH_MIB = 300
"""Memory that the service may take in addition while it is overrun."""


async def overload(siege: Siege) -> float:
    """Three times as much feedback as feedback can take: most of what it can take is taken, the rest is told when to
    come again, memory stays bounded; what was accepted is looked for by the checker."""
    seconds = 4 if siege.quick else 15
    ends = time.time() + seconds
    before = await _in_turn(siege, seconds)
    capacity = _rate(before, seconds, ends=ends)
    resident = _memory_mib(siege, "VmRSS")
    ends = time.time() + 2 * seconds
    during = await _at_once(siege, TIMES * capacity, 2 * seconds)
    goodput = _rate(during, 2 * seconds, ends=ends)
    refused = [operation for operation in during if operation.status in (429, 503)]
    others = Counter(op.status for op in during if op.outcome != "ok" and op.status not in (429, 503))
    untold = sum("retry_after" not in operation.answer for operation in refused)
    figures = {
        "capacity": round(capacity, 1), "goodput": round(goodput / capacity, 3), "refused": len(refused),
        "without_retry_after": untold, "others": dict(others), "growth_mib": _memory_mib(siege, "VmHWM") - resident,
    }  # fmt: skip
    siege.figures.setdefault("overload", []).append(figures)
    enough = COLLAPSE if siege.quick else GOODPUT
    wrong = goodput < enough * capacity or untold or others or figures["growth_mib"] > GROWTH_MIB
    if wrong:
        siege.complaints.append(f"overload: {figures}")
    return time.monotonic()


async def _in_turn(siege: Siege, seconds: float) -> list[Operation]:
    """As many as feedback can serve: each of them asks again when the answer is there."""
    ends = time.monotonic() + seconds
    done: list[Operation] = []

    async def speak() -> None:
        while time.monotonic() < ends:
            done.append(await siege.load.give_feedback())

    await asyncio.gather(*(speak() for _ in range(CONNECTIONS)))
    return done


async def _at_once(siege: Siege, rate: float, seconds: float) -> list[Operation]:
    """So many a second, whether or not those before them have their answers."""
    started = time.monotonic()
    asked: list[asyncio.Task[Operation]] = []
    while (elapsed := time.monotonic() - started) < seconds:
        due = int(rate * elapsed) - len(asked)
        asked += [asyncio.create_task(siege.load.give_feedback()) for _ in range(due)]
        await asyncio.sleep(0.01)
    return list(await asyncio.gather(*asked))


def _rate(done: list[Operation], seconds: float, *, ends: float) -> float:
    """What was served a second; what came after the end does not count."""
    return sum(operation.outcome == "ok" and operation.ended <= ends for operation in done) / seconds


def _memory_mib(siege: Siege, name: str) -> int:
    """Feedback's memory by the kernel's count: at the moment (``VmRSS``), or at its highest (``VmHWM``)."""
    status = Path(f"/proc/{siege.ground.child('feedback').pid}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith(name))
