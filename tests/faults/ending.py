"""How a scene ends: everything comes to rest, or comes no further, and the checker looks at what is there."""

from __future__ import annotations

import asyncio
import time

import httpx
from aiokafka.errors import KafkaError
from kinara.kit.lag import lags
from pymongo.errors import PyMongoError

from faults.checker import violations
from faults.observed import Observed, documents, folded_anew, records
from faults.stage import Stage
from faults.verdict import Violation

AT_REST_S, STUCK_S, PATIENCE_S = 1.0, 10.0, 40.0
"""How long nothing may change before everything counts as done; before it counts as stuck; and the longest wait."""


async def judged(stage: Stage) -> list[Violation]:
    """What the checker finds once everything has come to rest, or will come no further."""
    await stage.people.calls.find_out()
    left = await _at_rest(stage)
    seen = await _seen(stage)
    for service in stage.cast:
        seen.anew[service] = await folded_anew(stage.house.mongo_url, service, seen)
    found = violations(stage.history, seen, stage.injected)
    return found or ([Violation("I6", f"it does not come to rest: {left}")] if left else [])


async def _seen(stage: Stage) -> Observed:
    seen = Observed(stage.registry)
    for service in stage.cast:
        seen.databases[service] = await asyncio.to_thread(documents, stage.house.mongo_url, stage.name(service))
    seen.topics = await records(stage.kafka, [topic.name for topic in stage.registry.all()])
    return seen


async def _at_rest(stage: Stage) -> str:
    """Wait until all is sent and heard and nothing changes; what is left over if it comes no further."""
    deadline, since, last, left = time.monotonic() + PATIENCE_S, time.monotonic(), "", ""
    while time.monotonic() < deadline:
        try:
            now, left = await _state(stage)
        except (KafkaError, PyMongoError, OSError) as error:
            now = left = repr(error)
        ready = await asyncio.to_thread(_ready, stage)
        if now != last or not ready:
            since, last = time.monotonic(), now
        still = time.monotonic() - since
        if still > STUCK_S or (not left and still > AT_REST_S):
            break
        await asyncio.sleep(0.2)
    return left


async def _state(stage: Stage) -> tuple[str, str]:
    """What there is, in short; and what of it has not been sent or heard."""
    seen = await _seen(stage)
    counts = {
        f"{service}.{name}": (len(found), sum(d.get("rev", 0) for d in found))
        for service, database in seen.databases.items()
        for name, found in database.items()
    }
    behind = [lag for lag in await lags(stage.kafka, stage.registry) if lag.events > 0]
    lag = [f"{found.group} is {found.events} behind on {found.topic}" for found in behind]
    left = "; ".join([*(f"{id_} is not sent" for id_ in _unsent(seen)), *lag])
    return f"{counts} {len(seen.topics)} {left}", left


def _ready(stage: Stage) -> bool:
    try:
        return all(httpx.get(f"{stage.stack.address(s)}/health/ready").is_success for s in stage.stack.children)
    except httpx.HTTPError:
        return False


def _unsent(seen: Observed) -> list[str]:
    """The facts in outboxes that are on no topic."""
    sent = {dict(r.headers).get("ce_id") for r in seen.topics}
    rows = [r for d in seen.databases.values() for bucket in d.get("outbox", []) for r in bucket["rows"]]
    return [r["id"] for r in rows if "type" in r and r["id"].encode() not in sent]


async def all_sent(stage: Stage) -> bool:
    """Whether every fact has come to its topic."""
    return not _unsent(await _seen(stage))
