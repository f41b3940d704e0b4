"""The directory of whom citizens may speak about, and the tally of what they said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from feedback.domain import subject as subjects
from feedback.domain.subject import Subject
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts import Province
from kinara.contracts.feedback import FeedbackReceived, FeedbackWithdrawn
from kinara.contracts.personnel import (
    EmployeeChanged,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
    UnitChanged,
)

EMPLOYEE = "0197a000-0000-7000-8000-0000000000e1"
UNIT = "0197a000-0000-7000-8000-0000000000a1"
OTHER_UNIT = "0197a000-0000-7000-8000-0000000000a2"
LEADER = "0197a000-0000-7000-8000-0000000000e2"

FACTS = {
    "province": Province(code="16"),
    "unit_path": "/16.71/plaju",
    "employee_id": EMPLOYEE,
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

voices = st.lists(st.tuples(st.sampled_from([Decimal("1.0"), Decimal("0.2")]), st.integers(1, 4)), max_size=30)


def registered() -> Subject:
    return subjects.follow_registration(subjects.blank(EMPLOYEE, "16"), EmployeeRegistered(**FACTS))[0]


def unit_fact(**change: object) -> UnitChanged:
    facts = {"province": Province(code="16"), "unit_path": "/16.71/plaju", "unit_id": UNIT, "name": "Kecamatan Plaju"}
    return UnitChanged.model_validate(facts | {"leader_id": LEADER} | change)


def voice(trust: Decimal, rating: int, number: int = 0) -> FeedbackReceived:
    return FeedbackReceived(
        province=Province(code="16"),
        unit_path="/16.71/plaju",
        feedback_id=f"0197a000-0000-7000-8000-{number:012x}",
        employee_id=EMPLOYEE,
        unit_id=UNIT,
        rating=rating,
        trust=trust,
        given_at=datetime(2026, 11, 14, tzinfo=UTC),
    )


def taken_back(given_voice: FeedbackReceived) -> FeedbackWithdrawn:
    return FeedbackWithdrawn(**given_voice.model_dump(exclude={"has_text"}), reason="citizen")


def test_nobody_can_be_rated_before_personnel_says_who_they_are() -> None:
    assert not subjects.blank(EMPLOYEE, "16").active


def test_a_registered_employee_is_listed_under_their_unit_and_superior() -> None:
    entry, effect = subjects.follow_registration(subjects.blank(EMPLOYEE, "16"), EmployeeRegistered(**FACTS))

    assert (entry.kind, entry.name, entry.active) == ("employee", "Rani Contoh", True)
    assert (entry.unit_id, entry.unit_path, entry.supervisor_id) == (UNIT, "/16.71/plaju", LEADER)
    assert effect == {"did": "registered", "unit_path": "/16.71/plaju"}


def test_a_change_updates_the_entry_and_keeps_the_tally() -> None:
    entry = subjects.count(registered(), voice(Decimal("1.0"), 4))[0]

    changed, effect = subjects.follow_change(entry, EmployeeChanged(**FACTS | {"name": "Rani C."}, changed=("name",)))

    assert (changed.name, changed.votes) == ("Rani C.", 1)
    assert effect == {"did": "changed", "fields": ["name"]}


def test_a_change_does_not_bring_back_who_has_left() -> None:
    gone = replace(registered(), active=False)

    assert not subjects.follow_change(gone, EmployeeChanged(**FACTS, changed=()))[0].active


def test_a_transfer_moves_the_entry_and_keeps_the_tally() -> None:
    entry = subjects.count(registered(), voice(Decimal("1.0"), 4))[0]
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

    moved, effect = subjects.follow_transfer(entry, event)

    assert (moved.unit_id, moved.unit_path, moved.province.code) == (OTHER_UNIT, "/17/dinkes", "17")
    assert (moved.supervisor_id, moved.name, moved.votes) == (None, "Rani Contoh", 1)
    assert effect == {"did": "transferred", "from": "/16.71/plaju", "to": "/17/dinkes"}


def test_who_has_left_cannot_be_rated_but_keeps_the_tally() -> None:
    entry = subjects.count(registered(), voice(Decimal("1.0"), 4))[0]
    event = EmployeeSeparated(
        province=Province(code="16"),
        unit_path="/16.71/plaju",
        employee_id=EMPLOYEE,
        reason="retired",
        effective_on=date(2027, 1, 1),
    )

    gone, effect = subjects.follow_separation(entry, event)

    assert (gone.active, gone.votes) == (False, 1)
    assert effect == {"did": "separated", "reason": "retired"}


def test_a_unit_is_listed_as_a_unit_with_its_leader() -> None:
    entry, effect = subjects.follow_unit(subjects.blank(UNIT, "16"), unit_fact())

    assert (entry.kind, entry.unit_id, entry.name) == ("unit", UNIT, "Kecamatan Plaju")
    assert (entry.supervisor_id, entry.active) == (LEADER, True)
    assert effect == {"did": "changed", "unit_path": "/16.71/plaju", "active": True}


def test_a_closed_unit_cannot_be_rated() -> None:
    entry = subjects.follow_unit(subjects.blank(UNIT, "16"), unit_fact())[0]

    assert not subjects.follow_unit(entry, unit_fact(active=False))[0].active


def test_a_voice_weighs_by_its_trust() -> None:
    entry = subjects.count(registered(), voice(Decimal("1.0"), 4))[0]

    entry, effect = subjects.count(entry, voice(Decimal("0.2"), 1))

    assert (entry.votes, entry.weight, entry.weighted) == (2, Decimal("1.2"), Decimal("4.2"))
    assert effect == {
        "did": "counted",
        "feedback": "0197a000-0000-7000-8000-000000000000",
        "trust": Decimal("0.2"),
        "rating": 1,
    }


@given(voices)
def test_the_tally_is_the_sum_of_its_voices_in_any_order(said: list[tuple[Decimal, int]]) -> None:
    forward = backward = registered()
    for trust, rating in said:
        forward = subjects.count(forward, voice(trust, rating))[0]
    for trust, rating in reversed(said):
        backward = subjects.count(backward, voice(trust, rating))[0]

    assert forward == backward
    assert forward.weight == sum((trust for trust, _ in said), Decimal(0))
    assert forward.weighted == sum((trust * rating for trust, rating in said), Decimal(0))


@given(voices, st.sampled_from([Decimal("1.0"), Decimal("0.2")]), st.integers(1, 4))
def test_taking_a_voice_back_undoes_exactly_what_it_did(
    said: list[tuple[Decimal, int]], trust: Decimal, rating: int
) -> None:
    before = subjects.count(registered(), voice(Decimal("1.0"), 3))[0]
    for known in said:
        before = subjects.count(before, voice(*known))[0]

    after = subjects.count(before, voice(trust, rating))[0]
    undone, effect = subjects.uncount(after, taken_back(voice(trust, rating)))

    assert undone == before
    assert effect["did"] == "uncounted"
