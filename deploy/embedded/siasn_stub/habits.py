"""SIASN's bad habits, deterministic by seed and switchable: which question is answered badly, how, and how often."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Habit = Literal["html", "empty", "runtime_error", "suspended", "expired", "mismatch", "slow"]
_ORDER: tuple[Habit, ...] = ("html", "empty", "runtime_error", "suspended", "expired", "mismatch", "slow")
_HEALED_BY_A_NEW_TOKEN: tuple[Habit, ...] = ("expired", "mismatch")
_Share = Field(default=0.0, ge=0, le=1)


class Habits(BaseModel):
    """The share of questions (paths) that meet each habit; each of them heals after a few tries."""

    model_config = ConfigDict(extra="forbid")

    html: float = _Share
    empty: float = _Share
    runtime_error: float = _Share
    suspended: float = _Share
    expired: float = _Share
    """401 ``invalid or expired jwt`` for a token that is still good."""
    mismatch: float = _Share
    """401 ``Token SSO mismatch``."""
    slow: float = _Share
    lost: float = _Share
    """Records that are taken while the answer is lost (an HTML page), once each."""
    declined: float = _Share
    """Records that are refused with a reason, however often they are sent."""
    declined_least: int = Field(default=0, ge=0)
    """And so many of them at least: the first that come, where chance takes too few."""
    slow_seconds: float = Field(default=0.5, ge=0, le=30)
    heal_after: int = Field(default=2, ge=0)
    """Bad answers to one question before the good one; complaints about tokens come once."""
    token_seconds: float = Field(default=3600, gt=0)
    """Life of the tokens handed out."""


GOOD = Habits()
AS_KNOWN = Habits(
    html=0.004, empty=0.004, runtime_error=0.004, suspended=0.003, expired=0.003, mismatch=0.002, slow=0.01
)
"""Roughly what its clients' code is written against."""


class Moods:
    """Which habit a question meets now."""

    def __init__(self, habits: Habits, seed: int) -> None:
        self.habits = habits
        self._seed = seed
        self._tries: Counter[str] = Counter()
        self._declined: set[str] = set()

    def change(self, habits: Habits) -> None:
        """Other habits from now on, with all questions unasked."""
        self.habits = habits
        self._tries.clear()
        self._declined.clear()

    def meet(self, question: str) -> Habit | None:
        """The habit that ``question`` meets this time, if any."""
        habit = self._habit_of(question)
        if habit is None:
            return None
        self._tries[question] += 1
        patience = 1 if habit in _HEALED_BY_A_NEW_TOKEN else self.habits.heal_after
        return habit if self._tries[question] <= patience else None

    def declines(self, question: str) -> bool:
        """Whether this record is one of those that are refused."""
        by_chance = self._chance(f"declined/{question}") < self.habits.declined
        if by_chance or len(self._declined) < self.habits.declined_least:
            self._declined.add(question)
        return question in self._declined

    def loses(self, question: str) -> bool:
        """Whether the answer to this record is lost, this time."""
        if self._chance(f"lost/{question}") >= self.habits.lost:
            return False
        self._tries[f"lost/{question}"] += 1
        return self._tries[f"lost/{question}"] == 1

    def _chance(self, question: str) -> float:
        digest = hashlib.blake2b(f"{self._seed}/{question}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def _habit_of(self, question: str) -> Habit | None:
        chance = self._chance(question)
        for habit in _ORDER:
            share = getattr(self.habits, habit)
            if chance < share:
                return habit
            chance -= share
        return None
