"""How long scoring may be extended, and that a decided selection is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from kinara.contracts import Province
from personnel.domain.employee import Employee
from personnel.domain.extension import MOST_EXTENSIONS, extend_scoring
from personnel.domain.refusals import AlreadyDecided, InvalidSelection
from personnel.domain.requirements import Requirements
from personnel.domain.scoring import Criterion, Rules
from personnel.domain.selection import MOST_SCORERS, Extension, Selection

TODAY = date(2026, 11, 23)
SCORING = Selection(
    id="s", form="internal", province=Province(code="16"), unit_id="u", unit_path="/16.71", jabatan="Lurah",
    seats={"umum": 1}, requirements=Requirements(), opened_by="hr", state="scoring", scorers=("a", "b"),
    rules=Rules(criteria=(Criterion(code="x", title="X", weight=Decimal(1)),)), opens_on=date(2026, 11, 1),
    closes_on=date(2026, 11, 10), scoring_until=date(2026, 11, 25),
)  # fmt: skip
OVER = replace(SCORING, scoring_until=date(2026, 11, 20))


def extended(selection: Selection, until: date, *scorers: str, employee: Employee | None = None) -> Selection:
    asked = Extension(until=until, scorers=scorers, why="Sakit", by="hr", on=TODAY)
    return extend_scoring(selection, [], dict.fromkeys(scorers, employee) if employee else {}, asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("selection", "until", "taken"),
    [
        (SCORING, date(2026, 11, 26), True),
        (SCORING, date(2026, 11, 25), False),
        (SCORING, date(2026, 11, 24), False),
        (OVER, date(2026, 11, 24), True),
        (OVER, TODAY, False),
        (OVER, date(2027, 11, 23), True),
        (OVER, date(2027, 11, 24), False),
    ],
)
def test_scoring_goes_on_until_a_later_day_within_a_year(selection: Selection, until: date, taken: bool) -> None:
    if taken:
        longer = extended(selection, until)
        assert (longer.scoring_until, longer.scorers, len(longer.extensions)) == (until, ("a", "b"), 1)
    else:
        with pytest.raises(InvalidSelection):
            extended(selection, until)


def test_further_scorers_may_be_named_without_more_time_up_to_the_most(employee: Employee) -> None:
    more = extended(SCORING, SCORING.scoring_until, "c", employee=employee)
    assert more.scorers == ("a", "b", "c")
    crowd = [str(n) for n in range(MOST_SCORERS - 2)]
    assert len(extended(SCORING, SCORING.scoring_until, *crowd, employee=employee).scorers) == MOST_SCORERS
    for bad in (("a",), (*crowd, "z"), ("c", "c")):
        with pytest.raises(InvalidSelection):
            extended(SCORING, SCORING.scoring_until, *bad, employee=employee)
    with pytest.raises(InvalidSelection):
        extended(SCORING, SCORING.scoring_until, "gone")


def test_a_decided_selection_is_not_extended_and_no_other_without_end() -> None:
    with pytest.raises(AlreadyDecided):
        extended(replace(SCORING, state="decided"), date(2026, 12, 1))
    known = Extension(until=TODAY, scorers=(), why="x", by="hr", on=TODAY)
    with pytest.raises(InvalidSelection):
        extended(replace(SCORING, extensions=(known,) * MOST_EXTENSIONS), date(2026, 12, 1))
