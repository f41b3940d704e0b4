"""How long from a commit to the score that others see, and how many a second can go that way.

The whole path: feedback's facts are committed to its outbox by the kit, as its command does (what comes together is
committed together); the relay of the real feedback service sends them; the real appraisal service folds them. What it
says in the transaction in which it stores a score tells when that can be seen: who watches the scorecards themselves
takes the database as long as storing them does. A rating that moves no score by a hundredth is not timed (``lags``).
Both moments are taken by one clock, in this process. Arrivals are random and do not wait for answers, so that a slow
moment is felt by all who come in it.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from embedded.child import Child
from kinara.kit import outbox
from kinara.kit.mongo import Database
from kinara.kit.stored import Document
from kinara.kit.testing import put
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from bench.contest import PATIENCE_S, check
from bench.ground import OURS, SPEAKER, Ground, service
from bench.lags import Lags
from bench.load import Ratings

LOADS = (10, 50, 90)
"""Percent of the capacity."""
FEWEST = 1_000
"""Ratings at each."""
FIRST_RATE, STEP = 1_000.0, 1.2
"""Ratings a second that are tried first for the capacity, and by how much more each time."""
LEAST_RATE = 10.0
"""What is not shown at this rate is broken, not slow."""
STEP_S, BEHIND_S = 3.0, 0.5
"""How long each is tried, and how long after the last rating all must be shown."""
SETTLE_S = 1
GATHER_S = 0.01
"""What comes within it is committed together: the load shares two cores with what it measures."""
QUIET_S = 1.0
"""After which nothing more is awaited to be said, and the scorecards are read."""
_SAID: list[dict[str, Any]] = [
    {"$match": {"operationType": "insert"}},
    {"$project": {"fullDocument.rows.causation": 1}},
]


class Path:
    """Feedback's outbox at one end, scorecards at the other, and two services between them."""

    def __init__(self, ground: Ground, employees: int, seed: int) -> None:
        self.ground = ground
        self.ratings = Ratings(employees, seed)
        self.seen = 0
        """How many ratings the scorecards show."""
        self.told = 0
        self.lags = Lags()
        self._rng = random.Random(seed)
        self._waiting: asyncio.Queue[Document] = asyncio.Queue()
        self._ratings: dict[str, tuple[str, int]] = {}
        """By the id of the fact, whom it is about and which version it has."""
        self.said_at = 0.0
        """When something was last said of a score."""
        self._seen_at = time.monotonic()
        self._versions: dict[str, int] = {}
        self._closed = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._feedback = Database(ground.stack.mongo_url, f"{ground.name}-{SPEAKER}")
        self._appraisal = Database(ground.stack.mongo_url, ground.name)
        self.consumer = Child(
            "appraisal", service("appraisal"), ground.folder / f"{ground.name}.appraisal.log", ground.env
        )
        told = {**ground.env, "KINARA_DATABASE": self._feedback.name}
        self._relay = Child(SPEAKER, service(SPEAKER), ground.folder / f"{ground.name}.{SPEAKER}.log", told)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Both services run and have shown a first rating; nothing is left running afterwards."""
        await self.ground.prepare()
        self._relay.start()
        self.consumer.start()
        committing, looking = asyncio.create_task(self._commit()), threading.Thread(target=self._look, daemon=True)
        looking.start()
        try:
            await self._one_by_one()
            yield
        finally:
            committing.cancel()
            await asyncio.gather(committing, return_exceptions=True)
            self._closed.set()
            await asyncio.to_thread(looking.join)
            self._relay.kill()
            self.consumer.kill()
            self._feedback.close()
            self._appraisal.close()

    def made(self, count: int) -> list[Document]:
        """Ratings to come, made beforehand: while they come they shall cost no more than their commits."""
        return [self.ratings.next() for _ in range(count)]

    async def arrive(self, rate: float, rows: Iterable[Document]) -> None:
        """Let citizens come at random, so many a second on average, whatever becomes of those before them."""
        due = time.monotonic()
        for row in rows:
            due += self._rng.expovariate(rate)
            if (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            self._tell(row)

    def _tell(self, row: Document) -> None:
        self._waiting.put_nowait(row)
        self.told += 1

    async def shown(self) -> None:
        """Wait until the scorecards show everything that was told."""
        deadline = time.monotonic() + PATIENCE_S
        while self.seen < self.told:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.told - self.seen} ratings are not shown after {PATIENCE_S} s")
            await asyncio.sleep(0.005)
            if time.monotonic() - self._seen_at > QUIET_S:
                self._seen_at = time.monotonic()
                for card in await self._appraisal.find("scorecards", {}, projection={"seen": 1}):
                    self._see(card["_id"], card["seen"][SPEAKER])

    def check(self) -> None:
        """Raise unless every scorecard is what the oracle says."""
        check(OURS, self.ground, self.ratings.load([]))

    async def _one_by_one(self) -> None:
        """Tell of somebody every second until something is seen: change stream, relay and group are ready then."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.seen:
            if time.monotonic() > deadline or not (self._relay.running and self.consumer.running):
                raise RuntimeError(f"nothing is seen\n{self._relay.tail()}\n{self.consumer.tail()}")
            self._tell(self.ratings.next())
            await asyncio.sleep(1)
        await self.shown()

    async def _commit(self) -> None:
        """Commit what has come since the last commit, at most 100 times a second."""
        while True:
            rows = [await self._waiting.get()]
            await asyncio.sleep(GATHER_S)
            while len(rows) < outbox.BUCKET_ROWS and not self._waiting.empty():
                rows.append(self._waiting.get_nowait())
            for row in rows:
                self._ratings[row["id"]] = row["subject"].partition("/")[2], row["version"]
            await put(self._feedback, rows)
            at = time.monotonic()
            self.lags.committed.extend((row, at) for row in rows)

    def _look(self) -> None:
        """Note what is said of scores: in a thread of its own, so that looking costs little."""
        with MongoClient[dict[str, Any]](self.ground.stack.mongo_url) as client:
            said = client[self.ground.name][outbox.OUTBOX]
            while not self._closed.is_set():
                try:
                    with said.watch(_SAID, max_await_time_ms=500) as changes:
                        while not self._closed.is_set():
                            for row in (changes.try_next() or {"fullDocument": {"rows": ()}})["fullDocument"]["rows"]:
                                if row["causation"] in self._ratings:
                                    id_, version = self._ratings.pop(row["causation"])
                                    self.said_at = time.monotonic()
                                    self.lags.said.append((id_, version, self.said_at))
                                    self._see(id_, version)
                except PyMongoError:  # a collection that is not there yet, on some servers
                    self._closed.wait(0.1)

    def _see(self, id_: str, version: int) -> None:
        with self._one_at_a_time:
            self.seen += max(0, version - self._versions.get(id_, 0))
            self._versions[id_] = max(version, self._versions.get(id_, 0))
            self._seen_at = time.monotonic()


async def capacity(path: Path) -> float:
    """The most ratings a second that are shown as they come: half a second after the last has come, all are.

    More at once, in larger batches, are served faster; but they wait. So the rate is raised step by step, from one that
    is halved until it is kept.
    """
    rate, kept = FIRST_RATE, 0.0
    while True:
        rows = path.made(int(rate * STEP_S))
        await path.arrive(rate, rows)
        ended = time.monotonic()
        await path.shown()
        if path.said_at - ended <= BEHIND_S:
            rate, kept = rate * STEP, rate
        elif kept:
            return kept
        elif rate > LEAST_RATE:
            rate /= 2
        else:
            raise TimeoutError(f"{rate:.0f} ratings a second are not shown within {BEHIND_S} s")


async def at_loads(path: Path, full: float, seconds: float, rng: random.Random) -> dict[str, Any]:
    """Percentiles in milliseconds at each share of the capacity, in an order drawn anew."""
    found: dict[str, Any] = {}
    for load in rng.sample(LOADS, len(LOADS)):
        rate = full * load / 100
        count = max(FEWEST, int(rate * seconds))
        rows = path.made(count)
        await asyncio.sleep(SETTLE_S)
        path.lags.take()
        began = time.monotonic()
        await path.arrive(rate, rows)
        came = count / (time.monotonic() - began)
        await path.shown()
        certain, at_most = path.lags.take()
        told = {"per_second": round(came), "asked": count, "p99_at_most": percentiles(at_most)["p99"]}
        found[str(load)] = percentiles(certain) | told
    return {str(load): found[str(load)] for load in LOADS}


def percentiles(took: list[float]) -> dict[str, float]:
    """p50, p95, p99 and the worst, with how many there are."""
    ordered = sorted(took)
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    ranked = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in shares.items()}
    return {"n": len(ordered)} | {name: round(value, 1) for name, value in ranked.items()}
