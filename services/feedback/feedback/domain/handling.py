"""What becomes of a complaint, step by step: verified, given to an officer, answered, confirmed or contested.

Source: SP4N-LAPOR, reference §2.13; fourteen days to contest: reference §5.5 (proposal). Giving it to another officer
stops no clock, but where it has run out a new one runs for who gets it; a reopened complaint is to be answered anew.
Each step says first that a clock had run out, where nobody has said so yet: what follows from it is then the same,
whenever the timekeeper comes by.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved, Topic

from feedback.domain.complaint import (
    CONTEST,
    Answer,
    Assignment,
    Complaint,
    Outcome,
    facts_about,
    refuse_wrong_key,
    run_out,
    words_of,
)
from feedback.domain.feedback import clean
from feedback.domain.refusals import (
    AlreadyAnswered,
    AlreadyAssigned,
    AlreadySettled,
    AlreadyVerified,
    NotAnswered,
    NotAssignedToYou,
    NotVerified,
    SubjectInactive,
    TooOftenReopened,
    WordsMissing,
)
from feedback.domain.service_levels import Clocks
from feedback.domain.subject import Subject, refuse_elsewhere

MOST_ANSWERS = 5
"""A complaint that was contested so often needs somebody outside the office."""
MOST_ASSIGNMENTS = 20
"""Of which the latest are kept."""


def verify(
    complaint: Complaint, *, level: str, topic: Topic, by: str, clocks: Clocks, at: datetime
) -> tuple[Complaint, ComplaintOverdue | None]:
    """The office has looked at it and sets its class and topic; the clock to answer runs from now on."""
    if complaint.state != "received":
        raise AlreadyVerified(
            "Pengaduan ini sudah diverifikasi. Muat ulang lalu lanjutkan.", field="state", detail=_is(complaint)
        )
    level = clocks.level_named(level)
    complaint, overdue = run_out(complaint, at)
    verified = _running(
        replace(complaint, state="verified", level=level, topic=topic, verified_at=at, verified_by=by), clocks, at
    )
    return verified, overdue


def assign(
    complaint: Complaint, officer: Subject, unit: Subject, *, by: str, reason: str, clocks: Clocks, at: datetime
) -> tuple[Complaint, ComplaintOverdue | None]:
    """An officer of the unit gets it, or gets it from another; why it goes on has to be said.

    The clock runs on; where it has run out, a new one runs for this officer. (Proposal: nobody is late by what another
    left lying, and nobody has it without a clock.)
    """
    _refuse_unverified(complaint)
    _refuse_answered(complaint)
    if not officer.active:
        raise SubjectInactive(
            f"{officer.name} tidak aktif lagi. Pilih petugas lain.", field="employee_id", detail="the officer has left"
        )
    refuse_elsewhere(officer, unit)
    if complaint.employee_id == officer.id:
        raise AlreadyAssigned(
            f"Pengaduan ini sudah ditangani {officer.name}.", field="employee_id", detail="the same officer has it"
        )
    if complaint.assignments and not reason:
        raise WordsMissing(
            "Tulis alasan pengalihan pengaduan ini.", field="reason", detail="expected the reason of a reassignment"
        )
    complaint, overdue = run_out(complaint, at)
    given = Assignment(employee_id=officer.id, by=by, at=at, reason=reason)
    assigned = replace(
        complaint,
        state="assigned",
        employee_id=officer.id,
        assignments=(*complaint.assignments, given)[-MOST_ASSIGNMENTS:],
    )
    if complaint.late:
        return _running(assigned, clocks, at), overdue
    short = clocks.calendar.ends(at, 1, complaint.province) > complaint.due_at
    return replace(assigned, short_notice=short), overdue


def answer(
    complaint: Complaint, *, by: str, officer_id: str | None, outcome: Outcome, words: str, passed_to: str, at: datetime
) -> tuple[Complaint, ComplaintOverdue | None, ComplaintResolved]:
    """The officer who has it tells the citizen what became of it; the office itself, where no officer has it.

    Lateness that was said of another, or of the unit, is not of this one. Not ours has to say whose it is.
    """
    _refuse_unverified(complaint)
    _refuse_answered(complaint)
    if complaint.employee_id is not None and officer_id != complaint.employee_id:
        raise NotAssignedToYou(
            "Hanya petugas yang ditugasi dapat menjawab pengaduan ini. Alihkan dahulu bila perlu.",
            field="employee_id",
            detail="another officer has it",
        )
    words, passed_to = words_of(words, "words"), clean(passed_to)
    if (outcome == "not_ours") != bool(passed_to):
        raise WordsMissing(
            "Sebutkan instansi yang menerima pengaduan ini, hanya bila bukan kewenangan unit Anda.",
            field="passed_to",
            detail="expected with not_ours, and with nothing else",
        )
    complaint, overdue = run_out(complaint, at)
    given = Answer(outcome=outcome, words=words, passed_to=passed_to, by=by, given_at=at, within_sla=not complaint.late)
    answered = replace(complaint, state=outcome, running=False, answers=(*complaint.answers, given))
    resolved = ComplaintResolved(
        **facts_about(complaint),
        resolved_at=at,
        within_sla=given.within_sla,
        outcome=outcome,
        late_before_assignment=complaint.late and complaint.late_with != complaint.employee_id,
    )
    return answered, overdue, resolved


def confirm(complaint: Complaint, *, key: str, at: datetime) -> Complaint:
    """The citizen is content, or at least agrees that it is over."""
    _refuse_unless_contestable(complaint, key, at)
    return replace(complaint, confirmed_at=at)


def contest(
    complaint: Complaint, *, key: str, words: str, serves: bool, clocks: Clocks, at: datetime
) -> tuple[Complaint, ComplaintReopened]:
    """The citizen says that it is not solved: what its answer has counted is undone, and a new clock runs.

    It goes back to its officer, or to the office where that officer no longer ``serves``.
    """
    _refuse_unless_contestable(complaint, key, at)
    if len(complaint.answers) >= MOST_ANSWERS:
        raise TooOftenReopened(
            "Pengaduan ini sudah berkali-kali dibuka kembali. Sampaikan kepada Inspektorat atau Ombudsman RI.",
            field="receipt",
            detail=f"answered {MOST_ANSWERS} times",
        )
    *earlier, last = complaint.answers
    contested = replace(last, contested_at=at, contest=words_of(words, "words"))
    reopened = ComplaintReopened(
        **facts_about(complaint), reopened_at=at, was_within_sla=last.within_sla, was_outcome=last.outcome
    )
    again = _running(replace(complaint, state="verified", answers=(*earlier, contested)), clocks, at)
    if complaint.employee_id is None or not serves:
        return replace(again, employee_id=None), reopened
    return replace(again, state="assigned"), reopened


def _running(complaint: Complaint, clocks: Clocks, at: datetime) -> Complaint:
    """With a new clock to answer it."""
    due = clocks.ends(complaint.level, "answer", at, complaint.province)
    return replace(
        complaint, due_at=due, running=True, late=False, late_with=None, late_before=complaint.ever_late,
        short_notice=False,
    )  # fmt: skip


def _is(complaint: Complaint) -> str:
    return f"complaint {complaint.id} is {complaint.state}"


def _refuse_unverified(complaint: Complaint) -> None:
    if complaint.state == "received":
        raise NotVerified("Verifikasi pengaduan ini dahulu.", field="state", detail=_is(complaint))


def _refuse_answered(complaint: Complaint) -> None:
    if not complaint.is_open:
        raise AlreadyAnswered(
            "Pengaduan ini sudah dijawab. Warga dapat membukanya kembali.", field="state", detail=_is(complaint)
        )


def _refuse_unless_contestable(complaint: Complaint, key: str, at: datetime) -> None:
    refuse_wrong_key(complaint, key)
    if complaint.is_open:
        raise NotAnswered("Pengaduan ini belum dijawab.", field="receipt", detail=_is(complaint))
    if complaint.settled(at):
        raise AlreadySettled(
            f"Pengaduan ini sudah selesai: dikonfirmasi, atau {CONTEST.days} hari untuk menanggapi sudah lewat.",
            field="receipt",
            detail=f"settled, at the latest at {complaint.settles_at}",
        )
