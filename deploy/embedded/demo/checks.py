"""What must hold in the end, and the figures for ``build/demo.json``."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any

from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX

from embedded.demo.callers import Callers
from embedded.demo.crowd import Person
from embedded.demo.ledger import Told, counts
from embedded.stack import SERVICES, Stack


async def effects_of(callers: Callers, people: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Every recorded effect of many employees."""
    gate = asyncio.Semaphore(16)

    async def read(employee: str) -> list[dict[str, Any]]:
        async with gate:
            rows: list[dict[str, Any]] = await callers.read("appraisal", f"/v1/scorecards/{employee}/effects")
            return rows

    return dict(zip(people, await asyncio.gather(*map(read, people)), strict=True))


async def settled(callers: Callers, told: Told, seconds: float) -> dict[str, list[dict[str, Any]]]:
    """Wait until everything that was accepted shows on the scorecards, or the time is up; the effects as they are."""
    deadline = time.monotonic() + seconds
    missing = sorted(set(told.accepted.values()))
    effects: dict[str, list[dict[str, Any]]] = {}
    while True:
        effects |= await effects_of(callers, missing)
        found = {row["ref"] for rows in effects.values() for row in rows if counts(row)}
        missing = sorted({employee for ref, employee in told.accepted.items() if ref not in found})
        if not missing or time.monotonic() > deadline:
            return effects
        await asyncio.sleep(0.5)


async def events_by_type(stack: Stack) -> Counter[str]:
    """How many facts of each type the services have said, from their event stores."""
    said: Counter[str] = Counter()
    for name in SERVICES:
        database = Database(stack.mongo_url, name)
        try:
            for bucket in await database.find(OUTBOX, {}, projection={"rows.type": 1}):
                said.update(row["type"].split(".")[3] for row in bucket["rows"] if "type" in row)
        finally:
            database.close()
    return said


async def dead_letters(stack: Stack) -> int:
    """How many records lie among the dead letters of the services; one that two groups could not read is one."""
    records: set[tuple[str, int, int]] = set()
    for name in SERVICES:
        database = Database(stack.mongo_url, name)
        try:
            kept = await database.find(DEAD_LETTERS, {"status": "open"})
            records |= {(one["topic"], one["partition"], one["offset"]) for one in kept}
        finally:
            database.close()
    return len(records)


async def latencies(callers: Callers, rate: Any, people: list[Person], count: int) -> list[float]:
    """Milliseconds from the confirmation of a feedback to its effect on the scorecard, one at a time."""
    taken = []
    for i in range(count):
        person = people[i % len(people)]
        given = await rate(person)
        confirmed = time.perf_counter()
        while True:
            rows = await callers.read("appraisal", f"/v1/scorecards/{person.id}/effects")
            if any(row.get("ref") == given for row in rows):
                break
            if time.perf_counter() - confirmed > 30:
                raise RuntimeError(f"feedback {given} has not reached the scorecard within 30 s")
        taken.append((time.perf_counter() - confirmed) * 1000)
        await asyncio.sleep(0.02)
    return taken


def percentiles(values: list[float]) -> dict[str, float]:
    """p50, p95 and p99, rounded to a tenth."""
    ordered = sorted(values)
    at = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
    return {name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) for name, share in at.items()}
