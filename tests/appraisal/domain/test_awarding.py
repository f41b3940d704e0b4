"""Awards: given at the end of their span, to who qualifies in all of it, not a third time running, by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from appraisal.domain import awarding
from appraisal.domain.awarding import Nomination
from appraisal.domain.discipline import Measure
from appraisal.domain.refusals import AwardDecided, Disciplined, DisciplineUnchecked, WonTwiceRunning
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
        awarding.grant(NOMINATED, {}, [], decree="SK/1", undisciplined=False, by=HR, today=TODAY)
    granted, fact = awarding.grant(NOMINATED, {}, [], decree="SK/1", undisciplined=True, by=HR, today=TODAY)
    assert (granted.state, fact.decree_number, fact.grants, fact.award, fact.granted_on) == (
        "granted", "SK/1", "training", "Terbaik", TODAY,
    )  # fmt: skip
    declined = awarding.decline(NOMINATED, reason="Sudah pindah", by=HR, today=TODAY)
    assert declined.state == "declined"
    for done in (granted, declined):
        with pytest.raises(AwardDecided):
            awarding.decline(done, reason="Lagi", by=HR, today=TODAY)


@pytest.mark.parametrize(
    ("first", "last", "granted"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), True),
        (date(2026, 10, 1), date(2026, 11, 1), False),
        (date(2026, 11, 30), date(2026, 11, 30), False),
        (date(2026, 12, 1), date(2026, 12, 7), True),
        (date(2026, 12, 1), date(2026, 12, 8), False),
    ],
    ids=["before the span", "into it", "on its last day", "between span and decision", "on the day of the decision"],
)
def test_a_measure_on_the_span_or_today_bars_the_grant(first, last, granted):
    measures = {"m": Measure("ringan", first, last)}
    if granted:
        awarding.grant(NOMINATED, measures, [], decree="SK/1", undisciplined=True, by=HR, today=TODAY)
        return
    with pytest.raises(Disciplined, match="bars") as refused:
        awarding.grant(NOMINATED, measures, [], decree="SK/1", undisciplined=True, by=HR, today=TODAY)
    assert f"{last:%d-%m-%Y}" in refused.value.message


def test_the_place_of_who_is_barred_goes_to_another_and_who_would_not_have_it_is_not_named():
    award, span = replace(MONTHLY, top_share=D("0.2")), ("2026-11",)
    ranks = {id_: (D(score), D(0), D(0)) for id_, score in (("a", 95), ("b", 90), ("c", 85))}
    places = {f"{n}": "/16.71/u" for n in range(7)} | dict.fromkeys("abc", "/16.71/u")
    measures = {id_: {"m": Measure("ringan", date(2026, 11, 2), date(2026, 11, 9))} for id_ in "ac"}
    chosen, barred = awarding.elect(award, ranks, places, (), measures, span)
    assert (chosen, barred.keys()) == ({"b"}, {"a"})
    assert barred["a"].startswith("Hukuman disiplin berjalan sampai 09-11-2026")


def test_the_whole_span_counts_and_who_is_barred_is_told_why():
    measures = {"a": {"m": Measure("berat", date(2026, 7, 1), date(2026, 7, 2))}, "b": {}}
    assert awarding.barred("ab", measures, ("2026-Q4", "2026-Q3")).keys() == {"a"}
    assert awarding.barred("ab", measures, ("2026-Q4",)) == {}
    held = replace(NOMINATED, periods=("2026-Q4", "2026-Q3"))
    with pytest.raises(Disciplined):
        awarding.grant(held, measures["a"], [], decree="SK/1", undisciplined=True, by=HR, today=TODAY)
    barred = replace(NOMINATED, state="barred", reason="Hukuman disiplin berjalan sampai 01-02-2027.")
    with pytest.raises(Disciplined) as refused:
        awarding.grant(barred, {}, [], decree="SK/1", undisciplined=True, by=HR, today=TODAY)
    assert "01-02-2027" in refused.value.message


@pytest.mark.parametrize(
    ("won", "refused"),
    [
        (["2026-10", "2026-09"], True),
        (["2026-12", "2026-10"], True),
        (["2027-01", "2026-12"], True),
        (["2026-10"], False),
        (["2026-10", "2026-08"], False),
        (["2026-09", "2026-08", "2026-07"], False),
    ],
    ids=["both before", "on either side", "both after", "one", "not running", "three, longer ago"],
)
def test_a_third_win_running_is_refused_in_whatever_order_they_are_granted(won, refused):
    granted = [replace(NOMINATED, id=period, period=period, periods=(period,), state="granted") for period in won]
    if not refused:
        awarding.grant(NOMINATED, {}, granted, decree="SK/1", undisciplined=True, by=HR, today=TODAY)
        return
    with pytest.raises(WonTwiceRunning) as third:
        awarding.grant(NOMINATED, {}, granted, decree="SK/1", undisciplined=True, by=HR, today=TODAY)
    assert " dan ".join(sorted(won)) in third.value.message


def test_wins_of_a_half_year_are_running_by_half_years():
    held = replace(NOMINATED, period="2026-Q4", periods=("2026-Q4", "2026-Q3"))
    before = [
        replace(held, id="1", period="2026-Q2", periods=("2026-Q2", "2026-Q1"), state="granted"),
        replace(held, id="2", period="2025-Q4", periods=("2025-Q4", "2025-Q3"), state="granted"),
    ]
    with pytest.raises(WonTwiceRunning):
        awarding.grant(held, {}, before, decree="SK/1", undisciplined=True, by=HR, today=TODAY)
