"""What a consumer has in hand: polls that wait to be stored, and those whose offsets are not committed yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, cast

from aiokafka import ConsumerRecord, TopicPartition

from kinara.kit.envelope import Incoming, Raw
from kinara.kit.fold import Folder


class Poll:
    """A poll's records as read, and their places in the partitions."""

    def __init__(self, records: Sequence[ConsumerRecord], folder: Folder, consumer: Any) -> None:
        self.batch = folder.read(cast("Sequence[Raw]", records))  # the library's records have all that a raw one has
        self.begins: dict[TopicPartition, int] = {}
        self.ends: dict[TopicPartition, int] = {}
        for place, of in groupby(records, key=lambda r: (r.topic, r.partition)):  # they come partition by partition
            offsets = [record.offset for record in of]
            self.begins.setdefault(TopicPartition(*place), offsets[0])
            self.ends[TopicPartition(*place)] = offsets[-1] + 1
        self.life = folder.incarnation
        self.consumer = consumer
        """Who polled it, and commits its offsets."""
        self.done = asyncio.Event()


class Polls:
    """Polls in the order in which they came; what waits while others are stored is stored together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._in_hand: list[Poll] = []
        self._waiting: list[Poll] = []
        self._roomy = asyncio.Event()

    def put(self, poll: Poll) -> None:
        """Add a poll to those that wait."""
        self._in_hand.append(poll)
        self._waiting.append(poll)

    async def room(self) -> None:
        """Wait until there is room for another one, and what is in hand is folded: reading would only delay that."""
        while sum(len(waiting.batch) for waiting in self._waiting) >= self._most:
            self._roomy.clear()
            await self._roomy.wait()

    def take(self) -> list[Poll]:
        """The first of those that wait, and as many after it as fit: all of one consumer."""
        taken: list[Poll] = []
        room = self._most
        for poll in self._waiting:
            room -= len(poll.batch)
            if taken and (room < 0 or poll.consumer is not taken[0].consumer):
                break
            taken.append(poll)
        del self._waiting[: len(taken)]
        return taken

    def folded(self) -> None:
        """What was taken is folded, and only being stored: a full poll is read while the database works."""
        self._roomy.set()

    def leave(self) -> None:
        """Leave what waits to whoever reads it next."""
        while taken := self.take():
            self.give_up(taken)

    def give_up(self, polls: Iterable[Poll]) -> None:
        """These are left to whoever reads them next."""
        self.finish(polls)
        self._roomy.set()

    def finish(self, polls: Iterable[Poll]) -> None:
        """These are stored and committed, or given up."""
        for poll in polls:
            if not poll.done.is_set():
                self._in_hand.remove(poll)
                poll.done.set()

    async def finished(self) -> None:
        """Wait until all that is in hand now is stored and committed, or given up."""
        for poll in list(self._in_hand):
            await poll.done.wait()

    def begins(self) -> dict[TopicPartition, int]:
        """The first offset in hand of each partition."""
        return {place: offset for poll in reversed(self._in_hand) for place, offset in poll.begins.items()}


def records_of(polls: Iterable[Poll]) -> list[Incoming]:
    """All records, in order."""
    return [incoming for poll in polls for incoming in poll.batch]


def ends_of(polls: Iterable[Poll]) -> dict[TopicPartition, int]:
    """Where each partition is read on."""
    return {place: offset for poll in polls for place, offset in poll.ends.items()}
