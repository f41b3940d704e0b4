"""What a batch has in hand while it is folded: the documents of its subjects, and what it came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kinara.kit.documents import Collection, Record
from kinara.kit.envelope import Incoming
from kinara.kit.stored import Document

PART, PARTS = 500, 2
"""Facts that are worth a transaction of their own, and transactions at a time."""


@dataclass(slots=True)
class Open:
    """A subject's document while a batch is folded into it."""

    collection: Collection[Any]
    before: Record[Any]
    state: Any
    seen: dict[str, int]
    careful: bool
    """Whether each effect is tried before it is taken."""
    rows: list[Document] = field(default_factory=list)
    waits: tuple[str, ...] = ()
    last: Incoming | None = None
    held: bool = False
    """Whether facts wait for it that did not before."""

    @property
    def changed(self) -> bool:
        """Whether it must be written; also if only to be sure that nobody fills the gap at the same moment."""
        return self.last is not None or self.held or self.waits != self.before.waits


@dataclass(slots=True)
class Outcome:
    """What a batch came to; for the cache and the metrics."""

    folded: list[Incoming] = field(default_factory=list)
    repeats: int = 0
    ignored: int = 0
    waiting: int = 0
    dead: list[Incoming] = field(default_factory=list)
    records: dict[str, Record[Any]] = field(default_factory=dict)


def reached(batch: Iterable[Incoming], opened: Mapping[str, Open]) -> list[str]:
    """Subjects of which a gap may close: the batch has the very next fact of a service whose later ones wait."""
    reached = set()
    for stamp in (incoming.stamp for incoming in batch):
        subject = opened.get(stamp.subject.id) if stamp is not None else None
        if stamp is None or subject is None or stamp.service not in subject.waits:
            continue
        if stamp.version == subject.seen.get(stamp.service, 0) + 1:
            reached.add(stamp.subject.id)
    return sorted(reached)


def parts(batch: Sequence[Incoming]) -> list[list[Incoming]]:
    """A large batch in parts that have no subject in common, so that one is folded while another is being stored.

    What is about one subject stays together and in order, as do records that tell none. The parts are about as large as
    that allows: all wait for the largest. Small batches stay whole, since a transaction has its price.
    """
    count = min(PARTS, len(batch) // PART)
    if count <= 1:
        return [list(batch)]
    about: dict[str, list[Incoming]] = {}
    for incoming in batch:
        about.setdefault(incoming.stamp.subject.id if incoming.stamp else "", []).append(incoming)
    found: list[list[Incoming]] = [[] for _ in range(count)]
    for facts in sorted(about.values(), key=len, reverse=True):
        min(found, key=len).extend(facts)
    return [part for part in found if part]
