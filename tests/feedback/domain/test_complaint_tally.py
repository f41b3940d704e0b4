"""The sums that the public sees: each complaint is counted once, where it stands now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from feedback.domain import handling, receipt
from feedback.domain.complaint import Complaint, run_out
from feedback.domain.complaint_tally import COUNTS, blank_complaints, by_outcome, in_all, moved
from feedback.domain.edition import OUTCOMES
from feedback.domain.service_levels import Clocks
from feedback.domain.subject import Subject


def test_a_complaint_that_proves_nobody_else_is_counted_and_makes_no_further_person(complaint: Complaint) -> None:
    late, _ = run_out(complaint, complaint.due_at)

    tally = moved(blank_complaints(complaint), None, replace(complaint, proven=True))
    for before, after in ((None, complaint), (complaint, late)):
        tally = moved(tally, before, after)

    assert by_outcome(tally.counts) == dict.fromkeys(OUTCOMES, 0) | {"open_in_time": 1, "overdue": 1}
    assert by_outcome(tally.proven) == dict.fromkeys(OUTCOMES, 0) | {"open_in_time": 1}


def test_what_is_held_is_counted_from_its_release_on_and_what_is_upheld_never(complaint: Complaint) -> None:
    held = replace(complaint, status="quarantined", proven=True)
    tally = moved(blank_complaints(complaint), None, held)
    rejected, released = [replace(held, status=status) for status in ("rejected", "received")]

    seen = [moved(tally, held, after) for after in (held, rejected, released)]

    assert [(one.counts["received"], one.proven["received"]) for one in (tally, *seen)] == [(0, 0)] * 3 + [(1, 1)]


def test_a_complaint_is_counted_where_it_stands(complaint: Complaint, clocks: Clocks, at: datetime) -> None:
    late, _ = run_out(complaint, complaint.due_at)
    verified, _ = handling.verify(late, level="normal", topic="biaya", by="hr", clocks=clocks, at=complaint.due_at)
    told, _, _ = handling.answer(
        verified, by="hr", officer_id=None, outcome="solved", words="Beres", passed_to="", at=verified.due_at
    )
    key = receipt.key_of(complaint.id, b"s")
    again, _ = handling.contest(told, key=key, words="Belum", serves=True, clocks=clocks, at=verified.due_at)
    closed, _, _ = handling.answer(
        again, by="hr", officer_id=None, outcome="closed_without_solution", words="Tidak", passed_to="",
        at=verified.due_at,
    )  # fmt: skip

    tally, before, seen = blank_complaints(complaint), None, []
    for after in (complaint, late, verified, told, again, closed):
        tally, before = moved(tally, before, after), after
        seen.append({name: count for name, count in tally.counts.items() if count})

    assert tally.id.endswith("/2026-11")
    assert seen == [
        {"received": 1, "open": 1},
        {"received": 1, "open": 1, "overdue": 1},
        {"received": 1, "open": 1, "overdue": 1},
        {"received": 1, "solved_late": 1},
        {"received": 1, "open": 1, "overdue": 1, "reopened": 1},
        {"received": 1, "closed_without_solution": 1, "reopened": 1},
    ]
    assert in_all([tally, tally])["received"] == 2
    assert in_all([]) == dict.fromkeys(COUNTS, 0)


def test_what_was_late_once_is_not_solved_in_time_by_a_later_clock(
    complaint: Complaint, officer: Subject, unit: Subject, clocks: Clocks
) -> None:
    late, _ = handling.verify(
        complaint, level="normal", topic="biaya", by="hr", clocks=clocks, at=complaint.due_at
    )  # fmt: skip
    given, _ = handling.assign(late, officer, unit, by="hr", reason="", clocks=clocks, at=complaint.due_at)
    told, _, fact = handling.answer(
        given, by=officer.id, officer_id=officer.id, outcome="solved", words="Beres", passed_to="", at=complaint.due_at
    )
    tally = moved(blank_complaints(complaint), None, told)
    assert (fact.within_sla, tally.counts["solved_in_time"], tally.counts["solved_late"]) == (True, 0, 1)
