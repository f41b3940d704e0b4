"""What training hears: who works where, which units there are, and who needs training."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import copy
from decimal import Decimal
from typing import Any

from kinara.contracts.appraisal import CoachingOpened, ScoreUpdated
from kinara.contracts.personnel import (
    EmployeeChanged,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
    UnitChanged,
)
from kinara.kit.inbox import Inbox
from kinara.kit.mongo import Database

from training.domain import record as records
from training.domain import unit as units
from training.domain.need import LOW_SCORE
from training.domain.record import Effect, Record
from training.domain.unit import Unit
from training.store import RECORDS, UNITS


def knowing(need_below: Decimal) -> Callable[[Database], Awaitable[Decimal]]:
    """What the folds look up: the mark below which a score opens a need."""

    async def known(_: Database) -> Decimal:
        return need_below

    return known


inbox = Inbox("training.record", knows=knowing(LOW_SCORE))


def opening_needs_below(mark: Decimal) -> Inbox:
    """The same inbox with another mark, 0 to 100."""
    told = copy(inbox)
    told.knows = knowing(mark)
    return told


@inbox.on(EmployeeRegistered, RECORDS)
def begin_record(record: Record, event: EmployeeRegistered, _below: Decimal) -> tuple[Record, Effect]:
    """A new employee can be trained."""
    return records.follow_registration(record, event)


@inbox.on(EmployeeChanged, RECORDS)
def keep_learner_current(record: Record, event: EmployeeChanged, _below: Decimal) -> tuple[Record, Effect]:
    """The record shows the name, unit and superior of today."""
    return records.follow_change(record, event)


@inbox.on(EmployeeTransferred, RECORDS)
def move_learner(record: Record, event: EmployeeTransferred, _below: Decimal) -> tuple[Record, Effect]:
    """Who moved is trained by the new unit, with the hours and needs they had."""
    return records.follow_transfer(record, event)


@inbox.on(EmployeeSeparated, RECORDS)
def end_training(record: Record, event: EmployeeSeparated, _below: Decimal) -> tuple[Record, Effect]:
    """Who left gets no more seats."""
    return records.follow_separation(record, event)


@inbox.on(ScoreUpdated, RECORDS)
def ask_for_training(record: Record, event: ScoreUpdated, below: Decimal) -> tuple[Record, Effect]:
    """A low score asks for training in its weakest part."""
    return records.open_need_after_low_score(record, event, below)


@inbox.on(CoachingOpened, RECORDS)
def train_beside_coaching(record: Record, event: CoachingOpened, _below: Decimal) -> tuple[Record, Effect]:
    """Coaching asks for training too."""
    return records.open_need_after_coaching(record, event)


@inbox.rebuilds(RECORDS)
def take_over_who_they_are(record: Record, folded: Record, _effects: Any, _below: Decimal) -> tuple[Record, Effect]:
    """Of a record follows from the log whom it is about; which needs are open depends on what was done here too."""
    return records.with_facts_of(record, folded), {"did": "rebuilt"}


@inbox.on(UnitChanged, UNITS)
def keep_unit_current(unit: Unit, event: UnitChanged, _below: Decimal) -> tuple[Unit, Effect]:
    """Programmes and sessions belong to the units of today."""
    return units.follow_unit(unit, event)
