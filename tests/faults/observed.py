"""What is there in the end: every document of the four databases, every record of the topics, and the projections
that follow from those records alone."""

from __future__ import annotations

import asyncio
import importlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer
from embedded.stack import SERVICES
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit.documents import LEDGER
from kinara.kit.envelope import Raw
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id
from kinara.kit.inbox import Inbox
from kinara.kit.mongo import Database
from kinara.kit.settings import KafkaUrl
from kinara.kit.stored import CODEC
from kinara.kit.topics import Registry
from pymongo import MongoClient

from faults.history import Injected, Place

Documents = dict[str, list[dict[str, Any]]]
"""By collection."""

TAKE = 500


@dataclass
class Observed:
    """The end of a round."""

    registry: Registry
    databases: dict[str, Documents] = field(default_factory=dict)
    """By service."""
    topics: list[Raw] = field(default_factory=list)
    """All records, dead letters included; of a partition in their order."""
    anew: dict[str, Documents] = field(default_factory=dict)
    """By service, what its inbox folds out of the topics into an empty database."""


POISONED = FeedbackReceived.type()
"""What every poison says it is, as far as it can be read."""


def inbox_of(service: str) -> Inbox:
    """A service's real inbox, as its consumers declare it."""
    inbox: Inbox = importlib.import_module(f"{service}.consumers").inbox
    return inbox


def readers(registry: Registry, injected: Injected, place: Place) -> dict[str, str]:
    """Who reads a record that the faults have put on a topic: services with their groups."""
    speaker = place[0].split(".")[2]
    hearing = {group.split(".")[0]: group for group, heard in registry.groups.items() if speaker in heard}
    if place in injected.legible:
        return {name: group for name, group in hearing.items() if POISONED in inbox_of(name).types}
    return hearing


async def observe(mongo_url: str, kafka: KafkaUrl, registry: Registry) -> Observed:
    """Look at everything."""
    seen = Observed(registry)
    for service in SERVICES:
        seen.databases[service] = await asyncio.to_thread(documents, mongo_url, service)
    seen.topics = await records(kafka, [topic.name for topic in registry.all()])
    for service in SERVICES:
        seen.anew[service] = await folded_anew(mongo_url, service, seen)
    return seen


def documents(mongo_url: str, name: str) -> Documents:
    """Every document of a database."""
    with MongoClient[dict[str, Any]](mongo_url) as client:
        database = client.get_database(name, codec_options=CODEC)
        return {collection: list(database[collection].find()) for collection in database.list_collection_names()}


def drop(mongo_url: str, name: str) -> None:
    """Remove a database."""
    with MongoClient[dict[str, Any]](mongo_url) as client:
        client.drop_database(name)


async def records(kafka: KafkaUrl, topics: Iterable[str]) -> list[Raw]:
    """Every record of these topics, read without a group."""
    options = kafka.client_options() | {"fetch_max_wait_ms": kafka.fetch_max_wait_ms, "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(*topics, **options, fetch_max_bytes=2**26) as consumer:
        places = consumer.assignment()
        ends = await consumer.end_offsets(places)
        found: list[Raw] = []
        while any([await consumer.position(p) < max(ends[p], consumer.highwater(p) or 0) for p in places]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                found += [Raw(r.topic, r.partition, r.offset, r.key, r.value, tuple(r.headers)) for r in batch]
        return found


async def folded_anew(mongo_url: str, service: str, seen: Observed) -> Documents:
    """What a service's inbox makes of the topics in an empty database: with the kit's own folder, cell by cell."""
    inbox, registry, name = inbox_of(service), seen.registry, f"anew-{service}-{new_id()[-8:]}"
    database = Database(mongo_url, name)
    try:
        if service == "appraisal":
            from appraisal.store import ship_policies  # noqa: PLC0415  # what its folds look up

            await ship_policies(database)
        for cell in registry.cells:
            heard = {registry.topic(cell, speaker) for speaker in registry.groups[inbox.name]}
            folder = Folder(inbox, database, f"{inbox.name}.{cell}", registry.services, "anew")
            raws = [raw for raw in seen.topics if raw.topic in heard]
            for start in range(0, len(raws), TAKE):
                await folder.take(folder.read(raws[start : start + TAKE]))
        return await asyncio.to_thread(documents, mongo_url, name)
    finally:
        database.close()
        await asyncio.to_thread(drop, mongo_url, name)


def rows_of(seen: Documents, collection: str) -> dict[str, list[dict[str, Any]]]:
    """By subject, every effect on a collection's documents, oldest first: full pages, then the one in use."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for page in sorted(seen.get(LEDGER, []), key=lambda page: page["_id"]):
        if page["_id"].startswith(f"{collection}/"):
            rows[page["subject"]] += page["rows"]
    for document in seen.get(collection, []):
        rows[document["_id"]] += document["page"]["rows"]
    return rows
