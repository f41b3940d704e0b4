"""What feedback hears: who may be spoken about."""

from __future__ import annotations

from typing import Any

from kinara.contracts.personnel import (
    EmployeeChanged,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
    UnitChanged,
)
from kinara.kit.inbox import Inbox

from feedback.domain import subject
from feedback.domain.subject import Effect, Subject
from feedback.store import SUBJECTS

inbox = Inbox("feedback.directory")


@inbox.on(EmployeeRegistered, SUBJECTS)
def list_new_officer(entry: Subject, event: EmployeeRegistered, _known: Any) -> tuple[Subject, Effect]:
    """A new employee can be spoken about."""
    return subject.follow_registration(entry, event)


@inbox.on(EmployeeChanged, SUBJECTS)
def keep_officer_current(entry: Subject, event: EmployeeChanged, _known: Any) -> tuple[Subject, Effect]:
    """The directory shows the name and unit of today."""
    return subject.follow_change(entry, event)


@inbox.on(EmployeeTransferred, SUBJECTS)
def move_officer(entry: Subject, event: EmployeeTransferred, _known: Any) -> tuple[Subject, Effect]:
    """Who moved is found in the new unit."""
    return subject.follow_transfer(entry, event)


@inbox.on(EmployeeSeparated, SUBJECTS)
def retire_officer(entry: Subject, event: EmployeeSeparated, _known: Any) -> tuple[Subject, Effect]:
    """Who left cannot be spoken about any more."""
    return subject.follow_separation(entry, event)


@inbox.rebuilds(SUBJECTS)
def take_over_who_they_are(entry: Subject, folded: Subject, _effects: Any, _known: Any) -> tuple[Subject, Effect]:
    """Of an entry follows from the log who it is; the tally is what citizens said here."""
    return subject.with_place_of(entry, folded), {"did": "rebuilt"}


@inbox.on(UnitChanged, SUBJECTS)
def keep_unit_current(entry: Subject, event: UnitChanged, _known: Any) -> tuple[Subject, Effect]:
    """The directory shows the units of today."""
    return subject.follow_unit(entry, event)
