"""Who may teach a session, on which days, and what that comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some
from kinara.contracts import Province
from pydantic import TypeAdapter
from training.domain import refusals
from training.domain import session as sessions
from training.domain import trainer as trainers
from training.domain.partner import Institution
from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.session import JP_A_DAY, Session
from training.domain.trainer import LIMIT, MOST_TRAINERS, Teaching, Trainer

PARTNER = Institution(
    id=str(UUID(int=7)), name="Lembaga Contoh", kind="education", province=Province(code="16"), unit_path="/16.71"
)


@pytest.fixture
def trainer(employee: Callable[[int], Record]) -> Trainer:
    return trainers.of_government(employee(1))


def taught(*days: date, jp: int = 8, meetings: int | None = None) -> Teaching:
    return Teaching(
        id="s/t", session_id="s", trainer_id="t", days=days, first_day=days[0], last_day=days[-1], jp=jp,
        meetings=meetings or len(days),
    )  # fmt: skip


def test_an_employee_teaches_under_their_own_id_where_they_are(employee: Callable[[int], Record]) -> None:
    one = trainers.of_government(employee(1))

    assert (one.id, one.unit_path, one.partner_id) == (employee(1).employee_id, "/16.71/plaju", None)
    with pytest.raises(refusals.LearnerInactive):
        trainers.of_government(replace(employee(1), active=False))


def test_a_trainer_follows_the_employee_and_stops_with_the_service(
    trainer: Trainer, employee: Callable[[int], Record]
) -> None:
    moved = trainers.follow(trainer, replace(employee(1), unit_path="/16.71/dinkes", name="Nama Baru"))
    assert (moved.unit_path, moved.name, moved.active) == ("/16.71/dinkes", "Nama Baru", True)
    assert not trainers.follow(trainer, replace(employee(1), active=False)).active
    assert not trainers.follow(trainers.retire(trainer), employee(1)).active


def test_they_teach_all_days_unless_some_are_named(session: Session, programme: Programme, trainer: Trainer) -> None:
    whole = trainers.appoint(session, programme, trainer, None, [])
    part = trainers.appoint(session, programme, trainer, [date(2026, 11, 20), date(2026, 11, 17)], [])

    assert whole.days == session.meets_on
    assert part.days == (date(2026, 11, 17), date(2026, 11, 20)) == (part.first_day, part.last_day)
    assert (whole.taught(2026), part.taught(2026), part.taught(2027)) == (16, Decimal("6.4"), 0)


@pytest.mark.parametrize("days", [[], [date(2026, 11, 21)], [date(2026, 11, 16), date(2026, 11, 15)]])
def test_days_on_which_the_session_does_not_meet_are_refused(
    session: Session, programme: Programme, trainer: Trainer, days: list[date]
) -> None:
    with pytest.raises(refusals.InvalidTrainer) as refused:
        trainers.appoint(session, programme, trainer, days, [])
    assert refused.value.field == "days"


@pytest.mark.parametrize(
    ("elsewhere", "taken"),
    [
        ([(JP_A_DAY, (date(2026, 11, 18),))], True),
        ([(1, (date(2026, 11, 20),))], True),
        ([(1, (date(2026, 11, 20), date(2026, 11, 21)))], False),
        ([(JP_A_DAY, (date(2026, 11, 15),)), (JP_A_DAY, (date(2026, 11, 21),))], False),
    ],
    ids=["teaches in between", "learns on the last day", "can learn a day later", "the days around"],
)
def test_a_day_of_teaching_is_given_whole(
    session: Session, programme: Programme, trainer: Trainer, elsewhere: list[Any], taken: bool
) -> None:
    if not taken:
        assert trainers.appoint(session, programme, trainer, None, elsewhere).days == session.meets_on
        return
    with pytest.raises(refusals.TrainerTaken) as refused:
        trainers.appoint(session, programme, trainer, None, elsewhere)
    assert trainer.name in refused.value.message


def test_who_teaches_is_of_the_government_or_of_the_partner_whose_programme_it_is(
    session: Session, programme: Programme, trainer: Trainer
) -> None:
    guest = trainers.of_partner(str(UUID(int=9)), PARTNER, "  Dewi   Contoh ")
    assert guest.name == "Dewi Contoh"
    assert trainers.appoint(session, replace(programme, partner_id=PARTNER.id), guest, None, []).days
    for stranger in (guest, replace(trainer, unit_path="/16.710"), replace(guest, partner_id=str(UUID(int=8)))):
        with pytest.raises(refusals.TrainerElsewhere):
            trainers.appoint(session, programme, stranger, None, [])
    for name in ("  ", "x" * 201):
        with pytest.raises(refusals.InvalidTrainer):
            trainers.of_partner(str(UUID(int=9)), PARTNER, name)


def test_nobody_is_appointed_who_is_retired_or_once_it_is_over(
    session: Session, programme: Programme, trainer: Trainer
) -> None:
    with pytest.raises(refusals.TrainerRetired):
        trainers.appoint(session, programme, trainers.retire(trainer), None, [])
    for over in (sessions.hold(session, session.ends_on), sessions.cancel(session)):
        with pytest.raises(refusals.SessionNotOpen):
            trainers.appoint(over, programme, trainer, None, [])


def test_a_session_names_each_trainer_once_and_not_too_many() -> None:
    everybody = [str(number) for number in range(MOST_TRAINERS)]
    trainers.refuse_named_twice(everybody)
    for many in (["a", "a"], [*everybody, "one more"]):
        with pytest.raises(refusals.InvalidTrainer):
            trainers.refuse_named_twice(many)


def test_a_load_is_counted_in_the_month_and_year_of_each_day() -> None:
    across = taught(date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 4), jp=24)

    load = trainers.load_of([across, taught(date(2026, 12, 2), jp=5)], 2026)

    assert (load.jp, load.months[10], load.months[11], sum(load.months)) == (21, 8, 13, 21)
    assert not load.over
    assert trainers.load_of([across], 2027).jp == 8
    assert trainers.load_of([], 2026).jp == 0


def test_a_load_over_the_month_or_the_year_is_shown_with_its_source() -> None:
    week = [date(2026, 3, day) for day in range(2, 7)]
    assert not trainers.load_of([taught(*week, jp=LIMIT.a_month)], 2026).over
    assert trainers.load_of([taught(*week, jp=LIMIT.a_month), taught(date(2026, 3, 9), jp=1)], 2026).over
    spread = [taught(date(2026, month, 2), jp=LIMIT.a_year // 12 + 1) for month in range(1, 13)]
    assert trainers.load_of(spread, 2026).over
    assert (LIMIT.source, LIMIT.verified) == ("(proposal)", False)


@given(some.integers(1, 60), some.sets(some.dates(date(2026, 1, 1), date(2026, 12, 31)), min_size=1, max_size=20))
def test_the_months_come_to_the_year(jp: int, days: set[date]) -> None:
    load = trainers.load_of([taught(*sorted(days), jp=jp)], 2026)

    assert load.jp == jp
    assert abs(sum(load.months) - load.jp) <= Decimal("0.06")


def test_what_is_kept_of_trainers_comes_back_as_it_was(
    session: Session, programme: Programme, trainer: Trainer
) -> None:
    for state in (trainer, trainers.end(trainers.appoint(session, programme, trainer, None, []))):
        shape: TypeAdapter[Any] = TypeAdapter(type(state))
        assert shape.validate_python(shape.dump_python(state, mode="json")) == state
