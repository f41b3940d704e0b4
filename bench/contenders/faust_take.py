"""A peer: faust-streaming, an agent that takes batches, adds them up and writes them in bulk.

Coalesced by employee: one update for each employee of a batch. What it cannot promise: offsets are committed by count
and interval, apart from the write, so a crash between them counts a batch twice; nothing is said in consequence; no
effect is kept; a repeat or a gap goes unnoticed. A Faust table for the sums is left out: its changelog costs a record
each, and the database holds the sums anyway.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import faust
import orjson
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import UpdateOne

from bench.contenders.peer import BATCH, DATABASE, GROUP, MONGO, SERVERS, TOPIC, WITHIN_S, Progress, Sums, added

app = faust.App(
    GROUP, broker=[f"kafka://{server}" for server in SERVERS.split(",")], store="memory://", web_enabled=False,
    topic_disable_leader=True, topic_allow_declare=False, consumer_auto_offset_reset="earliest",
    stream_buffer_maxsize=2 * BATCH, broker_commit_every=BATCH,
)  # fmt: skip
ratings = app.topic(TOPIC, value_serializer="raw")
progress = Progress()


@app.agent(ratings)  # type: ignore[untyped-decorator]  # faust lives in another environment
async def rate(stream: Any) -> None:
    """Count ratings, a batch at a time."""
    client: Any = AsyncIOMotorClient(MONGO)
    cards = client[DATABASE].scorecards
    batches: AsyncIterator[list[bytes]] = stream.take(BATCH, within=WITHIN_S)
    async for values in batches:
        changed: dict[str, Sums] = {}
        for value in values:
            data = orjson.loads(value)
            id_ = data["employee_id"]
            changed[id_] = added(changed.get(id_), data["rating"], data["trust"])
        updates = [UpdateOne({"_id": id_}, {"$inc": sums}, upsert=True) for id_, sums in changed.items()]
        await cards.bulk_write(updates, ordered=False)
        progress.written(len(values))


if __name__ == "__main__":
    faust.Worker(app, loglevel="warning").execute_from_commandline()
