"""Scopes on the real database: by whole segments of the unit tree, oneself and one's reports, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from kinara.kit.mongo import Database
from kinara.kit.scope import PUBLIC, SYSTEM, Scope, below
from kinara.kit.work import NotFound, Work
from toy import LETTERS, Letter, add_letter

TREE = {
    "city": Letter("city", "e-city", unit_path="/16.71"),
    "plaju": Letter("plaju", "e-plaju", unit_path="/16.71/plaju", supervisor_id="e-city"),
    "desk": Letter("desk", "e-desk", unit_path="/16.71/plaju/loket", supervisor_id="e-plaju"),
    "plaju2": Letter("plaju2", "e-plaju2", unit_path="/16.71/plaju2", supervisor_id="e-city"),
    "city0": Letter("city0", "e-city0", unit_path="/16.710"),
    "other": Letter("other", "e-other", unit_path="/16.72/plaju"),
}
SCOPES: dict[str, tuple[Scope, set[str]]] = {
    "nothing": (Scope(), set()),
    "a city and all below it": (Scope(paths=("/16.71",)), {"city", "plaju", "desk", "plaju2"}),
    "a district, not its namesake": (Scope(paths=("/16.71/plaju",)), {"plaju", "desk"}),
    "two places": (Scope(paths=("/16.710", "/16.72")), {"city0", "other"}),
    "oneself": (Scope(own="e-desk"), {"desk"}),
    "oneself and one's reports": (Scope(own="e-city", reports_of="e-city"), {"city", "plaju", "plaju2"}),
    "a place, oneself and reports": (
        Scope(paths=("/16.72",), own="e-desk", reports_of="e-city"),
        {"other", "desk", "plaju", "plaju2"},
    ),
    "a place that is none": (Scope(paths=("/16.7",)), set()),
    "the system": (SYSTEM, set(TREE)),
    "the public": (PUBLIC, set(TREE)),
}


@pytest.mark.parametrize(("scope", "seen"), SCOPES.values(), ids=SCOPES.keys())
async def test_what_lies_outside_a_scope_does_not_exist(database: Database, scope: Scope, seen: set[str]) -> None:
    for letter in TREE.values():
        await add_letter(Work(database), letter)
    work = Work(database)
    assert {r.id for r in await work.find(LETTERS, scope, {})} == seen
    assert {r.id for r in await work.find(LETTERS, scope, {"unit_path": "/16.71/plaju"})} == seen & {"plaju"}
    for id_, letter in TREE.items():
        if id_ in seen:
            assert (await work.get(LETTERS, id_, scope)).state == letter
        else:
            with pytest.raises(NotFound):
                await work.get(LETTERS, id_, scope)


@pytest.mark.parametrize(("scope", "seen"), SCOPES.values(), ids=SCOPES.keys())
@pytest.mark.parametrize("direction", [1, -1], ids=["upwards", "downwards"])
async def test_pages_of_a_list_hold_all_that_is_seen_once_and_in_order(
    database: Database, scope: Scope, seen: set[str], direction: int
) -> None:
    for letter in TREE.values():
        await add_letter(Work(database), letter)
    pages: list[str] = []
    beyond, last = ("$gt", "") if direction == 1 else ("$lt", "~")
    while page := await Work(database).find(LETTERS, scope, {"_id": {beyond: last}}, sort=("_id", direction), limit=2):
        pages += [record.id for record in page]
        last = pages[-1]
    assert pages == sorted(seen, reverse=direction < 0)


MEETINGS: dict[str, tuple[Scope, dict[str, Any], list[dict[str, Any]]]] = {
    "the same id": (Scope(own="a"), {"_id": "a"}, [{"_id": "a"}]),
    "another id": (Scope(own="a"), {"_id": "b"}, []),
    "an id on this page": (Scope(own="b"), {"_id": {"$gt": "a"}}, [{"_id": "b"}]),
    "an id on an earlier page": (Scope(own="a"), {"_id": {"$gt": "a"}}, []),
    "an id among many": (Scope(own="b"), {"_id": {"$in": ["a", "b"]}}, [{"_id": "b"}]),
    "a unit above": (Scope(paths=("/1/2",)), below("/1"), [below("/1/2")]),
    "a unit below": (Scope(paths=("/1",)), below("/1/2"), [below("/1/2")]),
    "other fields": (Scope(own="a", reports_of="a"), {"x": 1}, [{"x": 1, "_id": "a"}, {"x": 1, "supervisor_id": "a"}]),
}


@pytest.mark.parametrize(("scope", "query", "asked"), MEETINGS.values(), ids=MEETINGS.keys())
def test_query_and_scope_meet_in_plain_conditions(
    scope: Scope, query: dict[str, Any], asked: list[dict[str, Any]]
) -> None:
    assert scope.narrow(query) == asked


@pytest.mark.parametrize(("scope", "seen"), SCOPES.values(), ids=SCOPES.keys())
def test_a_scope_covers_the_units_that_it_shows(scope: Scope, seen: set[str]) -> None:
    if scope.own is None:
        assert {id_ for id_, letter in TREE.items() if scope.covers(letter.unit_path)} == seen


def test_a_scope_narrowed_to_a_unit_shows_what_both_show() -> None:
    city = Scope(paths=("/16.71",), own="e-city")
    assert city.narrowed("/16.71/plaju") == Scope(paths=("/16.71/plaju",))
    assert city.narrowed("/16.710") == Scope()
