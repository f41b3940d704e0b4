"""What the raw loops share: how they poll and commit offsets, and the transaction that stores a batch."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import uvloop
from aiokafka import AIOKafkaConsumer
from kinara.kit import memory
from kinara.kit.settings import KafkaUrl
from kinara.kit.threads import short_turns
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

BUCKET = 500


async def prepare(db: Any) -> None:
    """The indexes that appraisal has."""
    await db.scorecards.create_index([("path", 1), ("_id", 1)])
    await db.scorecards.create_index([("person.supervisor_id", 1), ("_id", 1)])
    await db.ledger.create_index([("subject", 1), ("_id", 1)])
    await db.outbox.create_index([("at", 1)])


async def store(
    db: Any, client: Any, cards: Sequence[Any], pages: Sequence[Any], buckets: Sequence[dict[str, Any]]
) -> None:
    """One transaction for a batch: cards inserted or replaced, full pages, what is said."""
    async with (
        await client.start_session() as session,
        session.start_transaction(ReadConcern("snapshot"), WriteConcern("majority")),
    ):
        done = await db.scorecards.bulk_write(cards, ordered=False, session=session)
        assert done.matched_count + done.inserted_count == len(cards)
        if pages:
            await db.ledger.bulk_write(pages, ordered=False, session=session)
        if buckets:
            await db.outbox.insert_many(buckets, session=session)


async def consume(take: Callable[[list[Any]], Awaitable[None]]) -> None:
    """Poll, have the records taken, and commit their offsets, until ended."""
    url = KafkaUrl.parse(os.environ["KINARA_KAFKA"])
    consumer = AIOKafkaConsumer(
        os.environ["BENCH_TOPIC"], **url.client_options(), group_id=os.environ["BENCH_GROUP"], enable_auto_commit=False,
        auto_offset_reset="earliest", fetch_max_wait_ms=url.fetch_max_wait_ms, isolation_level="read_committed",
    )  # fmt: skip
    async with consumer:
        while True:
            polled = await consumer.getmany(timeout_ms=20, max_records=int(os.environ["BENCH_BATCH"]))
            if polled:
                await take([record for records in polled.values() for record in records])
                await consumer.commit({place: records[-1].offset + 1 for place, records in polled.items()})


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run a loop with the collector, the turns of threads and the event loop of our services."""
    memory.settle()
    short_turns()
    uvloop.run(main)
