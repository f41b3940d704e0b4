"""Awards: given at the end of their span, to who qualifies in all of it, not a third time running, by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from appraisal.domain import awarding
from appraisal.domain.awarding import Nomination
from appraisal.domain.refusals import AwardDecided, DisciplineUnchecked
from appraisal.domain.triggers import Award, Condition

D = Decimal
OFFICER, HR = "0e000000-0000-4000-8000-000000000001", "0e000000-0000-4000-8000-000000000009"
CONDITION = Condition("S", at_least=D(80))
MONTHLY, QUARTERLY, HALF_YEARLY = (
    Award("terbaik", "Terbaik", "award", every, (CONDITION,))  # type: ignore[arg-type]
    for every in ("month", "quarter", "semester")
)
TODAY = date(2026, 12, 8)


@pytest.mark.parametrize(
    ("award", "period", "span"),
    [
        (MONTHLY, "2026-11", ("2026-11",)),
        (MONTHLY, "2026-Q4", ()),
        (QUARTERLY, "2026-Q4", ("2026-Q4",)),
        (QUARTERLY, "2026-11", ()),
        (QUARTERLY, "2026-12", ("2026-12", "2026-11", "2026-10")),
        (HALF_YEARLY, "2026-Q3", ()),
        (HALF_YEARLY, "2026-Q4", ("2026-Q4", "2026-Q3")),
        (HALF_YEARLY, "2026-Q2", ("2026-Q2", "2026-Q1")),
    ],
)
def test_an_award_is_given_at_the_end_of_its_span(award, period, span):
    assert awarding.span_of(award, period) == span


def test_wins_are_counted_in_the_two_spans_before():
    assert awarding.spans_before(("2026-01",)) == ("2025-12", "2025-11")
    assert awarding.spans_before(("2026-Q2", "2026-Q1")) == ("2025-Q4", "2025-Q2")


def test_conditions_that_look_back_need_the_periods_before_the_span():
    twice = replace(MONTHLY, all_of=(replace(CONDITION, for_periods=3),))
    assert awarding.periods_before(twice, ("2026-02",)) == ("2026-01", "2025-12")
    assert awarding.periods_before(MONTHLY, ("2026-02",)) == ()


RANKS = {"a": (D(90), D(0), D(0)), "b": (D(85), D(0), D(0))}
PLACES = dict.fromkeys("abcdefghij", "/16.71/plaju")
BEST = replace(MONTHLY, top_share=D("0.05"))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], {"a"}),
        ([["a"], []], {"a"}),
        ([[], ["a"]], {"a"}),
        ([["a"], ["a"]], {"b"}),
        ([["a", "b"], ["a", "b"]], set()),
        ([[], ["a"], ["a"]], {"a"}),
    ],
    ids=["none", "once", "once, earlier", "twice running", "both twice", "longer ago"],
)
def test_who_has_won_twice_running_lets_others_go_first(before, expected):
    assert awarding.nominate(BEST, RANKS, PLACES, before) == expected


NOMINATED = Nomination(
    id=awarding.nomination_id(MONTHLY, "2026-11", OFFICER), employee_id=OFFICER, province="16",
    unit_path="/16.71/plaju", code="terbaik", title="Terbaik", grants="training", policy="plaju@1", period="2026-11",
    rank=RANKS["a"],
)  # fmt: skip


def test_a_nomination_has_one_identity_for_each_award_period_and_person():
    ids = {
        awarding.nomination_id(award, period, who)
        for award in (MONTHLY, replace(MONTHLY, code="lain"))
        for period in ("2026-11", "2026-12")
        for who in (OFFICER, HR)
        for _ in range(2)
    }
    assert len(ids) == 8


def test_an_award_is_granted_once_and_only_when_discipline_was_ruled_out():
    with pytest.raises(DisciplineUnchecked):
        awarding.grant(NOMINATED, decree="SK/1", undisciplined=False, by=HR, today=TODAY)
    granted, fact = awarding.grant(NOMINATED, decree="SK/1", undisciplined=True, by=HR, today=TODAY)
    assert (granted.state, fact.decree_number, fact.grants, fact.award, fact.granted_on) == (
        "granted", "SK/1", "training", "Terbaik", TODAY,
    )  # fmt: skip
    declined = awarding.decline(NOMINATED, reason="Sudah pindah", by=HR, today=TODAY)
    assert declined.state == "declined"
    for done in (granted, declined):
        with pytest.raises(AwardDecided):
            awarding.decline(done, reason="Lagi", by=HR, today=TODAY)
