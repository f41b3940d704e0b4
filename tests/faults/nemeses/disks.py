"""Disks that run full under broker and database, while people go on asking."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress

from kinara.kit.stored import Document
from kinara.kit.testing import eventually
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from faults.disk import MIB, Disk, NoDisk
from faults.siege import Siege

FULL_S = 5
"""How long it stays full once it is felt."""
FELT_S = 60
SCRATCH = "faults"
PATIENCE: Document = {"w": "majority", "journal": True, "serverSelectionTimeoutMS": 3_000, "timeoutMS": 5_000}


async def database_full(siege: Siege) -> float:
    """The database has no room for what it is told; a server that took harm from it is started again."""
    disk, began = siege.ground.disks["mongo"], time.time()

    def refuses() -> bool:
        return any(op.began > began and op.status for op in siege.history.of(outcome="unknown"))

    def felt() -> bool:
        _glut(siege.ground.mongo_url)
        return refuses()

    await _full(disk, felt)
    disk.clear()
    since = time.monotonic()
    if not await asyncio.to_thread(_writes, siege.ground.mongo_url):
        await siege.ground.kill("mongo")
        await siege.ground.start("mongo")
    return since


async def broker_full(siege: Siege) -> float:
    """The broker has no room: Kafka gives its log folder up and ends; outboxes keep what it would have got."""
    if siege.ground.servers.broker == "tansu":
        raise NoDisk("no disk to fill: Tansu keeps everything in memory")
    disk = siege.ground.disks["kafka"]
    await _full(disk, lambda: not siege.ground.child("kafka").running)
    disk.clear()
    since = time.monotonic()
    await siege.ground.start("kafka")
    return since


async def _full(disk: Disk, felt: Callable[[], bool]) -> None:
    """Keep it full until that is felt, and a while longer."""
    since: list[float] = []

    async def long_enough() -> bool:
        await asyncio.to_thread(disk.fill)
        if await asyncio.to_thread(felt):
            since.append(time.monotonic())
        return bool(since) and time.monotonic() > since[0] + FULL_S

    await eventually(long_enough, within=FELT_S, every=0.2)


def _glut(mongo_url: str) -> None:
    """Use up the room that the database has laid in for itself."""
    with suppress(PyMongoError), MongoClient[Document](mongo_url, **PATIENCE) as client:
        for _ in range(8):
            client.get_database(SCRATCH)["glut"].insert_one({"bytes": os.urandom(MIB)})


def _writes(mongo_url: str) -> bool:
    """Whether the database takes a write that lasts, as soon as it has room again."""
    try:
        with MongoClient[Document](mongo_url, **PATIENCE) as client:
            client.get_database(SCRATCH)["probe"].insert_one({"at": time.time()})
            client.drop_database(SCRATCH)
    except PyMongoError:
        return False
    return True
