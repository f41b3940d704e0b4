"""What follows a unit to another place in the tree; records follow personnel's word about each employee."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kinara.kit.moves import Followers, Mover, beside

from training.domain.budget import come_along
from training.domain.standard import Standard
from training.domain.unit import Unit
from training.store import (
    BUDGETS,
    CERTIFICATES,
    ENROLMENTS,
    MENTORINGS,
    PARTNERS,
    PLANS,
    PROGRAMMES,
    RECORDS,
    SESSIONS,
    STANDARDS,
    TRAINERS,
    UNITS,
)


def _set_anew(standard: Standard, unit: Unit, now: datetime) -> Standard:
    """A standard at its new place, to be held against the records that are found there by then."""
    return replace(beside(standard, unit, now), set_at=now, applied_after="")


APART = {
    "units": "bear their paths",
    "records": "follow personnel's word about each employee",
}
"""Why other documents with a path are not moved here."""
MOVER = Mover(
    UNITS,
    [
        Followers(BUDGETS, moved=come_along),
        Followers(STANDARDS, moved=_set_anew),
        Followers(PLANS),
        Followers(PROGRAMMES),
        Followers(SESSIONS),
        Followers(PARTNERS),
        Followers(TRAINERS),
        Followers(ENROLMENTS),
        Followers(CERTIFICATES),
        Followers(MENTORINGS),
    ],
    awaited=[Followers(RECORDS, only={"active": True})],
)
