"""How often targets are overshot: the same c as in the score, but for its cap."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from appraisal.domain.components import CAP, ZERO
from appraisal.domain.measures import achievements, attainments
from appraisal.domain.overshooting import FEWEST, Groups, Overshooting, Overshot, overshot_in, within
from appraisal.domain.refusals import InvalidPeriod
from appraisal.domain.tallies import Month, Progress, Target
from hypothesis import given
from hypothesis import strategies as st

D = Decimal
NOVEMBER = "2026-11"
DAY = date(2026, 11, 30)
SERVICES = Target("Layanan", "layanan", "max", D(100), D("0.6"))
DAYS = Target("Lama terbit", "hari", "min", D(10), D("0.4"))


def month(*, on: date = DAY, **done: object) -> dict[str, Month]:
    targets = {code: DAYS if code.startswith("d") else SERVICES for code in done}
    known = {c: Progress().plus(D(v), verified=True, on=on) for c, v in done.items() if v is not None}
    return {NOVEMBER: Month(targets=targets, progress=known)}


@pytest.mark.parametrize(
    ("done", "overshot"),
    [
        pytest.param({"s": 110}, False, id="a tenth more"),
        pytest.param({"s": 122}, False, id="exactly 1.2"),
        pytest.param({"s": "122.01"}, True, id="just above"),
        pytest.param({"s": 500}, True, id="five times the target"),
        pytest.param({"d": "7.8"}, False, id="a level of exactly 1.2"),
        pytest.param({"d": "7.7"}, True, id="a level below"),
        pytest.param({"s": 60, "on": date(2026, 11, 10)}, True, id="far ahead of the day"),
        pytest.param({"s": 40, "on": date(2026, 11, 10)}, False, id="a little ahead of the day"),
    ],
)
def test_a_target_is_overshot_above_a_fifth_more(done, overshot):
    (found,) = overshot_in(month(**done), NOVEMBER).values()
    assert found is overshot


def test_nothing_is_judged_before_the_first_report_nor_a_level_that_was_never_measured():
    assert overshot_in(month(s=None), NOVEMBER) == {}
    assert overshot_in(month(s=500, d=None), NOVEMBER) == {"s": True}


@given(st.decimals(0, 10_000, places=2), st.decimals("0.01", 1000, places=2), st.integers(1, 30))
def test_what_counts_in_the_score_is_the_same_c_with_its_cap(done, level, day):
    tallies = month(s=done, d=level, on=date(2026, 11, day))
    counted = achievements(tallies, NOVEMBER)
    assert counted == {
        code: (weight, min(CAP, max(ZERO, c))) for code, (weight, c) in attainments(tallies, NOVEMBER).items()
    }
    assert all(counted[code][1] == CAP for code, over in overshot_in(tallies, NOVEMBER).items() if over)


def test_a_report_tells_of_superiors_and_indicators_and_of_periods_still_open():
    report = Overshot()
    report.add(month(s=500, t=10), NOVEMBER, "boss", running=False)
    report.add(month(s=500), NOVEMBER, None, running=True)
    assert report.total == Overshooting(judged=3, overshot=2, running=1)
    assert report.superiors.of == {"boss": Overshooting(2, 1), None: Overshooting(1, 1, 1)}
    assert report.indicators.of == {"s": Overshooting(2, 2, 1), "t": Overshooting(1)}
    assert (report.total.share, Overshooting().share) == (D("0.6667"), None)


def test_the_most_conspicuous_come_first_and_of_too_little_nothing_is_said():
    groups = Groups(
        {
            "few": Overshooting(FEWEST - 1, FEWEST - 1),
            "half": Overshooting(FEWEST, FEWEST // 2),
            "half of many": Overshooting(100, 50),
            "all": Overshooting(FEWEST, FEWEST),
            "none": Overshooting(30),
            None: Overshooting(30),
        }
    )
    assert [key for key, _ in groups.conspicuous] == ["all", "half of many", "half", None, "none"]
    assert groups.too_few == 1


@pytest.mark.parametrize(
    ("period", "periods"),
    [
        ("2026-11", {"2026-11"}),
        ("2026-Q4", {"2026-Q4", "2026-10", "2026-11", "2026-12"}),
        ("2026", {"2026"} | {f"2026-Q{n}" for n in range(1, 5)} | {f"2026-{n:02}" for n in range(1, 13)}),
    ],
)
def test_a_period_is_asked_for_with_those_within_it(period, periods):
    assert within(period) == periods
    with pytest.raises(InvalidPeriod):
        within("2026-13")
