"""Units: what personnel says of them, and which belong to one government."""

from __future__ import annotations

import pytest
from kinara.contracts import Province
from kinara.contracts.personnel import UnitChanged
from training.domain import unit as units
from training.domain.refusals import UnitClosed

UNIT = "0197a000-0000-7000-8000-0000000000a1"


def changed(**facts: object) -> UnitChanged:
    said = {"province": Province(code="96"), "unit_path": "/96.71/dinkes", "unit_id": UNIT, "name": "Dinas Kesehatan"}
    return UnitChanged.model_validate(said | facts)


def test_a_unit_is_what_personnel_says_it_is() -> None:
    unit, effect = units.follow_unit(units.blank(UNIT, "16"), changed())

    assert (unit.name, unit.unit_path, unit.province.code, unit.active) == (
        "Dinas Kesehatan", "/96.71/dinkes", "96", True,
    )  # fmt: skip
    assert effect == {"did": "changed", "unit_path": "/96.71/dinkes", "active": True}


def test_a_closed_unit_and_one_never_heard_of_are_refused() -> None:
    closed, _ = units.follow_unit(units.blank(UNIT, "16"), changed(active=False))

    for unit in (closed, units.blank(UNIT, "16")):
        with pytest.raises(UnitClosed) as refusal:
            units.refuse_closed(unit)
        assert refusal.value.field == "unit_id"


@pytest.mark.parametrize(
    ("path", "other", "same"),
    [
        ("/16.71", "/16.71/plaju/pelayanan", True),
        ("/16.71/plaju", "/16.71/ilir", True),
        ("/16.71", "/96.71", False),
        ("/16.71", "/16.710", False),
        ("/17", "/17.71", False),
    ],
)
def test_a_government_is_everything_below_one_root(path: str, other: str, same: bool) -> None:
    assert units.same_government(path, other) is same
