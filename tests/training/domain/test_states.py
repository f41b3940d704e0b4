"""Every state of training survives the database: plain values out, the same state back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts.appraisal import Predikat, ScoreUpdated
from pydantic import TypeAdapter
from training.domain import enrolment as places
from training.domain import programme as programmes
from training.domain import record as records
from training.domain import session as sessions
from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.session import Session

PLAIN = {str, int, bool, type(None), Decimal, datetime}
KIT_FIELDS = {"rev", "said", "seen", "waits", "page"}


def as_stored(value: Any) -> Any:
    """The value as the database gives it back; fails for what the database cannot keep."""
    if isinstance(value, dict):
        assert all(type(key) is str for key in value)
        return {key: as_stored(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_stored(item) for item in value]
    if type(value) is date:
        return value.isoformat()
    assert type(value) in PLAIN, f"{value!r} of {type(value)} is no value that the database keeps"
    return value


@pytest.fixture
def states(programme: Programme, session: Session, employee: Callable[[int], Record]) -> list[Any]:
    id_ = "0197a000-0000-7000-8000-0000000000f1"
    learner = replace(employee(1), supervisor_id="boss")
    poor = ScoreUpdated(
        province=learner.province,
        unit_path=learner.unit_path,
        employee_id=learner.employee_id,
        period="2026-11",
        policy="plaju@1",
        k=Decimal("41.5"),
        score=Decimal("41.5"),
        predikat=Predikat.KURANG,
    )
    in_need, _ = records.open_need_after_low_score(learner, poor, Decimal(60))
    seated, enrolment, confirmed = places.enrol(id_, session, programme, learner, date(2026, 11, 1))
    for day in session.meets_on:
        enrolment = places.attend(enrolment, seated, day, session.ends_on)
    completed, event = places.complete(
        enrolment, seated, programme, learner, completion_id=id_, certificate_number="1", on=session.ends_on
    )
    offered, _ = records.count_offer(in_need, confirmed)  # type: ignore[arg-type]  # a seat was left
    return [
        programme,
        programmes.retire(programme),
        session,
        replace(sessions.cancel(session), place=None),
        seated,
        enrolment,
        completed,
        records.blank(learner.employee_id, "16"),
        offered,
        records.count_completion(offered, event, ["teknis.arsip"])[0],
    ]


def test_every_state_comes_back_from_the_database_as_it_was(states: list[Any]) -> None:
    for state in states:
        shape: TypeAdapter[Any] = TypeAdapter(type(state))
        assert shape.validate_python(as_stored(shape.dump_python(state))) == state


def test_no_state_uses_a_name_that_the_kit_keeps_for_itself(states: list[Any]) -> None:
    for state in states:
        assert not KIT_FIELDS & TypeAdapter(type(state)).dump_python(state).keys()


def test_every_state_says_where_it_belongs(states: list[Any]) -> None:
    assert all(hasattr(state, "unit_path") and hasattr(state, "province") for state in states)


def test_what_was_stored_before_there_was_money_stays_readable(
    programme: Programme, session: Session, employee: Callable[[int], Record]
) -> None:
    _, enrolment, _ = places.enrol(programme.id, session, programme, employee(1), date(2026, 11, 1))
    newer = {
        "partner_id", "ranks", "price", "shares", "plan_id", "planned_by", "cleared",
        "waits_for", "amount", "budget_id", "spent",
    }  # fmt: skip
    for state in (programme, session, enrolment):
        shape: TypeAdapter[Any] = TypeAdapter(type(state))
        stored = as_stored(shape.dump_python(state))
        old = {name: value for name, value in stored.items() if name not in newer}
        assert shape.validate_python(old) == state
