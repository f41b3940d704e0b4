"""A peer: FastStream as its guide shows it, a handler for each message, an update and an insert that notices repeats.

What it cannot promise: the two writes are not one, so a crash between them counts a rating twice or never; nothing is
said in consequence; a gap goes unnoticed. ``NACK_ON_ERROR`` keeps it from losing what failed.
"""

from __future__ import annotations

import asyncio
import os
from decimal import Decimal
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker
from kinara.kit.settings import KafkaUrl
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel
from pymongo.errors import DuplicateKeyError

url = KafkaUrl.parse(os.environ["KINARA_KAFKA"])
client: Any = AsyncIOMotorClient(os.environ["KINARA_MONGO"])
db = client[os.environ["KINARA_DATABASE"]]
broker = KafkaBroker(list(url.servers), logger=None)
app = FastStream(broker)


class Rated(BaseModel):
    """What it needs of a rating."""

    feedback_id: str
    employee_id: str
    rating: int
    trust: Decimal


@broker.subscriber(
    os.environ["BENCH_TOPIC"], group_id=os.environ["BENCH_GROUP"], auto_offset_reset="earliest",
    ack_policy=AckPolicy.NACK_ON_ERROR, fetch_max_wait_ms=url.fetch_max_wait_ms,
)  # fmt: skip
async def rate(event: Rated) -> None:
    """Count one rating."""
    try:
        await db.seen.insert_one({"_id": event.feedback_id})
    except DuplicateKeyError:
        return
    weight = float(event.trust)
    change = {"count": 1, "weight": weight, "sum": weight * event.rating}
    await db.scorecards.update_one({"_id": event.employee_id}, {"$inc": change}, upsert=True)


if __name__ == "__main__":
    asyncio.run(app.run())
