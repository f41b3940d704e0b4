"""A disciplinary measure: once for each decree, within days that can be, and withdrawn as if it had never been."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from personnel.domain import discipline
from personnel.domain.employee import Employee, separate
from personnel.domain.refusals import (
    AlreadySeparated,
    InvalidMeasure,
    MeasureKnown,
    MeasureLifted,
    MeasureUnknown,
    TooManyMeasures,
)

FIRST, LAST = date(2026, 6, 1), date(2026, 11, 30)
ID = "00000000-0000-4000-8000-0000000000d1"


def imposed(employee: Employee, **facts: Any) -> Any:
    usual: dict[str, Any] = {"measure_id": ID, "level": "sedang", "decree_number": "800/1", "on": FIRST, "until": LAST}
    return discipline.impose(employee, by="hr", **(usual | facts))


def test_a_measure_runs_from_its_first_day_to_its_last_and_is_told(employee: Employee) -> None:
    disciplined, fact = imposed(employee)
    runs = [disciplined.dossier.is_disciplined(day, day) for day in (date(2026, 5, 31), FIRST, LAST, date(2026, 12, 1))]
    assert runs == [False, True, True, False]
    assert (fact.employee_id, fact.level, fact.effective_on, fact.ends_on) == (employee.id, "sedang", FIRST, LAST)
    assert (fact.unit_path, fact.decree_number) == (employee.unit_path, "800/1")
    assert disciplined.dossier.disciplined_until == LAST


def test_a_lifted_measure_never_ran_and_is_kept(employee: Employee) -> None:
    disciplined, _ = imposed(employee)
    cleared, fact = discipline.lift(disciplined, ID, reason="Banding diterima", on=date(2026, 7, 1), by="hr")
    assert not cleared.dossier.is_disciplined(FIRST, LAST)
    assert cleared.dossier.disciplined_until is None
    (kept,) = cleared.dossier.measures
    assert kept.lifted is not None
    assert (kept.lifted.reason, fact.measure_id, fact.effective_on) == ("Banding diterima", ID, date(2026, 7, 1))
    again, _ = imposed(cleared, measure_id="00000000-0000-4000-8000-0000000000d2")
    assert again.dossier.is_disciplined(FIRST, FIRST), "the same decree, put right"


@pytest.mark.parametrize("until", [date(2026, 5, 31), date(2029, 6, 2)], ids=["before it begins", "over three years"])
def test_days_that_cannot_be_are_refused(employee: Employee, until: date) -> None:
    with pytest.raises(InvalidMeasure):
        imposed(employee, until=until)


def test_what_does_not_fit_is_refused(employee: Employee) -> None:
    disciplined, _ = imposed(employee)
    with pytest.raises(MeasureKnown):
        imposed(disciplined)
    with pytest.raises(MeasureUnknown):
        discipline.lift(employee, ID, reason="x", on=LAST, by="hr")
    with pytest.raises(InvalidMeasure):
        discipline.lift(disciplined, ID, reason="x", on=date(2026, 5, 31), by="hr")
    cleared, _ = discipline.lift(disciplined, ID, reason="x", on=LAST, by="hr")
    with pytest.raises(MeasureLifted):
        discipline.lift(cleared, ID, reason="x", on=LAST, by="hr")
    gone, _ = separate(employee, "retired", date(2026, 1, 1))
    with pytest.raises(AlreadySeparated):
        imposed(gone)
    many = tuple(replace(disciplined.dossier.measures[0], decree_number=f"800/{n}") for n in range(discipline.MOST))
    with pytest.raises(TooManyMeasures):
        imposed(replace(employee, dossier=replace(employee.dossier, measures=many)), decree_number="900/1")
