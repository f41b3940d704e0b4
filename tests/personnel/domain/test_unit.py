"""The unit tree: paths, moves, cycles, depth and superiors."""

from __future__ import annotations

from dataclasses import replace

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts import Province
from personnel.domain.refusals import AlreadyClosed, InvalidUnit, UnitCycle, UnitTooDeep
from personnel.domain.unit import MAX_DEPTH, Unit, appoint_leader, close, create, move, rename, superior_of
from pydantic import TypeAdapter

SUMSEL, BENGKULU = Province(code="16"), Province(code="17")


def _id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def _unit(number: int, code: str, parent: Unit | None = None, province: Province = SUMSEL) -> Unit:
    stated = None if parent else province
    unit, _ = create(_id(number), code=code, name=code.title(), parent=parent, province=stated)
    return unit


def test_a_unit_below_another_has_its_path_and_province() -> None:
    root = _unit(1, "16.71")
    plaju, event = create(_id(2), code="plaju", name="Kecamatan Plaju", parent=root)
    assert (plaju.unit_path, plaju.province, plaju.depth) == ("/16.71/plaju", SUMSEL, 2)
    assert (event.unit_path, event.parent_id, event.name, event.active) == (
        plaju.unit_path,
        root.id,
        "Kecamatan Plaju",
        True,
    )


def test_a_province_that_is_not_the_parents_is_refused_rather_than_ignored() -> None:
    root = _unit(1, "16.71")
    with pytest.raises(InvalidUnit) as refused:
        create(_id(2), code="plaju", name="Plaju", parent=root, province=BENGKULU)
    assert (refused.value.field, "16" in refused.value.message) == ("province", True)
    stated, _ = create(_id(2), code="plaju", name="Plaju", parent=root, province=SUMSEL)
    assert stated == create(_id(2), code="plaju", name="Plaju", parent=root)[0]


def test_the_root_of_a_government_states_its_province() -> None:
    with pytest.raises(InvalidUnit) as refused:
        create(_id(1), code="16.71", name="Kota Palembang", parent=None)
    assert refused.value.field == "province"


@pytest.mark.parametrize("code", ["", "a/b", "pelayanan umum", "x" * 41, "plaju\n", "é"])
def test_a_segment_that_no_path_can_hold_is_refused(code: str) -> None:
    with pytest.raises(InvalidUnit):
        _unit(1, code)


def test_a_unit_has_a_name() -> None:
    with pytest.raises(InvalidUnit):
        create(_id(1), code="x", name="  ", parent=None, province=SUMSEL)


def test_the_deepest_level_is_twelve() -> None:
    unit = _unit(1, "16.71")
    for level in range(2, MAX_DEPTH + 1):
        unit = _unit(level, f"u{level}", unit)
    assert unit.depth == 12
    with pytest.raises(UnitTooDeep):
        _unit(99, "one-more", unit)


def test_renaming_announces_only_a_difference() -> None:
    root = _unit(1, "16.71")
    renamed, event = rename(root, "Pemerintah Kota Palembang")
    assert event is not None
    assert (renamed.unit_path, event.name) == (root.unit_path, "Pemerintah Kota Palembang")
    assert rename(renamed, "Pemerintah Kota Palembang") == (renamed, None)


def test_a_leader_comes_and_goes_and_a_unit_closes() -> None:
    led, event = appoint_leader(_unit(1, "16.71"), _id(50))
    assert event is not None
    assert event.leader_id == _id(50)
    assert appoint_leader(led, _id(50))[1] is None
    closed, closing = close(led)
    assert closing is not None
    assert (closing.active, closed.active) == (False, False)
    with pytest.raises(AlreadyClosed) as refused:
        close(closed)
    assert (refused.value.field, "sudah ditutup" in refused.value.message) == ("id", True)


def test_moving_a_unit_takes_everything_below_it_along() -> None:
    root, other = _unit(1, "16.71"), _unit(9, "17", province=BENGKULU)
    plaju = _unit(2, "plaju", root)
    ulu, rt = _unit(3, "plaju-ulu", plaju), _unit(4, "rt-1", _unit(3, "plaju-ulu", plaju))
    stranger = _unit(5, "plaju-x", root)
    moved = move(plaju, other, [rt, stranger, ulu, plaju])
    assert [(p.unit_id, p.old, p.new) for p in moved.paths] == [
        (plaju.id, "/16.71/plaju", "/17/plaju"),
        (ulu.id, "/16.71/plaju/plaju-ulu", "/17/plaju/plaju-ulu"),
        (rt.id, "/16.71/plaju/plaju-ulu/rt-1", "/17/plaju/plaju-ulu/rt-1"),
    ]
    assert [u.province for u in moved.units] == [BENGKULU] * 3
    assert [u.parent_id for u in moved.units] == [other.id, plaju.id, ulu.id]
    assert [e.unit_path for e in moved.events] == [p.new for p in moved.paths]


def test_a_move_to_where_it_stands_changes_nothing() -> None:
    root = _unit(1, "16.71")
    assert move(_unit(2, "plaju", root), root).events == ()


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_unit_cannot_come_to_stand_below_itself(depth: int) -> None:
    chain = [_unit(1, "16.71")]
    for number in (2, 3):
        chain.append(_unit(number, f"u{number}", chain[-1]))
    with pytest.raises(UnitCycle):
        move(chain[0], chain[depth])


def test_a_sibling_whose_code_begins_alike_is_not_below() -> None:
    root = _unit(1, "16.71")
    plaju, plaju_two = _unit(2, "plaju", root), _unit(3, "plaju-2", root)
    assert not plaju_two.is_within(plaju)
    assert move(plaju, plaju_two).units[0].unit_path == "/16.71/plaju-2/plaju"


def test_a_move_that_would_push_descendants_too_deep_is_refused() -> None:
    deep = _unit(1, "a")
    for level in range(2, MAX_DEPTH):
        deep = _unit(level, f"u{level}", deep)
    root = _unit(50, "b")
    below = _unit(51, "c", root)
    with pytest.raises(UnitTooDeep):
        move(root, deep, [below])


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_after_any_move_paths_still_agree_with_parents(parents: list[int]) -> None:
    units = [_unit(0, "root")]
    for number, parent in enumerate(parents, start=1):
        units.append(_unit(number, f"u{number}", units[min(parent, number - 1)]))
    target = _unit(77, "target", _unit(70, "other"))
    tree = {u.id: u for u in [*units, target]} | {u.id: u for u in move(units[1], target, units).units}
    for unit in tree.values():
        if unit.parent_id in tree:
            assert unit.unit_path == f"{tree[unit.parent_id].unit_path}/{unit.code}"


def test_the_superior_is_the_nearest_leader_who_is_somebody_else() -> None:
    root = replace(_unit(1, "16.71"), leader_id=_id(90))
    plaju = replace(_unit(2, "plaju", root), leader_id=_id(91))
    vacant = _unit(3, "plaju-ulu", plaju)
    chain = [vacant, plaju, root]
    assert superior_of(_id(5), chain) == _id(91)
    assert superior_of(_id(91), chain) == _id(90)
    assert superior_of(_id(90), [root]) is None


def test_a_unit_survives_the_database() -> None:
    adapter = TypeAdapter(Unit)
    unit = replace(_unit(2, "plaju", _unit(1, "16.71")), leader_id=_id(9), source_id="A8ACA7CD3C7F3912E040640A04026900")
    stored = bson.decode(bson.encode(adapter.dump_python(unit)))
    assert adapter.validate_python(stored) == unit
