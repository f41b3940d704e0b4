"""Which life of the broker this is: a broker that lost everything comes back under another cluster id.

Relays then send their retained facts again and consumers read from the beginning; versions make both harmless.
"""

from __future__ import annotations

import asyncio

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from kinara.kit import log
from kinara.kit.settings import KafkaUrl
from kinara.kit.topics import Registry, differences

_log = log.get("incarnation")
LOOK_S = 1.0


class Incarnation:
    """Keeps looking at the broker's cluster id; a new one is believed once its topics are as registered."""

    def __init__(self, kafka: KafkaUrl, registry: Registry) -> None:
        self._kafka = kafka
        self._registry = registry
        self._id: str | None = None
        self._changed = asyncio.Event()
        self.problem: str = "not looked yet"
        """Why the broker cannot be used at the moment; empty when it can."""

    async def run(self) -> None:
        """Look until cancelled; a broker that is away keeps its last known id."""
        while True:
            try:
                await self._look()
            except (KafkaError, OSError, TimeoutError) as error:
                self._note(f"{type(error).__name__}: {error}")
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        admin = AIOKafkaAdminClient(**self._kafka.client_options(), request_timeout_ms=5_000)
        try:
            await admin.start()
            while True:
                cluster = str((await admin.describe_cluster())["cluster_id"])
                wrong = await differences(admin, self._registry)
                self._note("topics differ: " + "; ".join(wrong[:5]) if wrong else "")
                if not wrong and cluster != self._id:
                    self._id = cluster
                    self._changed.set()
                    self._changed = asyncio.Event()
                await asyncio.sleep(LOOK_S)
        finally:
            await admin.close()

    def _note(self, problem: str) -> None:
        if problem != self.problem and problem:
            _log.warning("broker not usable", reason=problem)
        self.problem = problem

    async def current(self) -> str:
        """The id of the broker's present life; waits for the first look that succeeds."""
        while self._id is None:
            await self._changed.wait()
        return self._id

    async def other_than(self, known: str | None) -> str:
        """Wait until the id is another than the one known."""
        while self._id is None or self._id == known:
            await self._changed.wait()
        return self._id
