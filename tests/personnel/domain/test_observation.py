"""What a source's record of a known employee leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from personnel.domain.employee import Employee
from personnel.domain.observation import observe, rank_was_raised
from personnel.domain.profile import Decree, Placement, Profile
from personnel.domain.unit import Unit

CAMAT, SEKDA = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"
TODAY = date(2026, 5, 1)


def _said(events: tuple[object, ...]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_the_same_record_again_says_nothing(employee: Employee, profile: Profile, plaju: Unit) -> None:
    assert observe(employee, profile, Placement.at(plaju, CAMAT), TODAY, "hash-1") == (employee, ())


def test_a_raised_rank_is_a_promotion_with_its_decree(employee: Employee, profile: Profile, plaju: Unit) -> None:
    raised = replace(profile, golongan="III/d", golongan_since=date(2026, 4, 1), jenjang="MA")
    decree = Decree(number="823/2026/001", promotion_kind="101")
    assert rank_was_raised(employee, raised)
    now, events = observe(employee, raised, Placement.at(plaju, CAMAT), TODAY, "hash-2", decree)
    assert _said(events) == ["EmployeePromoted"]
    assert (now.golongan, now.golongan_since, now.jenjang) == ("III/d", date(2026, 4, 1), "MA")
    assert now.content_hash == "hash-2"


@pytest.mark.parametrize(
    ("kind", "golongan"), [("PNS", "III/b"), ("PNS", "III/c"), ("PPPK", "XI")], ids=["lower", "same", "PPPK grade"]
)
def test_a_rank_not_raised_is_no_promotion(employee: Employee, profile: Profile, kind: str, golongan: str) -> None:
    assert not rank_was_raised(employee, replace(profile, kind=kind, golongan=golongan))  # type: ignore[arg-type]


def test_a_corrected_lower_rank_is_a_change(employee: Employee, profile: Profile, plaju: Unit) -> None:
    _, events = observe(employee, replace(profile, golongan="III/b"), Placement.at(plaju, CAMAT), TODAY)
    assert _said(events) == ["EmployeeChanged"]


def test_another_unit_is_a_transfer_from_the_stated_tmt(employee: Employee, profile: Profile, palembang: Unit) -> None:
    told = replace(profile, jabatan="Analis Kebijakan Ahli Muda", jabatan_since=date(2026, 3, 1))
    now, events = observe(employee, told, Placement.at(palembang, SEKDA), TODAY)
    assert _said(events) == ["EmployeeTransferred"]
    assert [(held.since, held.supervisor_id) for held in now.postings] == [
        (date(2024, 1, 1), CAMAT),
        (date(2026, 3, 1), SEKDA),
    ]


@pytest.mark.parametrize(
    "tmt",
    [date(2023, 1, 1), date(2024, 1, 1), date(2026, 12, 1), None],
    ids=["before the posting", "the posting's own", "future", "none"],
)
def test_a_tmt_that_cannot_hold_gives_way_to_the_day_of_observation(
    employee: Employee, profile: Profile, palembang: Unit, tmt: date | None
) -> None:
    now, _ = observe(employee, replace(profile, jabatan_since=tmt), Placement.at(palembang, SEKDA), TODAY)
    assert now.postings[-1].since == TODAY


def test_everything_at_once_is_said_in_the_order_of_its_weight(
    employee: Employee, profile: Profile, palembang: Unit
) -> None:
    told = replace(profile, golongan="III/d", golongan_since=date(2026, 4, 1), name="Rizki S.")
    now, events = observe(employee, told, Placement.at(palembang, SEKDA), TODAY, "hash-2")
    assert _said(events) == ["EmployeeTransferred", "EmployeePromoted", "EmployeeChanged"]
    assert observe(now, told, Placement.at(palembang, SEKDA), TODAY, "hash-2") == (now, ())


def test_another_superior_alone_is_a_change(employee: Employee, profile: Profile, plaju: Unit) -> None:
    now, events = observe(employee, profile, Placement.at(plaju, SEKDA), TODAY)
    assert _said(events) == ["EmployeeChanged"]
    assert now.supervisor_id == SEKDA


def test_a_unit_that_moved_in_the_tree_takes_its_people_along_silently(
    employee: Employee, profile: Profile, plaju: Unit
) -> None:
    elsewhere = replace(plaju, unit_path="/16.71/seberang/plaju")
    now, events = observe(employee, profile, Placement.at(elsewhere, CAMAT), TODAY)
    assert (now.unit_path, events) == ("/16.71/seberang/plaju", ())
