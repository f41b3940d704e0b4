"""The climate pulse: a few questions to the ASN of a unit, answered without a name, told for the unit alone.

It runs as a campaign does (``campaign``). Nothing is told while it runs, and nothing of fewer than ten answers: who
looks before and after an answer would have that answer. (Proposal: reference §1a, 48; the questions are ours.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kinara.contracts import Province

from feedback.domain.campaign import Campaign
from feedback.domain.disclosure import FEWEST
from feedback.domain.refusals import InvalidAnswer, InvalidCampaign

ITEMS: Mapping[str, str] = {
    "c1": "Beban kerja saya wajar",
    "c2": "Arahan pimpinan jelas",
    "c3": "Rekan kerja saling membantu",
    "c4": "Saya aman menyampaikan pendapat",
    "c5": "Sarana kerja memadai",
}
"""Each from 1 (tidak setuju) to 4 (setuju)."""
_LOWEST, _HIGHEST = 1, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimateTally:
    """The sums of one part of a pulse; single answers are not kept."""

    id: str
    pulse_id: str
    province: Province
    unit_path: str
    answers: int = 0
    sums: tuple[int, ...] = (0,) * len(ITEMS)


def staff_of(declared: int, serving: int) -> int:
    """How many are asked, of so many who serve; a unit in which nobody could hide is not asked, whatever it says."""
    population = min(declared, serving)
    if population < FEWEST:
        raise InvalidCampaign(
            f"Unit dengan kurang dari {FEWEST} pegawai tidak disurvei, agar tidak ada jawaban yang dapat dikenali.",
            field="population",
            detail=f"expected {FEWEST} or more, got {declared}, of {serving} who serve",
        )
    return population


def blank_tally(pulse: Campaign, part: str) -> ClimateTally:
    """One part of a pulse before the first answer."""
    return ClimateTally(id=f"{pulse.id}/{part}", pulse_id=pulse.id, province=pulse.province, unit_path=pulse.unit_path)


def add(tally: ClimateTally, marks: Mapping[str, int]) -> ClimateTally:
    """The tally with one more answer to all questions."""
    for item, words in ITEMS.items():
        if not _LOWEST <= marks.get(item, 0) <= _HIGHEST:
            raise InvalidAnswer(
                f"Pernyataan '{words}' belum dinilai {_LOWEST} sampai {_HIGHEST}. Lengkapi semuanya.",
                field=item,
                detail=f"expected {_LOWEST} to {_HIGHEST}, got {marks.get(item)}",
            )
    sums = tuple(total + marks[item] for total, item in zip(tally.sums, ITEMS, strict=True))
    return replace(tally, answers=tally.answers + 1, sums=sums)


def means_of(pulse: Campaign, tallies: list[ClimateTally], day: date) -> dict[str, Decimal] | None:
    """The mean of each question, half-up at two decimals; None while it runs, or of fewer than ten answers."""
    answers = sum(tally.answers for tally in tallies)
    if pulse.state_on(day) != "closed" or answers < FEWEST:
        return None
    totals = (sum(column) for column in zip(*(tally.sums for tally in tallies), strict=True))
    return {
        item: (Decimal(total) / answers).quantize(Decimal("0.01"), ROUND_HALF_UP)
        for item, total in zip(ITEMS, totals, strict=True)
    }
