"""Scopes on the real database: by whole segments of the unit tree, oneself and one's reports, and nothing else."""

from __future__ import annotations

import pytest
from kinara.kit.mongo import Database
from kinara.kit.scope import PUBLIC, SYSTEM, Scope
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
def test_a_scope_covers_the_units_that_it_shows(scope: Scope, seen: set[str]) -> None:
    if scope.own is None:
        assert {id_ for id_, letter in TREE.items() if scope.covers(letter.unit_path)} == seen


def test_a_scope_narrowed_to_a_unit_shows_what_both_show() -> None:
    city = Scope(paths=("/16.71",), own="e-city")
    assert city.narrowed("/16.71/plaju") == Scope(paths=("/16.71/plaju",))
    assert city.narrowed("/16.710") == Scope()
