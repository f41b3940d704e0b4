"""Whether a consumer keeps its size under steady load."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path as File
from typing import Any

from bench.latency import Path

EVERY_S = 5.0
SHARE = 0.5
"""Of the capacity."""
WARM_S = 300.0
"""Seconds before those that count: caches fill, and some batches are as large as batches get. What such a batch took
for a moment stays with the process, a little more each time, until the next one finds all its room there."""


def resident_mib(pid: int | None) -> float:
    """The memory that a process has at the moment, by the kernel's count."""
    status = File(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


async def soak(path: Path, full: float, seconds: float) -> dict[str, Any]:
    """MiB of appraisal's process while ratings come at half the capacity, and by how many a minute they grow.

    ``seconds`` are those that count; some minutes of the same load come before them.
    """
    rate = full * SHARE
    rows = (path.ratings.next() for _ in range(int(rate * (WARM_S + seconds))))
    told = asyncio.create_task(path.arrive(rate, rows))
    began, seen = time.monotonic(), [(0.0, resident_mib(path.consumer.pid))]
    while not told.done():
        await asyncio.wait({told}, timeout=EVERY_S)
        path.lags.forget()
        seen.append(((time.monotonic() - began) / 60, resident_mib(path.consumer.pid)))
    await told
    await path.shown()
    counted = [(minute, mib) for minute, mib in seen if minute * 60 >= WARM_S]
    slope, _ = statistics.linear_regression(*zip(*counted, strict=True))
    sizes = [mib for _, mib in counted]
    return {
        "seconds": seconds, "per_second": rate, "samples": len(counted), "first_mib": sizes[0], "last_mib": sizes[-1],
        "max_mib": max(sizes), "slope_mib_per_minute": slope,
    }  # fmt: skip
