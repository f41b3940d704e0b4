"""The right to further training: earned by an award that grants it, used for one place, within a year.

Who handles complaints very well gets further training (reference §1a, 22; proposal). The right puts its holder before
those who wait without one, and their place is paid by the government's own budget where there is one: the unit, which
spends its money as it likes, does not stand in the way. It is used once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from kinara.contracts.appraisal import AwardGranted

from training.domain.refusals import NoEntitlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """A right to one place in a training."""

    id: str
    """That of the award: an award earns one."""
    reason: str
    """Indonesian, for the holder and whoever asks why."""
    granted_on: date
    expires_on: date
    """The last day on which it can be used."""
    used_on: date | None = None
    used_for: str | None = None
    """The enrolment that it was used for."""


def earn(known: tuple[Entitlement, ...], event: AwardGranted) -> tuple[Entitlement, ...]:
    """The rights after an award: one more if it grants further training, and has not done so yet."""
    if event.grants != "training" or any(one.id == event.award_id for one in known):
        return known
    earned = Entitlement(
        id=event.award_id,
        reason=f"Hak pelatihan lanjutan dari penghargaan {event.award}, periode {event.period}.",
        granted_on=event.granted_on,
        expires_on=_a_year_after(event.granted_on),
    )
    return (*known, earned)


def valid_on(known: Iterable[Entitlement], day: date) -> Entitlement | None:
    """The right that can be used on a day; of several the one that ends first."""
    valid = [one for one in known if one.used_for is None and one.granted_on <= day <= one.expires_on]
    return min(valid, key=lambda one: (one.expires_on, one.id), default=None)


def use(known: tuple[Entitlement, ...], enrolment_id: str, on: date) -> tuple[Entitlement, ...]:
    """The rights after one was used for a place; refused where there is none to use."""
    right = valid_on(known, on)
    if right is None:
        raise NoEntitlement(
            "Tidak ada hak pelatihan lanjutan yang masih berlaku. Daftar tanpa hak itu.",
            field="use_entitlement",
            detail="no entitlement that is unused and neither expired nor granted later",
        )
    return tuple(replace(one, used_on=on, used_for=enrolment_id) if one is right else one for one in known)


def give_back(known: tuple[Entitlement, ...], enrolment_id: str) -> tuple[Entitlement, ...]:
    """The rights after a place was lost that one of them was used for: it can be used again until it expires."""
    return tuple(replace(one, used_on=None, used_for=None) if one.used_for == enrolment_id else one for one in known)


def _a_year_after(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap_day else day.day)
