"""What a training changed: scores of three months before and after it, against comparable people who did not take part.

Comparable is who serves the same government in the same kind of post, and stood in the same band of scores before. Each
participant is held against the mean change of those, so that what moved everybody is not the training's doing
(reference §1a, 6; proposal).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from training.domain.history import mean_of, month_number
from training.domain.record import Record

MONTHS = 3
"""Before the month of completion, and after it; that month itself belongs to neither."""

FEW = 5
"""Below so many people one person's luck decides, and a mean tells somebody's scores."""

BANDS = (Decimal("41.67"), Decimal("58.33"), Decimal(75), Decimal("91.67"))
"""Where the bands of scores meet (reference §5.1)."""

Stratum = tuple[str, str | None, int, int]
"""Government, kind of post, month of completion, and band of the score before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter:
    """One person's scores around a month, and whether they completed the training in it."""

    stratum: Stratum
    change: Decimal
    took_part: bool


@dataclass(slots=True)
class Changes:
    """The changes of a stratum, summed up."""

    participants: int = 0
    change: Decimal = Decimal(0)
    others: int = 0
    change_of_others: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the training changed on average; nothing is known of it where nobody can be measured."""

    n: int
    """Participants that are measured: scores on both sides, and somebody to compare with."""
    change: Decimal | None
    comparables: int
    """People they are compared with; one stands for each month in which somebody completed."""
    change_of_comparables: Decimal | None
    difference: Decimal | None
    alone: int
    """Participants with scores whom nobody can be compared with."""

    @property
    def caveat(self) -> str | None:
        """What whoever reads it must know, in Indonesian."""
        if self.n >= FEW and self.comparables >= FEW:
            return None
        few = f"{self.n} peserta" if self.n < FEW else f"{self.comparables} pembanding"
        return f"Baru {few} yang terukur (kurang dari {FEW}): jangan dijadikan dasar keputusan."

    @property
    def told(self) -> Effect:
        """Without the figures of so few that they would be somebody's scores."""
        if self.caveat is None:
            return self
        return replace(self, change=None, change_of_comparables=None, difference=None)


def around(record: Record, completed: int, *, took_part: bool) -> BeforeAfter | None:
    """Somebody's scores around a month (by number); None where one side has none."""
    before = mean_of(record.scores, range(completed - MONTHS, completed))
    after = mean_of(record.scores, range(completed + 1, completed + MONTHS + 1))
    if before is None or after is None:
        return None
    stratum = (government_of(record), record.jabatan_kind, completed, sum(before >= cut for cut in BANDS))
    return BeforeAfter(stratum=stratum, change=after - before, took_part=took_part)


def government_of(record: Record) -> str:
    """The root of the tree that somebody serves in."""
    return record.unit_path.split("/")[1] if record.unit_path else ""


def month_of(day: date) -> int:
    """The number of a day's month."""
    return month_number(day.year, day.month)


def gather(before_after: Iterable[BeforeAfter], into: dict[Stratum, Changes] | None = None) -> dict[Stratum, Changes]:
    """The changes by stratum, so that any number of people can be gone through page by page."""
    strata = {} if into is None else into
    for one in before_after:
        changes = strata.setdefault(one.stratum, Changes())
        if one.took_part:
            changes.participants += 1
            changes.change += one.change
        else:
            changes.others += 1
            changes.change_of_others += one.change
    return strata


def effect(before_after: Iterable[BeforeAfter]) -> Effect:
    """What a training changed, by all who took part and all who may be compared with them."""
    return conclude(gather(before_after))


def conclude(strata: dict[Stratum, Changes]) -> Effect:
    """What a training changed: each participant against the mean of the stratum."""
    matched = [one for one in strata.values() if one.participants and one.others]
    n = sum(one.participants for one in matched)
    alone = sum(one.participants for one in strata.values() if not one.others)
    if not n:
        return Effect(n=0, change=None, comparables=0, change_of_comparables=None, difference=None, alone=alone)
    change = sum((one.change for one in matched), Decimal(0)) / n
    theirs = sum((one.participants * one.change_of_others / one.others for one in matched), Decimal(0)) / n
    return Effect(
        n=n,
        change=_rounded(change),
        comparables=sum(one.others for one in matched),
        change_of_comparables=_rounded(theirs),
        difference=_rounded(change - theirs),
        alone=alone,
    )


def _rounded(mark: Decimal) -> Decimal:
    return mark.quantize(Decimal("0.01"), ROUND_HALF_UP)
