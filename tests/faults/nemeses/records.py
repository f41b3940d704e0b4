"""Records on the topics that should not be there, or not so often, or not in that order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaProducer
from embedded.stack import SERVICES
from kinara.kit.envelope import Raw
from kinara.kit.ids import new_id
from kinara.kit.outbox import OUTBOX, messages
from kinara.kit.testing import eventually

from faults.history import Place
from faults.poisons import POISONS, Fate, good, legible
from faults.siege import Siege
from faults.tool import kafka, kinara

AGAIN = 300
"""Facts that are delivered again at a time."""
INACTIVE_S = 60


async def send(siege: Siege, records: Iterable[Raw]) -> list[Place]:
    """Put records on the wire, one after the other; where each has come to lie."""
    places = []
    async with AIOKafkaProducer(**siege.ground.broker.client_options(), acks="all", linger_ms=0) as producer:
        for r in records:
            at = await producer.send_and_wait(r.topic, r.value, key=r.key, headers=list(r.headers))
            places.append((at.topic, at.partition, at.offset))
    return places


async def poison(siege: Siege) -> float:
    """One record of each kind of poison, and behind what is dead a good one that has to wait."""
    registry = siege.ground.registry
    for kind in POISONS.values():
        employee = new_id()
        first = good(employee, registry)
        record = kind.spoil(first)
        [place] = await send(siege, [record])
        if kind.fate is Fate.SKIPPED:
            siege.injected.noise.add(place)
        elif kind.fate is Fate.WAITS:
            siege.injected.parked.add(place)
        elif kind.fate is Fate.COUNTS:
            siege.injected.facts.setdefault("feedback", []).append(row_of(record))
        else:
            behind = set(await send(siege, [good(employee, registry, 2)]))
            siege.injected.poison.add(place)
            siege.injected.parked |= behind
            siege.injected.legible |= {place, *behind} if legible(record, first) else set()
    return time.monotonic()


async def duplicates(siege: Siege) -> float:
    """Facts that were said already come again, two to five times, in any order."""
    service = siege.rng.choice(SERVICES)
    again = [raw for raw in await said(siege, service) for _ in range(siege.rng.randint(2, 5))]
    siege.rng.shuffle(again)
    await send(siege, again[:AGAIN])
    return time.monotonic()


async def reordering(siege: Siege) -> float:
    """New facts about people whom nobody knows, in any order: they have to count in that of their versions."""
    registry = siege.ground.registry
    new = [good(employee, registry, version) for employee in (new_id(), new_id()) for version in range(1, 9)]
    siege.injected.facts.setdefault("feedback", []).extend(map(row_of, new))
    siege.rng.shuffle(new)
    await send(siege, new)
    return time.monotonic()


async def replay(siege: Siege) -> float:
    """An operator has a service say everything again: ``kinara events replay``."""
    since = datetime.now(UTC) - timedelta(hours=2)
    service = siege.rng.choice(SERVICES)
    await kinara(siege.ground, "events", "replay", "--service", service, "--from", f"{since:%Y-%m-%dT%H:%M:%S}")
    return time.monotonic()


async def reset(siege: Siege) -> float:
    """An operator sends a group back to the beginning while its service is down: ``--reset-offsets``."""
    service = siege.rng.choice(SERVICES)
    group = next(g for g in siege.ground.registry.groups if g.startswith(f"{service}."))
    await asyncio.to_thread(siege.ground.child(service).stop)
    if siege.ground.servers.broker == "apache":
        address = siege.ground.broker.servers[0]
        asked = ["kafka-consumer-groups", "--bootstrap-server", address, "--group", f"{group}.nasional"]
        asked += ["--reset-offsets", "--to-earliest", "--all-topics", "--execute"]

        async def inactive() -> bool:
            said = await kafka(siege.ground, *asked)
            return "NEW-OFFSET" in said and "Error" not in said

        await eventually(inactive, INACTIVE_S, every=0.5)  # static members stay until their session is over
    else:
        positions = siege.ground.database(service)["positions"]
        await positions.delete_many({})  # what no broker's group knows is read from the beginning
    since = time.monotonic()
    await siege.ground.start(service)
    return since


async def said(siege: Siege, service: str) -> list[Raw]:
    """The latest facts of a service, as records."""
    buckets = await siege.ground.database(service).find(OUTBOX, {}, sort=[("_id", -1)], limit=AGAIN // 3)
    facts = [{"rows": [row for row in bucket["rows"] if "type" in row]} for bucket in reversed(buckets)]
    sent = (m for bucket in facts for m in messages(bucket, service, siege.ground.registry))
    return [Raw(m.topic, 0, 0, m.key, m.value, tuple(m.headers)) for m in sent]


def row_of(raw: Raw) -> dict[str, Any]:
    """A record as the row of an outbox that it would come from."""
    told = {name: (value or b"").decode() for name, value in raw.headers}
    return {
        "id": told["ce_id"], "type": told["ce_type"], "subject": told["ce_subject"],
        "version": int(told["ce_aggregateversion"]), "province": told["ce_province"],
        "correlation": told["ce_correlationid"], "causation": None, "data": (raw.value or b"").decode(),
    }  # fmt: skip
