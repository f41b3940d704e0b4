"""What HR and oversight read of targets: how often they are overshot, among the people of their units."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Sequence

from kinara.contracts.appraisal import Period
from kinara.kit.scans import scan
from kinara.kit.scope import Scope
from kinara.kit.work import Work

from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.measures import Months
from appraisal.domain.overshooting import Overshot, within
from appraisal.domain.refusals import TooMuchAsked
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.skp import superior_of
from appraisal.store import CLOSED, SCORECARDS

READ_AT_ONCE = 100
MOST_LOOKED_AT = 100_000
"""Cards and closed periods of one report: with more its reader would wait, and others with them."""
Judged = tuple[Months, Period, str | None, bool]
"""A period's tallies, who led the person, and whether the period is still open."""


async def overshot(
    work: Work, scope: Scope, period: Period, *, unit_path: str | None, superior_id: str | None
) -> Overshot:
    """All that was judged in a period and those within it, perhaps of one unit or of those whom one superior led.

    A closed period is told from the tallies that its close has kept, under the unit where it was closed.
    """
    inside = scope.narrowed(unit_path) if unit_path else scope
    report, asked, looked_at = Overshot(), within(period), 0
    async for page in _pages(work, inside, asked, superior_id):
        looked_at += len(page)
        if looked_at > MOST_LOOKED_AT:
            raise TooMuchAsked(
                f"Laporan ini memuat lebih dari {MOST_LOOKED_AT} periode pegawai. Pilih satu unit atau periode yang "
                "lebih pendek.",
                detail=f"more than {MOST_LOOKED_AT} cards and closed periods in {period}",
                field="unit_path",
            )
        for months, judged, superior, running in (row for one in page for row in _judged(one, asked)):
            report.add(months, judged, superior, running=running)
    return report


async def _pages(
    work: Work, scope: Scope, asked: Collection[Period], superior_id: str | None
) -> AsyncIterator[Sequence[ClosedPeriod | Scorecard]]:
    """Closed periods first: of one that is closed meanwhile nothing is told twice."""
    led = {"person.supervisor_id": superior_id} if superior_id else {}
    closed = led | {"period": {"$in": sorted(asked)}, "reopened_at": None}
    for part in [scope.narrowed(path) for path in _outermost(scope.paths)]:
        async for periods in scan(work.database, CLOSED, part, closed, size=READ_AT_ONCE, by="path"):
            yield [record.state for record in periods]
        async for cards in scan(work.database, SCORECARDS, part, led, size=READ_AT_ONCE, by="path"):
            yield [record.state for record in cards]


def _judged(found: ClosedPeriod | Scorecard, asked: Collection[Period]) -> Iterator[Judged]:
    if isinstance(found, ClosedPeriod):
        yield found.months, found.period, found.person.supervisor_id if found.person else None, False
        return
    for period in sorted(asked & found.scores.keys()):
        yield found.months, period, superior_of(found), True


def _outermost(paths: Collection[str]) -> list[str]:
    """Without those below others: nobody is counted twice."""
    return sorted({one for one in paths if not any(one.startswith(f"{other}/") for other in paths)})
