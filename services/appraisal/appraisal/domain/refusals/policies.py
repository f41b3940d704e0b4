"""Refusals about policies and the units that they weigh."""

from __future__ import annotations

from appraisal.domain.refusals.root import Refusal


class InvalidPolicy(Refusal):
    """The policy is unreadable, or leaves the bounds within which regions may choose."""


class CitationUnknown(InvalidPolicy):
    """A goal cites what nobody has published, or not yet as far as is known."""


class PolicyAlreadyExists(Refusal):
    """This version exists, or another policy holds for the same unit from the same day."""


class PolicyAlreadyActive(Refusal):
    """The draft was activated before: its next version is a draft of its own."""


class PolicyTooLate(Refusal):
    """The first day of the draft has come or passed: weights never hold for days that have begun."""


class PolicyNotTried(Refusal):
    """No simulation of this draft has ended: nobody is judged by a policy that was not tried out."""


class UnitUnknown(Refusal):
    """No unit that personnel has told of lies at this path."""


class NoPolicyInForce(Refusal):
    """No policy, not even a national one, reaches the unit on that day."""


class StillInShadow(Refusal):
    """The unit only tries the policy out: its scores are shown and have no consequences."""
