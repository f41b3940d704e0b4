"""Complaints that come as a burst: each is handled as any other, and is in no score or figure until oversight decides.

What happens to a held complaint is remembered on it as the facts that would be said: when it is released they are said
in their order, each with its own time; where it is upheld they never are. (Proposal: reference §5.5, burst.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved

from feedback.domain.complaint import Complaint, Fact
from feedback.domain.pace import FEWEST, faster, hour_of, is_burst, usual
from feedback.domain.quarantine import Burst, Verdict, refuse_verdict
from feedback.domain.subject import Subject

_FACTS: Mapping[str, type[Fact]] = {
    kind.__name__: kind for kind in (ComplaintResolved, ComplaintReopened, ComplaintOverdue)
}


def burst_of(unit: Subject, at: datetime, fewest: int = FEWEST) -> Burst | None:
    """The burst of complaints about ``unit`` that one at this moment is part of, if it is."""
    pace = unit.guard.complaints
    if not is_burst(pace, at, fewest):
        return None
    most, hour = max(fewest, usual(pace, at)), max(hour_of(at), pace.hour)
    return Burst(id=f"{unit.id}/{hour}/pengaduan", reason=f"Lonjakan: lebih dari {most} pengaduan dalam satu jam.")


def heard(unit: Subject, at: datetime, *, held: bool) -> Subject:
    """The unit once a complaint has come in."""
    return replace(unit, guard=replace(unit.guard, complaints=faster(unit.guard.complaints, at, held=held)))


def hold(complaint: Complaint, burst: Burst) -> Complaint:
    """A complaint that was just lodged waits for oversight; its clocks run."""
    return replace(complaint, status="quarantined", burst=burst.id, because=burst.reason)


def told(complaint: Complaint, facts: Sequence[Fact]) -> tuple[Complaint, Sequence[Fact]]:
    """What is said of what has happened to a complaint, and the complaint that remembers what is not said yet."""
    if complaint.status == "received":
        return complaint, facts
    if complaint.status == "quarantined":
        more = tuple(f"{type(fact).__name__} {fact.model_dump_json()}" for fact in facts)
        complaint = replace(complaint, untold=complaint.untold + more)
    return complaint, ()


def decide(complaint: Complaint, verdict: Verdict, *, reason: str, at: datetime) -> tuple[Complaint, Sequence[Fact]]:
    """Oversight's verdict about a complaint that is held, and what is said now that it is released."""
    refuse_verdict("complaint", complaint.id, complaint.status, reason)
    decided = replace(complaint, because=reason, decided_at=at, untold=())
    if verdict == "uphold":
        return replace(decided, status="rejected"), ()
    return replace(decided, status="received"), [_read(fact) for fact in complaint.untold]


def _read(text: str) -> Fact:
    name, _, data = text.partition(" ")
    return _FACTS[name].model_validate_json(data)
