"""What a service hears, declared in its ``consumers.py``: pure folds, one for each kind of fact.

``Inbox`` holds the declaration; ``fold.py`` runs it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from kinara.contracts import Event, SubjectKind
from kinara.kit.documents import Collection
from kinara.kit.mongo import Database
from kinara.kit.stored import Document

E = TypeVar("E", bound=Event)
S = TypeVar("S")

Fold = Callable[[Any, Any, Any], tuple[Any, Document]]
"""``(state, event, known) -> (state, effect)``; pure."""

Announce = Callable[[Any, Any, Any], Sequence[Event]]
"""``(state before the batch, state after, known) -> facts to publish``; pure."""

Rebuilt = Callable[[Any, Any, Sequence[Document], Any], tuple[Any, Document]]
"""``(state, state folded from the log alone, its effects, known) -> (state put right, effect)``; pure.

What follows from the log is taken from the second state, everything else stays. The effect tells, like that of a fold,
what being put right did; ``effects`` are those that it comes after, or none if nobody asks for it.
"""


async def nothing(_database: Database) -> None:
    """The ``knows`` of an inbox whose folds need nothing but state and event."""


class Inbox:
    """One consumer group's folds: what it hears, and what each fact does to the state of its subject.

    ``name`` is ``<service>.<purpose>``, listed in ``deploy/topics.yaml``. ``knows`` loads what the folds may look up
    (policies, for instance); it is called for each batch and caches as it sees fit.
    """

    def __init__(self, name: str, *, knows: Callable[[Database], Awaitable[Any]] = nothing) -> None:
        self.name = name
        self.knows = knows
        self.types: dict[str, type[Event]] = {}
        self.folds: dict[tuple[str, SubjectKind], Fold] = {}
        self.collections: dict[SubjectKind, Collection[Any]] = {}
        self.announces: dict[str, Announce] = {}
        self.rebuilt: dict[str, Rebuilt] = {}

    @property
    def stores(self) -> tuple[Collection[Any], ...]:
        """Each collection once, though it may keep employees and units alike."""
        return tuple(dict.fromkeys(self.collections.values()))

    def on(
        self, event: type[E], into: Collection[S]
    ) -> Callable[[Callable[[S, E, Any], tuple[S, Document]]], Callable[[S, E, Any], tuple[S, Document]]]:
        """Register the fold of one kind of fact into the collection that keeps its subjects."""

        def register(fold: Callable[[S, E, Any], tuple[S, Document]]) -> Callable[[S, E, Any], tuple[S, Document]]:
            for kind in into.about:
                if (event.type(), kind) in self.folds:
                    raise ValueError(f"{event.type()} about a {kind} has a fold already")
                if self.collections.setdefault(kind, into) is not into:
                    raise ValueError(f"facts about a {kind} go into {self.collections[kind].name} already")
                self.folds[event.type(), kind] = fold
            if into.blank is None:
                raise ValueError(f"{into.name} needs a blank state for subjects heard of for the first time")
            self.types[event.type()] = event
            return fold

        return register

    def rebuilds(self, collection: Collection[S]) -> Callable[[Rebuilt], Rebuilt]:
        """Register what of a state follows from the log alone; without it, all of it does.

        A log gives the order of one service's facts about one subject, and no more: what also depends on commands, or
        on the order between services, is not the log's to say.
        """

        def register(rebuilt: Rebuilt) -> Rebuilt:
            self.rebuilt[collection.name] = rebuilt
            return rebuilt

        return register

    def announce(self, collection: Collection[S]) -> Callable[[Announce], Announce]:
        """Register what is said when a batch has changed a state; called once for each changed document."""

        def register(announce: Announce) -> Announce:
            self.announces[collection.name] = announce
            return announce

        return register
