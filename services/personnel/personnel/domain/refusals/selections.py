"""Refusals about selections on merit and about talent."""

from __future__ import annotations

from personnel.domain.refusals.records import Refusal


class SelectionRefused(Refusal):
    """The selection's rules, or its state, do not allow what was asked."""


class InvalidSelection(SelectionRefused):
    """The opening, an application or a mark does not fit together."""


class SelectionNotOpen(SelectionRefused):
    """Applications are taken, checked and completed at their time only."""


class AlreadyApplied(SelectionRefused):
    """One application a person and opening."""


class ConflictOfInterest(SelectionRefused):
    """Nobody scores where they are a candidate."""


class NotReadyToScore(SelectionRefused):
    """Scoring begins when every application is checked and complete."""


class ScoringClosed(SelectionRefused):
    """Marks are given while scoring is open, and at no other time."""


class MarksMissing(SelectionRefused):
    """A result needs scorers who have marked everybody."""


class AlreadyDecided(SelectionRefused):
    """A selection has one result."""


class TalentRefused(Refusal):
    """What is stated about somebody's talent cannot be taken."""


class PerformanceUnknown(TalentRefused):
    """A box needs the confirmed predikat of its year."""


class TooManyAssessments(TalentRefused):
    """A year is assessed again a few times only."""
