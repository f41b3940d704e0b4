"""How long a complaint of each class may take: working days to verify it, and to answer it once that is done.

Source: SP4N-LAPOR verifies within 3 and answers within 5 working days; the classes are data (reference §2.13).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kinara.contracts import Province
from kinara.contracts.working_days import Calendar

from feedback.domain.refusals import InvalidClass

Clock = Literal["verification", "answer"]

MOST_DAYS = 250
"""A working year; longer is no promise."""


@dataclass(frozen=True, slots=True)
class Level:
    """What a class of complaints is called, and its working days."""

    title: str
    verify_days: int
    answer_days: int

    def __post_init__(self) -> None:
        """A clock that is out before it runs, or never, is a mistake in the file."""
        if not all(1 <= days <= MOST_DAYS for days in (self.verify_days, self.answer_days)):
            raise ValueError(f"complaint class {self.title}: expected 1 to {MOST_DAYS} working days")


@dataclass(frozen=True, slots=True)
class Clocks:
    """All classes, on one calendar."""

    levels: Mapping[str, Level]
    usual: str
    calendar: Calendar

    def level_named(self, name: str | None) -> str:
        """The class of this name; the usual one where nobody has said."""
        if name is not None and name not in self.levels:
            raise InvalidClass(
                f"Kelas pengaduan tidak dikenal. Pilih salah satu: {', '.join(self.levels)}.",
                field="sla_class",
                detail=f"expected one of {sorted(self.levels)}, got {name}",
            )
        return name or self.usual

    def ends(self, level: str, clock: Clock, at: datetime, province: Province) -> datetime:
        """When a clock that starts now runs out. A class that has left the file keeps the usual days."""
        found = self.levels.get(level, self.levels[self.usual])
        days = found.verify_days if clock == "verification" else found.answer_days
        return self.calendar.ends(at, days, province)


def parse_clocks(data: Mapping[str, Any], calendar: Calendar) -> Clocks:
    """The classes of a file as it was read, on a calendar."""
    levels = {name: Level(**level) for name, level in data["classes"].items()}
    if data["usual"] not in levels:
        raise ValueError(f"complaint classes: the usual one, {data['usual']!r}, is not among them")
    return Clocks(levels, data["usual"], calendar)
