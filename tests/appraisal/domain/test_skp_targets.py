"""Quarters that were planned and are appraised month by month: each month has its part of what was agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from appraisal.domain import skp_targets
from appraisal.domain.policy import Policies
from appraisal.domain.skp import Indicator, Outcome
from kinara.contracts.personnel import EmployeeRegistered, EmployeeTransferred

D = Decimal
BOSS = "0b000000-0000-4000-8000-000000000001"
SORONG, PLAJU = "/96.71/dinkes", "/16.71/plaju"
REPORT = "9e000000-0000-4000-8000-000000000000"
JANUARY = datetime(2026, 1, 2, 2, tzinfo=UTC)
SERVED = Indicator(
    code="dok", name="Dokumen", unit="berkas", aspect="kuantitas", polarity="max", target=D(300), weight=D(1)
)
DAYS = Indicator(code="hari", name="Lama", unit="hari", aspect="waktu", polarity="min", target=D(3), weight=D("0.5"))


class Plan:
    """A plan of 2026 by quarters, and the card that it is for."""

    def __init__(self, card: Any, policies: Policies, say: Any, fold_all: Any) -> None:
        self.policies, self._say, self._fold_all = policies, say, fold_all
        self.card, _ = fold_all(card, say(EmployeeRegistered, unit_path=SORONG))

    def agree(self, *indicators: Indicator) -> None:
        outcomes = (Outcome(code="h1", kind="utama", text="Dokumen terbit", indicators=indicators),)
        plan = skp_targets.propose(
            None, self.card, outcomes, year=2026, by="x", at=JANUARY, above=None, policies=self.policies
        )
        self.plan, self.card, *_ = skp_targets.agree(
            plan, self.card, by=BOSS, at=JANUARY, reason=None, above=None, policies=self.policies
        )
        assert self.plan.agreed[0].indicators[0].periods == tuple(f"2026-Q{n}" for n in range(1, 5))

    def moves(self, path: str, on: date) -> None:
        moved = self._say(EmployeeTransferred, from_unit_path=SORONG, unit_path=path, effective_on=on)
        self.card, _ = self._fold_all(self.card, moved)

    def turns_monthly(self, on: date) -> None:
        """A new version of the unit's policy."""
        (sorong,) = (one for one in self.policies if one.code == "sorong")
        self.policies = Policies([*self.policies, replace(sorong, version=2, cadence="monthly", effective_from=on)])

    def begin(self, on: date) -> Any:
        self.card, effects = skp_targets.begin(self.card, self.plan, on=on, policies=self.policies)
        return effects

    def targets(self, since: str, code: str = "dok") -> dict[str, Decimal]:
        months = sorted(self.card.months.items())
        return {m: kept.targets[code].target for m, kept in months if m >= since and code in kept.targets}


@pytest.fixture
def plan(blank_in_sorong: Any, policies: Policies, say: Any, fold_all: Any) -> Plan:
    return Plan(blank_in_sorong, policies, say, fold_all)


CAUSES = {
    "the person moves to a monthly unit": lambda plan: plan.moves(PLAJU, date(2026, 4, 1)),
    "the policy turns monthly": lambda plan: plan.turns_monthly(date(2026, 4, 1)),
}


@pytest.mark.parametrize("cause", CAUSES.values(), ids=CAUSES)
def test_each_month_of_a_planned_quarter_has_its_part_when_it_begins(plan: Plan, cause: Any) -> None:
    plan.agree(SERVED, DAYS)
    cause(plan)
    plan.begin(date(2026, 4, 1))
    assert (plan.targets("2026-04"), plan.targets("2026-04", "hari")) == ({"2026-04": 100}, {"2026-04": 3})
    assert plan.begin(date(2026, 4, 30)) == (), "once"
    plan.begin(date(2026, 6, 1))
    assert plan.targets("2026-04") == dict.fromkeys(("2026-04", "2026-05", "2026-06"), D(100))
    assert plan.targets("2026-04", "hari") == dict.fromkeys(("2026-04", "2026-05", "2026-06"), D(3))
    assert plan.targets("2026-01")["2026-01"] == 300, "a quarter appraised as one keeps its target"


def test_a_third_done_in_the_first_month_is_the_target_met_and_the_second_takes_reports(
    plan: Plan, report: Any
) -> None:
    plan.agree(SERVED)
    plan.moves(PLAJU, date(2026, 3, 1))
    for month in (4, 5):
        plan.begin(date(2026, month, 1))
        last = datetime(2026, month, 30 + month % 2, 2, tzinfo=UTC)
        plan.card, *_ = report(plan.card, 100, indicator="dok", at=last, report_id=f"{REPORT[:-1]}{month}")
        assert plan.card.scores[f"2026-0{month}"].components["K"] == D("83.3333")


def test_a_quarter_that_runs_when_somebody_moves_is_divided_too(plan: Plan) -> None:
    plan.agree(SERVED)
    plan.moves(PLAJU, date(2026, 3, 1))
    plan.begin(date(2026, 3, 1))
    assert plan.targets("2026-01") == dict.fromkeys(("2026-01", "2026-02", "2026-03"), D(100))


def test_what_was_agreed_by_itself_for_a_month_stays(plan: Plan, agree: Any) -> None:
    plan.agree(SERVED)
    plan.moves(PLAJU, date(2026, 4, 1))
    own = replace(SERVED.agreed, target=D(70))
    plan.card, _, _ = agree(plan.card, code="dok", target=own, period="2026-05", on=date(2026, 4, 2))
    plan.begin(date(2026, 6, 1))
    assert plan.targets("2026-04") == {"2026-04": 100, "2026-05": 70, "2026-06": 100}


@pytest.mark.parametrize("target", ["100", "0.001", "299.999"])
def test_the_parts_add_up_to_what_was_agreed(plan: Plan, target: str) -> None:
    plan.agree(replace(SERVED, target=D(target)))
    plan.moves(PLAJU, date(2026, 4, 1))
    plan.begin(date(2026, 6, 30))
    parts = plan.targets("2026-04").values()
    assert sum(parts) == D(target)
    assert min(parts) > 0
    assert max(parts) - min(parts) <= D("0.0002")
