"""How many hours of learning a year the law speaks of, and how an employee stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from kinara.contracts.personnel import EmployeeKind

MENTORING_A_YEAR = Decimal(6)
"""JP a year that mentoring can count for, in both roles together; appraisal counts as many (reference §5.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualHours:
    """How many JP a year the law speaks of for a kind of employee."""

    at_least: int | None
    at_most: int | None
    source: str
    verified: bool
    """Whether the source was read; what is not verified is shown, and enforced nowhere."""


ANNUAL_HOURS: Mapping[EmployeeKind, AnnualHours] = {
    "PNS": AnnualHours(at_least=20, at_most=None, source="PP 11/2017 jo. 17/2020; PerLAN 10/2018", verified=True),
    "PPPK": AnnualHours(at_least=None, at_most=24, source="PerLAN 15/2020", verified=False),
}
"""PNS have a right to at least 20 JP a year. That PPPK have at most 24 is remembered, not confirmed by the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursOfYear:
    """A year's JP: earned, offered, and what the law speaks of."""

    year: int
    earned: int
    offered: int
    law: AnnualHours | None
    """None until the kind of employee is known."""
    mentoring: Decimal = Decimal(0)
    """Of mentoring held, as much as counts."""

    @property
    def missing(self) -> int:
        """JP still to be earned to reach the legal minimum; 0 where there is none."""
        wanted = self.law.at_least if self.law else None
        left = (wanted or 0) - self.earned - self.mentoring
        return max(0, int(left.to_integral_value(ROUND_CEILING)))
