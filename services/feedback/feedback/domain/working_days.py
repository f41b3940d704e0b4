"""Working days of a government office: not Saturday, not Sunday, no national holiday and no joint leave.

Source: Perpres 21/2023 (five working days a week); a year's holidays are those of its joint decree (SKB 3 Menteri).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from kinara.contracts import Province
from kinara.contracts.regions import ZONES, day_of, kemendagri_code

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which offices are closed, Saturdays and Sundays aside."""

    holidays: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def after(self, day: date, days: int) -> date:
        """The working day that is so many after a day; the day itself does not count, whatever it is."""
        while days:
            day += _DAY
            days -= self.is_working_day(day)
        return day

    def ends(self, at: datetime, days: int, province: Province) -> datetime:
        """The first moment at which so many working days after this one are over, on the clocks of a province."""
        code = kemendagri_code(province)
        last = self.after(day_of(at, code), days)
        return datetime.combine(last + _DAY, time(), ZONES[code]).astimezone(UTC)


def parse_calendar(data: Mapping[str, Any]) -> Calendar:
    """The calendar of a file as it was read; says which entry is none."""
    days: Iterable[Any] = data["days"]
    holidays = [entry["date"] for entry in days]
    for day in holidays:
        if type(day) is not date:
            raise ValueError(f"holidays: {day!r} is no date (yyyy-mm-dd)")
    return Calendar(frozenset(holidays))
