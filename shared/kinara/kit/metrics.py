"""The figures of one process for Prometheus; low cardinality: group, topic and reason only."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

_AGES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600)
CHORES_FAILED = Counter(
    "kinara_chores_failed", "Background work that failed for no foreseen reason, and is tried later", ["work"],
    registry=None,
)  # fmt: skip
"""Of the process: chores know no application."""


class Ages(Collector):
    """How long facts took to their effect, counted a batch at a time: the library's histogram counts one by one."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def observe(self, group: str, seconds: Iterable[float]) -> None:
        """Count the facts of a batch."""
        counts = self._counts.setdefault(group, [0] * (len(_AGES) + 1))
        total = 0.0
        for age in seconds:
            counts[bisect_left(_AGES, age)] += 1  # a bound belongs to its bucket
            total += age
        self._sums[group] = self._sums.get(group, 0.0) + total

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """For the exposition."""
        family = HistogramMetricFamily("kinara_event_age_seconds", "From the fact to its effect", labels=["group"])
        bounds = [*map(floatToGoString, _AGES), "+Inf"]
        for group, counts in self._counts.items():
            buckets = list(zip(bounds, accumulate(counts), strict=True))
            family.add_metric([group], buckets=buckets, sum_value=self._sums[group])
        yield family


class Metrics:
    """What is counted; made once by ``app.build``."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        r = self.registry
        self.folded = Counter("kinara_events_folded", "Facts that changed a document", ["group"], registry=r)
        self.repeats = Counter("kinara_inbox_repeats", "Facts seen before and skipped", ["group"], registry=r)
        self.dead = Counter("kinara_dead_letters", "Records put aside", ["group", "reason"], registry=r)
        self.waiting = Gauge("kinara_held_events", "Facts that wait behind a gap", ["group"], registry=r)
        self.waiting_age = Gauge("kinara_held_oldest_seconds", "Age of the oldest waiting fact", ["group"], registry=r)
        self.ages = Ages()
        r.register(self.ages)
        self.lag_events = Gauge("kinara_consumer_lag_events", "Records not yet folded", ["group"], registry=r)
        self.lag_seconds = Gauge(
            "kinara_consumer_lag_seconds", "Age of the last folded, if behind", ["group"], registry=r
        )
        self.partitions = Gauge("kinara_assigned_partitions", "Partitions of this process", ["group"], registry=r)
        self.outbox_pending = Gauge("kinara_outbox_pending", "Buckets not yet sent", registry=r)
        self.outbox_age = Gauge("kinara_outbox_oldest_seconds", "Age of the oldest bucket not yet sent", registry=r)
        self.requests = Histogram(
            "kinara_http_request_seconds", "Time to answer", ["method", "route", "status"], registry=r
        )
        self.shed = Counter("kinara_requests_shed", "Requests sent away for want of room", registry=r)
        r.register(CHORES_FAILED)

    def text(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)
