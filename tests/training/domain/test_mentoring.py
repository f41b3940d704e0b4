"""Mentoring: both agree, both say that they met, both judge; hours count once for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from training.domain import mentoring as mentorings
from training.domain.mentoring import MOST_MEETINGS, STATEMENTS, Meeting, Mentoring, Role
from training.domain.record import Record, count_mentoring, hours_of
from training.domain.refusals import (
    AlreadyMentored,
    InvalidEvaluation,
    InvalidMeeting,
    MeetingRecorded,
    MentoringState,
    NotYourTurn,
)

BEGUN, TODAY = date(2026, 11, 2), date(2026, 11, 20)
MARKS = (5, 4, 5, 4, 5)


@pytest.fixture
def mentor(employee: Callable[[int], Record]) -> Record:
    return employee(1)


@pytest.fixture
def mentee(employee: Callable[[int], Record]) -> Record:
    return employee(2)


@pytest.fixture
def proposed(mentor: Record, mentee: Record) -> Mentoring:
    return mentorings.propose("m1", mentor, mentee, "teknis.arsip", by=None, on=BEGUN, known=False)


@pytest.fixture
def active(proposed: Mentoring) -> Mentoring:
    return mentorings.accept(mentorings.accept(proposed, "mentor"), "mentee")


def met(number: int = 1, *, day: date = TODAY, jp: str = "2", by: Role = "mentor") -> Meeting:
    id_ = f"0197a000-0000-7000-8000-{number:012d}"
    return Meeting(id=id_, held_on=day, jp=Decimal(jp), topic="Menata arsip", recorded_by=by)


@pytest.fixture
def confirm(mentor: Record, mentee: Record) -> Callable[..., Any]:
    def by(mentoring: Mentoring, role: Role = "mentee", day: date = TODAY, **spent: str) -> Any:
        taken: Any = {part: Decimal(jp) for part, jp in spent.items()}
        return mentorings.confirm_meeting(mentoring, day, role, mentor, mentee, spent=taken)

    return by


def test_it_begins_when_both_have_agreed(proposed: Mentoring) -> None:
    one = mentorings.accept(proposed, "mentor")

    assert (one.state, one.accepted) == ("proposed", ("mentor",))
    assert mentorings.accept(one, "mentor") == one
    assert mentorings.accept(one, "mentee").state == "active"


def test_who_asks_for_a_mentor_has_agreed(mentor: Record, mentee: Record) -> None:
    asked = mentorings.propose("m1", mentor, mentee, "teknis.arsip", by=mentee.employee_id, on=BEGUN, known=False)

    assert asked.accepted == ("mentee",)
    with pytest.raises(AlreadyMentored):
        mentorings.propose("m2", mentor, mentee, "teknis.arsip", by=None, on=BEGUN, known=True)


def test_either_may_decline_and_then_nothing_begins(proposed: Mentoring, active: Mentoring) -> None:
    declined = mentorings.decline(proposed, "tidak ada waktu", TODAY)

    assert (declined.state, declined.running, declined.ended_on) == ("declined", False, TODAY)
    for ended in (declined, active):
        with pytest.raises(MentoringState):
            mentorings.accept(ended, "mentor")
        with pytest.raises(MentoringState):
            mentorings.decline(ended, "lagi", TODAY)
    with pytest.raises(MentoringState):
        mentorings.record_meeting(proposed, met(), TODAY)


def test_hours_count_for_both_once_the_other_side_confirms(active: Mentoring, confirm: Any) -> None:
    recorded = mentorings.record_meeting(active, met(jp="1.5"), TODAY)
    assert recorded.hours == 0

    confirmed, said = confirm(recorded)

    assert confirmed.hours == Decimal("1.5")
    assert [(e.role, e.employee_id, e.other_id) for e in said] == [
        ("mentor", active.mentor_id, active.mentee_id),
        ("mentee", active.mentee_id, active.mentor_id),
    ]
    assert {(e.jp, e.held_on, e.mentoring_id) for e in said} == {(Decimal("1.5"), TODAY, met().id)}
    with pytest.raises(MeetingRecorded):
        confirm(confirmed)


def test_nobody_confirms_what_they_have_recorded(active: Mentoring, confirm: Any) -> None:
    for by in ("mentor", "mentee"):
        recorded = mentorings.record_meeting(active, met(by=by), TODAY)  # type: ignore[arg-type]  # both are roles
        with pytest.raises(NotYourTurn):
            confirm(recorded, by)
    with pytest.raises(InvalidMeeting):
        confirm(active)


@pytest.mark.parametrize("day", [BEGUN - timedelta(days=1), TODAY + timedelta(days=1)], ids=["before", "to come"])
def test_a_meeting_is_held_since_the_proposal_and_not_in_the_future(active: Mentoring, day: date) -> None:
    with pytest.raises(InvalidMeeting):
        mentorings.record_meeting(active, met(day=day), TODAY)
    for held in (BEGUN, TODAY):
        assert mentorings.record_meeting(active, met(day=held), TODAY).meetings


@pytest.mark.parametrize(("jp", "fits"), [("0", False), ("0.01", True), ("8", True), ("8.01", False), ("1.234", False)])
def test_a_meeting_is_up_to_eight_hours(active: Mentoring, jp: str, fits: bool) -> None:
    if fits:
        assert mentorings.record_meeting(active, met(jp=jp), TODAY).meetings
    else:
        with pytest.raises(InvalidMeeting):
            mentorings.record_meeting(active, met(jp=jp), TODAY)


def test_a_day_holds_one_meeting_and_a_mentoring_so_many(active: Mentoring) -> None:
    once = mentorings.record_meeting(active, met(1), TODAY)
    with pytest.raises(MeetingRecorded):
        mentorings.record_meeting(once, met(2), TODAY)
    for number in range(MOST_MEETINGS):
        active = mentorings.record_meeting(active, met(day=BEGUN + timedelta(days=number)), date(2027, 12, 1))
    with pytest.raises(InvalidMeeting):
        mentorings.record_meeting(active, met(day=date(2027, 11, 30)), date(2027, 12, 1))


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_all_mentorings_of_either_make_no_more_than_eight_hours_a_day(
    active: Mentoring, confirm: Any, side: str
) -> None:
    recorded = mentorings.record_meeting(active, met(jp="3"), TODAY)

    assert confirm(recorded, **{side: "5"})[0].hours == 3
    with pytest.raises(InvalidMeeting):
        confirm(recorded, **{side: "5.01"})


def test_only_what_others_have_confirmed_of_that_day_is_spent(active: Mentoring, confirm: Any) -> None:
    recorded = mentorings.record_meeting(active, met(jp="3"), TODAY)
    confirmed, _ = confirm(recorded)

    assert mentorings.spent_on(TODAY, (recorded, confirmed)) == 3
    assert mentorings.spent_on(BEGUN, (confirmed,)) == 0


def test_both_judge_and_with_the_second_judgement_it_is_closed(active: Mentoring, confirm: Any) -> None:
    held, _ = confirm(mentorings.record_meeting(active, met(), TODAY))
    once = mentorings.evaluate(held, "mentee", MARKS, TODAY)
    assert (once.state, once.running) == ("active", True)

    closed = mentorings.evaluate(once, "mentor", MARKS, TODAY)

    assert (closed.state, closed.marks, closed.ended_on) == ("closed", {"mentee": MARKS, "mentor": MARKS}, TODAY)
    with pytest.raises(MentoringState):
        mentorings.evaluate(closed, "mentor", MARKS, TODAY)
    with pytest.raises(MentoringState):
        mentorings.record_meeting(closed, met(2, day=BEGUN), TODAY)


@pytest.mark.parametrize("marks", [(), MARKS[:-1], (*MARKS, 5), (0, *MARKS[1:]), (6, *MARKS[1:])])
def test_every_statement_is_answered_from_one_to_five(active: Mentoring, confirm: Any, marks: tuple[int, ...]) -> None:
    held, _ = confirm(mentorings.record_meeting(active, met(), TODAY))
    with pytest.raises(InvalidEvaluation):
        mentorings.evaluate(held, "mentee", marks, TODAY)


def test_without_a_confirmed_meeting_there_is_nothing_to_judge(active: Mentoring) -> None:
    with pytest.raises(MentoringState):
        mentorings.evaluate(mentorings.record_meeting(active, met(), TODAY), "mentee", MARKS, TODAY)


def test_the_office_closes_what_the_two_do_not_once(proposed: Mentoring, active: Mentoring) -> None:
    for running in (proposed, active):
        closed = mentorings.close(running, "pembimbing pensiun", TODAY)
        assert (closed.state, closed.reason) == ("closed", "pembimbing pensiun")
        with pytest.raises(MentoringState):
            mentorings.close(closed, "lagi", TODAY)


def test_both_sides_answer_as_many_statements() -> None:
    assert len(STATEMENTS["mentor"]) == len(STATEMENTS["mentee"]) == len(MARKS)


@pytest.mark.parametrize(("held", "counts", "missing"), [("0.5", "0.5", 20), ("5.5", "5.5", 15), ("7", "6", 14)])
def test_of_mentoring_six_hours_a_year_count_toward_the_twenty(
    active: Mentoring, confirm: Any, mentee: Record, held: str, counts: str, missing: int
) -> None:
    _, (_, said) = confirm(mentorings.record_meeting(active, met(jp=held), TODAY))

    counted, effect = count_mentoring(replace(mentee, kind="PNS"), said)

    hours = hours_of(counted, 2026)
    assert (hours.mentoring, hours.missing, hours.earned) == (Decimal(counts), missing, 0)
    assert hours_of(counted, 2027).missing == 20
    assert effect["did"] == "mentored"
