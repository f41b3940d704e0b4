"""Who counts as trained, awarded and promoted in a period, and in which groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from personnel.domain import merit
from personnel.domain.career import Career, RankHeld
from personnel.domain.employee import Employee
from personnel.domain.merit import AwardHeld
from personnel.domain.opportunity import Report, groups_of, promotions, span_of


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_a_year_or_a_quarter(period: str, first: date, last: date) -> None:
    span = span_of(period)
    assert (span.first, span.last) == (first, last)
    assert first in span
    assert last in span


def rank(golongan: str, on: str, kind: str = "") -> RankHeld:
    return RankHeld(golongan=golongan, since=date.fromisoformat(on), promotion_kind=kind)


@pytest.mark.parametrize(
    ("ranks", "promoted"),
    [
        ([rank("III/a", "2020-01-01")], []),
        ([rank("III/a", "2020-01-01"), rank("III/b", "2024-01-01")], ["III/b"]),
        ([rank("III/b", "2024-01-01", "101")], ["III/b"]),
        ([rank("III/a", "2020-01-01", "211")], []),
        ([rank("II/c", "2016-01-01"), rank("III/a", "2020-01-01", "211")], []),
    ],
)
def test_the_first_rank_is_no_promotion(employee: Employee, ranks: Sequence[RankHeld], promoted: list[str]) -> None:
    known = replace(employee, career=Career(ranks=tuple(ranks)))
    assert [one.golongan for one in promotions(known)] == promoted


@pytest.mark.parametrize(("year", "band"), [(1997, "<30"), (1996, "30-39"), (1977, "40-49"), (1976, ">=50")])
def test_age_is_that_of_the_last_day(employee: Employee, year: int, band: str) -> None:
    known = replace(employee, birth_date=date(year, 12, 31))
    assert dict(groups_of(known, date(2026, 12, 31), "/16.71", disability=None))["age"] == band


def test_pppk_do_not_count_where_ranks_are_raised(employee: Employee) -> None:
    report = Report(span_of("2026"))
    nothing = merit.blank(employee.id, "16")
    for _ in range(5):
        report.count(employee, nothing, unit="/16.71/plaju", disability=None)
        report.count(replace(employee, kind="PPPK"), nothing, unit="/16.71/plaju", disability=None)
    found = report.compared()
    assert [(one.group, one.people) for one in found["training"]["kind"].groups] == [("PNS", 5), ("PPPK", 5)]
    assert [(one.group, one.people) for one in found["promotion"]["kind"].groups] == [("PNS", 5)]


def test_awards_count_on_the_days_of_the_period(employee: Employee) -> None:
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 1)]
    report = Report(span_of("2026-Q4"))
    for day in (*days, days[0]):
        held = AwardHeld(award_id="a", award="Pelayan terbaik", granted_on=day)
        known = replace(merit.blank(employee.id, "16"), awards=(held,))
        report.count(employee, known, unit="/16.71/plaju", disability=None)
    [group] = report.compared()["award"]["sex"].groups
    assert (group.people, group.got) == (5, 2)
