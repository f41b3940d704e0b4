"""The training record: what personnel and appraisal say changes it, and what training adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import CoachingOpened, Predikat, ScoreUpdated
from kinara.contracts.personnel import (
    EmployeeChanged,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
)
from kinara.contracts.training import (
    EnrolmentCancelled,
    EnrolmentConfirmed,
    EnrolmentWaitlisted,
    TrainingCompleted,
)
from training.domain import record as records
from training.domain.record import ANNUAL_HOURS, Record

Employees = Callable[[int], Record]

EMPLOYEE = "0197a000-0000-7000-8000-0000000000e1"
UNIT = "0197a000-0000-7000-8000-0000000000a1"
OTHER_UNIT = "0197a000-0000-7000-8000-0000000000a2"
LEADER = "0197a000-0000-7000-8000-0000000000e2"
PLACE: dict[str, Any] = {"province": Province(code="16"), "unit_path": "/16.71/plaju", "employee_id": EMPLOYEE}
FACTS: dict[str, Any] = PLACE | {
    "nip": "199003142015042999",
    "name": "Rani Contoh",
    "kind": "PNS",
    "sex": "F",
    "birth_year": 1990,
    "golongan": "III/b",
    "jabatan": "Pranata Komputer",
    "jabatan_kind": "fungsional",
    "unit_id": UNIT,
    "supervisor_id": LEADER,
    "effective_on": date(2026, 11, 1),
}
THRESHOLD = Decimal(60)


def low_score(**change: Any) -> ScoreUpdated:
    facts = {"period": "2026-11", "policy": "plaju@1", "k": "80", "m": "40", "score": "55", "predikat": Predikat.KURANG}
    return ScoreUpdated.model_validate(PLACE | facts | change)


def coaching(**change: Any) -> CoachingOpened:
    facts = {"case_id": UNIT, "form": "bimbingan", "trigger": "S rendah", "period": "2026-11"}
    return CoachingOpened.model_validate(PLACE | facts | {"opened_on": date(2026, 12, 1)} | change)


def completion(number: int = 1, **change: Any) -> TrainingCompleted:
    facts = {
        "completion_id": f"0197a000-0000-7000-8000-{number:012d}",
        "enrolment_id": UNIT,
        "programme_id": UNIT,
        "title": "Pelayanan publik digital",
        "partner": "Lembaga Contoh",
        "jp": 16,
        "course_kind": "4",
        "certificate_number": "LC/1",
        "completed_on": date(2026, 11, 20),
    }
    return TrainingCompleted.model_validate(PLACE | facts | change)


def seat(number: int = 1, **change: Any) -> EnrolmentConfirmed:
    """A seat in a session of its own, unless said otherwise."""
    facts = {
        "enrolment_id": f"0197a000-0000-7000-8000-{number:012d}",
        "session_id": f"0197a000-0000-7000-8000-5e55{number:08d}",
        "programme_id": UNIT,
        "title": "Pelayanan publik digital",
        "jp": 16,
        "starts_on": date(2026, 11, 16),
    }
    return EnrolmentConfirmed.model_validate(PLACE | facts | change)


def lost(given: EnrolmentConfirmed, reason: str) -> EnrolmentCancelled:
    """The seat given is no longer the employee's."""
    return EnrolmentCancelled.model_validate(given.model_dump() | {"reason": reason})


@pytest.fixture
def record() -> Record:
    """An employee whom personnel has registered."""
    return records.follow_registration(records.blank(EMPLOYEE, "16"), EmployeeRegistered(**FACTS))[0]


def test_nobody_is_trained_before_personnel_says_who_they_are() -> None:
    blank = records.blank(EMPLOYEE, "16")
    assert not blank.active
    assert not blank.known


def test_a_registered_employee_can_be_trained(record: Record) -> None:
    assert (record.name, record.kind, record.active, record.known) == ("Rani Contoh", "PNS", True, True)
    assert (record.unit_id, record.unit_path, record.supervisor_id) == (UNIT, "/16.71/plaju", LEADER)


def test_a_score_that_arrives_before_the_registration_is_not_lost() -> None:
    early, _ = records.open_need_after_low_score(records.blank(EMPLOYEE, "16"), low_score(), THRESHOLD)

    registered, effect = records.follow_registration(early, EmployeeRegistered(**FACTS))

    assert len(registered.open_needs) == 1
    assert effect == {"did": "registered", "unit_path": "/16.71/plaju"}


def test_a_change_updates_who_the_employee_is_and_nothing_else(record: Record) -> None:
    record = records.count_completion(record, completion(), ["teknis.a"])[0]

    changed, effect = records.follow_change(record, EmployeeChanged(**FACTS | {"name": "Rani C."}, changed=("name",)))

    assert changed == replace(record, name="Rani C.")
    assert effect == {"did": "changed", "fields": ["name"]}


def test_a_change_does_not_bring_back_who_has_left(record: Record) -> None:
    gone = replace(record, active=False)

    assert not records.follow_change(gone, EmployeeChanged(**FACTS, changed=()))[0].active


def test_hours_offers_and_needs_move_with_the_employee(record: Record) -> None:
    record = records.open_need_after_low_score(record, low_score(), THRESHOLD)[0]
    event = EmployeeTransferred(
        province=Province(code="17"),
        unit_path="/17/dinkes",
        employee_id=EMPLOYEE,
        from_unit_id=UNIT,
        from_unit_path="/16.71/plaju",
        to_unit_id=OTHER_UNIT,
        jabatan="Pranata Komputer",
        effective_on=date(2027, 1, 4),
    )

    moved, effect = records.follow_transfer(record, event)

    assert (moved.unit_id, moved.unit_path, moved.province.code) == (OTHER_UNIT, "/17/dinkes", "17")
    assert (moved.supervisor_id, moved.needs) == (None, record.needs)
    assert effect == {"did": "transferred", "from": "/16.71/plaju", "to": "/17/dinkes"}


def test_who_has_left_gets_no_more_seats_but_keeps_the_record(record: Record) -> None:
    record = records.count_completion(record, completion(), ["teknis.a"])[0]
    event = EmployeeSeparated(**PLACE, reason="retired", effective_on=date(2027, 1, 1))

    gone, effect = records.follow_separation(record, event)

    assert gone == replace(record, active=False, to_follow=True)
    assert records.followed(gone) == replace(record, active=False)
    assert effect == {"did": "separated", "reason": "retired"}


def test_a_low_score_opens_a_need(record: Record) -> None:
    opened, effect = records.open_need_after_low_score(record, low_score(), THRESHOLD)

    assert [need.topic for need in opened.open_needs] == ["pelayanan"]
    assert effect == {"did": "need opened", "need": "2026-11-m", "topic": "pelayanan"}


def test_a_good_score_leaves_the_very_same_record(record: Record) -> None:
    same, effect = records.open_need_after_low_score(record, low_score(score="80", predikat=Predikat.BAIK), THRESHOLD)

    assert same is record
    assert effect == {}


@pytest.mark.parametrize("period", ["2026-11", "2026-12"], ids=["same period", "next period"])
def test_one_need_is_open_for_each_component(record: Record, period: str) -> None:
    opened = records.open_need_after_low_score(record, low_score(), THRESHOLD)[0]

    assert records.open_need_after_low_score(opened, low_score(period=period), THRESHOLD) == (opened, {})


def test_another_weakness_opens_another_need(record: Record) -> None:
    opened = records.open_need_after_low_score(record, low_score(), THRESHOLD)[0]

    both = records.open_need_after_low_score(opened, low_score(k="30"), THRESHOLD)[0]

    assert [need.component for need in both.open_needs] == ["m", "k"]


def test_a_covered_need_is_asked_for_again_in_a_later_period_only(record: Record) -> None:
    opened = records.open_need_after_low_score(record, low_score(), THRESHOLD)[0]
    covered = records.count_completion(opened, completion(), ["pelayanan.aduan"])[0]

    assert covered.open_needs == ()
    assert records.open_need_after_low_score(covered, low_score(score="56"), THRESHOLD) == (covered, {})
    again = records.open_need_after_low_score(covered, low_score(period="2026-12"), THRESHOLD)[0]
    assert [need.id for need in again.open_needs] == ["2026-12-m"]


def test_coaching_opens_a_need_unless_the_score_has(record: Record) -> None:
    opened, effect = records.open_need_after_coaching(record, coaching())

    assert effect == {"did": "need opened", "need": "2026-11-k", "topic": "teknis"}
    assert records.open_need_after_low_score(opened, low_score(k="1"), THRESHOLD) == (opened, {})
    assert records.open_need_after_coaching(opened, coaching()) == (opened, {})


def test_a_seat_puts_its_hours_on_offer(record: Record) -> None:
    offered, effect = records.count_offer(record, seat())

    assert records.hours_of(offered, 2026).offered == 16
    assert records.hours_of(offered, 2025).offered == 0
    assert effect == {"did": "offered", "jp": 16}


def test_a_place_in_the_waiting_line_offers_nothing_yet(record: Record) -> None:
    waitlisted = EnrolmentWaitlisted.model_validate(PLACE | {"enrolment_id": UNIT, "session_id": UNIT, "place": 3})

    assert records.count_place(record, waitlisted) == (record, {"did": "waitlisted", "enrolment": UNIT, "place": 3})
    assert records.count_place(record, seat()) == records.count_offer(record, seat())


def test_a_seat_given_back_and_taken_again_is_one_offer(record: Record) -> None:
    offered = records.count_offer(record, seat(1))[0]

    left, effect = records.follow_cancellation(offered, lost(seat(1), "participant"))
    again = seat(2, session_id=seat(1).session_id)

    assert (left, effect) == (offered, {"did": "seat given back", "enrolment": seat(1).enrolment_id})
    assert records.count_offer(left, again) == (offered, {"did": "offered again", "enrolment": again.enrolment_id})


def test_a_session_called_off_was_never_an_offer(record: Record) -> None:
    offered = records.count_offer(records.count_offer(record, seat(1))[0], seat(2, jp=4))[0]

    retracted, effect = records.follow_cancellation(offered, lost(seat(1), "session_called_off"))

    assert records.hours_of(retracted, 2026).offered == 4
    assert effect == {"did": "offer retracted", "enrolment": seat(1).enrolment_id}


def test_who_waited_for_a_session_called_off_waits_no_more_and_was_offered_nothing(record: Record) -> None:
    event = lost(seat(1), "session_called_off")

    assert records.follow_cancellation(record, event) == (
        record,
        {"did": "waiting ended", "enrolment": seat(1).enrolment_id},
    )


def test_a_completion_counts_in_the_year_of_its_day(record: Record) -> None:
    record = records.count_completion(record, completion(1, completed_on=date(2025, 12, 31)), ["teknis.a"])[0]
    record = records.count_completion(record, completion(2, completed_on=date(2026, 1, 1), jp=7), ["teknis.a"])[0]
    record = records.count_completion(record, completion(3, jp=8), ["teknis.a"])[0]

    assert [records.hours_of(record, year).earned for year in (2024, 2025, 2026)] == [0, 16, 15]


def test_a_completion_closes_the_needs_that_it_serves(record: Record) -> None:
    record = records.open_need_after_low_score(record, low_score(), THRESHOLD)[0]
    record = records.open_need_after_low_score(record, low_score(k="1"), THRESHOLD)[0]

    after, effect = records.count_completion(record, completion(), ["pelayanan.aduan"])

    assert [(need.id, need.state) for need in after.needs] == [("2026-11-m", "closed"), ("2026-11-k", "open")]
    assert effect == {"did": "completed", "jp": 16, "needs_closed": ["2026-11-m"]}
    assert after.needs[0].closed_by == completion().completion_id


def test_a_certificate_shows_what_no_earlier_one_has_shown(record: Record) -> None:
    shown = records.attained(record, completion(), ["teknis.a", "umum.b"], 2)
    assert [(fact.competency, fact.level) for fact in shown] == [("teknis.a", 2), ("umum.b", 2)]
    assert {fact.completion_id for fact in shown} == {completion().completion_id}

    record = records.count_completion(record, completion(), ["teknis.a"], 2)[0]

    again = {level: records.attained(record, completion(2), ["teknis.a"], level) for level in (1, 2, 3)}
    assert [len(facts) for facts in again.values()] == [0, 0, 1]


@pytest.mark.parametrize(("earned", "missing"), [(0, 20), (16, 4), (20, 0), (24, 0)])
def test_pns_have_a_right_to_twenty_hours_a_year(record: Record, earned: int, missing: int) -> None:
    if earned:
        record = records.count_completion(record, completion(jp=earned), ["teknis.a"])[0]

    assert records.hours_of(record, 2026).missing == missing


def test_pppk_have_no_legal_minimum_and_a_ceiling_that_is_not_verified(record: Record) -> None:
    hours = records.hours_of(replace(record, kind="PPPK"), 2026)

    assert hours.missing == 0
    assert hours.law == ANNUAL_HOURS["PPPK"]
    assert (ANNUAL_HOURS["PPPK"].at_most, ANNUAL_HOURS["PPPK"].verified) == (24, False)


def test_an_unverified_ceiling_cuts_nobodys_hours(record: Record) -> None:
    record = replace(records.count_completion(record, completion(jp=40), ["teknis.a"])[0], kind="PPPK")

    assert records.hours_of(record, 2026).earned == 40


def test_before_the_kind_is_known_no_law_is_applied() -> None:
    hours = records.hours_of(records.blank(EMPLOYEE, "16"), 2026)

    assert (hours.law, hours.missing) == (None, 0)
