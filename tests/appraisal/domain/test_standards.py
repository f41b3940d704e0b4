"""Minimum standards: who falls below one, when that is known, and that it is said once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from appraisal.domain.announcement import said_of
from appraisal.domain.attention import attention
from appraisal.domain.behaviour import Nilai, rate_behaviour
from appraisal.domain.closing import close_period, reopen_period
from appraisal.domain.folds import FOLDS
from appraisal.domain.policy import Policies, Policy
from appraisal.domain.refusals import InvalidPolicy
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.standards import below
from appraisal.domain.triggers import Standard
from kinara.contracts import feedback as fb
from kinara.contracts.appraisal import StandardBreached
from kinara.contracts.working_days import Calendar

D = Decimal
KINERJA = Standard("Capaian paling sedikit 60% dari target", "K", D(50))
NOVEMBER = "2026-11"
REPORT = "9e000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def ask(policies: Policies) -> Any:
    """``ask(standard, …)``: all policies, of which Plaju's asks for these standards and nothing else."""

    def _ask(*standards: Standard, **facts: Any) -> Policies:
        def changed(policy: Policy) -> Policy:
            return replace(policy, standards=standards, **facts) if policy.code == "plaju" else policy

        return Policies(changed(policy) for policy in policies)

    return _ask


def day(of: int) -> datetime:
    return datetime(2026, 11, of, 2, tzinfo=UTC)


def said(before: Scorecard, after: Scorecard) -> list[StandardBreached]:
    return [fact for fact in said_of(before, after) if isinstance(fact, StandardBreached)]


def test_who_falls_below_a_standard_is_told_of_once_with_what_was_asked_and_found(
    agreed: Scorecard, report: Any, ask: Any
) -> None:
    policies = ask(KINERJA)
    slow, *_ = report(agreed, 10, at=day(20), policies=policies)
    (fact,) = said(agreed, slow)
    assert (fact.employee_id, fact.period, fact.policy) == (agreed.employee_id, NOVEMBER, "plaju@1")
    assert (fact.standard, fact.measure, fact.at_least) == (KINERJA.words, "K", 50)
    assert fact.value == slow.scores[NOVEMBER].components["K"] < 50

    well, *_ = report(slow, 490, at=day(21), report_id=REPORT[:-1] + "2", policies=policies)
    assert well.scores[NOVEMBER].components["K"] > 50
    later, *_ = report(well, 0, at=day(30), report_id=REPORT[:-1] + "3", policies=policies)
    assert said(slow, well) == said(well, later) == [], "risen"

    other, *_ = report(slow, 1, at=day(22), report_id=REPORT[:-1] + "4", policies=policies)
    assert other.scores[NOVEMBER].components["K"] < 50
    assert said(slow, other) == [], "below it already"


def test_rising_and_falling_again_in_a_period_says_nothing_new(blank: Scorecard, policies: Policies, ask: Any) -> None:
    asked = ask(Standard("Perilaku cukup", "B", D("58.33")))

    def rated(card: Scorecard, mark: int) -> Scorecard:
        marks = dict.fromkeys((one.value for one in Nilai), mark)
        return rate_behaviour(card, rater_id="boss", marks=marks, rated_at=day(20), policies=asked)[0]

    poor = rated(blank, 1)
    good = rated(poor, 4)
    assert [len(said(*pair)) for pair in ((blank, poor), (poor, good), (good, rated(good, 1)))] == [1, 0, 0]


@pytest.mark.parametrize(
    ("done", "on", "breached"),
    [(0, 7, False), (0, 8, True), (1, 30, True), (279, 30, True), (280, 30, False), (500, 30, False)],
)
def test_work_counts_from_a_quarter_of_the_period_on_and_the_standard_itself_is_enough(
    agreed: Scorecard, report: Any, ask: Any, done: int, on: int, breached: bool
) -> None:
    card, *_ = report(agreed, done, at=day(on), policies=ask(KINERJA))
    assert bool(card.breaches) is breached
    exactly = Standard("Tepat", "K", card.scores[NOVEMBER].components["K"])
    assert report(agreed, done, at=day(on), policies=ask(exactly))[0].breaches == ()


@pytest.mark.parametrize(("voices", "breached"), [(9, False), (10, True), (40, True)])
def test_a_few_angry_citizens_are_no_breach(blank: Scorecard, say: Any, ask: Any, voices: int, breached: bool) -> None:
    policies = ask(Standard("Kepuasan paling sedikit C", "M", D(60)))
    card = blank
    for _ in range(voices):
        card, _effect = _fold(card, say(fb.FeedbackReceived, rating=1), policies)
    assert bool(card.breaches) is breached


def test_luck_with_complaints_is_no_breach(blank: Scorecard, say: Any, ask: Any) -> None:
    policies = ask(Standard("Aduan", "A", D(75)))
    card = blank
    for n in range(4):
        late = say(fb.ComplaintOverdue, complaint_id=f"c0000000-0000-4000-8000-00000000000{n}")
        card, _ = _fold(card, late, policies)
        if n == 0:
            assert card.scores[NOVEMBER].components["A"] < 75
            assert card.breaches == (), "one in eleven may be bad luck"
    assert [one.measure for one in card.breaches] == ["A"]


def test_the_whole_score_is_held_against_nobody_before_work_and_behaviour_are_known(
    agreed: Scorecard, report: Any, ask: Any
) -> None:
    policies = ask(Standard("Nilai", "S", D(60)))
    card, *_ = report(agreed, 10, at=day(20), policies=policies)
    assert card.scores[NOVEMBER].s < 60
    assert card.breaches == ()
    marks = dict.fromkeys((one.value for one in Nilai), 2)
    rated, *_ = rate_behaviour(card, rater_id="boss", marks=marks, rated_at=day(21), policies=policies)
    assert [one.measure for one in rated.breaches] == ["S"]


def test_without_standards_or_in_shadow_nothing_is_said(agreed: Scorecard, report: Any, ask: Any) -> None:
    for policies in (ask(), ask(KINERJA, shadow=True)):
        slow, *_ = report(agreed, 0, at=day(30), policies=policies)
        assert said(agreed, slow) == []


def test_what_the_close_of_a_period_finds_is_said_with_it_and_not_again_once_it_is_reopened(
    agreed: Scorecard, report: Any, ask: Any
) -> None:
    policies = ask(KINERJA)
    early, *_ = report(agreed, 100, at=day(6), policies=policies)
    assert early.breaches == ()
    shut, closed, _ = close_period(early, NOVEMBER, today=datetime(2026, 12, 8, tzinfo=UTC).date(), policies=policies)
    assert [one.measure for one in said(early, shut)] == ["K"]
    opened, *_ = reopen_period(shut, closed, (), reason="Salah hitung", at=day(30), policies=policies)
    again, *_ = report(opened, 1, at=day(30), report_id=REPORT[:-1] + "9", policies=policies)
    assert said(opened, again) == []


def test_breaches_of_periods_closed_long_ago_are_forgotten(agreed: Scorecard, report: Any, ask: Any) -> None:
    policies = ask(KINERJA)
    slow, *_ = report(agreed, 10, at=day(20), policies=policies)
    old = replace(slow, breaches=tuple(replace(one, period="2026-08") for one in slow.breaches))
    past = replace(old, closed_through="2026-09")
    again, *_ = report(past, 1, at=day(21), report_id=REPORT[:-1] + "5", policies=policies)
    assert [one.period for one in again.breaches] == [NOVEMBER]


def test_attention_names_what_is_below_a_standard_today(
    agreed: Scorecard, report: Any, ask: Any, calendar: Calendar
) -> None:
    policies = ask(KINERJA)
    slow, *_ = report(agreed, 10, at=day(20), policies=policies)
    (found,) = attention(slow, [], day(20).date(), policies, calendar).breaches
    assert found.sentence == (
        "Capaian paling sedikit 60% dari target: nilai K periode 2026-11 13,0435, di bawah standar 50."
    )
    well, *_ = report(slow, 490, at=day(21), report_id=REPORT[:-1] + "2", policies=policies)
    assert well.breaches
    assert below(well, policies) == attention(well, [], day(21).date(), policies, calendar).breaches == ()


@pytest.mark.parametrize("at_least", ["0", "-1", "100.01"])
def test_a_standard_lies_on_the_scale(at_least: str) -> None:
    with pytest.raises(InvalidPolicy) as refused:
        Standard("Standar", "K", D(at_least))
    assert refused.value.field == "at_least"


def test_one_measure_has_one_standard(ask: Any) -> None:
    with pytest.raises(InvalidPolicy) as refused:
        ask(KINERJA, Standard("Lagi", "K", D(60)))
    assert refused.value.field == "standards"


def test_plaju_asks_its_people_for_standards(policies: Policies) -> None:
    assert [(one.measure, one.at_least) for one in policies.named("plaju@1").standards] == [
        ("K", 50),
        ("B", D("58.33")),
    ]


def _fold(card: Scorecard, event: Any, policies: Policies) -> Any:
    return FOLDS[type(event)](card, event, policies)


@pytest.mark.parametrize(("voices", "breached"), [(2, False), (9, False), (20, True)])
def test_a_few_angry_citizens_are_no_breach_of_what_their_voices_are_a_part_of(
    agreed: Scorecard, report: Any, say: Any, ask: Any, voices: int, breached: bool
) -> None:
    policies = ask(Standard("Hasil kerja sesuai ekspektasi", "H", D(75)))
    card, *_ = report(agreed, 451, policies=policies)
    assert card.scores[NOVEMBER].h > 75
    for _ in range(voices):
        card, _effect = _fold(card, say(fb.FeedbackReceived, rating=1), policies)
    assert card.scores[NOVEMBER].h < 75
    assert bool(card.breaches) is breached
