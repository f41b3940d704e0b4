"""Who may follow in a post: people in the boxes that its rules name, best first, each with what they have and lack.

PermenPANRB 3/2020 (kelompok rencana suksesi: boxes 7 to 9). A pool is advice to the talent committee, which decides.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from personnel.domain.employee import Employee
from personnel.domain.finding import Finding
from personnel.domain.refusals import InvalidSelection
from personnel.domain.requirements import Requirements
from personnel.domain.talent import TalentYear

POOL_BOXES = (7, 8, 9)
MOST_SUCCESSORS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The rules by which successors for a post are looked for."""

    id: str
    unit_id: str
    unit_path: str
    jabatan: str
    boxes: tuple[int, ...] = POOL_BOXES
    requirements: Requirements


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody of the pool, and why they stand there."""

    employee: Employee
    talent: TalentYear
    findings: tuple[Finding, ...]

    @property
    def unmet(self) -> int:
        """How much of what the post asks is known to be lacking."""
        return sum(one.result == "not_met" for one in self.findings)

    @property
    def rank(self) -> tuple[Any, ...]:
        """Best first: nothing lacking, the higher box, the higher talent score, longer in rank, the id."""
        since = self.employee.golongan_since
        score: Decimal = self.talent.latest.score
        return (self.unmet, -self.talent.box, -score, (since is None, since and since.isoformat()), self.employee.id)

    @property
    def why(self) -> str:
        """In one Indonesian sentence."""
        lacking = f"{self.unmet} syarat belum terpenuhi" if self.unmet else "tidak ada syarat yang diketahui kurang"
        return f"Kotak {self.talent.box} tahun {self.talent.year}, nilai talenta {self.talent.latest.score}; {lacking}."


def refuse_unusable(plan: Plan) -> None:
    """Boxes are 1 to 9, each named once."""
    if not plan.boxes or len(set(plan.boxes)) < len(plan.boxes) or not all(1 <= box <= 9 for box in plan.boxes):
        raise InvalidSelection("Kotak harus 1 sampai 9, masing-masing satu kali.", field="boxes", detail="not boxes")


def best(known: Iterable[Successor], more: Iterable[Successor]) -> list[Successor]:
    """The best of both, as many as a pool shows: whoever reads page by page keeps no more."""
    return heapq.nsmallest(MOST_SUCCESSORS, [*known, *more], key=lambda one: one.rank)
