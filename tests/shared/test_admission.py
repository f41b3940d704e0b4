"""More requests than can be answered: some are sent away at once, and those let in are answered soon and kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import running
from fastapi import FastAPI
from kinara.kit.admission import Admission
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.settings import Room
from kinara.kit.testing import eventually
from prometheus_client import Counter
from prometheus_client.parser import text_string_to_metric_families
from toy_door import problem


class Door:
    """An application whose requests end when they are told to."""

    def __init__(self, room: Room) -> None:
        self.shed = Counter("shed", "", registry=None)
        self.door = Admission(self._app, room, self.shed)
        self.inside: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.kind = b"application/json"

    async def _app(self, scope: Any, _receive: Any, send: Any) -> None:
        name = scope["path"]
        self.inside.append(name)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", self.kind)]})
        await self.ends.setdefault(name, asyncio.Event()).wait()
        await send({"type": "http.response.body"})

    def ask(self, path: str) -> asyncio.Task[int]:
        """A request; its task gives the status of the answer."""

        async def asked() -> int:
            told: list[Any] = []

            async def send(message: Any) -> None:
                told.append(message)

            await self.door({"type": "http", "path": path, "method": "GET", "headers": []}, None, send)  # type: ignore[arg-type]
            return int(told[0]["status"])

        return asyncio.create_task(asked())

    def end(self, path: str) -> None:
        self.ends.setdefault(path, asyncio.Event()).set()

    async def entered(self, *paths: str) -> None:
        await eventually(lambda: self.inside == list(paths), within=5, every=0.001)


async def test_so_many_are_let_in_so_many_wait_and_the_rest_is_sent_away() -> None:
    door = Door(Room(requests=2, waiting=1, wait_s=30))
    asked = {path: door.ask(path) for path in ("/a", "/b", "/c", "/d")}
    assert await asked["/d"] == 503
    await door.entered("/a", "/b")
    door.end("/a")
    await door.entered("/a", "/b", "/c")
    door.end("/b")
    door.end("/c")
    assert [await asked[path] for path in ("/a", "/b", "/c")] == [200] * 3
    assert door.shed._value.get() == 1
    again = [door.ask(path) for path in ("/a", "/b")]
    assert await asyncio.gather(*again) == [200, 200]


async def test_who_waits_too_long_is_sent_away_and_the_next_in_line_is_not() -> None:
    door = Door(Room(requests=1, waiting=2, wait_s=0.05))
    first = door.ask("/a")
    await door.entered("/a")
    assert await door.ask("/late") == 503
    second = door.ask("/b")
    await asyncio.sleep(0)
    door.end("/a")
    door.end("/b")
    assert await asyncio.gather(first, second) == [200, 200]
    assert door.inside == ["/a", "/b"]


async def test_who_leaves_the_line_keeps_nobody_from_a_place() -> None:
    door = Door(Room(requests=1, waiting=9, wait_s=30))
    first, leaving, third = door.ask("/a"), door.ask("/b"), door.ask("/c")
    await door.entered("/a")
    door.end("/a")
    await first
    leaving.cancel()  # its place has just been given to it
    door.end("/c")
    assert await third == 200
    with pytest.raises(asyncio.CancelledError):
        await leaving
    door.end("/d")
    assert await door.ask("/d") == 200


async def test_a_stream_counts_until_it_begins() -> None:
    door = Door(Room(requests=1, waiting=0, wait_s=30))
    door.kind = b"text/event-stream; charset=utf-8"
    streams = [door.ask("/a")]
    await door.entered("/a")
    streams.append(door.ask("/b"))
    await door.entered("/a", "/b")
    for path in ("/a", "/b"):
        door.end(path)
    assert await asyncio.gather(*streams) == [200, 200]


async def test_health_is_always_answered() -> None:
    door = Door(Room(requests=1, waiting=0, wait_s=30))
    door.ask("/a")
    await door.entered("/a")
    asked = [door.ask(path) for path in ("/health/live", "/health/ready", "/metrics")]
    await door.entered("/a", "/health/live", "/health/ready", "/metrics")
    for path in door.inside:
        door.end(path)
    assert await asyncio.gather(*asked) == [200] * 3


async def test_the_refusal_is_a_problem_that_says_when_to_come_back(app: FastAPI) -> None:
    async def stuck(_scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.Event().wait()

    full = Admission(stuck, Room(requests=1, waiting=0, wait_s=30), Counter("shed", "", registry=None))
    transport = httpx.ASGITransport(full)
    async with httpx.AsyncClient(transport=transport, base_url="http://kinara") as client:
        inside = asyncio.create_task(client.get("/v1/tallies"))
        await eventually(lambda: full._free == 0, within=5, every=0.001)
        answer = await client.get("/v1/tallies")
        inside.cancel()
    said = problem(answer, 503, "overloaded")
    assert said["title"].startswith("Layanan sedang penuh.")
    assert answer.headers["retry-after"].isdigit()
    operations = app.openapi()["paths"]["/v1/reports"]["post"]["responses"]
    assert "Retry-After" in operations["5XX"]["description"]


@asynccontextmanager
async def small(mortal: Any) -> AsyncIterator[Any]:
    """A process of the toy with little room."""
    await mortal.start()
    toy = running.Toy(mortal.stack, "small")
    toy.child.env |= {"KINARA_REQUESTS": "4", "KINARA_REQUESTS_WAITING": "4", "KINARA_DATABASE": "small"}
    toy.child.start()
    try:
        await toy.ready()
        yield toy
    finally:
        await asyncio.to_thread(toy.child.kill)


async def test_under_load_what_is_accepted_is_kept_and_quick_and_the_rest_knows_at_once(mortal: Any) -> None:
    accepted: list[str] = []
    refused = 0

    async def crowd(client: httpx.AsyncClient, until: float) -> None:
        nonlocal refused
        while time.monotonic() < until:
            answer = await client.post("/v1/reports", json={"employee_id": new_id()})
            if answer.status_code == 202:
                accepted.append(answer.json()["id"])
            else:
                refused += 1
                problem(answer, 503, "overloaded")
                assert answer.headers["retry-after"]

    async with small(mortal) as toy:
        limits = httpx.Limits(max_connections=40)
        async with httpx.AsyncClient(base_url=toy.address, timeout=30, limits=limits) as client:
            load = asyncio.gather(*(crowd(client, time.monotonic() + 3) for _ in range(40)))
            await eventually(lambda: refused, within=10)
            live, figures = await asyncio.gather(toy.http.get("/health/live"), toy.http.get("/metrics"))
            assert (live.status_code, figures.status_code) == (200, 200)
            assert await toy.problems() == {}
            await load
        counted = {
            (sample.name, sample.labels.get("status"), sample.labels.get("le")): sample.value
            for family in text_string_to_metric_families((await toy.http.get("/metrics")).text)
            for sample in family.samples
        }
        database = Database(mortal.stack.mongo_url, "small")
        said = {row["id"] for rows in (await running.facts(database)).values() for row in rows}
        database.close()
    assert accepted
    assert set(accepted) <= said
    assert counted["kinara_requests_shed_total", None, None] == refused
    soon = counted["kinara_http_request_seconds_bucket", "202", "2.5"]
    assert soon >= 0.99 * counted["kinara_http_request_seconds_count", "202", None]
