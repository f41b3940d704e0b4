"""Keep-alive connections to one service, as many as are asked for at once.

A client library keeps its connections in a list that it searches at every request: two thousand of them, and the
client is what is measured.
"""

from __future__ import annotations

import asyncio
import re
import time
from json import dumps
from typing import Any

import httpx

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
IDLE_S = 3.0
"""A line that has rested for longer is not used again: uvicorn hangs up after 5 s, perhaps while something is asked."""


class Lines:
    """Connections to one port, the one used last first."""

    def __init__(self, port: int, patience_s: float) -> None:
        self._port = port
        self._host = f"127.0.0.1:{port}"
        self._patience_s = patience_s
        self._free: list[tuple[Line, float]] = []

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request, headers and body as for httpx; ``OSError`` where no whole answer came in time."""
        asked = _told(self._host, method, path, **more)
        try:
            async with asyncio.timeout(self._patience_s):
                line = await self._line()
                try:
                    answer = await _exchange(line, asked)
                except BaseException:
                    line[1].close()
                    raise
        except (EOFError, ValueError) as error:  # the connection ended in the middle of it
            raise ConnectionResetError(str(error)) from error
        self._free.append((line, time.monotonic()))
        return answer

    async def _line(self) -> Line:
        while self._free:
            (reader, writer), since = self._free.pop()
            if time.monotonic() - since < IDLE_S and not (reader.at_eof() or writer.is_closing()):
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        """Hang up."""
        for (_, writer), _ in self._free:
            writer.close()
        self._free.clear()


def _told(host: str, method: str, path: str, headers: dict[str, str], json: Any = None, **form: Any) -> bytes:
    """A request as it goes out. JSON is laid out here: a crowd's client shares its processors with the services, and
    the library takes as long for it as for all else about a call."""
    if form:
        asked = httpx.Request(method, f"http://{host}{path}", **form)
        fields, body = dict(asked.headers), asked.read()
    elif json is None:
        fields, body = {"Host": host, "Content-Length": "0"}, b""
    else:
        body = dumps(json).encode()
        fields = {"Host": host, "Content-Type": "application/json", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in (fields | headers).items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def _exchange(line: Line, asked: bytes) -> httpx.Response:
    reader, writer = line
    writer.write(asked)
    head = await reader.readuntil(b"\r\n\r\n")
    first, *fields = head[:-4].decode("latin-1").split("\r\n")
    length = _LENGTH.search(head)
    content = await reader.readexactly(int(length[1]) if length else 0)
    told = [(name, value.strip()) for name, _, value in (line.partition(":") for line in fields)]
    return httpx.Response(int(first.split(" ", 2)[1]), headers=told, content=content)
