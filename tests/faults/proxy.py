"""A TCP proxy between the services and their broker or database, which misbehaves when told to.

Each direction has a behaviour of its own, which holds from the next bytes on. TCP loses no bytes in the middle of a
stream: a black hole holds them back until the link is healed, and a connection of which bytes were swallowed is reset
then, as a peer resets one that it has forgotten.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
import struct
from dataclasses import dataclass
from typing import Literal, Self

CHUNK, LINE = 65_536, 64
"""Most bytes read at once, and most chunks under way in one direction."""

Direction = Literal["up", "down"]
"""To the server, or back to the client."""

Way = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What happens to the bytes of one direction."""

    latency_s: float = 0
    bytes_per_s: float = math.inf
    holds: bool = False
    swallows: bool = False


PASS = Behaviour()
BLACKHOLE = Behaviour(holds=True)
HALF_OPEN = Behaviour(swallows=True)


def late(seconds: float) -> Behaviour:
    """Every byte comes so much later."""
    return Behaviour(latency_s=seconds)


def slow(bytes_per_s: float) -> Behaviour:
    """A thin line."""
    return Behaviour(bytes_per_s=bytes_per_s)


class Link:
    """One client's connection and ours to the server."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._writers = (client, server)
        self.swallowed = 0
        """Bytes of it that are lost."""
        self.passing: asyncio.Task[None] | None = None

    def reset(self) -> None:
        """End both with RST, whatever is under way."""
        if self.passing is not None:
            self.passing.cancel()
        for writer in self._writers:
            end = writer.get_extra_info("socket")
            if end is not None and end.fileno() >= 0:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class Proxy:
    """Listens on a loopback port and passes everything on to the server, as told; an async context."""

    def __init__(self, server_port: int, *, port: int = 0, host: str = "127.0.0.1") -> None:
        self._server = (host, server_port)
        self.port = port
        self.accepted = 0
        """Connections so far."""
        self.moved: dict[Direction, int] = {"up": 0, "down": 0}
        """Bytes passed on."""
        self.trap = b""
        """Words that a client has not said yet after which nothing comes back; empty once somebody has."""
        self._ways: dict[Direction, Behaviour] = {"up": PASS, "down": PASS}
        self._changed = asyncio.Event()
        self._links: set[Link] = set()
        self._listener: asyncio.Server

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._links)

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()
        passing = [link.passing for link in self._links if link.passing is not None]
        self.reset()
        await asyncio.gather(*passing, return_exceptions=True)

    def behave(self, *, up: Behaviour = PASS, down: Behaviour = PASS) -> None:
        """Change both directions, for the connections that are open and for those to come."""
        self._ways = {"up": up, "down": down}
        self._changed.set()
        self._changed = asyncio.Event()

    def cut_off_after(self, words: bytes) -> None:
        """Hold back every answer from the moment on at which a client says these words; they reach the server."""
        self.trap = words

    def heal(self) -> None:
        """Behave well again; what was held back arrives, and connections that have lost bytes are reset."""
        for link in [link for link in self._links if link.swallowed]:
            link.reset()
        self.behave()

    def reset(self) -> int:
        """Reset every connection now; how many there were."""
        links = list(self._links)
        for link in links:
            link.reset()
        return len(links)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        try:
            back, on = await asyncio.open_connection(*self._server)
        except OSError:
            Link(writer, writer).reset()  # as if nobody listened
            return
        link = Link(writer, on)
        self._links.add(link)
        link.passing = asyncio.create_task(self._pass_both(link, (reader, on), (back, writer)))
        await asyncio.wait({link.passing})
        self._links.discard(link)
        on.close()
        writer.close()

    async def _pass_both(self, link: Link, up: Way, down: Way) -> None:
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._pass_on(link, "up", *up))
                ways.create_task(self._pass_on(link, "down", *down))
        except* OSError:
            link.reset()

    async def _pass_on(
        self, link: Link, direction: Direction, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One direction of a connection until its end, which is passed on too."""
        line: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(LINE)
        reading = asyncio.create_task(_read(reader, line))
        try:
            while True:
                came, data = await line.get()
                way = await self._turn(direction, came)
                if way.swallows:
                    link.swallowed += max(1, len(data))
                elif data:
                    if direction == "up" and self.trap and self.trap in data:
                        self.trap = b""
                        self.behave(down=BLACKHOLE)
                    await self._write(direction, writer, data)
                else:
                    break
            await reading  # raises what ended it, if that was no proper end
            writer.write_eof()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _turn(self, direction: Direction, came: float) -> Behaviour:
        """Wait while bytes that came then are held back; how the direction behaves afterwards."""
        while True:
            way, changed = self._ways[direction], self._changed
            wait = math.inf if way.holds else came + way.latency_s - asyncio.get_running_loop().time()
            if wait <= 0:
                return way
            await _happens(changed, wait)

    async def _write(self, direction: Direction, writer: asyncio.StreamWriter, data: bytes) -> None:
        """Write at the direction's pace of the moment."""
        while data:
            way, changed = self._ways[direction], self._changed
            size = int(max(1, min(len(data), way.bytes_per_s / 20)))
            writer.write(data[:size])
            await writer.drain()
            self.moved[direction] += size
            data = data[size:]
            if way.bytes_per_s < math.inf:
                await _happens(changed, size / way.bytes_per_s)


async def _read(reader: asyncio.StreamReader, line: asyncio.Queue[tuple[float, bytes]]) -> None:
    """Note when bytes came; an empty chunk is the end, a proper one or not."""
    data = b"-"
    while data:
        try:
            data = await reader.read(CHUNK)
        except OSError:
            await line.put((0, b""))
            raise
        await line.put((asyncio.get_running_loop().time(), data))


async def _happens(event: asyncio.Event, within: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(None if within == math.inf else within):
            await event.wait()
