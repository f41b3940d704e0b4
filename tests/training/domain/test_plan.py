"""Annual plans: from need, agreed within the budget, and followed by the sessions that are in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from kinara.contracts import Province
from training.domain import budget as budgets
from training.domain import plan as plans
from training.domain.need import Demand
from training.domain.plan import Plan, Wish
from training.domain.programme import Programme
from training.domain.record import ANNUAL_HOURS, HoursOfYear
from training.domain.refusals import InvalidPlan, PlanNotAgreed, PlanOverBudget, UnitClosed
from training.domain.unit import Unit

UNIT = Unit(id="u1", name="BKPSDM", province=Province(code="16"), unit_path="/16.71", active=True)
DEMAND = [Demand(topic="pelayanan", needs=7, employees=5), Demand(topic="teknis", needs=2, employees=2)]
TODAY = date(2026, 2, 1)


def wish(programme: Programme, **change: object) -> Wish:
    asked: dict[str, object] = {"topic": "pelayanan", "seats": 30, "cost": Decimal(15_000_000)}
    return Wish(programme_id=programme.id, **asked | change)  # type: ignore[arg-type]


@pytest.fixture
def plan(programme: Programme) -> Plan:
    return plans.draft(UNIT, 2026, [wish(programme)], {programme.id: programme}, DEMAND)


def test_a_line_says_from_which_need_it_comes(plan: Plan, programme: Programme) -> None:
    (line,) = plan.lines

    assert (plan.id, plan.state, plan.cost) == ("2026/16.71", "draft", 15_000_000)
    assert (line.title, line.topic, line.needs, line.employees) == (programme.title, "pelayanan", 7, 5)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"topic": "perilaku"}, "lines", id="a need that it does not serve"),
        pytest.param({"seats": 0}, "lines", id="no seats"),
        pytest.param({"cost": Decimal("0.5")}, "lines", id="half a rupiah"),
        pytest.param({"programme_id": "unknown"}, "lines", id="no such programme"),
    ],
)
def test_a_line_that_cannot_be_is_refused(programme: Programme, change: dict[str, object], field: str) -> None:
    asked = replace(wish(programme), **change)  # type: ignore[arg-type]
    with pytest.raises(plans.InvalidPlan if "cost" not in change else Exception) as refusal:
        plans.draft(UNIT, 2026, [asked], {programme.id: programme}, DEMAND)
    assert refusal.value.field == field  # type: ignore[attr-defined]


def test_a_plan_has_each_programme_once_and_a_year_that_can_be(programme: Programme) -> None:
    known = {programme.id: programme}
    for wishes, year in [
        ([], 2026),
        ([wish(programme)] * 2, 2026),
        ([wish(programme)], 2019),
        ([wish(programme)], 3000),
    ]:
        with pytest.raises(InvalidPlan):
            plans.draft(UNIT, year, wishes, known, DEMAND)
    with pytest.raises(InvalidPlan):
        plans.draft(UNIT, 2026, [wish(programme)], {programme.id: replace(programme, active=False)}, DEMAND)
    with pytest.raises(UnitClosed):
        plans.draft(replace(UNIT, active=False), 2026, [wish(programme)], known, DEMAND)


def test_a_plan_is_agreed_within_the_budget_and_once(plan: Plan) -> None:
    enough, short = (budgets.set_up(UNIT, 2026, Decimal(amount)) for amount in (15_000_000, 14_999_999))

    agreed = plans.agree(plan, enough, "hr", TODAY)

    assert (agreed.state, agreed.agreed_by, agreed.agreed_on) == ("agreed", "hr", TODAY)
    assert plans.agree(plan, None, "hr", TODAY).state == "agreed"
    with pytest.raises(PlanOverBudget):
        plans.agree(plan, short, "hr", TODAY)
    with pytest.raises(PlanNotAgreed):
        plans.agree(agreed, enough, "hr", TODAY)


def test_a_session_follows_an_agreed_plan_of_its_year_and_unit(plan: Plan, programme: Programme) -> None:
    agreed = plans.agree(plan, None, "hr", TODAY)
    plans.refuse_unplanned(agreed, programme.id, "/16.71", TODAY)
    plans.refuse_unplanned(agreed, programme.id, "/16.71/plaju", TODAY)

    for found, programme_id, path, on in [
        (None, programme.id, "/16.71", TODAY),
        (plan, programme.id, "/16.71", TODAY),
        (agreed, "another", "/16.71", TODAY),
        (agreed, programme.id, "/16.710", TODAY),
        (agreed, programme.id, "/16.71", date(2027, 1, 1)),
    ]:
        with pytest.raises(PlanNotAgreed) as refusal:
            plans.refuse_unplanned(found, programme_id, path, on)
        assert refusal.value.field == "plan_id"


def test_progress_counts_those_to_whom_a_minimum_applies() -> None:
    def hours(kind: str | None, earned: int, offered: int) -> HoursOfYear:
        return HoursOfYear(year=2026, earned=earned, offered=offered, law=ANNUAL_HOURS[kind] if kind else None)  # type: ignore[index]

    everybody = [hours("PNS", 20, 24), hours("PNS", 19, 20), hours("PPPK", 4, 8), hours(None, 0, 0)]

    progress = plans.progress_of(everybody)

    assert (progress.people, progress.reached, progress.jp_earned) == (2, 1, 39)
    assert (progress.jp_offered, progress.jp_missing) == (44, 1)
    assert plans.progress_of([]).people == 0
