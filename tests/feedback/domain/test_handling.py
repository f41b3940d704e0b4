"""The steps of a complaint: who takes them, what each says, and which are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from feedback.domain import handling, receipt, refusals
from feedback.domain.complaint import CONTEST, Complaint, run_out
from feedback.domain.handling import MOST_ANSWERS, MOST_ASSIGNMENTS
from feedback.domain.service_levels import Clocks
from feedback.domain.subject import Subject

MONDAY = datetime(2026, 11, 16, 2, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""The end of the fifth working day after it."""
NEXT_DUE = datetime(2026, 12, 1, 17, tzinfo=UTC)
"""Of a clock that begins when this one runs out."""
KEY = receipt.key_of("0197a000-0000-7000-8000-0000000000c1", b"s")


@pytest.fixture
def verified(complaint: Complaint, clocks: Clocks) -> Complaint:
    return handling.verify(complaint, level="normal", topic="perilaku", by="hr", clocks=clocks, at=MONDAY)[0]


@pytest.fixture
def assigned(verified: Complaint, officer: Subject, unit: Subject, clocks: Clocks) -> Complaint:
    return handling.assign(verified, officer, unit, by="hr", reason="", clocks=clocks, at=MONDAY)[0]


@pytest.fixture
def colleague(officer: Subject) -> Subject:
    return replace(officer, id="0197a000-0000-7000-8000-000000000009", name="Sari Contoh")


def answered(one: Complaint, at: datetime = MONDAY, **facts: Any) -> Any:
    usual = {"by": one.employee_id or "hr", "officer_id": one.employee_id, "outcome": "solved", "words": "Beres"}
    return handling.answer(one, **(usual | {"passed_to": "", "at": at} | facts))


def contested(one: Complaint, clocks: Clocks, at: datetime = MONDAY, *, serves: bool = True) -> Any:
    return handling.contest(one, key=KEY, words="Masih antre", serves=serves, clocks=clocks, at=at)


class TestVerifying:
    def test_the_office_sets_class_and_topic_and_the_clock_to_answer_runs(self, verified: Complaint) -> None:
        assert (verified.state, verified.topic, verified.due_at) == ("verified", "perilaku", DUE)
        assert (verified.verified_by, verified.verified_at) == ("hr", MONDAY)

    def test_late_verification_is_said_and_the_next_clock_is_not_late(
        self, complaint: Complaint, clocks: Clocks
    ) -> None:
        verified, fact = handling.verify(
            complaint, level="urgent", topic="biaya", by="hr", clocks=clocks, at=complaint.due_at
        )
        assert fact is not None
        assert (fact.clock, fact.employee_id) == ("verification", None)
        assert (verified.late, verified.running) == (False, True)

    def test_it_is_verified_once(self, verified: Complaint, clocks: Clocks) -> None:
        with pytest.raises(refusals.AlreadyVerified):
            handling.verify(verified, level="normal", topic="biaya", by="hr", clocks=clocks, at=MONDAY)


class TestAssigning:
    def test_an_officer_of_the_unit_gets_it(self, assigned: Complaint, officer: Subject) -> None:
        assert (assigned.state, assigned.employee_id) == ("assigned", officer.id)
        assert [(given.employee_id, given.by, given.at) for given in assigned.assignments] == [
            (officer.id, "hr", MONDAY)
        ]

    def test_giving_it_on_stops_no_clock_and_needs_a_reason(
        self, assigned: Complaint, colleague: Subject, unit: Subject, clocks: Clocks
    ) -> None:
        with pytest.raises(refusals.WordsMissing):
            handling.assign(assigned, colleague, unit, by="hr", reason="", clocks=clocks, at=MONDAY)
        again, fact = handling.assign(assigned, colleague, unit, by="hr", reason="Cuti", clocks=clocks, at=MONDAY)
        assert (again.employee_id, again.due_at, fact) == (colleague.id, DUE, None)
        assert [given.reason for given in again.assignments] == ["", "Cuti"]

    def test_who_had_it_when_the_clock_ran_out_is_late_not_who_gets_it_then(
        self, assigned: Complaint, officer: Subject, colleague: Subject, unit: Subject, clocks: Clocks
    ) -> None:
        again, fact = handling.assign(assigned, colleague, unit, by="hr", reason="Terlambat", clocks=clocks, at=DUE)
        assert fact is not None
        assert fact.employee_id == officer.id
        assert (again.running, again.late, again.ever_late, again.due_at) == (True, False, True, NEXT_DUE)
        for at, in_time in ((NEXT_DUE - timedelta(milliseconds=1), True), (NEXT_DUE, False)):
            _, overdue, resolved = answered(again, at)
            assert (overdue is None) == in_time, "a clock of their own"
            assert (resolved.employee_id, resolved.within_sla, resolved.late_before_assignment) == (
                colleague.id, in_time, False,
            )  # fmt: skip

    @pytest.mark.parametrize(("left", "whose"), [(timedelta(0), "unit"), (timedelta(days=1), "employee")])
    def test_who_gets_it_at_the_last_minute_is_not_late_with_it(
        self, assigned: Complaint, colleague: Subject, unit: Subject, clocks: Clocks, left: timedelta, whose: str
    ) -> None:
        last_day = DUE - timedelta(hours=10) - left
        again, unsaid = handling.assign(assigned, colleague, unit, by="hr", reason="Cuti", clocks=clocks, at=last_day)
        late, fact = run_out(again, DUE)
        assert unsaid is None
        assert fact is not None
        assert fact.subject.kind == whose
        assert answered(late, DUE)[2].late_before_assignment == (whose == "unit")
        assert answered(again, last_day)[2].within_sla

    def test_the_lateness_of_a_complaint_that_nobody_had_is_the_unit_s(
        self, verified: Complaint, officer: Subject, unit: Subject, clocks: Clocks
    ) -> None:
        again, fact = handling.assign(verified, officer, unit, by="hr", reason="", clocks=clocks, at=DUE)
        assert fact is not None
        assert (fact.subject.kind, fact.clock) == ("unit", "answer")
        assert (again.due_at, answered(again, DUE)[2].within_sla) == (NEXT_DUE, True)

    def test_only_the_latest_assignments_are_kept(
        self, assigned: Complaint, officer: Subject, colleague: Subject, unit: Subject, clocks: Clocks
    ) -> None:
        for turn in range(MOST_ASSIGNMENTS + 2):
            to = (colleague, officer)[turn % 2]
            assigned, _ = handling.assign(assigned, to, unit, by="hr", reason="Giliran", clocks=clocks, at=MONDAY)
        assert len(assigned.assignments) == MOST_ASSIGNMENTS

    def test_it_is_given_to_a_serving_officer_of_the_unit_who_has_it_not(
        self,
        complaint: Complaint,
        assigned: Complaint,
        officer: Subject,
        colleague: Subject,
        unit: Subject,
        clocks: Clocks,
    ) -> None:
        gone, elsewhere = replace(colleague, active=False), replace(colleague, unit_path="/16.71/dinkes")
        for one, to, refused in (
            (complaint, colleague, refusals.NotVerified),
            (assigned, officer, refusals.AlreadyAssigned),
            (assigned, gone, refusals.SubjectInactive),
            (assigned, elsewhere, refusals.OfficerElsewhere),
            (answered(assigned)[0], colleague, refusals.AlreadyAnswered),
        ):
            with pytest.raises(refused):
                handling.assign(one, to, unit, by="hr", reason="Beban kerja", clocks=clocks, at=MONDAY)


class TestAnswering:
    @pytest.mark.parametrize(("at", "in_time"), [(DUE - timedelta(milliseconds=1), True), (DUE, False)])
    def test_the_last_moment_of_the_last_day_is_in_time(
        self, assigned: Complaint, officer: Subject, at: datetime, in_time: bool
    ) -> None:
        one, overdue, resolved = answered(assigned, at)
        assert (one.state, one.running, resolved.within_sla) == ("solved", False, in_time)
        assert (overdue is None) == in_time, "that it ran out is said before the answer, if nobody has said so"
        assert not resolved.late_before_assignment
        assert resolved.subject.id == officer.id

    def test_what_the_timekeeper_has_said_is_not_said_again(self, assigned: Complaint) -> None:
        late, _ = run_out(assigned, DUE)
        _, overdue, resolved = answered(late, DUE)
        assert (overdue, resolved.within_sla) == (None, False)

    def test_not_ours_says_whose_and_nothing_else_does(self, assigned: Complaint) -> None:
        one, _, resolved = answered(assigned, outcome="not_ours", passed_to="PLN UP3 Palembang")
        assert (one.state, resolved.outcome, one.answers[-1].passed_to) == ("not_ours", "not_ours", "PLN UP3 Palembang")
        for outcome, to in (("not_ours", ""), ("not_ours", "\u200b"), ("solved", "PLN")):
            with pytest.raises(refusals.WordsMissing):
                answered(assigned, outcome=outcome, passed_to=to)

    def test_only_the_officer_who_has_it_answers(self, complaint: Complaint, assigned: Complaint) -> None:
        for by in (None, "another"):
            with pytest.raises(refusals.NotAssignedToYou):
                answered(assigned, officer_id=by)
        with pytest.raises(refusals.NotVerified):
            answered(complaint)
        with pytest.raises(refusals.AlreadyAnswered):
            answered(answered(assigned)[0])

    def test_what_nobody_has_the_office_answers_for_the_unit(self, verified: Complaint) -> None:
        _, _, resolved = answered(verified, outcome="closed_without_solution")
        assert (resolved.subject.kind, resolved.outcome) == ("unit", "closed_without_solution")


class TestTheCitizen:
    def test_silence_confirms_after_fourteen_days(self, assigned: Complaint, clocks: Clocks) -> None:
        one, _, _ = answered(assigned)
        last = MONDAY + CONTEST
        assert not one.settled(last - timedelta(milliseconds=1))
        assert one.settled(last)
        assert contested(one, clocks, last - timedelta(milliseconds=1))
        for step in (lambda: contested(one, clocks, last), lambda: handling.confirm(one, key=KEY, at=last)):
            with pytest.raises(refusals.AlreadySettled):
                step()

    def test_what_was_confirmed_is_not_contested(self, assigned: Complaint, clocks: Clocks) -> None:
        confirmed = handling.confirm(answered(assigned)[0], key=KEY, at=MONDAY)
        assert confirmed.confirmed_at == MONDAY
        with pytest.raises(refusals.AlreadySettled):
            contested(confirmed, clocks)

    @pytest.mark.parametrize(("at", "outcome"), [(MONDAY, "solved"), (DUE, "solved"), (MONDAY, "not_ours")])
    def test_a_contest_repeats_what_it_undoes_and_a_new_clock_runs(
        self, assigned: Complaint, clocks: Clocks, at: datetime, outcome: str
    ) -> None:
        one, _, resolved = answered(assigned, at, outcome=outcome, passed_to="PLN" if outcome == "not_ours" else "")
        again, fact = contested(one, clocks, DUE)
        assert (fact.was_within_sla, fact.was_outcome) == (resolved.within_sla, resolved.outcome)
        assert fact.subject == resolved.subject
        assert (again.state, again.employee_id, again.running, again.late) == (
            "assigned", assigned.employee_id, True, False,
        )  # fmt: skip
        assert again.due_at == datetime(2026, 12, 1, 17, tzinfo=UTC)
        assert (again.answers[-1].contested_at, again.answers[-1].contest) == (DUE, "Masih antre")

    def test_it_goes_back_to_the_office_where_its_officer_has_left(
        self, assigned: Complaint, officer: Subject, clocks: Clocks
    ) -> None:
        again, fact = contested(answered(assigned)[0], clocks, serves=False)
        assert (again.state, again.employee_id) == ("verified", None)
        assert fact.subject.id == officer.id

    def test_there_has_to_be_an_answer_and_the_right_key(self, assigned: Complaint, clocks: Clocks) -> None:
        with pytest.raises(refusals.NotAnswered):
            contested(assigned, clocks)
        other = receipt.key_of("other", b"s")
        with pytest.raises(refusals.WrongKey):
            handling.confirm(answered(assigned)[0], key=other, at=MONDAY)

    def test_who_contests_too_often_is_told_where_to_go(self, assigned: Complaint, clocks: Clocks) -> None:
        one = assigned
        for _ in range(MOST_ANSWERS - 1):
            one, _ = contested(answered(one)[0], clocks)
        with pytest.raises(refusals.TooOftenReopened, match="Ombudsman"):
            contested(answered(one)[0], clocks)
