"""Refusals about places, periods and days."""

from __future__ import annotations

from appraisal.domain.refusals.root import Refusal


class UnknownProvince(Refusal):
    """The code is no province of Indonesia."""


class InvalidPeriod(Refusal):
    """Neither month, quarter nor year; or not a period that the unit's policy appraises."""


class PeriodNotBegun(InvalidPeriod):
    """The period has not begun: behaviour that nobody has seen yet cannot be rated."""


class PeriodNotOver(InvalidPeriod):
    """The period has not ended: nothing opens a closed one again, and what happens in the rest of it would be lost."""


class PeriodOver(InvalidPeriod):
    """The period has ended: a target is agreed before the work, not after it is known."""


class PeriodClosed(Refusal):
    """The period was closed: what is known later is an objection's or a correction's business."""


class EarlierPeriodOpen(Refusal):
    """An earlier period is still open: periods are closed in their order."""


class NotLatestClosed(Refusal):
    """Periods are opened again in the reverse order of their closing, and only within the year that runs."""


class DayToCome(Refusal):
    """What is recorded as held lies in the future."""


class TooMuchAsked(Refusal):
    """A report over more people and periods than one answer looks at."""
