"""How fast voices come, and when so many in an hour are a burst: compared with the last eight weeks (Poisson).

The rate is that of the hours in which voices came at all: counters are closed at night and on Sundays, and a mean over
all 168 hours of a week would make a burst of every ordinary morning. Voices held in quarantine raise no rate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

WEEKS = 8
"""Weeks of history beside the current one."""
CHANCE = Decimal("0.001")
"""So rare at the usual rate is a burst."""
FEWEST = 20
"""Voices in an hour that are never a burst: one citizen in three minutes, as many as a counter can serve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The hours of one week in which voices came, and how many came in them."""

    begins: str
    """Its Monday (UTC)."""
    hours: int = 0
    voices: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many voices came in the current hour, and in the weeks before it."""

    hour: str = ""
    """``2026-11-14T03`` (UTC); empty before the first voice."""
    voices: int = 0
    held: int = 0
    """Those of the hour that are in quarantine."""
    weeks: tuple[Week, ...] = ()


NO_VOICES = Pace()


def hour_of(at: datetime) -> str:
    """The hour of a moment in UTC; later hours are greater."""
    return f"{at:%Y-%m-%dT%H}"


def usual(pace: Pace, at: datetime) -> int:
    """Most voices in an hour that the weeks before it explain; the hour itself says nothing about what is usual."""
    weeks = _turned(pace, at).weeks
    return most(sum(week.voices for week in weeks), sum(week.hours for week in weeks))


def is_burst(pace: Pace, at: datetime, fewest: int = FEWEST) -> bool:
    """Whether one more voice at this moment is beyond what is usual; never before ``fewest`` have come."""
    return _turned(pace, at).voices >= max(fewest, usual(pace, at))


def faster(pace: Pace, at: datetime, *, held: bool) -> Pace:
    """The pace with one more voice."""
    turned = _turned(pace, at)
    return replace(turned, voices=turned.voices + 1, held=turned.held + held)


@lru_cache(maxsize=4096)
def most(voices: int, hours: int) -> int:
    """The largest count n of an hour with P(N ≥ n) ≥ 0.001, N being Poisson with the mean of so many hours."""
    mean = Decimal(voices) / Decimal(hours) if hours else Decimal(0)
    count, chance, tail = 0, (-mean).exp(), Decimal(1)
    while tail >= CHANCE:
        tail -= chance
        count += 1
        chance *= mean / count
    return count - 1


def _turned(pace: Pace, at: datetime) -> Pace:
    """The pace in the hour of this moment: what came in an earlier hour has become history.

    A moment before the current hour, from a clock that is late, belongs to it.
    """
    hour = max(hour_of(at), pace.hour)
    if hour == pace.hour:
        return pace
    counted = pace.voices - pace.held
    weeks = {week.begins: week for week in pace.weeks}
    if counted:
        begins = _monday(pace.hour).isoformat()
        week = weeks.get(begins, Week(begins=begins))
        weeks[begins] = replace(week, hours=week.hours + 1, voices=week.voices + counted)
    oldest = (_monday(hour) - timedelta(weeks=WEEKS)).isoformat()
    return Pace(hour=hour, weeks=tuple(week for begins, week in sorted(weeks.items()) if begins >= oldest))


def _monday(hour: str) -> date:
    day = date.fromisoformat(hour[:10])
    return day - timedelta(days=day.weekday())
