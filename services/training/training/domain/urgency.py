"""How urgently somebody who waits needs a place: the order of a waiting line, which can be explained.

Who uses a right to further training comes first. Then whom the programme helps with an open need comes before whom it
helps with none; of those, who is being coached; then who is furthest below what is expected; and at last who asked
first (proposal: no law gives an order).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from training.domain.need import AS_EXPECTED, Need, serves
from training.domain.programme import Programme
from training.domain.record import Record

NO_GAP = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """What decides somebody's place in a waiting line."""

    entitled: bool = False
    """Uses a right to further training."""
    needs: int = 0
    """Open needs that the programme serves."""
    coached: bool = False
    gap: Decimal = NO_GAP
    """How far the lowest score behind those needs is below what is expected, in points."""
    enrolment_id: str = ""
    """Ids are made in the order of asking; without one, somebody has waited since before this order."""

    @property
    def key(self) -> tuple[bool, bool, bool, Decimal, str]:
        """Sorts the neediest first, behind who has a right."""
        return not self.entitled, not self.needs, not self.coached, -self.gap, self.enrolment_id

    @property
    def reason(self) -> str:
        """Why here in the line; Indonesian, for who waits."""
        right = "Memakai hak pelatihan lanjutan. " if self.entitled else ""
        if not self.needs:
            return f"{right}Tidak ada kebutuhan terbuka yang dilayani program ini; urut menurut waktu mendaftar."
        coached = "sedang dibina; " if self.coached else ""
        gap = f"{self.gap:.2f}".replace(".", ",")
        return f"{right}{self.needs} kebutuhan terbuka yang dilayani program ini; {coached}selisih nilai {gap}."


def urgency_of(learner: Record, programme: Programme, enrolment_id: str, *, entitled: bool = False) -> Urgency:
    """What the employee's needs of today say."""
    served = [need for need in learner.open_needs if serves(need, programme.competencies, programme.level)]
    return Urgency(
        entitled=entitled,
        needs=len(served),
        coached=any(_of_coaching(need) for need in served),
        gap=max([AS_EXPECTED - need.score for need in served if need.score is not None], default=NO_GAP),
        enrolment_id=enrolment_id,
    )


def _of_coaching(need: Need) -> bool:
    """Coaching names no score: the superior has looked at the person."""
    return need.score is None and need.predikat is None and need.component in ("k", "b")
