"""Whom citizens may speak about, an employee or a unit, as learned from personnel, with the tally of what they said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from kinara.contracts import Province, SubjectKind
from kinara.contracts.feedback import FeedbackQuarantined, FeedbackReceived, FeedbackReleased, FeedbackWithdrawn
from kinara.contracts.personnel import (
    EmployeeChanged,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
    UnitChanged,
)

from feedback.domain.guard import NOTHING_HEARD, Guard, Proof, month_of, with_cluster, with_verified, with_voice
from feedback.domain.refusals import OfficerElsewhere

Effect = dict[str, object]
"""What one event did to a subject, for its page; values that the database can keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A directory entry with its tally; the tally never says who spoke."""

    id: str
    kind: SubjectKind
    name: str
    unit_id: str
    """The employee's unit; of a unit, its own id."""
    unit_path: str
    province: Province
    supervisor_id: str | None = None
    active: bool = False
    votes: int = 0
    """How many voices count at present."""
    weight: Decimal = Decimal(0)
    """Σω: the sum of their trust."""
    weighted: Decimal = Decimal(0)
    """Σωx: the sum of their ratings, each times its trust."""
    guard: Guard = NOTHING_HEARD


def blank(subject_id: str, province: str) -> Subject:
    """A subject heard of for the first time, in a province (code); what it is, personnel's first fact says."""
    return Subject(id=subject_id, kind="employee", name="", unit_id="", unit_path="", province=Province(code=province))


def follow_registration(subject: Subject, event: EmployeeRegistered) -> tuple[Subject, Effect]:
    """Citizens may speak about this employee from now on."""
    return replace(_with_facts(subject, event), active=True), {"did": "registered", "unit_path": event.unit_path}


def follow_change(subject: Subject, event: EmployeeChanged) -> tuple[Subject, Effect]:
    """The employee's entry says what personnel says now; whether they serve is not a matter of this event."""
    return _with_facts(subject, event), {"did": "changed", "fields": list(event.changed)}


def follow_transfer(subject: Subject, event: EmployeeTransferred) -> tuple[Subject, Effect]:
    """The employee is found in the new unit; earlier voices go with them."""
    moved = replace(
        subject,
        unit_id=event.to_unit_id,
        unit_path=event.unit_path,
        province=event.province,
        supervisor_id=event.supervisor_id,
    )
    return moved, {"did": "transferred", "from": event.from_unit_path, "to": event.unit_path}


def follow_separation(subject: Subject, event: EmployeeSeparated) -> tuple[Subject, Effect]:
    """Nobody can rate this employee any more; the tally stays."""
    return replace(subject, active=False), {"did": "separated", "reason": event.reason}


def follow_unit(subject: Subject, event: UnitChanged) -> tuple[Subject, Effect]:
    """The unit's entry says what personnel says now: its name, its place, and whether it is open."""
    changed = replace(
        subject,
        kind="unit",
        name=event.name,
        unit_id=event.unit_id,
        unit_path=event.unit_path,
        province=event.province,
        supervisor_id=event.leader_id,
        active=event.active,
    )
    return changed, {"did": "changed", "unit_path": event.unit_path, "active": event.active}


def with_place_of(subject: Subject, other: Subject) -> Subject:
    """The subject as another entry of it knows them, with its own tally."""
    return replace(other, votes=subject.votes, weight=subject.weight, weighted=subject.weighted, guard=subject.guard)


def count(subject: Subject, event: FeedbackReceived | FeedbackReleased) -> tuple[Subject, Effect]:
    """A voice counts: from the first, or now that it was found sound."""
    return _tallied(subject, event, 1)


def uncount(subject: Subject, event: FeedbackWithdrawn) -> tuple[Subject, Effect]:
    """A voice counts no more; exactly what it added is taken away."""
    return _tallied(subject, event, -1)


def hold(subject: Subject, event: FeedbackQuarantined | FeedbackWithdrawn) -> tuple[Subject, Effect]:
    """A voice does not count: it waits for oversight, or is taken back while it waits."""
    did = "held" if isinstance(event, FeedbackQuarantined) else "dropped"
    return subject, {"did": did, "feedback": event.feedback_id, "trust": event.trust, "rating": event.rating}


def take_back(subject: Subject, event: FeedbackWithdrawn, *, counted: bool) -> tuple[Subject, Effect]:
    """A voice was taken back, that counted or that was held."""
    return uncount(subject, event) if counted else hold(subject, event)


def follow_verdict(subject: Subject, event: FeedbackReleased | FeedbackWithdrawn) -> tuple[Subject, Effect]:
    """Oversight has decided about a voice that was held."""
    return count(subject, event) if isinstance(event, FeedbackReleased) else hold(subject, event)


def hear(
    subject: Subject, *, weight: Decimal, cluster: str | None, at: datetime, proof: Proof, held: bool = False
) -> Subject:
    """The subject once a rating or an answer has come in: its cluster has used this weight, its hour has one more."""
    guard = with_cluster(subject.guard, cluster if proof == "none" else None, weight, at)
    return replace(subject, guard=with_voice(guard, at, proof=proof, held=held))


def count_answer(subject: Subject, weight: Decimal, at: datetime) -> Subject:
    """The subject once an answer counts, or with a negative weight no more; how it is rated the unit's sums say."""
    return replace(subject, guard=with_verified(subject.guard, weight, month_of(at, subject.province)))


def serves(officer: Subject, unit: Subject) -> bool:
    """An officer serves at the counter of their own unit or of one above it, until they leave."""
    return officer.active and _stands_below(officer, unit)


def refuse_elsewhere(officer: Subject, unit: Subject) -> None:
    """Refuse an officer whose unit is neither this one nor below it."""
    if not _stands_below(officer, unit):
        raise OfficerElsewhere(
            f"{officer.name} bukan petugas unit {unit.name}. Pilih petugas dari unit ini, atau kosongkan petugas.",
            field="employee_id",
            detail="the officer's unit is neither this unit nor below it",
        )


def _stands_below(officer: Subject, unit: Subject) -> bool:
    return f"{officer.unit_path}/".startswith(f"{unit.unit_path}/")


def _with_facts(subject: Subject, event: EmployeeRegistered | EmployeeChanged) -> Subject:
    return replace(
        subject,
        kind="employee",
        name=event.name,
        unit_id=event.unit_id,
        unit_path=event.unit_path,
        province=event.province,
        supervisor_id=event.supervisor_id,
    )


def _tallied(
    subject: Subject, event: FeedbackReceived | FeedbackReleased | FeedbackWithdrawn, votes: int
) -> tuple[Subject, Effect]:
    trust = votes * event.trust
    tallied = replace(
        subject,
        votes=subject.votes + votes,
        weight=subject.weight + trust,
        weighted=subject.weighted + trust * event.rating,
        guard=with_verified(subject.guard, trust, month_of(event.given_at, event.province)),
    )
    did = "counted" if votes > 0 else "uncounted"
    return tallied, {"did": did, "feedback": event.feedback_id, "trust": trust, "rating": event.rating}
