"""A policy judged itself: what it was for, before and after it held, and the public input that asked for it.

Source: seed S3 ("evaluasi berkala terhadap kebijakan"), reference §1a rows 36 and 37. A difference between two periods
is no proof that the policy made it: other things change too, and that is said with the result.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from appraisal.domain.components import ZERO, shown
from appraisal.domain.nomination import Appraised, value_of
from appraisal.domain.policy import Policy
from appraisal.domain.triggers import Goal


@dataclass
class Mean:
    """A mean that is added up person by person; people to whom the measure does not apply do not count."""

    total: Decimal = ZERO
    people: int = 0

    def add(self, value: Decimal | None) -> None:
        """One person more."""
        if value is not None:
            self.total += value
            self.people += 1

    @property
    def value(self) -> Decimal | None:
        """Two decimals; None for nobody."""
        return shown(self.total / self.people) if self.people else None


@dataclass
class Evaluation:
    """A policy's goals, each with its mean before and after; fill it with everybody's closed periods."""

    policy: Policy
    before: dict[str, Mean] = field(default_factory=dict)
    after: dict[str, Mean] = field(default_factory=dict)

    def add(self, side: dict[str, Mean], found: Appraised) -> None:
        """One person's period on a side."""
        for goal in self.policy.goals:
            side.setdefault(goal.words, Mean()).add(value_of(goal.measure, found))

    def of(self, goal: Goal) -> tuple[Mean, Mean]:
        """The means of a goal, before and after."""
        return self.before.get(goal.words, Mean()), self.after.get(goal.words, Mean())

    def reached(self, goal: Goal) -> bool | None:
        """Whether a goal is reached; None where nobody can tell."""
        value = self.of(goal)[1].value
        return None if value is None else goal.reached(value)
