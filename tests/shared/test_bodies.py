"""Over a real socket: a body that does not come is not waited for, and one that comes slowly but surely is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import running
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.testing import eventually
from toy_door import problem

PATIENCE_S = 0.5


@pytest.fixture(scope="module")
async def impatient(mortal: Any) -> AsyncIterator[Any]:
    """A process of the toy with little patience, and a place for one request."""
    await mortal.start()
    toy = running.Toy(mortal.stack, "impatient")
    toy.child.env |= {"KINARA_BODY_S": str(PATIENCE_S), "KINARA_DATABASE": "impatient"}
    toy.child.env |= {"KINARA_REQUESTS": "1", "KINARA_REQUESTS_WAITING": "0"}
    toy.child.start()
    try:
        await toy.ready()
        yield toy
    finally:
        await asyncio.to_thread(toy.child.kill)


async def begun(
    toy: Any, *headers: str, path: str = "/v1/reports", body: bytes = b""
) -> tuple[asyncio.StreamReader, Any]:
    """A request whose body is to come, but for what is sent at once with its head."""
    host, port = toy.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = (f"POST {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json", *headers, "", "")
    writer.write("\r\n".join(lines).encode() + body)
    await writer.drain()
    return reader, writer


async def answered(reader: asyncio.StreamReader) -> httpx.Response:
    """The answer, after which the connection is closed."""
    head, _, body = (await asyncio.wait_for(reader.read(), 10)).partition(b"\r\n\r\n")
    status, *headers = head.decode().splitlines()
    return httpx.Response(int(status.split()[1]), headers=[line.split(": ", 1) for line in headers], content=body)


@pytest.mark.parametrize("key", [(), (f"Idempotency-Key: {new_id()}",)], ids=["plain", "with a key"])
async def test_a_body_that_stops_in_the_middle_is_given_up(impatient: Any, key: tuple[str, ...]) -> None:
    reader, writer = await begun(impatient, "Content-Length: 100", *key, body=b'{"employee_id"')
    said = problem(await answered(reader), 408, "too-slow")
    assert said["detail"] == "14 bytes of the body came in time; nothing was done"
    assert said["title"].startswith("Kiriman terlalu lama sampai.")
    writer.close()


async def test_a_body_that_comes_byte_by_byte_is_given_up_and_its_place_given_back(
    impatient: Any,
) -> None:
    reader, writer = await begun(impatient, "Transfer-Encoding: chunked")

    async def dribble() -> None:
        while True:
            writer.write(b"1\r\n \r\n")
            await asyncio.sleep(0.02)

    dribbling = asyncio.create_task(dribble())
    problem(await answered(reader), 408, "too-slow")
    dribbling.cancel()
    writer.close()
    assert await impatient.report(new_id())


async def test_a_body_that_comes_slowly_but_surely_is_taken(impatient: Any) -> None:
    body = json.dumps({"employee_id": new_id()}).encode().ljust(65_536)
    head = (f"Content-Length: {len(body)}", "Connection: close")
    reader, writer = await begun(impatient, *head, body=body[:8192])
    for start in range(8192, len(body), 8192):
        await asyncio.sleep(PATIENCE_S / 3)  # in all longer than the patience for a body of nothing
        writer.write(body[start : start + 8192])
        await writer.drain()
    assert (await answered(reader)).status_code == 202
    writer.close()


async def test_nothing_of_a_body_that_was_given_up_is_kept(impatient: Any, mortal: Any) -> None:
    database = Database(mortal.stack.mongo_url, "impatient")
    employee = new_id()
    body = json.dumps({"employee_id": employee}).encode()
    reader, writer = await begun(impatient, f"Content-Length: {len(body) + 1}", body=body)
    problem(await answered(reader), 408, "too-slow")
    assert await impatient.report(other := new_id())
    await eventually(lambda: running.facts(database))
    facts = await running.facts(database)
    assert (employee in facts, other in facts) == (False, True)
    writer.close()
    database.close()
