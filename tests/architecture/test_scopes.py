"""Every read of a scoped collection goes through a Scope, or is signed with one: watched on the wire.

``test_signatures`` looks for the same in the code of the services; here the driver tells what it really sends.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from embedded.stack import Stack
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from house import HOUSE, Run
from kinara.kit.documents import Collection
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.issuer import token
from kinara.kit.mongo import Database, Listener
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.settings import ServiceSettings
from kinara.kit.testing import eventually
from kinara.kit.work import NotFound, Transaction, Work, command

READS = ("find", "aggregate", "count", "distinct", "findAndModify")
SOMEBODY = Scope(paths=("/16.71/plaju",), own="officer-1", reports_of="officer-2", label="test")
LIMITS = {"/16.71/plaju", "officer-1", "officer-2"}


class Watch(Listener):
    """Notes each read of a scoped collection, and those that no Scope has signed with its comment."""

    def __init__(self, collections: Iterable[Collection[Any]]) -> None:
        self.scoped = {collection.name for collection in collections if collection.scoped}
        self.seen: list[dict[str, Any]] = []

    def started(self, event: Any) -> None:
        """A command leaves for the server."""
        if event.command_name in READS and event.command[event.command_name] in self.scoped:
            self.seen.append(dict(event.command))

    def succeeded(self, event: Any) -> None:
        """Of no interest."""

    def failed(self, event: Any) -> None:
        """Of no interest."""

    @property
    def unscoped(self) -> list[dict[str, Any]]:
        """Reads on nobody's behalf."""
        return [command for command in self.seen if not str(command.get("comment", "")).startswith("scope:")]


def collections_of(service: str) -> tuple[Collection[Any], ...]:
    """What a service keeps."""
    return importlib.import_module(f"{service}.store").COLLECTIONS  # type: ignore[no-any-return]


SCOPED = [
    pytest.param(collection, id=f"{service}.{collection.name}")
    for service in HOUSE.services
    if (HOUSE.package(service) / "store.py").exists()
    for collection in collections_of(service)
    if collection.scoped
]


@pytest.fixture
async def watched(servers: Stack) -> AsyncIterator[tuple[Database, Watch]]:
    """A database whose driver is watched."""
    watch = Watch([])
    database = Database(servers.mongo_url, f"t{new_id().replace('-', '')[8:]}", listeners=[watch])
    yield database, watch
    database.close()


@pytest.mark.parametrize("collection", SCOPED)
async def test_work_and_transaction_sign_and_narrow_every_read(
    watched: tuple[Database, Watch], collection: Collection[Any]
) -> None:
    database, watch = watched
    watch.scoped = {collection.name}

    @command
    async def look(tx: Transaction) -> None:
        await tx.find(collection, SOMEBODY, {}, limit=1)
        with suppress(NotFound):
            await tx.load(collection, new_id(), SOMEBODY)

    work = Work(database)
    await look(work)
    await work.find(collection, SOMEBODY, {})
    with suppress(NotFound):
        await work.get(collection, new_id(), SOMEBODY)
    assert {read["comment"] for read in watch.seen} == {"scope:test"}
    narrowed = [{limit for limit in LIMITS if limit in str(read["filter"])} for read in watch.seen]
    assert all(narrowed)
    assert set().union(*narrowed) == LIMITS


@pytest.mark.parametrize(
    "read",
    [
        lambda database: database.find("things", {}),
        lambda database: database.find_one("things", {"_id": "x"}),
        lambda database: database.find_by_ids("things", ["x"]),
        lambda database: database["things"].count_documents({}),
        lambda database: database["things"].aggregate([{"$match": {}}]).to_list(None),
        lambda database: database["things"].find_one_and_delete({"_id": "x"}),
    ],
    ids=["find", "find_one", "find_by_ids", "count", "aggregate", "find and modify"],
)
async def test_a_read_around_the_scope_is_noticed(watched: tuple[Database, Watch], read: Any) -> None:
    database, watch = watched
    watch.scoped = {"things"}
    await read(database)
    assert len(watch.unscoped) == 1


async def test_other_collections_may_be_read_by_the_kit(watched: tuple[Database, Watch]) -> None:
    database, watch = watched
    watch.scoped = {"things"}
    await database.find("outbox", {})
    await database["things"].insert_one({"_id": "x"})
    assert watch.unscoped == []


@pytest.mark.parametrize("service", HOUSE.services)
async def test_every_get_reads_through_a_scope(
    service: str, servers: Stack, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(collections_of(service))
    monkeypatch.setenv("KINARA_MONGO", servers.mongo_url)
    monkeypatch.setenv("KINARA_DATABASE", f"t{new_id().replace('-', '')[8:]}")
    monkeypatch.setattr("kinara.kit.app.Database", functools.partial(Database, listeners=[watch]))
    bearer = token(ServiceSettings(), roles=list(Role), employee=new_id(), units=["/16.71"])
    async with run(service) as app:
        await eventually(lambda: app.state.parts.prepared)
        await ask_everything(app, {"Authorization": f"Bearer {bearer}"})
    assert watch.seen, "no route has read anything"
    assert watch.unscoped == []


async def ask_everything(app: FastAPI, headers: dict[str, str]) -> None:
    """Call each GET route with made-up ids; what it answers does not matter, a stream is left after a moment."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers) as client:
        for route in iter_route_contexts(app.routes):
            if "GET" in (route.methods or ()) and (route.path or "").startswith("/v1/"):
                made_up = {name: "2026-11" if name == "period" else new_id() for name in route.param_convertors}
                with suppress(TimeoutError):
                    async with asyncio.timeout(1.5):
                        await client.get(route.path.format(**made_up), params={"period": "2026-11"})


def test_system_reads_are_signed_too() -> None:
    assert (SYSTEM.everything, SYSTEM.label) == (True, "system")
