"""What complaints do to the scorecard of the officer who handles them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved

from appraisal.domain.effects import Entry, Folded, post
from appraisal.domain.periods import month_of, province_code
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Complaints, with_id

_Complaint = ComplaintResolved | ComplaintReopened | ComplaintOverdue


def count_resolution(card: Scorecard, event: ComplaintResolved, policies: Policies) -> Folded:
    """Solved within the SLA counts for the officer; late or without a solution does not; not ours counts nothing."""
    if event.outcome == "not_ours":
        return _book(card, event, event.resolved_at, 0, 0, "Pengaduan ternyata bukan kewenangan unit ini.", policies)
    if _has_failed(card, event.complaint_id):
        note = "Pengaduan yang sudah tercatat gagal kini ditanggapi; catatan itu tetap."
        return _book(card, event, event.resolved_at, 0, 0, note, policies)
    if event.late_before_assignment:
        note = "Pengaduan sudah terlambat sebelum ditugaskan kepada pegawai ini: keterlambatan itu bukan miliknya."
        return _book(card, event, event.resolved_at, 0, 0, note, policies)
    if event.outcome == "solved" and event.within_sla:
        return _book(card, event, event.resolved_at, 1, 1, "Pengaduan selesai tepat waktu.", policies)
    note = "Pengaduan selesai terlambat." if event.outcome == "solved" else "Pengaduan ditutup tanpa penyelesaian."
    return _book(card, event, event.resolved_at, 1, 0, note, policies)


def count_reopening(card: Scorecard, event: ComplaintReopened, policies: Policies) -> Folded:
    """A reopened complaint was not solved: its resolution stops counting, in the month of the reopening.

    What counted nothing, because it was not ours, has nothing to lose.
    """
    counted = event.was_within_sla and event.was_outcome != "not_ours"
    solved = -1 if counted and not _has_failed(card, event.complaint_id) else 0
    note = "Pengaduan dibuka kembali oleh warga: belum terselesaikan."
    return _book(card, event, event.reopened_at, 0, solved, note, policies)


def count_overdue(card: Scorecard, event: ComplaintOverdue, policies: Policies) -> Folded:
    """An overdue complaint counts as handled and not solved, at once."""
    handled = 0 if _has_failed(card, event.complaint_id) else 1
    return _book(card, event, event.due_at, handled, 0, "Pengaduan melewati batas waktu tanpa jawaban.", policies)


def _has_failed(card: Scorecard, complaint_id: str) -> bool:
    return any(complaint_id in month.complaints.failed for month in card.months.values())


def _book(
    card: Scorecard, event: _Complaint, at: datetime, handled: int, solved: int, note: str, policies: Policies
) -> Folded:
    """Add to the month's counts; a complaint that moved them without being solved has failed for good."""
    month = month_of(at, province_code(event.province))
    tallies = card.month(month)
    counts = tallies.complaints
    failed = with_id(counts.failed, event.complaint_id) if handled > solved else counts.failed
    complaints = Complaints(counts.handled + handled, counts.solved + solved, failed)
    entry = Entry(event.complaint_id, {"handled": handled, "solved": solved}, note)
    return post(card, month, replace(tallies, complaints=complaints), "A", entry, policies)
