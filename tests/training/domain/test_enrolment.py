"""Enrolment: seats, the waiting line, attendance and certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from kinara.contracts import Subject
from kinara.contracts.training import EnrolmentConfirmed, EnrolmentWaitlisted
from training.domain import enrolment as places
from training.domain import session as sessions
from training.domain.enrolment import Enrolment
from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.refusals import (
    AlreadyCompleted,
    AlreadyEnrolled,
    AttendanceTooLow,
    CertificateMissing,
    DaysTaken,
    EnrolmentClosed,
    LearnerInactive,
    NoSuchDay,
    NotSeated,
    SessionCancelled,
    SessionElsewhere,
    SessionNotOpen,
    SessionNotOver,
    SessionStarted,
)
from training.domain.session import Session

Employees = Callable[[int], Record]

BEFORE = date(2026, 11, 10)


def id_of(number: int) -> str:
    return f"0197a000-0000-7000-8000-{number:012d}"


def fill(session: Session, programme: Programme, employee: Employees, count: int) -> tuple[Session, list[Enrolment]]:
    """The session with ``count`` employees enrolled, first come first."""
    enrolments = []
    for number in range(1, count + 1):
        session, enrolment, _ = places.enrol(id_of(number), session, programme, employee(number), BEFORE)
        enrolments.append(enrolment)
    return session, enrolments


@pytest.fixture
def seated(session: Session, programme: Programme, employee: Employees) -> tuple[Session, Enrolment]:
    """A session with one employee in it."""
    filled, [enrolment] = fill(session, programme, employee, 1)
    return filled, enrolment


def attended(enrolment: Enrolment, session: Session, days: int) -> Enrolment:
    for day in session.meets_on[:days]:
        enrolment = places.attend(enrolment, session, day, session.ends_on)
    return enrolment


def complete(
    enrolment: Enrolment,
    session: Session,
    programme: Programme,
    employee: Employees,
    *,
    number: str = "LC/2026/17",
    on: date | None = None,
) -> tuple[Enrolment, object]:
    return places.complete(
        enrolment,
        session,
        programme,
        employee(1),
        completion_id=id_of(99),
        certificate_number=number,
        on=on or session.ends_on,
    )


def test_a_seat_is_confirmed_with_its_hours(session: Session, programme: Programme, employee: Employees) -> None:
    filled, enrolment, event = places.enrol(id_of(1), session, programme, employee(1), BEFORE)

    assert filled.seated == (employee(1).employee_id,)
    assert enrolment.status == "confirmed"
    assert isinstance(event, EnrolmentConfirmed)
    assert event.subject == Subject("employee", employee(1).employee_id)
    assert (event.jp, event.title) == (16, programme.title)
    assert (event.starts_on, event.ends_on) == (session.starts_on, session.ends_on)
    assert (event.unit_path, event.province) == (employee(1).unit_path, employee(1).province)


def test_when_seats_are_full_the_next_ones_wait_in_line(
    session: Session, programme: Programme, employee: Employees
) -> None:
    full, _ = fill(session, programme, employee, 2)

    full, third, event = places.enrol(id_of(3), full, programme, employee(3), BEFORE)
    assert (third.status, isinstance(event, EnrolmentWaitlisted), event.place) == ("waiting", True, 1)  # type: ignore[union-attr]

    full, fourth, event = places.enrol(id_of(4), full, programme, employee(4), BEFORE)
    assert (fourth.status, event.place) == ("waiting", 2)  # type: ignore[union-attr]
    assert full.seated == tuple(employee(n).employee_id for n in (1, 2))
    assert full.waiting == tuple(employee(n).employee_id for n in (3, 4))


@pytest.mark.parametrize("number", [1, 3], ids=["seated", "waiting"])
def test_nobody_has_two_places(session: Session, programme: Programme, employee: Employees, number: int) -> None:
    full, _ = fill(session, programme, employee, 3)

    with pytest.raises(AlreadyEnrolled):
        places.enrol(id_of(9), full, programme, employee(number), BEFORE)


def test_seats_are_for_employees_in_service(session: Session, programme: Programme, employee: Employees) -> None:
    with pytest.raises(LearnerInactive):
        places.enrol(id_of(1), session, programme, replace(employee(1), active=False), BEFORE)


@pytest.mark.parametrize("state", ["planned", "held", "cancelled"])
def test_seats_are_given_in_open_sessions_only(
    session: Session, programme: Programme, employee: Employees, state: sessions.State
) -> None:
    with pytest.raises(SessionNotOpen):
        places.enrol(id_of(1), replace(session, state=state), programme, employee(1), BEFORE)


def test_seats_are_for_employees_of_the_government_that_hosts(
    session: Session, programme: Programme, employee: Employees
) -> None:
    colleague = replace(employee(1), unit_path="/16.71/dinkes")
    assert places.enrol(id_of(1), session, programme, colleague, BEFORE)[1].status == "confirmed"

    with pytest.raises(SessionElsewhere) as refusal:
        places.enrol(id_of(1), session, programme, replace(employee(1), unit_path="/96.71"), BEFORE)
    assert refusal.value.field == "session_id"


@pytest.mark.parametrize("jp", [24, 25], ids=["the hours fit", "an hour too many"])
def test_a_place_leaves_room_for_the_employees_other_places(
    session: Session, programme: Programme, employee: Employees, jp: int
) -> None:
    elsewhere = [(jp, session.meets_on)]  # 16 JP in the same five days

    if jp == 24:
        assert places.enrol(id_of(1), session, programme, employee(1), BEFORE, elsewhere)[1].status == "confirmed"
    else:
        with pytest.raises(DaysTaken) as refusal:
            places.enrol(id_of(1), session, programme, employee(1), BEFORE, elsewhere)
        assert refusal.value.field == "session_id"
        assert "sesi lain di hari yang sama" in refusal.value.message


def test_seats_are_given_until_the_first_day(session: Session, programme: Programme, employee: Employees) -> None:
    places.enrol(id_of(1), session, programme, employee(1), session.starts_on)

    with pytest.raises(SessionStarted):
        places.enrol(id_of(1), session, programme, employee(1), session.starts_on + timedelta(days=1))


def test_a_place_given_back_is_nobodys(session: Session, programme: Programme, employee: Employees) -> None:
    full, [first, second, third, fourth] = fill(session, programme, employee, 4)

    freed, cancelled = places.cancel(first, full, BEFORE)
    assert cancelled.status == "cancelled"
    assert freed.seated == (second.employee_id,)
    assert freed.waiting == (third.employee_id, fourth.employee_id)

    shorter, given_up = places.cancel(third, full, BEFORE)
    assert (given_up.status, given_up.waits_for) == ("cancelled", None)
    assert shorter.seated == (first.employee_id, second.employee_id)
    assert (shorter.waiting, shorter.ranks.keys()) == ((fourth.employee_id,), {fourth.employee_id})


def test_who_cancelled_can_enrol_again(
    seated: tuple[Session, Enrolment], programme: Programme, employee: Employees
) -> None:
    freed, _ = places.cancel(seated[1], seated[0], BEFORE)

    again = places.enrol(id_of(2), freed, programme, employee(1), BEFORE)[1]
    assert again.status == "confirmed"


def test_a_seat_is_not_given_back_once_the_session_has_started(seated: tuple[Session, Enrolment]) -> None:
    session, enrolment = seated

    with pytest.raises(SessionStarted):
        places.cancel(enrolment, session, session.starts_on + timedelta(days=1))


def test_who_waits_may_leave_though_the_session_has_started(
    session: Session, programme: Programme, employee: Employees
) -> None:
    full, enrolments = fill(session, programme, employee, 3)

    for late in (full, replace(full, state="held")):
        left, cancelled = places.cancel(enrolments[2], late, full.ends_on)
        assert (left.waiting, cancelled.status) == ((), "cancelled")


def test_a_place_keeps_its_days_as_long_as_something_can_come_of_it(
    session: Session, programme: Programme, employee: Employees
) -> None:
    full, (seated, _, waits) = fill(session, programme, employee, 3)
    held, first, last = replace(full, state="held"), full.starts_on, full.ends_on
    after = date.fromordinal(first.toordinal() + 1)

    assert [places.takes_days(waits, full, on) for on in (first, after)] == [True, False]
    assert [places.takes_days(seated, one, last) for one in (full, held)] == [True, False]
    came = attended(seated, full, 4)
    assert [places.takes_days(one, held, last) for one in (came, replace(came, status="cancelled"))] == [True, False]
    assert places.takes_days(replace(seated, status="completed"), held, last)


def test_a_place_is_given_back_once(seated: tuple[Session, Enrolment]) -> None:
    session, enrolment = seated
    _, cancelled = places.cancel(enrolment, session, BEFORE)

    with pytest.raises(EnrolmentClosed):
        places.cancel(cancelled, session, BEFORE)
    with pytest.raises(EnrolmentClosed):
        places.call_off(cancelled)


def test_a_session_called_off_takes_its_places_with_it(seated: tuple[Session, Enrolment]) -> None:
    assert places.call_off(seated[1]).status == "cancelled"


def test_attendance_is_kept_by_day_and_saying_it_twice_changes_nothing(seated: tuple[Session, Enrolment]) -> None:
    session, enrolment = seated
    second, first = session.meets_on[1], session.meets_on[0]

    once = places.attend(places.attend(enrolment, session, second, second), session, first, second)

    assert once.attended == (first, second)
    assert places.attend(once, session, first, second) == once


@pytest.mark.parametrize("offset", [-1, 5], ids=["before", "after"])
def test_attendance_is_taken_on_meeting_days_only(seated: tuple[Session, Enrolment], offset: int) -> None:
    session, enrolment = seated

    with pytest.raises(NoSuchDay):
        places.attend(enrolment, session, session.starts_on + timedelta(days=offset), date(2027, 1, 1))


def test_nobody_has_been_there_tomorrow(seated: tuple[Session, Enrolment]) -> None:
    session, enrolment = seated

    with pytest.raises(NoSuchDay):
        places.attend(enrolment, session, session.meets_on[1], session.meets_on[0])


def test_who_waits_or_cancelled_does_not_attend(session: Session, programme: Programme, employee: Employees) -> None:
    full, enrolments = fill(session, programme, employee, 3)

    with pytest.raises(NotSeated):
        places.attend(enrolments[2], full, full.starts_on, full.starts_on)
    with pytest.raises(EnrolmentClosed):
        places.attend(places.call_off(enrolments[0]), full, full.starts_on, full.starts_on)


def test_attendance_of_a_held_session_stands(seated: tuple[Session, Enrolment]) -> None:
    session, enrolment = seated
    held = sessions.hold(session, session.ends_on)

    with pytest.raises(SessionNotOpen):
        places.attend(enrolment, held, session.starts_on, session.ends_on)


@pytest.mark.parametrize("held", [False, True], ids=["over", "held"])
def test_a_certificate_makes_the_hours_count_on_the_sessions_last_day(
    seated: tuple[Session, Enrolment], programme: Programme, employee: Employees, held: bool
) -> None:
    session, enrolment = seated
    enrolment = attended(enrolment, session, 5)
    session = sessions.hold(session, session.ends_on) if held else session

    completed, event = places.complete(
        enrolment,
        session,
        programme,
        employee(1),
        completion_id=id_of(99),
        certificate_number=" LC / 2026 ",
        on=date(2027, 1, 5),
    )

    assert (completed.status, completed.completion_id) == ("completed", id_of(99))
    assert completed.certificate_number == event.certificate_number == "LC / 2026"
    assert event.completed_on == session.ends_on
    assert event.subject == Subject("employee", employee(1).employee_id)
    assert (event.jp, event.course_kind, event.partner) == (16, "4", "Lembaga Contoh")
    assert (event.enrolment_id, event.programme_id, event.completion_id) == (enrolment.id, programme.id, id_of(99))


@pytest.mark.parametrize(("days", "enough"), [(0, False), (3, False), (4, True), (5, True)])
def test_a_certificate_needs_four_of_five_days(
    seated: tuple[Session, Enrolment], programme: Programme, employee: Employees, days: int, enough: bool
) -> None:
    session, enrolment = seated
    enrolment = attended(enrolment, session, days)

    if enough:
        assert complete(enrolment, session, programme, employee)[0].status == "completed"
    else:
        with pytest.raises(AttendanceTooLow):
            complete(enrolment, session, programme, employee)


@pytest.mark.parametrize("number", ["", "  \n", "x" * 101])
def test_no_hours_without_a_certificate_number(
    seated: tuple[Session, Enrolment], programme: Programme, employee: Employees, number: str
) -> None:
    session, enrolment = seated

    with pytest.raises(CertificateMissing) as refusal:
        complete(attended(enrolment, session, 5), session, programme, employee, number=number)
    assert refusal.value.field == "certificate_number"


def test_a_certificate_number_may_have_a_hundred_characters(
    seated: tuple[Session, Enrolment], programme: Programme, employee: Employees
) -> None:
    session, enrolment = seated

    completed, _ = complete(attended(enrolment, session, 5), session, programme, employee, number="x" * 100)

    assert completed.certificate_number == "x" * 100


def test_an_enrolment_is_completed_once(
    seated: tuple[Session, Enrolment], programme: Programme, employee: Employees
) -> None:
    session, enrolment = seated
    completed, _ = complete(attended(enrolment, session, 5), session, programme, employee)

    with pytest.raises(AlreadyCompleted):
        complete(completed, session, programme, employee)


def test_nothing_is_completed_before_the_last_day(
    seated: tuple[Session, Enrolment], programme: Programme, employee: Employees
) -> None:
    session, enrolment = seated

    with pytest.raises(SessionNotOver):
        complete(attended(enrolment, session, 5), session, programme, employee, on=session.ends_on - timedelta(days=1))


def test_a_cancelled_session_gives_no_certificate(
    seated: tuple[Session, Enrolment], programme: Programme, employee: Employees
) -> None:
    session, enrolment = seated

    with pytest.raises(SessionCancelled):
        complete(attended(enrolment, session, 5), sessions.cancel(session), programme, employee)


def test_who_never_got_a_seat_gets_no_certificate(session: Session, programme: Programme, employee: Employees) -> None:
    full, enrolments = fill(session, programme, employee, 3)

    with pytest.raises(NotSeated):
        complete(enrolments[2], full, programme, employee)
    with pytest.raises(EnrolmentClosed):
        complete(places.call_off(enrolments[0]), full, programme, employee)
