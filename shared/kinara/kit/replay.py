"""Saying again what was said: from the outbox, in its order, under the same ids and versions.

Who has heard it skips it as a repeat; who has not, or has lost it, catches up. Nothing in a database changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

from kinara.kit import relay
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX, messages
from kinara.kit.settings import KafkaUrl
from kinara.kit.stored import Document
from kinara.kit.topics import Registry

PAGE = 200


async def count(database: Database, since: datetime) -> int:
    """How many buckets have been saved since then."""
    return int(await database[OUTBOX].count_documents({"at": {"$gte": since}}))


async def buckets(database: Database, since: datetime) -> AsyncIterator[list[Document]]:
    """What has been said since then, in pages, oldest first; dead letters have said nothing."""
    after = ""
    while page := await database.find(
        OUTBOX, {"at": {"$gte": since}, "_id": {"$gt": after}}, sort=[("_id", 1)], limit=PAGE
    ):
        yield [bucket | {"rows": [row for row in bucket["rows"] if "type" in row]} for bucket in page]
        after = page[-1]["_id"]


async def send(
    url: KafkaUrl, registry: Registry, service: str, pages: AsyncIterator[list[Document]]
) -> AsyncIterator[list[Document]]:
    """Send these pages again; each is given back once the broker has confirmed all of it."""
    async with relay.producer_of(url, f"{service}-replay") as producer:
        async for page in pages:
            said = (m for bucket in page for m in messages(bucket, service, registry))
            await asyncio.gather(*[sent async for sent in relay.send(producer, said)])
            yield page
