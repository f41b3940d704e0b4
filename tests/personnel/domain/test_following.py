"""What a change of the tree means for those who work in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from kinara.contracts import Province
from personnel.domain.employee import Employee, assign_supervisor, separate
from personnel.domain.following import LONGEST_TRANSACTION, Reorganisation, after_pass, follow_tree
from personnel.domain.unit import Unit

ON = date(2026, 11, 1)
CAMAT = "00000000-0000-4000-8000-0000000000a1"
OTHER = "00000000-0000-4000-8000-0000000000a2"


def test_who_is_in_line_already_is_left_alone(employee: Employee, plaju: Unit) -> None:
    assert follow_tree(employee, plaju, CAMAT, ON) == (employee, None)


def test_a_moved_unit_moves_its_people_and_their_past_stays(employee: Employee, plaju: Unit) -> None:
    moved = replace(plaju, unit_path="/17/plaju", province=Province(code="17"))
    now, event = follow_tree(employee, moved, OTHER, ON)
    assert (now.unit_path, now.province.code, now.supervisor_id) == ("/17/plaju", "17", OTHER)
    assert [(posting.since, posting.unit_path) for posting in now.postings] == [
        (date(2024, 1, 1), "/16.71/plaju"),
        (ON, "/17/plaju"),
    ]
    assert event is not None
    assert (event.changed, event.unit_path, event.effective_on) == (("unit_path", "supervisor_id"), "/17/plaju", ON)
    assert follow_tree(now, moved, OTHER, ON) == (now, None)


def test_a_named_superior_stays_though_the_unit_moves(employee: Employee, plaju: Unit) -> None:
    named, _ = assign_supervisor(employee, OTHER, date(2026, 3, 1), named=True)
    now, event = follow_tree(named, replace(plaju, unit_path="/16.71/x"), CAMAT, ON)
    assert now.supervisor_id == OTHER
    assert event is not None
    assert event.changed == ("unit_path",)


def test_a_superior_who_is_named_and_is_the_same_person_is_no_news(employee: Employee) -> None:
    named, event = assign_supervisor(employee, CAMAT, ON, named=True)
    assert event is None
    assert named.postings[-1].superior_named
    assert named.postings[-1].since == employee.postings[-1].since


def test_a_posting_that_begins_later_keeps_its_day(employee: Employee, plaju: Unit) -> None:
    later, _ = assign_supervisor(employee, OTHER, date(2027, 1, 1))
    now, event = follow_tree(later, plaju, CAMAT, ON)
    assert event is not None
    assert (now.postings[-1].since, event.effective_on) == (date(2027, 1, 1), date(2027, 1, 1))


def test_who_has_left_goes_along_silently(employee: Employee, plaju: Unit) -> None:
    gone, _ = separate(employee, "retired", date(2026, 6, 1))
    now, event = follow_tree(gone, replace(plaju, unit_path="/16.71/x"), OTHER, ON)
    assert (now.unit_path, now.supervisor_id, event) == ("/16.71/x", CAMAT, None)
    assert now.postings == gone.postings


def test_everybody_follows_once_at_once_and_once_when_older_transactions_are_over() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    first = after_pass(Reorganisation(id="r", paths=("/16.71",), due_at=at), at)
    assert (first.done, first.due_at) == (False, at + LONGEST_TRANSACTION)
    assert after_pass(first, at).done
