"""Refusals about coaching, awards and what a year comes to."""

from __future__ import annotations

from appraisal.domain.refusals.root import Refusal


class CoachingNotWaiting(Refusal):
    """The coaching case is open or has ended."""


class CoachingNotOpen(Refusal):
    """The coaching case was not opened yet, or has ended."""


class SuperiorOpens(Refusal):
    """The employee has a superior, who opens the case; the office does where there is none."""


class InvalidPlan(Refusal):
    """A plan of coaching outside its bounds, or marks that are none."""


class PlanRunning(Refusal):
    """A case ends without success only once its plan is over."""


class AwardDecided(Refusal):
    """The nomination was granted or declined before."""


class WonTwiceRunning(Refusal):
    """The award would be won a third time running: others go first."""


class DisciplineUnchecked(Refusal):
    """An award is granted only once running discipline is ruled out."""


class Disciplined(Refusal):
    """A disciplinary measure runs: no award is given for the period, nor while it lasts."""


class UnknownJenjang(Refusal):
    """No functional level has this code."""


class UnknownPredikat(Refusal):
    """No predikat of an organisation is called this."""


class InvalidCuts(Refusal):
    """The cuts of an axis do not make three levels of the marks 0 to 100."""
