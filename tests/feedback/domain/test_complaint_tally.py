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


def test_a_further_complaint_of_one_sender_is_counted_and_makes_no_further_voice(complaint: Complaint) -> None:
    further = replace(complaint, repeated=True)
    late, _ = run_out(further, further.due_at)

    tally = moved(blank_complaints(complaint), None, complaint)
    for before, after in ((None, further), (further, late)):
        tally = moved(tally, before, after)

    assert by_outcome(tally.counts) == dict.fromkeys(OUTCOMES, 0) | {"open_in_time": 1, "overdue": 1}
    assert tally.voices is not None
    assert by_outcome(tally.voices) == dict.fromkeys(OUTCOMES, 0) | {"open_in_time": 1}


def test_a_month_in_which_senders_were_not_told_apart_goes_on_without(complaint: Complaint) -> None:
    before = replace(blank_complaints(complaint), voices=None)

    assert moved(before, None, complaint).voices is None


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
