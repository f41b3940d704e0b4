"""Targets that were set too low: how often what was agreed is overshot, by superior and by indicator.

In a score c is capped at 1.2, so that overshooting earns nothing; how often it happens tells nobody. A share is a
reason to ask how targets are agreed, and proves nothing: work may have been lucky. Source: reference §5.5 (target
sandbagging).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from kinara.contracts.appraisal import Period

from appraisal.domain.components import CAP, mark
from appraisal.domain.measures import Months, attainments
from appraisal.domain.periods import months_of, quarter_of

FEWEST = 10
"""Indicators judged without which a share says nothing (proposal)."""
K = TypeVar("K", bound=Hashable)


@dataclass
class Overshooting:
    """How many indicators were judged, and overshot by more than a fifth."""

    judged: int = 0
    overshot: int = 0
    running: int = 0
    """Of those judged, in periods that are not closed: by the pace so far."""

    def add(self, *, overshot: bool, running: bool) -> None:
        """One indicator of one person and period more."""
        self.judged += 1
        self.overshot += overshot
        self.running += running

    @property
    def share(self) -> Decimal | None:
        """Of those judged; None of none."""
        return mark(Decimal(self.overshot) / self.judged) if self.judged else None


@dataclass
class Groups(Generic[K]):
    """Superiors or indicators, each with its overshooting."""

    of: dict[K, Overshooting] = field(default_factory=dict)

    def add(self, key: K, *, overshot: bool, running: bool) -> None:
        """One indicator of one person and period more."""
        self.of.setdefault(key, Overshooting()).add(overshot=overshot, running=running)

    @property
    def conspicuous(self) -> list[tuple[K, Overshooting]]:
        """Those of which enough was judged: the highest share first, of equal ones that of the most."""
        enough = [(key, one) for key, one in self.of.items() if one.judged >= FEWEST]
        return sorted(enough, key=lambda pair: (-(pair[1].share or 0), -pair[1].overshot, str(pair[0])))

    @property
    def too_few(self) -> int:
        """Of how many too little was judged."""
        return sum(one.judged < FEWEST for one in self.of.values())


@dataclass
class Overshot:
    """A report; fill it with the periods of everybody."""

    total: Overshooting = field(default_factory=Overshooting)
    superiors: Groups[str | None] = field(default_factory=Groups)
    """Under None those who had no superior."""
    indicators: Groups[str] = field(default_factory=Groups)

    def add(self, months: Months, period: Period, superior_id: str | None, *, running: bool) -> None:
        """One person's period, by who led them when it was closed, or leads them today."""
        for code, overshot in overshot_in(months, period).items():
            self.total.add(overshot=overshot, running=running)
            self.superiors.add(superior_id, overshot=overshot, running=running)
            self.indicators.add(code, overshot=overshot, running=running)


def overshot_in(months: Months, period: Period) -> Mapping[str, bool]:
    """Every indicator that was judged in a period: whether its c, were it not capped, is above 1.2."""
    return {code: c > CAP for code, (_, c) in attainments(months, period).items()}


def within(period: Period) -> frozenset[Period]:
    """The periods that lie within a period: itself, and its months and quarters."""
    months = months_of(period)
    quarters = {quarter_of(month) for month in months}
    return frozenset({period, *months, *(quarter for quarter in quarters if set(months_of(quarter)) <= set(months))})
