"""Angka kredit of a decided year: its months, the level held in each, and nothing for trials."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain.closing import closed_id
from appraisal.domain.crediting import credited, result_of
from appraisal.domain.policy import Policies
from appraisal.domain.verdict import Verdict
from kinara.contracts.appraisal import Predikat
from kinara.contracts.feedback import FeedbackReceived
from kinara.contracts.personnel import EmployeeChanged, EmployeePromoted, EmployeeRegistered

D = Decimal
AT = datetime(2027, 1, 10, 3, tzinfo=UTC)


def year_of(closed, predikat=Predikat.SANGAT_BAIK):
    return Verdict(
        id=closed_id(closed.employee_id, "2026"), employee_id=closed.employee_id, province="16",
        unit_path=closed.unit_path, period="2026", policy="plaju@1", proposed=Predikat.BAIK, predikat=predikat,
    )  # fmt: skip


def year_in(say, blank, fold_all, close, **levels: str):
    """The card and the twelve closed months of 2026, closed after every level was heard of, by first month."""
    raised = [
        say(EmployeePromoted, jenjang=jenjang, effective_on=date(int(since[1:5]), int(since[5:]), 1))
        for since, jenjang in levels.items()
    ]
    card, _ = fold_all(blank, say(EmployeeRegistered, jenjang="PT"), say(FeedbackReceived), *raised)
    _, closed, _ = close(card, "2026-11")
    return card, [replace(closed, period=f"2026-{month:02d}") for month in range(1, 13)]


def earned(card, closed, policies, predikat=Predikat.BAIK):
    facts = credited(year_of(closed[0], predikat), closed, card, policies, AT)
    return [(fact.jenjang, fact.months, fact.first_month, fact.last_month, fact.credit) for fact in facts]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({}, [("PT", 12, 1, 12, D("12.50"))]),
        ({"m202701": "MU"}, [("PT", 12, 1, 12, D("12.50"))]),
        ({"m202612": "MU"}, [("PT", 11, 1, 11, D("11.46")), ("MU", 1, 12, 12, D("2.08"))]),
        ({"m202607": "MU"}, [("PT", 6, 1, 6, D("6.25")), ("MU", 6, 7, 12, D("12.50"))]),
        ({"m202601": "MU"}, [("MU", 12, 1, 12, D("25.00"))]),
        ({"m202607": "MU", "m202604": "MH"},
         [("PT", 3, 1, 3, D("3.13")), ("MH", 3, 4, 6, D("3.13")), ("MU", 6, 7, 12, D("12.50"))]),
    ],
    ids=["one level", "from next January, heard of in December", "from December", "from July", "from January",
         "two in a year, the later heard of first"],
)  # fmt: skip
def test_each_month_earns_in_the_level_held_in_it(say, blank, fold_all, close, policies, levels, expected):
    card, closed = year_in(say, blank, fold_all, close, **levels)
    assert earned(card, closed, policies) == expected


def test_every_fact_of_a_year_names_all_its_levels(say, blank, fold_all, close, policies):
    card, closed = year_in(say, blank, fold_all, close, m202607="MU")
    facts = credited(year_of(closed[0]), closed, card, policies, AT)
    assert [fact.levels for fact in facts] == [("PT", "MU")] * 2
    assert {(fact.year, fact.predikat, fact.credited_at) for fact in facts} == {(2026, Predikat.SANGAT_BAIK, AT)}


def test_a_card_from_before_levels_were_dated_counts_the_one_it_was_closed_with(say, blank, fold_all, close, policies):
    card, closed = year_in(say, blank, fold_all, close, m202607="MU")
    assert closed[0].person.jenjang == "MU"
    assert earned(replace(card, levels={}), closed, policies) == [("MU", 12, 1, 12, D("25.00"))]


def test_a_level_is_dated_by_what_changes_it_and_told_twice_changes_nothing(say, blank, fold_all):
    registered = say(EmployeeRegistered, jenjang="PT", effective_on=date(2024, 1, 1))
    named = say(EmployeeChanged, jenjang="MU", changed=("name",), effective_on=date(2026, 12, 28))
    raised = say(EmployeePromoted, jenjang="MU", effective_on=date(2027, 1, 1))
    plain, _ = fold_all(blank, registered)
    assert plain.levels == {}, "no change is known of"
    card, _ = fold_all(plain, raised, named, raised)
    assert card.levels == {"0001-01-01": "PT", "2027-01-01": "MU"}
    assert [card.level_on(date(*day)) for day in ((2026, 12, 31), (2027, 1, 1))] == ["PT", "MU"]
    moved = say(EmployeeChanged, jenjang="MA", changed=("jenjang",), effective_on=date(2030, 4, 1))
    assert fold_all(card, moved)[0].level_on(date(2030, 4, 30)) == "MA"


@pytest.mark.parametrize(("changed", "held_before"), [(("jenjang",), "PT"), (("jabatan", "jenjang"), None)])
def test_a_level_that_is_filled_in_late_was_held_in_the_same_post(say, blank, fold_all, changed, held_before):
    filled = say(EmployeeChanged, jenjang="PT", changed=changed, effective_on=date(2026, 7, 1))
    card, _ = fold_all(blank, say(EmployeeRegistered), filled)
    assert card.level_on(date(2026, 6, 30)) == held_before
    assert card.level_on(date(2026, 7, 1)) == "PT"


def test_months_that_were_closed_before_the_level_was_filled_in_earn_too(say, blank, fold_all, close, policies):
    card, _ = fold_all(blank, say(EmployeeRegistered), say(FeedbackReceived))
    after, closed, _ = close(card, "2026-11")
    assert closed.person.jenjang is None
    filled = say(EmployeeChanged, jenjang="PT", changed=("jenjang",), effective_on=date(2026, 12, 28))
    assert earned(fold_all(after, filled)[0], [closed], policies) == [("PT", 1, 11, 11, D("1.04"))]


def test_a_quarter_counts_its_three_months(say, blank, fold_all, close, policies):
    card, closed = year_in(say, blank, fold_all, close, m202612="MU")
    quarter = replace(closed[0], period="2026-Q4")
    assert earned(card, [quarter], policies) == [("PT", 2, 10, 11, D("2.08")), ("MU", 1, 12, 12, D("2.08"))]


def test_who_has_no_level_or_only_trials_earns_nothing(say, blank, fold_all, close, policies):
    card, _ = fold_all(blank, say(EmployeeRegistered), say(FeedbackReceived))
    _, plain, _ = close(card, "2026-11")
    assert earned(card, [plain], policies) == []
    assert credited(year_of(plain), [], card, policies, AT) == []
    assert earned(card, [replace(plain, person=None)], policies) == []
    expert = replace(plain, person=replace(plain.person, jenjang="MU"))
    assert len(earned(card, [expert], policies)) == 1
    assert earned(card, [expert], policies, None) == []
    trial = Policies(replace(policy, shadow=True) for policy in policies)
    assert earned(card, [expert], trial) == []
    assert result_of("2026", [expert], trial).months == 0
    contracted = replace(expert, person=replace(expert.person, kind="PPPK"))
    assert earned(card, [contracted], policies) == []
