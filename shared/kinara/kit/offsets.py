"""How far a group has come: offsets in Kafka, and in which life of the broker each partition was begun.

A commit takes Kafka longer than a small batch takes the database, and nothing depends on it: what is folded twice is
skipped by its version. So offsets are committed while the next records are stored, and those that come due meanwhile
are committed together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from kinara.kit import log
from kinara.kit.mongo import Database, DatabaseError
from kinara.kit.polls import Poll, Polls, ends_of

_log = log.get("offsets")
POSITIONS = "positions"
COMMIT_S = 5.0
"""After so long a commit is given up: aiokafka tries for ever, also once its consumer has been stopped."""
REST_S = 0.05
"""Between two commits, so that many small batches do not cost as many commits."""
AGAIN_S = 0.5
"""After a commit that failed: nothing may ever come after it, and what is not committed counts as lag for ever."""


class Offsets:
    """The offsets of one group, as far as this process is concerned."""

    def __init__(self, group: str, database: Database, polls: Polls) -> None:
        self._group = group
        self._database = database
        self._polls = polls
        self._due: list[Poll] = []
        self._committing: asyncio.Task[None] | None = None
        self._begun: set[str] = set()
        self._life = ""

    async def not_begun(self, assigned: set[TopicPartition], life: str) -> list[TopicPartition]:
        """The partitions that the group has not begun to read in this life of the broker."""
        try:
            kept = await self._database.find_one(POSITIONS, {"_id": self._group})
        except DatabaseError as error:
            _log.warning("positions unknown, reading from the beginning", group=self._group, reason=str(error)[:200])
            kept = None
        lives: dict[str, str] = (kept or {}).get("lives", {})
        self._begun, self._life = {at for at, begun in lives.items() if begun == life}, life
        return [tp for tp in assigned if _name(tp) not in self._begun]

    def stored(self, polls: Sequence[Poll]) -> None:
        """The effects of these are stored: commit their offsets soon."""
        for poll in polls:
            poll.batch = []  # from here on only its places matter, however long Kafka takes
        self._due += polls
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit(), name=f"commit {self._group}")

    async def _commit(self) -> None:
        """Commit what is due; nobody waits any longer for what failed once, and it is tried again while it is ours."""
        while self._due:
            polls = [poll for poll in self._due if poll.consumer is self._due[0].consumer]
            self._due = self._due[len(polls) :]
            rest = REST_S
            try:
                async with asyncio.timeout(COMMIT_S):
                    await self._commit_together(polls)
            except (KafkaError, DatabaseError, TimeoutError) as error:
                reason = f"{type(error).__name__}: {error}"[:200]
                _log.info("offsets not committed yet", group=self._group, reason=reason)
                if self._ours(polls[-1]):
                    self._due, rest = polls + self._due, AGAIN_S
            finally:
                self._polls.finish(polls)
            await asyncio.sleep(rest)

    def _ours(self, poll: Poll) -> bool:
        """Whether whoever polled it still reads, in the same life of the broker."""
        return poll.life == self._life and not poll.consumer._closed  # aiokafka does not say it aloud

    async def _commit_together(self, polls: Sequence[Poll]) -> None:
        consumer = polls[-1].consumer
        ours = {tp: end for tp, end in ends_of(polls).items() if tp in consumer.assignment()}
        if not ours:
            return
        await consumer.commit(ours)
        fresh = {_name(tp) for tp in ours} - self._begun
        if fresh and polls[-1].life == self._life:
            change = {f"lives.{at}": self._life for at in fresh}
            await self._database[POSITIONS].update_one({"_id": self._group}, {"$set": change}, upsert=True)
            self._begun |= fresh


def _name(tp: TopicPartition) -> str:
    """A partition as a field name: Mongo reads dots as levels."""
    return f"{tp.topic}-{tp.partition}".replace(".", ":")
