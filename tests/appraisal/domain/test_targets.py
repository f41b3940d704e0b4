"""Targets: agreed or changed before the work, late only with a reason, and never afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from appraisal.domain.refusals import InvalidIndicator, InvalidPeriod, PeriodOver, TargetChangeNeedsReason
from appraisal.domain.tallies import Target
from kinara.contracts.personnel import EmployeeTransferred

D = Decimal
SERVICES = Target("Layanan", "layanan", "max", D(500), D(1))


def test_an_agreed_target_stands_in_its_period_and_scores_nothing_yet(agree, blank):
    card, effect, event = agree(blank)
    assert card.months["2026-11"].targets == {"s": SERVICES}
    assert card.scores["2026-11"].components["K"] is None
    assert (effect["part"], effect["deltas"]) == ("K", {"2026-11": {"K": D(0)}})
    assert effect["note"] == "Target Layanan disepakati: 500 layanan."
    assert event is None


def test_a_target_changed_in_a_later_month_replaces_the_agreed_one(agree, blank_in_sorong):
    card, _, _ = agree(blank_in_sorong, period="2026-Q4", on=date(2026, 10, 1))
    card, _, _ = agree(
        card, period="2026-Q4", on=date(2026, 12, 1), target=replace(SERVICES, target=D(300)), reason="SDM"
    )
    assert [month.targets["s"].target for month in card.months.values()] == [300]


def test_a_target_taken_along_to_a_quarterly_unit_is_changed_where_it_stands(agree, agreed, say, fold_all):
    moved, _ = fold_all(agreed, say(EmployeeTransferred, unit_path="/96.71/dinkes"))
    card, effect, _ = agree(moved, period="2026-Q4", target=replace(SERVICES, target=D(300)), reason="pindah")
    assert effect["month"] == "2026-11"
    assert [month.targets["s"].target for month in card.months.values()] == [300]


@pytest.mark.parametrize(
    ("on", "reason", "allowed"),
    [
        pytest.param(date(2026, 11, 7), None, True, id="in the first quarter of the period"),
        pytest.param(date(2026, 11, 8), None, False, id="after it without a reason"),
        pytest.param(date(2026, 11, 8), "  ", False, id="after it with an empty reason"),
        pytest.param(date(2026, 11, 8), "Sistem baru", True, id="after it with a reason"),
    ],
)
def test_a_target_changes_late_only_with_a_reason(agree, agreed, on, reason, allowed):
    change = {"target": replace(SERVICES, target=D(300)), "on": on, "reason": reason}
    if allowed:
        card, effect, _ = agree(agreed, **change)
        assert card.months["2026-11"].targets["s"].target == 300
        assert effect["inputs"]["reason"] == reason
    else:
        with pytest.raises(TargetChangeNeedsReason) as refused:
            agree(agreed, **change)
        assert refused.value.field == "reason"


def test_a_new_target_is_agreed_late_only_with_a_reason(agree, blank):
    with pytest.raises(TargetChangeNeedsReason) as refused:
        agree(blank, on=date(2026, 11, 8))
    assert refused.value.field == "reason"
    card, effect, _ = agree(blank, on=date(2026, 11, 8), reason="Pegawai baru")
    assert "s" in card.months["2026-11"].targets
    assert effect["inputs"]["reason"] == "Pegawai baru"


@pytest.mark.parametrize("known", [False, True], ids=["new", "changed"])
def test_no_target_is_agreed_for_a_period_that_is_over(agree, agreed, blank, known):
    card = agreed if known else blank
    with pytest.raises(PeriodOver) as refused:
        agree(card, on=date(2026, 12, 1), reason="Dialog kinerja")
    assert refused.value.field == "period"
    assert "30-11-2026" in refused.value.message
    agree(card, on=date(2026, 11, 30), reason="Dialog kinerja")


def test_a_quarter_is_over_with_its_last_month(agree, blank_in_sorong):
    agree(blank_in_sorong, period="2026-Q4", on=date(2026, 12, 31), reason="Dialog kinerja")
    with pytest.raises(PeriodOver):
        agree(blank_in_sorong, period="2026-Q4", on=date(2027, 1, 1), reason="Dialog kinerja")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        pytest.param({"code": "a.b"}, "code", id="a dot in the code"),
        pytest.param({"code": ""}, "code", id="no code"),
        pytest.param({"target": replace(SERVICES, name="   ")}, "name", id="blank name"),
        pytest.param({"target": replace(SERVICES, name="\u200b" * 3)}, "name", id="invisible name"),
        pytest.param({"target": replace(SERVICES, unit=" ")}, "unit", id="blank unit"),
        pytest.param({"target": replace(SERVICES, target=D(0))}, "target", id="target nought"),
        pytest.param({"target": replace(SERVICES, target=D("NaN"))}, "target", id="target not a number"),
        pytest.param({"target": replace(SERVICES, weight=D(0))}, "weight", id="weight nought"),
        pytest.param({"target": replace(SERVICES, weight=D("1.01"))}, "weight", id="weight above one"),
    ],
)
def test_an_indicator_that_cannot_be_measured_is_refused(agree, blank, facts, field):
    with pytest.raises(InvalidIndicator) as refused:
        agree(blank, **facts)
    assert refused.value.field == field


def test_a_target_is_agreed_for_a_period_that_the_unit_appraises(agree, blank):
    with pytest.raises(InvalidPeriod) as refused:
        agree(blank, period="2026-Q4")
    assert refused.value.field == "period"
    assert "2026-12" in refused.value.message
