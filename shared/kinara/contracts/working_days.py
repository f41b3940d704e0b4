"""Working days of a government office: not Saturday, not Sunday, no national holiday and no joint leave.

One calendar for every clock of an office, whichever service it runs in. Source: Perpres 21/2023 (five working days a
week, ps. 3; units that serve the public directly may have others, ps. 7); a year's holidays are those of its joint
decree (SKB 3 Menteri).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from kinara.contracts.event import Province
from kinara.contracts.regions import ZONES, day_of, kemendagri_code

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which offices are closed, Saturdays and Sundays aside; in a year without any, only these are."""

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

    def between(self, since: date, until: date) -> int:
        """How many working days come after one day and up to another; the first does not count, whatever it is."""
        return sum(self.is_working_day(since + n * _DAY) for n in range(1, (until - since).days + 1))

    def unknown(self, first: date, last: date) -> list[int]:
        """The years from one day to another of which no holiday is known: there every Monday to Friday counts."""
        known = {day.year for day in self.holidays}
        return [year for year in range(first.year, last.year + 1) if year not in known]

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
