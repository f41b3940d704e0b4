"""What the employee needs, and what they have a right to: by scores, coaching, complaints and awards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from kinara.contracts.appraisal import AwardGranted, CoachingOpened, ScoreUpdated
from kinara.contracts.training import TrainingEntitlementGranted

from training.domain.complaints import Complaint, count
from training.domain.entitlement import earn, give_back, use
from training.domain.history import remember
from training.domain.need import Need, ask, need_after, need_of_coaching
from training.domain.record.state import Effect, Record


def open_need_after_low_score(record: Record, event: ScoreUpdated, threshold: Decimal) -> tuple[Record, Effect]:
    """A weak score opens a need; most scores open none and leave an empty effect."""
    need = need_after(event, threshold)
    return _with_need(record, need) if need else (record, {})


def remember_score(record: Record, event: ScoreUpdated) -> Record:
    """Scores are remembered for a while, so that the time before a training can be compared with the time after."""
    return replace(record, scores=remember(record.scores, event))


def open_need_after_coaching(record: Record, event: CoachingOpened) -> tuple[Record, Effect]:
    """Coaching that was opened asks for training too."""
    return _with_need(record, need_of_coaching(event))


def count_complaint(record: Record, event: Complaint, enough: int) -> tuple[Record, Effect]:
    """Enough complaints of one topic about an officer ask for training in it."""
    complaints, needs = count(record.complaints, record.needs, event, enough)
    effect: Effect = {} if needs == record.needs else {"did": "need opened", "need": needs[-1].id}
    return replace(record, complaints=complaints, needs=needs), effect


def follow_award(record: Record, event: AwardGranted) -> tuple[Record, Effect]:
    """An award that grants further training earns the right to it."""
    entitlements = earn(record.entitlements, event)
    if entitlements == record.entitlements:
        return record, {}
    placed = replace(record, unit_path=record.unit_path or event.unit_path, entitlements=entitlements)
    return placed, {"did": "entitled", "entitlement": event.award_id}


def use_entitlement(record: Record, enrolment_id: str, on: date) -> Record:
    """A right to further training is used for a place."""
    return replace(record, entitlements=use(record.entitlements, enrolment_id, on))


def give_entitlement_back(record: Record, enrolment_id: str) -> Record:
    """The place came to nothing: the right that was used for it can be used again."""
    return replace(record, entitlements=give_back(record.entitlements, enrolment_id))


def entitlements_granted(before: Record | None, after: Record) -> tuple[TrainingEntitlementGranted, ...]:
    """What is said of the rights that a record has and had not."""
    known = {one.id for one in before.entitlements} if before else set()
    return tuple(
        TrainingEntitlementGranted(
            province=after.province,
            unit_path=after.unit_path,
            employee_id=after.employee_id,
            entitlement_id=one.id,
            reason=one.reason,
            granted_on=one.granted_on,
        )
        for one in after.entitlements
        if one.id not in known
    )


def _with_need(record: Record, need: Need) -> tuple[Record, Effect]:
    needs = ask(record.needs, need)
    if needs is record.needs:
        return record, {}
    return replace(record, needs=needs), {"did": "need opened", "need": need.id, "topic": need.topic}
