"""What training hears: who works where, which units there are, and who needs training, or has a right to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kinara.contracts.appraisal import AwardGranted, CoachingOpened, ScoreUpdated
from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved
from kinara.contracts.personnel import (
    EmployeeChanged,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
    UnitChanged,
)
from kinara.contracts.training import TrainingEntitlementGranted
from kinara.kit.inbox import Inbox
from kinara.kit.mongo import Database

from training.domain import record as records
from training.domain import standard as standards
from training.domain import unit as units
from training.domain.complaints import ENOUGH, Complaint
from training.domain.need import LOW_SCORE
from training.domain.record import Effect, Record
from training.domain.standard import Standard
from training.domain.unit import Unit, government_of
from training.store import RECORDS, UNITS, shelf


@dataclass(frozen=True, slots=True)
class Known:
    """What the folds look up."""

    below: Decimal
    """The mark below which a score opens a need."""
    complaints: int
    """How many of one topic in a quarter open one."""
    standards: Mapping[str, Sequence[Standard]]
    """By government."""


def knowing(below: Decimal, complaints: int) -> Callable[[Database], Awaitable[Known]]:
    """What the folds look up, with the standards of today."""

    async def known(database: Database) -> Known:
        return Known(below, complaints, await shelf(database))

    return known


inbox = Inbox("training.record", knows=knowing(LOW_SCORE, ENOUGH))


def opening_needs_below(mark: Decimal, complaints: int = ENOUGH) -> Inbox:
    """The same inbox with another mark, 0 to 100, and another number of complaints."""
    told = copy(inbox)
    told.knows = knowing(mark, complaints)
    return told


@inbox.on(EmployeeRegistered, RECORDS)
def begin_record(record: Record, event: EmployeeRegistered, known: Known) -> tuple[Record, Effect]:
    """A new employee can be trained, and is held against the standard of their post."""
    registered, effect = records.follow_registration(record, event)
    return _in_post(registered, effect, event.effective_on.year, known)


@inbox.on(EmployeeChanged, RECORDS)
def keep_learner_current(record: Record, event: EmployeeChanged, known: Known) -> tuple[Record, Effect]:
    """The record shows the name, unit, superior and post of today."""
    changed, effect = records.follow_change(record, event)
    return _in_post(changed, effect, event.effective_on.year, known)


@inbox.on(EmployeeTransferred, RECORDS)
def move_learner(record: Record, event: EmployeeTransferred, known: Known) -> tuple[Record, Effect]:
    """Who moved is trained by the new unit, with the hours and needs they had, and by its standard."""
    moved, effect = records.follow_transfer(record, event)
    return _in_post(moved, effect, event.effective_on.year, known)


@inbox.on(EmployeeSeparated, RECORDS)
def end_training(record: Record, event: EmployeeSeparated, _: Known) -> tuple[Record, Effect]:
    """Who left gets no more seats."""
    return records.follow_separation(record, event)


@inbox.on(ScoreUpdated, RECORDS)
def ask_for_training(record: Record, event: ScoreUpdated, known: Known) -> tuple[Record, Effect]:
    """A low score asks for training in its weakest part; every score is remembered for a while."""
    return records.open_need_after_low_score(records.remember_score(record, event), event, known.below)


@inbox.on(CoachingOpened, RECORDS)
def train_beside_coaching(record: Record, event: CoachingOpened, _: Known) -> tuple[Record, Effect]:
    """Coaching asks for training too."""
    return records.open_need_after_coaching(record, event)


def count_complaint(record: Record, event: Complaint, known: Known) -> tuple[Record, Effect]:
    """Enough complaints of one topic about an officer ask for training in it."""
    return records.count_complaint(record, event, known.complaints)


def count_complaint_of_unit(unit: Unit, event: Complaint, known: Known) -> tuple[Unit, Effect]:
    """Enough complaints that name nobody ask for training of the unit's people."""
    return units.count_complaint(unit, event, known.complaints)


COMPLAINTS: tuple[type[Complaint], ...] = (ComplaintResolved, ComplaintReopened, ComplaintOverdue)
for complaint in COMPLAINTS:
    inbox.on(complaint, RECORDS)(count_complaint)
    inbox.on(complaint, UNITS)(count_complaint_of_unit)


@inbox.on(AwardGranted, RECORDS)
def earn_entitlement(record: Record, event: AwardGranted, _: Known) -> tuple[Record, Effect]:
    """An award may grant the right to further training."""
    return records.follow_award(record, event)


@inbox.announce(RECORDS)
def say_what_was_earned(before: Record | None, after: Record, _: Known) -> Sequence[TrainingEntitlementGranted]:
    """One fact for each right that is new."""
    return records.entitlements_granted(before, after)


@inbox.rebuilds(RECORDS)
def take_over_who_they_are(record: Record, folded: Record, _effects: Any, _: Known) -> tuple[Record, Effect]:
    """Of a record follows from the log whom it is about; which needs are open depends on what was done here too."""
    return records.with_facts_of(record, folded), {"did": "rebuilt"}


@inbox.on(UnitChanged, UNITS)
def keep_unit_current(unit: Unit, event: UnitChanged, _: Known) -> tuple[Unit, Effect]:
    """Programmes and sessions belong to the units of today."""
    return units.follow_unit(unit, event)


@inbox.rebuilds(UNITS)
def take_over_what_is_said(unit: Unit, folded: Unit, _effects: Any, _: Known) -> tuple[Unit, Effect]:
    """Of a unit follows everything from the log but which needs its people have covered."""
    return units.with_facts_of(unit, folded), {"did": "rebuilt"}


def _in_post(record: Record, effect: Effect, year: int, known: Known) -> tuple[Record, Effect]:
    theirs = known.standards.get(government_of(record.unit_path), ())
    measured, asked = standards.hold_against(record, theirs, year)
    return measured, {**effect, **({"asked": asked["opened"], "not_asked": asked["dropped"]} if asked else {})}
