"""The load: citizens' ratings of employees, as feedback's relay would send them, and what must come of them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

from aiokafka import AIOKafkaProducer
from kinara.contracts import Province
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit.ids import new_id
from kinara.kit.outbox import Message, messages, row
from kinara.kit.settings import KafkaUrl
from kinara.kit.stored import Document
from kinara.kit.topics import Registry
from kinara.kit.work import Cause

TRUSTS = (Decimal("1"), Decimal("0.2"))
ZIPF = 1.1
"""A few officers at a counter get most of the ratings."""
PRIOR_WEIGHT, PRIOR_MEAN = 15, 3.2
IKM = ((25, 0), (65, 58.33), (76.61, 75), (88.31, 91.67), (100, 100))


@dataclass(frozen=True, slots=True)
class Load:
    """Messages in their order, and by employee how many ratings there are and the satisfaction that follows."""

    messages: list[Message]
    counts: dict[str, int]
    satisfaction: dict[str, float]


class Ratings:
    """Ratings of employees by Zipf's law, one after another; the same seed makes the same ones but for their ids."""

    def __init__(self, employees: int, seed: int) -> None:
        self._rng = random.Random(seed)
        self._ids = [new_id() for _ in range(employees)]
        self._weights = list(accumulate((rank + 1) ** -ZIPF for rank in range(employees)))
        self._unit = new_id()
        self._sums: dict[str, list[float]] = {}

    def next(self) -> Document:
        """One more, as it stands in feedback's outbox, of this moment."""
        [id_] = self._rng.choices(self._ids, cum_weights=self._weights)
        rating, trust, at = self._rng.randint(1, 4), self._rng.choice(TRUSTS), datetime.now(UTC)
        sums = self._sums.setdefault(id_, [0, 0.0, 0.0])
        sums[0] += 1
        sums[1] += float(trust)
        sums[2] += float(trust) * rating
        event = FeedbackReceived(
            province=Province(code="16"), unit_path="/16.71/plaju", feedback_id=new_id(), employee_id=id_,
            unit_id=self._unit, rating=rating, trust=trust, given_at=at,
        )  # fmt: skip
        return row(event, id_=new_id(), version=int(sums[0]), at=at, cause=Cause(new_id()))

    def load(self, messages: list[Message]) -> Load:
        """What must come of those made so far, with the messages that say it."""
        counts = {id_: int(count) for id_, (count, _, _) in self._sums.items()}
        return Load(messages, counts, {id_: mark(weight, sum_) for id_, (_, weight, sum_) in self._sums.items()})


def made(events: int, employees: int, registry: Registry, seed: int) -> Load:
    """Ratings as messages, all made at once."""
    ratings = Ratings(employees, seed)
    told = [message for _ in range(events) for message in messages({"rows": [ratings.next()]}, "feedback", registry)]
    return ratings.load(told)


def mark(weight: float, weighted: float) -> float:
    """The satisfaction mark, written independently of the product: reference §5.7."""
    ikm = 25 * (weighted + PRIOR_WEIGHT * PRIOR_MEAN) / (weight + PRIOR_WEIGHT)
    for (low, low_mark), (high, high_mark) in pairwise(IKM):
        if ikm <= high:
            return low_mark + (high_mark - low_mark) * (ikm - low) / (high - low)
    return 100.0


async def sent(url: KafkaUrl, told: Sequence[Message]) -> None:
    """Put the load on the wire, in order."""
    async with AIOKafkaProducer(
        **url.client_options(), acks="all", enable_idempotence=url.idempotence, linger_ms=5, max_batch_size=262_144
    ) as producer:
        for start in range(0, len(told), 5_000):
            pending: list[Awaitable[Any]] = [
                await producer.send(m.topic, m.value, key=m.key, headers=m.headers) for m in told[start : start + 5_000]
            ]
            await asyncio.gather(*pending)


def wrong(load: Load, found: Iterable[tuple[str, int, float, float]]) -> list[str]:
    """What a contender's documents (employee, ratings, satisfaction, its changes) have otherwise than the load says."""
    complaints, seen = [], set[str]()
    for id_, count, satisfaction, explained in found:
        seen.add(id_)
        if abs(explained - satisfaction) > 0.000_05:
            complaints.append(f"{id_}: {satisfaction}, but its changes add up to {explained}")
        if count != load.counts.get(id_) or abs(satisfaction - load.satisfaction.get(id_, -1)) > 0.005:
            expected = load.counts.get(id_), load.satisfaction.get(id_)
            complaints.append(f"{id_}: {count} ratings, {satisfaction}; expected {expected}")
    return complaints + [f"{id_}: missing" for id_ in load.counts.keys() - seen]
