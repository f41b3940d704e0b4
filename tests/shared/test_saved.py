"""What a group of commands has saved: whether a later query would see it, told as fast as it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from kinara.kit import saved as module
from kinara.kit.documents import Collection, Record
from kinara.kit.reads import PLAIN
from kinara.kit.saved import At, Saved


@dataclass(frozen=True)
class Note:
    """A state with values of each kind that queries name."""

    id: str
    topic: Any = None
    number: Any = None


NOTES: Collection[Note] = Collection("notes", Note, scoped=False)
OTHERS: Collection[Note] = Collection("others", Note, scoped=False)

IDS = some.sampled_from(["a", "b", "c", "d"])
VALUES = some.sampled_from(["x", "y", "", 0, 1, True, False, None, Decimal(1), ("x",)])
WANTED = VALUES | some.sampled_from([{"$in": ["x"]}, {"$gt": 0}])
QUERIES = some.fixed_dictionaries(
    {}, optional={"_id": IDS | some.just({"$in": ["a"]}), "topic": WANTED, "number": WANTED, "absent": WANTED}
)
STATES = some.builds(Note, IDS, VALUES, VALUES)


def saved_with(collection: Collection[Note], states: Iterable[Note]) -> Saved:
    return Saved({(collection.name, state.id): (collection, Record(state.id, state)) for state in states})


def agrees_by_looking_at_all(
    records: Mapping[At, tuple[Any, Record[Any]]],
    collection: Collection[Any],
    queries: list[Mapping[str, Any]],
    found: set[str],
    sort: str,
) -> bool:
    """The definition: every saved state against every query."""

    def matches(record: Record[Any], query: Mapping[str, Any]) -> bool | None:
        holds: bool | None = True
        for name, wanted in query.items():
            value = record.id if name == "_id" else getattr(record.state, name, ...)
            if not isinstance(wanted, PLAIN) or not isinstance(value, PLAIN):
                holds = None
            elif value != wanted:
                return False
        return holds

    for (name, id_), (_, record) in records.items():
        if name == collection.name:
            answers = {matches(record, query) for query in queries}
            holds = True if True in answers else None if None in answers else False
            if holds is not (id_ in found) or (holds and sort != "_id"):
                return False
    return True


@given(
    some.lists(some.tuples(some.sampled_from([NOTES, OTHERS]), some.lists(STATES, max_size=3)), max_size=6),
    some.lists(some.lists(QUERIES, max_size=3), min_size=1, max_size=4),
    some.sets(IDS),
    some.sampled_from(["_id", "topic"]),
)
def test_the_answer_is_that_of_looking_at_everything(
    steps: list[tuple[Collection[Note], list[Note]]], asked: list[list[dict[str, Any]]], found: set[str], sort: str
) -> None:
    saved = Saved()
    for collection, states in [(NOTES, []), *steps]:
        saved.add(saved_with(collection, states))
        for queries in asked:
            seen = agrees_by_looking_at_all(saved.records, NOTES, queries, found, sort)
            assert saved.agrees(NOTES, queries, found, sort) == seen


@pytest.mark.parametrize("query", [{"_id": "n{0}"}, {"topic": "t{0}", "number": {"$gt": 1}}], ids=["id", "field"])
def test_a_group_of_four_times_the_size_looks_at_four_times_as_much(
    monkeypatch: pytest.MonkeyPatch, query: dict[str, Any]
) -> None:
    looked_at = 0
    matches = module._matches

    def counted(record: Record[Any], query: Mapping[str, Any]) -> bool | None:
        nonlocal looked_at
        looked_at += 1
        return matches(record, query)

    monkeypatch.setattr(module, "_matches", counted)

    def work_of(size: int) -> int:
        nonlocal looked_at
        looked_at, saved = 0, Saved()
        for at in range(size):
            mine = {name: wanted.format(at) if isinstance(wanted, str) else wanted for name, wanted in query.items()}
            assert saved.agrees(NOTES, [mine], set(), "_id")
            saved.add(saved_with(NOTES, [Note(f"n{at}", f"t{at}")]))
            saved.agrees(NOTES, [mine], {f"n{at}"}, "_id")
        return looked_at

    assert work_of(400) == 4 * work_of(100) <= 4 * 2 * 100
