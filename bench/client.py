"""Many citizens at once: ratings over keep-alive connections, by a process of its own that is not the limit.

``python -m bench.client`` reads its options as JSON and prints what came of it as JSON. Without a ``rate`` every
connection asks again as soon as it is answered; with one, requests leave at that rate whatever becomes of the others.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import secrets
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import uvloop

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_RETRY = re.compile(rb"retry-after: *\d+", re.IGNORECASE)
WORDS = "Pelayanan cepat, petugas ramah, syarat jelas."
ZIPF = 1.1


@dataclass(frozen=True)
class Options:
    """What to ask, of whom, and for how long."""

    port: int
    officers: list[str]
    connections: int
    seconds: float
    zipf: bool = False
    """Whether a few officers get most of the ratings; else all get the same."""
    rate: float | None = None
    path: str = "/v1/feedback"


@dataclass
class Told:
    """What came back: answers by status, refusals that named no time to come back, seconds of each good answer."""

    statuses: Counter[int] = field(default_factory=Counter)
    silent: int = 0
    lost: int = 0
    """Requests whose connection ended before the answer."""
    took: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)


class Crowd:
    """Makes requests, and opens connections for them."""

    def __init__(self, options: Options) -> None:
        self.told = Told()
        self.idle: list[Citizen] = []
        self.open = 0
        self.ends = time.perf_counter() + options.seconds
        self.done = asyncio.Event()
        self.again = options.rate is None
        self._options = options
        weights = ((rank + 1) ** -ZIPF if options.zipf else 1 for rank in range(len(options.officers)))
        self._weights = list(accumulate(weights))
        self._head = (
            f"POST {options.path} HTTP/1.1\r\nHost: 127.0.0.1:{options.port}\r\nContent-Type: application/json\r\n"
        )

    def request(self) -> bytes:
        """A rating under a key of its own, from an address of its own (as a proxy tells it): no cluster, no flood."""
        [officer] = random.choices(self._options.officers, cum_weights=self._weights)
        body = f'{{"employee_id":"{officer}","rating":{random.randint(1, 4)},"text":"{WORDS}"}}'
        key = secrets.token_urlsafe(18)
        address = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
        head = f"{self._head}X-Forwarded-For: {address}\r\n"
        return f"{head}Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()

    async def connect(self) -> Citizen:
        """One more connection."""
        loop = asyncio.get_running_loop()
        _, citizen = await loop.create_connection(lambda: Citizen(self), "127.0.0.1", self._options.port)
        return citizen

    async def run(self) -> Told:
        """Ask until the time is over; what was asked is waited for."""
        for _ in range(self._options.connections):
            self.idle.append(await self.connect())
        self.ends = time.perf_counter() + self._options.seconds
        started = time.perf_counter()
        if self._options.rate is None:
            while self.idle:
                self.idle.pop().ask()
        else:
            sent = 0
            while (now := time.perf_counter()) < self.ends:
                for _ in range(int((now - started) * self._options.rate) - sent):
                    sent += 1
                    (self.idle.pop() if self.idle else await self.connect()).ask()
                await asyncio.sleep(0.002)
        if self.open:
            await asyncio.wait_for(self.done.wait(), self._options.seconds + 60)
        return self.told

    def closed(self) -> None:
        """Note that a request is over."""
        self.open -= 1
        if not self.open and time.perf_counter() >= self.ends:
            self.done.set()


class Citizen(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._buffer = b""
        self._at = 0.0
        self._transport: Any = None
        self._waits = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def ask(self) -> None:
        """Send the next request."""
        self._at = time.perf_counter()
        self._waits = True
        self._crowd.open += 1
        self._transport.write(self._crowd.request())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not found or (length is not None and len(body) < int(length[1])):
            return
        self._buffer = b""
        self._waits = False
        told, took, status = self._crowd.told, time.perf_counter() - self._at, int(head[9:12])
        told.statuses[status] += 1
        (told.took if status < 400 else told.refused).append(took)
        told.silent += status in (429, 503) and _RETRY.search(head) is None
        if self._crowd.again and time.perf_counter() < self._crowd.ends:
            self.ask()
        else:
            self._crowd.idle.append(self)
        self._crowd.closed()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waits:
            self._crowd.told.lost += 1
            self._crowd.closed()
        elif self in self._crowd.idle:
            self._crowd.idle.remove(self)


async def _run(options: Options) -> dict[str, Any]:
    started = time.perf_counter()
    told = await Crowd(options).run()
    return {**vars(told), "seconds": time.perf_counter() - started}


def at(found: list[float], share: float) -> float:
    """A quantile, in milliseconds."""
    return round(sorted(found)[min(len(found) - 1, int(len(found) * share))] * 1000, 2) if found else 0.0


def main() -> None:
    """One run."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        told = runner.run(_run(Options(**json.load(sys.stdin))))
    took, refused = told.pop("took"), told.pop("refused")
    told |= {"accepted": len(took), "per_s": len(took) / told["seconds"], "p50": at(took, 0.5), "p99": at(took, 0.99)}
    print(json.dumps(told | {"refused_p99": at(refused, 0.99)}))


if __name__ == "__main__":
    main()
