"""A citizen's complaint: verified by the office, given to an officer, answered, and confirmed or contested.

Source: SP4N-LAPOR, reference §2.13; fourteen days to contest and that silence confirms: reference §5.5 (proposal).
Two clocks run one after the other, to verify and to answer; that one has run out is said once. The steps that a
complaint takes are in ``handling``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from kinara.contracts import Province
from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved, Topic

from feedback.domain import receipt
from feedback.domain.feedback import LONGEST_TEXT, Status, clean
from feedback.domain.refusals import SubjectInactive, TextTooLong, WordsMissing, WrongKey
from feedback.domain.service_levels import Clocks
from feedback.domain.subject import Effect, Subject

Outcome = Literal["solved", "closed_without_solution", "not_ours"]
State = Literal["received", "verified", "assigned", "solved", "closed_without_solution", "not_ours"]
OPEN: tuple[State, ...] = ("received", "verified", "assigned")
"""Waits for the office to verify it, to give it to somebody, or for an officer to answer; all else is an outcome."""

CONTEST = timedelta(days=14)
"""Within these a citizen confirms an answer or contests it; silence confirms."""

Fact = ComplaintResolved | ComplaintReopened | ComplaintOverdue


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who got it, from whom, and why it went on to them."""

    employee_id: str
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the citizen was told, and what they said to it."""

    outcome: Outcome
    words: str
    passed_to: str = ""
    by: str
    given_at: datetime
    within_sla: bool
    contested_at: datetime | None = None
    contest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One complaint with the clock that runs."""

    id: str
    employee_id: str | None = None
    """The officer who handles it."""
    unit_id: str
    province: Province
    unit_path: str
    text: str
    hidden: bool = False
    """Whether its words are shown to nobody."""
    level: str
    topic: Topic | None
    receipt: str
    key_hash: str
    opened_at: datetime
    proven: bool = False
    """Whether it makes those who can prove that they are somebody one more: it came with a ticket, or of a verified
    person who had not complained about this government in the month before it."""
    state: State = "received"
    due_at: datetime
    """When the clock that runs, or ran last, runs out."""
    running: bool = True
    """Whether a clock runs of which nobody has said yet that it ran out."""
    late: bool = False
    """Whether that was said of the clock that runs, or ran last."""
    late_with: str | None = None
    """Which officer had it then, and long enough to answer."""
    late_before: bool = False
    """Whether an earlier clock ran out: the citizen has waited too long, whoever has it now."""
    short_notice: bool = False
    """Whether its officer got it when less than a working day was left: the lateness is the unit's."""
    verified_at: datetime | None = None
    verified_by: str | None = None
    assignments: tuple[Assignment, ...] = ()
    answers: tuple[Answer, ...] = ()
    confirmed_at: datetime | None = None
    status: Status = "received"
    """Whether it moves scores and figures: of a burst none does until oversight decides; it is handled all the same."""
    burst: str | None = None
    """The burst in which it was held; stays when that is decided."""
    because: str = ""
    """Why it is held, or what oversight gave as its reason for the decision."""
    decided_at: datetime | None = None
    untold: tuple[str, ...] = ()
    """What is said of it once it is released, oldest first; a few facts, since it is reopened a few times."""

    @property
    def is_open(self) -> bool:
        """Whether the office still has to do something."""
        return self.state in OPEN

    @property
    def ever_late(self) -> bool:
        """Whether any of its clocks has run out."""
        return self.late or self.late_before

    @property
    def settles_at(self) -> datetime | None:
        """When silence confirms the answer; None while there is none."""
        return None if self.is_open else self.answers[-1].given_at + CONTEST

    def settled(self, at: datetime) -> bool:
        """Whether its answer can no longer be contested."""
        return self.confirmed_at is not None or (self.settles_at is not None and at >= self.settles_at)


def lodge(
    complaint_id: str,
    unit: Subject,
    *,
    text: str,
    level: str | None,
    topic: Topic | None,
    clocks: Clocks,
    secret: bytes,
    at: datetime,
    proven: bool = False,
) -> Complaint:
    """A citizen complains about a unit; class and topic are what they propose, and the clock to verify runs."""
    if not unit.active:
        raise SubjectInactive(
            f"{unit.name} tidak aktif lagi. Pilih unit lain.", field="unit_id", detail="the unit is not active"
        )
    level = clocks.level_named(level)
    return Complaint(
        id=complaint_id,
        unit_id=unit.id,
        province=unit.province,
        unit_path=unit.unit_path,
        text=words_of(text, "text"),
        level=level,
        topic=topic,
        receipt=receipt.number_of(complaint_id, at, receipt.COMPLAINT),
        key_hash=receipt.key_hash_of(receipt.key_of(complaint_id, secret)),
        opened_at=at,
        proven=proven,
        due_at=clocks.ends(level, "verification", at, unit.province),
    )


def run_out(complaint: Complaint, at: datetime) -> tuple[Complaint, ComplaintOverdue | None]:
    """The clock has run out and nobody has said so: it is said, once. Nothing where it still runs or has stopped.

    It is said of the officer who has it, or of the unit where that officer got it at the last minute.
    """
    if not complaint.running or at < complaint.due_at:
        return complaint, None
    whose = None if complaint.short_notice else complaint.employee_id
    late = replace(complaint, running=False, late=True, late_with=whose)
    clock: Literal["verification", "answer"] = "verification" if complaint.state == "received" else "answer"
    facts = facts_about(replace(complaint, employee_id=whose))
    return late, ComplaintOverdue(**facts, due_at=complaint.due_at, clock=clock)


def refuse_wrong_key(complaint: Complaint, key: str) -> None:
    """Refuse a key that does not open this complaint."""
    if not receipt.key_fits(key, complaint.key_hash):
        raise WrongKey(
            "Kunci tidak cocok dengan nomor tanda terima. Periksa keduanya pada tanda terima Anda.",
            field="key",
            detail="the key's hash is not the one stored with this complaint",
        )


def words_of(text: str, field: str) -> str:
    """What somebody has written, cleaned; something, and not too much of it."""
    words = clean(text)
    if not words:
        raise WordsMissing("Tulisan tidak boleh kosong.", field=field, detail="nothing is left after cleaning")
    if len(words) > LONGEST_TEXT:
        raise TextTooLong(
            f"Tulisan Anda {len(words)} huruf, paling panjang {LONGEST_TEXT}. Persingkat, lalu kirim kembali.",
            field=field,
            detail=f"at most {LONGEST_TEXT} characters after cleaning, got {len(words)}",
        )
    return words


def effect_of(fact: Fact) -> Effect:
    """What a fact about a complaint leaves on the page of its officer or unit."""
    did = {ComplaintResolved: "resolved", ComplaintReopened: "reopened", ComplaintOverdue: "overdue"}[type(fact)]
    return {"did": f"complaint {did}", "complaint": fact.complaint_id}


def facts_about(complaint: Complaint) -> dict[str, Any]:
    """What every published fact about this complaint says."""
    return {
        "province": complaint.province,
        "unit_path": complaint.unit_path,
        "complaint_id": complaint.id,
        "employee_id": complaint.employee_id,
        "unit_id": complaint.unit_id,
        "opened_at": complaint.opened_at,
        "topic": complaint.topic,
    }
