"""The lines of a crowd: kept while they are in use, and given up before their server does it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from faults import lines
from faults.lines import Lines

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.fixture
async def door() -> AsyncIterator[tuple[int, list[int]]]:
    """A server that answers everything; its port, and a number for each connection that it was asked on."""
    opened: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(len(opened))
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(ANSWER)
        except asyncio.IncompleteReadError:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], opened


@pytest.mark.parametrize(("idle_s", "connections"), [(60.0, 1), (0.0, 2)])
async def test_a_line_is_used_again_unless_it_has_rested_too_long(
    idle_s: float, connections: int, door: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, opened = door
    monkeypatch.setattr(lines, "IDLE_S", idle_s)
    crowd = Lines(port, 5)
    try:
        answers = [await crowd.call("GET", "/", headers={}) for _ in range(2)]
    finally:
        crowd.close()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(opened) == connections
