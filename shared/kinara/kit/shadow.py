"""What an inbox would hold if it had only the log: folded once more, beside the live documents, by the same folds.

The live group's committed offsets say what its documents must have seen: effects are stored before offsets are
committed. Below them everything is folded. What comes later, or was put aside as a dead letter, is folded for a
document as soon as that document is seen to have it, so that both can be compared after the very same facts, though
the live one moves on. Nothing is announced and nothing live is changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from typing import Any, Self

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaTimeoutError

from kinara.kit import deadletters, lag, wire
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.documents import LEDGER, Collection, Record
from kinara.kit.envelope import Incoming, Raw
from kinara.kit.fold import Folder
from kinara.kit.held import HELD
from kinara.kit.inbox import Inbox
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.paths import LEFT
from kinara.kit.settings import KafkaUrl
from kinara.kit.stored import Document
from kinara.kit.topics import Registry

BATCH = 2_000
ASIDE = 200_000
"""Most facts that are kept in memory because the live group has not committed them yet."""
LAST_LOOK_MS = 200
SILENCE_S = 30
"""How long a broker may give nothing of what it has."""

_ASKED_OR_OPEN = ("open", "redrive", "discard")
_Aside = dict[tuple[str, int], tuple[Incoming, str | None]]
"""Of one subject, by service and version: facts that are not folded yet, with the id of their dead letter."""


class TooFarBehind(Exception):
    """The live group has so much to read that there is nothing to compare yet."""


class Shadow:
    """One inbox folded from the log into ``scratch``, a corner of its database that this has for itself."""

    def __init__(self, inbox: Inbox, live: Database, scratch: Database, url: KafkaUrl, registry: Registry) -> None:
        self.live = live
        self.scratch = scratch
        self.inbox = inbox
        self.failed: dict[tuple[str, str, int], str] = {}
        """By subject, service and version: what a fold says to a fact that the live one has folded."""
        self.whole = False
        """Whether the log still has its very beginning."""
        self._registry = registry
        self._reader = wire.reader(url)
        self._admin = AIOKafkaAdminClient(**url.client_options())
        self._groups = {
            f"{inbox.name}.{cell}": [
                TopicPartition(registry.topic(cell, service), number)
                for service in registry.groups[inbox.name]
                for number in range(registry.events.partitions)
            ]
            for cell in registry.cells
        }
        self._group_of = {place: group for group, places in self._groups.items() for place in places}
        self._folder = Folder(_quiet(inbox, live), scratch, inbox.name, registry.services)
        self._life = ""
        self._below: dict[TopicPartition, int] = {}
        self._letters: dict[str, Document] = {}
        self._aside: dict[str, _Aside] = {}

    async def __aenter__(self) -> Self:
        await self._admin.start()
        await self._reader.start()
        self._life = str((await self._admin.describe_cluster())["cluster_id"])
        await self._drop()
        await self._folder.prepare()
        await self.scratch[LEDGER].create_index([("subject", 1), ("_id", 1)])
        begins = await self._reader.beginning_offsets(list(self._group_of))
        self.whole = not any(begins.values())
        self._reader.assign(list(self._group_of))
        for place, begin in begins.items():
            self._reader.seek(place, begin)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._reader.stop()
        await self._admin.close()
        await self._drop()

    async def _drop(self) -> None:
        """Forget this fold, or what one has left that was killed."""
        for name in (*(c.name for c in self.inbox.stores), LEDGER, LEFT.name, HELD, DEAD_LETTERS, OUTBOX):
            await self.scratch[name].drop()

    async def length(self) -> int:
        """How many records the log has at the moment."""
        places = list(self._group_of)
        begins, ends = await self._reader.beginning_offsets(places), await self._reader.end_offsets(places)
        return sum(ends[place] - begins[place] for place in places)

    async def advance(self, moved: Callable[[int], None] = lambda _: None) -> None:
        """Fold what the live group has committed by now; a document that is loaded after this has seen it too."""
        await self._look_at_letters()
        for group, places in self._groups.items():
            for place, offset in (await lag.committed(self._admin, group, places)).items():
                self._below[place] = max(offset, self._below.get(place, 0))
        await self._drain()
        await self._read(self._below, moved)
        await self._drain()

    async def beside(self, collection: Collection[Any], documents: Sequence[Document]) -> dict[str, Record[Any]]:
        """What the log makes of these live documents after the facts that each of them has seen, as far as it can.

        What the live group has seen is in the log by now, so that reading to the log's end is enough.
        """
        for again in (False, True):
            folded = await self._find(collection, documents)
            late = {d["_id"]: d["seen"] for d in documents if _lacks(folded.get(d["_id"]), d["seen"])}
            if late and again:
                await self._look_at_letters()
                await self._read_on()
            if await self._feed(late):
                folded = await self._find(collection, documents)
        return folded

    def speaks_of(self, subject: str) -> bool:
        """Whether there are facts about it that the live group may not have folded."""
        return subject in self._aside

    def why_not(self, subject: str, service: str, version: int) -> str:
        """Why a fact could not be folded that the live document has seen."""
        return self.failed.get((subject, service, version), "not in the log")

    async def _find(self, collection: Collection[Any], documents: Iterable[Document]) -> dict[str, Record[Any]]:
        found = await self.scratch.find_by_ids(collection.name, [d["_id"] for d in documents])
        return {id_: collection.read(document) for id_, document in found.items()}

    async def _look_at_letters(self) -> None:
        """The inbox's dead letters by what they are about, whichever cell's group has put them aside."""
        letters = await self.live.find(DEAD_LETTERS, {}, sort=[("at", 1)])
        ours = (d for d in letters if d["group"].rpartition(".")[0] == self.inbox.name)
        self._letters = {d["_id"].removeprefix(d["group"]): d for d in ours}

    def _letter_of(self, incoming: Incoming, group: str) -> str | None:
        """What was decided about a fact holds wherever it is said; that it is open, only where it was put aside."""
        id_ = deadletters.identity(incoming, "", self._life)
        letter = self._letters.get(id_)
        ours = letter is not None and (letter["group"] == group or letter["status"] not in _ASKED_OR_OPEN)
        return id_ if ours else None

    async def _read(self, until: Mapping[TopicPartition, int], moved: Callable[[int], None] = lambda _: None) -> None:
        """Read on to these offsets."""
        heard = time.monotonic()
        while short := [place for place, end in until.items() if await self._reader.position(place) < end]:
            count = await self._poll(short, 500)
            if count:
                heard = time.monotonic()
                moved(count)
            elif time.monotonic() - heard > SILENCE_S:
                raise KafkaTimeoutError(f"nothing came within {SILENCE_S} s of what {short[0].topic} holds")

    async def _read_on(self) -> None:
        """Read on to the log's end; the last fetch knows it better than Tansu does when it is asked."""
        places = list(self._group_of)
        await self._read(await self._reader.end_offsets(places))
        await self._poll(places, LAST_LOOK_MS)
        await self._read({place: int(self._reader.highwater(place) or 0) for place in places})

    async def _poll(self, places: Sequence[TopicPartition], timeout_ms: int) -> int:
        """Fold what comes if the live group has committed it, keep the rest aside; how much it was."""
        some = await self._reader.getmany(*places, timeout_ms=timeout_ms, max_records=BATCH)
        records = [record for part in some.values() for record in part]
        await self._sort(records)
        return len(records)

    async def _sort(self, records: Iterable[ConsumerRecord]) -> None:
        raws = [Raw(r.topic, r.partition, r.offset, r.key, r.value, tuple(r.headers)) for r in records]
        batch = []
        for incoming in self._folder.read(raws):
            place = TopicPartition(incoming.raw.topic, incoming.raw.partition)
            letter = self._letter_of(incoming, self._group_of[place])
            stamp = incoming.stamp
            if stamp is None and letter is not None:
                stamp = self._folder.again(self._letters[letter]).stamp
            if stamp is None:
                continue  # nobody can say whom it is about, so it has changed nothing
            if letter is None and incoming.raw.offset < self._below[place]:
                batch.append(incoming)
                continue
            aside = self._aside.setdefault(stamp.subject.id, {})
            aside.setdefault((stamp.service, stamp.version), (incoming, letter))
        if sum(map(len, self._aside.values())) > ASIDE:
            raise TooFarBehind(f"more than {ASIDE} facts are not committed yet by {', '.join(self._groups)}")
        await self._take(batch)

    async def _drain(self) -> None:
        """Fold what was aside and is committed by now, and dead letters that are settled."""
        batch = []
        for puts in self._aside.values():
            for version, (incoming, letter) in sorted(puts.items()):
                if letter is None:
                    place = TopicPartition(incoming.raw.topic, incoming.raw.partition)
                    if incoming.raw.offset < self._below[place]:
                        batch.append(incoming)
                        del puts[version]
                elif self._letters[letter]["status"] not in _ASKED_OR_OPEN:
                    batch.append(self._folder.again(self._letters[letter]))
        self._aside = {subject: puts for subject, puts in self._aside.items() if puts}
        await self._take(batch)

    async def _feed(self, seen: Mapping[str, Mapping[str, int]]) -> bool:
        """Fold what is aside for these subjects up to the versions seen; whether there was anything."""
        batch = []
        for subject, versions in seen.items():
            for (service, version), (incoming, letter) in sorted(self._aside.get(subject, {}).items()):
                if version <= versions.get(service, 0):
                    kept = self._letters[letter] if letter else None
                    mended = kept is not None and kept["status"] != "open"
                    batch.append(self._folder.again(kept) if kept is not None and mended else incoming)
        await self._take(batch)
        return bool(batch)

    async def _take(self, batch: Sequence[Incoming]) -> None:
        for start in range(0, len(batch), BATCH):
            outcome = await self._folder.take(batch[start : start + BATCH])
            for dead in outcome.dead:
                if dead.stamp is not None:
                    place = (dead.stamp.subject.id, dead.stamp.service, dead.stamp.version)
                    self.failed[place] = type(dead.problem).__name__


def _quiet(inbox: Inbox, live: Database) -> Inbox:
    """The same folds, which look up what the live ones do and announce nothing."""
    told = copy(inbox)
    told.announces = {}
    told.knows = lambda _: inbox.knows(live)
    return told


def _lacks(folded: Record[Any] | None, seen: Mapping[str, int]) -> bool:
    return any(version > (folded.seen.get(service, 0) if folded else 0) for service, version in seen.items())
