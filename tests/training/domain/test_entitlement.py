"""The right to further training: earned once, used once, within a year."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import AwardGranted
from training.domain.entitlement import Entitlement, earn, give_back, use, valid_on
from training.domain.refusals import NoEntitlement

AWARD = "0197a000-0000-7000-8000-0000000000f1"


def award(**change: Any) -> AwardGranted:
    facts: dict[str, Any] = {
        "province": Province(code="62"), "unit_path": "/62.71/dukcapil", "employee_id": AWARD, "award_id": AWARD,
        "award": "Penanganan pengaduan terbaik", "period": "2026-Q4", "granted_on": date(2027, 1, 5),
        "grants": "training",
    }  # fmt: skip
    return AwardGranted(**facts | change)


@pytest.fixture
def earned() -> tuple[Entitlement, ...]:
    return earn((), award())


def test_an_award_that_grants_training_earns_a_right_with_its_reason_for_a_year(
    earned: tuple[Entitlement, ...],
) -> None:
    (right,) = earned

    assert (right.id, right.granted_on, right.expires_on) == (AWARD, date(2027, 1, 5), date(2028, 1, 5))
    assert right.reason == "Hak pelatihan lanjutan dari penghargaan Penanganan pengaduan terbaik, periode 2026-Q4."


def test_the_same_award_earns_one_right_and_another_kind_of_award_none(earned: tuple[Entitlement, ...]) -> None:
    assert earn(earned, award()) is earned
    assert earn((), award(grants="award")) == ()


def test_a_right_of_a_leap_day_ends_on_a_day_that_exists() -> None:
    assert earn((), award(granted_on=date(2028, 2, 29)))[0].expires_on == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("day", "valid"),
    [(date(2027, 1, 4), False), (date(2027, 1, 5), True), (date(2028, 1, 5), True), (date(2028, 1, 6), False)],
)
def test_it_can_be_used_from_its_day_to_its_last(earned: tuple[Entitlement, ...], day: date, valid: bool) -> None:
    assert (valid_on(earned, day) is not None) is valid
    if not valid:
        with pytest.raises(NoEntitlement):
            use(earned, "e1", day)


def test_it_is_used_once_and_comes_back_with_a_place_that_was_lost(earned: tuple[Entitlement, ...]) -> None:
    used = use(earned, "e1", date(2027, 3, 1))

    assert (used[0].used_on, used[0].used_for) == (date(2027, 3, 1), "e1")
    with pytest.raises(NoEntitlement):
        use(used, "e2", date(2027, 3, 2))
    assert give_back(used, "e1") == earned
    assert give_back(used, "e2") == used


def test_of_several_the_one_that_ends_first_is_used() -> None:
    later = earn((), award(award_id="0197a000-0000-7000-8000-0000000000f0", granted_on=date(2027, 2, 1)))
    both = earn(later, award())

    assert [one.used_for for one in use(both, "e1", date(2027, 3, 1))] == [None, "e1"]
