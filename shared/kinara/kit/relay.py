"""The relay: one process of a service at a time follows the outbox and sends what it finds, in commit order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2

from kinara.kit import log
from kinara.kit.changes import ChangeStream, PositionLost
from kinara.kit.crash import crash_point
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database, DatabaseError
from kinara.kit.outbox import OUTBOX, Message, messages
from kinara.kit.settings import KafkaUrl
from kinara.kit.stored import Document
from kinara.kit.topics import Registry

RELAY = "relay"
LEASE = timedelta(seconds=6)
BUCKETS, PIPELINE = 200, 5_000
"""Buckets sent before the position is kept, and messages on their way at a time."""
KEEP = timedelta(seconds=0.2)
"""How long sent buckets may go without the position being kept: as much is sent once more after a kill."""
IDLE_S = 0.5
OVERLAP = timedelta(minutes=5)
"""How far before the last sent bucket reading on begins when the token is lost: longer than any transaction lasts."""

_log = log.get("relay")


class LeaseLost(Exception):
    """Another process has become the relay."""


def producer_of(kafka: KafkaUrl, client_id: str) -> AIOKafkaProducer:
    """The one way in which facts go out."""
    return AIOKafkaProducer(
        **kafka.client_options(),
        acks="all",
        enable_idempotence=kafka.idempotence,
        linger_ms=0,
        request_timeout_ms=10_000,
        metadata_max_age_ms=30_000,
        client_id=client_id,
    )


@lru_cache(maxsize=16_384)
def hash_of(key: bytes) -> int:
    """As Java's client and aiokafka place a key; worked out in Python it costs as much as all else about a message."""
    return int(murmur2(key)) & 0x7FFFFFFF


async def send(producer: AIOKafkaProducer, said: Iterable[Message]) -> AsyncIterator[Awaitable[Any]]:
    """Send messages in their order, each to the partition of its key; what is given back waits for its confirmation."""
    for message in said:
        topic, key = message.topic, message.key
        place = None if key is None else hash_of(key) % len(await producer.partitions_for(topic))
        yield await producer.send(topic, message.value, key=key, partition=place, headers=message.headers)


class Relay:
    """Follows one service's outbox; start it in every process, one of them leads."""

    def __init__(
        self,
        database: Database,
        service: str,
        kafka: KafkaUrl,
        registry: Registry,
        incarnation: Callable[[], Awaitable[str]],
        instance: str = "",
    ) -> None:
        self._database = database
        self._service = service
        self._kafka = kafka
        self._registry = registry
        self._incarnation = incarnation
        self._instance = instance
        self._me = new_id()
        self._begun = False
        self._producer: AIOKafkaProducer | None = None
        self._outdated = False
        self.leads = False
        self.last_sent: datetime | None = None
        """When the newest bucket that was sent had been saved."""
        self.alive_at: datetime = utc_now()
        """The last time that the loop came round, leading or waiting."""
        self.idle_at: datetime = self.alive_at
        """The last time that there was nothing more to send."""
        self.failing_since: datetime | None = None
        """Since when nothing that was tried has worked."""

    async def run(self) -> None:
        """Lead or wait to lead, until cancelled; every failure is waited out and read on from the kept position."""
        pause = 0.1
        try:
            while True:
                try:
                    position = await self._lease()
                    if position is not None:
                        await self._lead(position)
                    self.failing_since = None
                    await asyncio.sleep(0.5)
                except (KafkaError, DatabaseError, LeaseLost, PositionLost, OSError, TimeoutError) as error:
                    _log.warning("relay interrupted", error=type(error).__name__, reason=str(error)[:300])
                    await self._drop_producer()
                    pause = min(pause * 2, 5) if self.failing_since else 0.1
                    self.failing_since = self.failing_since or utc_now()
                    await asyncio.sleep(pause)
                self.leads = False
                self.alive_at = utc_now()
        finally:
            await asyncio.shield(self._leave())

    async def _lease(self) -> Document | None:
        """Take the lease if it is free; the position document, or None while another process leads.

        None too where a registry with newer cells has been at work: what we would send to an older cell might be read
        by nobody. A process that begins takes the lease back that one of its own name has left when it was killed.
        """
        now = utc_now()
        free: list[Document] = [{"owner": self._me}, {"until": {"$lte": now}}]
        if self._instance and not self._begun:
            free.append({"instance": self._instance})
        self._begun = True
        await self._database[RELAY].update_one(
            {"_id": RELAY}, {"$setOnInsert": {"owner": None, "until": now}}, upsert=True
        )
        generation = (await self._database.find_one(RELAY, {"_id": RELAY}) or {}).get("generation")
        if (generation or 0) > self._registry.generation:
            if not self._outdated:
                _log.warning("registry is older than the relay's last one, restart this process with the newer one")
            self._outdated = True
            return None
        taken = await self._database[RELAY].update_one(
            {"_id": RELAY, "generation": generation, "$or": free},
            {"$set": {
                "owner": self._me, "instance": self._instance, "until": now + LEASE,
                "generation": self._registry.generation,
            }},
        )  # fmt: skip
        return await self._database.find_one(RELAY, {"_id": RELAY}) if taken.matched_count else None

    async def _keep(self, newest: str | None = None, **position: Any) -> None:
        """Keep the position and the lease in one write; ``newest`` moves the newest bucket sent, if it is newer.

        Buckets are committed in another order than their ids where two transactions overlap.
        """
        self.alive_at = utc_now()
        change: Document = {"$set": {"until": self.alive_at + LEASE, **position}}
        if newest is not None:
            change["$max"] = {"bucket": newest}
        kept = await self._database[RELAY].update_one({"_id": RELAY, "owner": self._me}, change)
        if not kept.matched_count:
            raise LeaseLost

    async def _lead(self, position: Document) -> None:
        self.leads = True
        incarnation = await self._incarnation()
        await self._open_producer()
        same = position.get("incarnation") == incarnation
        try:
            async with self._database.watch(OUTBOX, position.get("token") if same else None) as stream:
                if not same or position.get("token") is None:
                    await self._send_again(since=position.get("bucket") if same else None)
                    await self._keep(incarnation=incarnation, token=stream.token)
                await self._follow(stream, incarnation)
        except PositionLost:
            _log.warning("relay position lost, reading on from an earlier time")
            await self._keep(token=None)

    async def _follow(self, stream: ChangeStream, incarnation: str) -> None:
        kept, unkept = utc_now(), ""
        while True:
            buckets = await stream.take(BUCKETS, KEEP.total_seconds() if unkept else IDLE_S)
            self.alive_at = utc_now()
            if buckets:
                await self._send(buckets)
                unkept = max(unkept, *(bucket["_id"] for bucket in buckets))
            if unkept and (not buckets or utc_now() - kept > KEEP):
                await self._keep(token=stream.token, newest=unkept)
                kept, unkept = self.alive_at, ""
            self.failing_since = None
            if buckets:
                continue
            self.idle_at = self.alive_at
            if self.alive_at - kept > LEASE / 3:
                await self._keep(token=stream.token)
                kept = self.alive_at
            if incarnation != await self._incarnation():
                _log.warning("broker has a new incarnation, sending everything again")
                return

    async def _send_again(self, since: str | None) -> None:
        """Send retained buckets once more: all, or from a while before the last that was sent."""
        query: Document = {}
        if since is not None:
            bucket = await self._database.find_one(OUTBOX, {"_id": since})
            query = {"at": {"$gte": bucket["at"] - OVERLAP}} if bucket else {}
        count, after = 0, ""
        while True:
            page = await self._database.find(OUTBOX, {**query, "_id": {"$gt": after}}, sort=[("_id", 1)], limit=BUCKETS)
            if not page:
                break
            await self._send(page)
            await self._keep(bucket=page[-1]["_id"])
            count, after = count + len(page), page[-1]["_id"]
        _log.info("outbox sent again", buckets=count)

    async def _send(self, buckets: list[Document]) -> None:
        """Send buckets pipelined, in order; returns when the broker has confirmed all."""
        assert self._producer is not None  # noqa: S101  # _lead opened it
        crash_point("outbox.before_send")
        pending: list[Awaitable[Any]] = []
        said = (m for bucket in buckets for m in messages(bucket, self._service, self._registry))
        async for sent in send(self._producer, said):
            pending.append(sent)
            if len(pending) == PIPELINE:
                await asyncio.gather(*pending)
                pending.clear()
        await asyncio.gather(*pending)
        crash_point("outbox.after_send")
        self.last_sent = buckets[-1]["at"]

    async def _open_producer(self) -> None:
        if self._producer is None:
            self._producer = producer_of(self._kafka, f"{self._service}-relay")
            await self._producer.start()

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                await producer.stop()
            except (KafkaError, OSError) as error:
                _log.info("producer closed with an error", error=type(error).__name__)

    async def _leave(self) -> None:
        """Give the lease back, so that the next process leads at once."""
        await self._drop_producer()
        try:
            await self._database[RELAY].update_one({"_id": RELAY, "owner": self._me}, {"$set": {"until": utc_now()}})
        except DatabaseError:
            return  # it runs out by itself
