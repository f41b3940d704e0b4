"""What a policy rewards and what it helps with, as data: the conditions of awards and of coaching."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from appraisal.domain.refusals import InvalidPolicy

Measure = Literal[
    "S",
    "H",
    "P",
    "K",
    "M",
    "A",
    "L",
    "B",
    "M_lower",
    "A_upper",
    "complaints_handled",
    "innovations",
    "pace",
    "predikat",
]
"""A score, axis, component or bound of one; how many agreed innovations reached their target; the pace c of the slowest
indicator; the predikat's code (5 is worst)."""
Mark = Literal["S", "H", "P", "K", "M", "A", "L", "B"]
"""What is told on the scale 0-100, and the more the better."""

SPANS = {"month": 1, "quarter": 3, "semester": 6}
"""How many months an award is given for."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One measure at least at, or below, a value; perhaps for several periods or working days running."""

    measure: Measure
    at_least: Decimal | None = None
    below: Decimal | None = None
    for_periods: int = 1
    for_working_days: int | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.below is None):
            raise InvalidPolicy(
                f"Syarat {self.measure} harus memuat salah satu: at_least atau below.",
                detail=f"condition on {self.measure} needs exactly one of at_least and below",
                field="at_least",
            )


@dataclass(frozen=True, slots=True)
class Standard:
    """The least that is asked of everybody; ``words`` says it to the employee."""

    words: str
    measure: Mark
    at_least: Decimal

    def __post_init__(self) -> None:
        if not 0 < self.at_least <= 100:
            raise InvalidPolicy(
                f"Standar '{self.words}' harus lebih dari 0 dan paling tinggi 100.",
                detail=f"standard of {self.at_least} on {self.measure} is outside (0, 100]",
                field="at_least",
            )


@dataclass(frozen=True, slots=True)
class Award:
    """What is nominated when all conditions hold; a person confirms it."""

    code: str
    title: str
    grants: Literal["award", "training"]
    every: Literal["month", "quarter", "semester"]
    all_of: tuple[Condition, ...]
    top_share: Decimal | None = None
    """Only the best share of a unit, at least one person; None for everyone who qualifies."""


@dataclass(frozen=True, slots=True)
class Coaching:
    """When all conditions hold a coaching case is opened; ``words`` tells the employee why."""

    words: str
    all_of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a policy is for, so that it can be judged itself: the mean of a measure among all whom it weighs."""

    words: str
    measure: Measure
    at_least: Decimal | None = None
    below: Decimal | None = None
    cites: tuple[str, ...] = ()
    """The public input that asked for it: a forum's proposal, an IKM, a topic of complaints."""

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.below is None):
            raise InvalidPolicy(
                f"Tujuan '{self.words}' harus memuat salah satu: at_least atau below.",
                detail=f"goal on {self.measure} needs exactly one of at_least and below",
                field="at_least",
            )

    def reached(self, mean: Decimal) -> bool:
        """Whether a mean is where the goal wants it."""
        if self.at_least is not None:
            return mean >= self.at_least
        assert self.below is not None  # noqa: S101  # one of the two is set
        return mean < self.below
