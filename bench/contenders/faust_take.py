"""A peer: faust-streaming, an agent that takes batches, counts them and writes them in bulk.

Coalesced by employee: one replacement for each employee of a batch; cards are remembered, and loaded where they are
not. What it cannot promise: offsets are committed by count and interval, apart from the write, so a crash between them
counts a batch twice; nothing is said in consequence; a repeat or a gap goes unnoticed. A Faust table for the cards is
left out: its changelog costs a record each, and the database holds the cards anyway.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import faust
from appraisal.domain.scorecard import Scorecard
from kinara.kit.stored import CODEC
from motor.motor_asyncio import AsyncIOMotorClient

from bench.contenders.peer import BATCH, DATABASE, GROUP, MONGO, SERVERS, TOPIC, WITHIN_S, Batch, Progress, rated
from bench.contenders.rules import SHAPE

app = faust.App(
    GROUP, broker=[f"kafka://{server}" for server in SERVERS.split(",")], store="memory://", web_enabled=False,
    topic_disable_leader=True, topic_allow_declare=False, consumer_auto_offset_reset="earliest",
    stream_buffer_maxsize=2 * BATCH, broker_commit_every=BATCH, datadir=f"{os.environ['BENCH_STATE']}.faust",
)  # fmt: skip
ratings = app.topic(TOPIC, value_serializer="raw", key_serializer="raw")
progress = Progress()
IDS_A_QUERY = 100
"""As many as ours asks for at once."""


@app.agent(ratings)  # type: ignore[untyped-decorator]  # faust lives in another environment
async def rate(stream: Any) -> None:
    """Count ratings, a batch at a time."""
    client: Any = AsyncIOMotorClient(MONGO)
    db = client.get_database(DATABASE, codec_options=CODEC)
    cards: dict[str, Scorecard] = {}
    batches: AsyncIterator[list[Any]] = stream.take_events(BATCH, within=WITHIN_S)
    async for events in batches:
        ids = {event.key.decode() for event in events}
        unknown = sorted(ids - cards.keys())
        for start in range(0, len(unknown), IDS_A_QUERY):
            async for kept in db.scorecards.find({"_id": {"$in": unknown[start : start + IDS_A_QUERY]}}):
                cards[kept["_id"]] = SHAPE.validate_python({**kept, "employee_id": kept["_id"]})
        batch = Batch()
        for event in events:
            id_ = event.key.decode()
            cards[id_], effect = rated(cards.get(id_), event.value)
            batch.add(cards[id_], effect)
        await db.ledger.insert_many(batch.effects(), ordered=False)
        await db.scorecards.bulk_write(batch.replaces(), ordered=False)
        progress.written(len(events))


if __name__ == "__main__":
    faust.Worker(app, loglevel="warning").execute_from_commandline()
