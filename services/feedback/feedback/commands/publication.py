"""The publisher: publishes each month of each government when it is due, once, for all its units together, for good.

One process at a time holds the lease. How far a government is published stands on its own document, which goes on by a
month once all figures of it are kept, in steps; until then nobody sees them. One who was cut off is followed by another
who goes on with the rest, and two at once publish nothing twice. A government that cannot be published waits alone.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from kinara.kit import log
from kinara.kit.crash import crash_point
from kinara.kit.ids import utc_now
from kinara.kit.leases import Aside, Lease
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from feedback.domain import complaint_tally, edition
from feedback.domain import publication as rules
from feedback.domain.edition import Cell, Edition, Figures, Heard
from feedback.domain.guard import month_of
from feedback.domain.publication import Publication
from feedback.domain.subject import Subject
from feedback.domain.survey import Tally
from feedback.store import (
    EDITIONS,
    FIGURES,
    PUBLICATIONS,
    SUBJECTS,
    complaints_of,
    first_heard,
    governments,
    ratings_of,
    tallies_below,
    units_below,
)

PAGE = 100
STEP = 200
"""Figures that are kept in one transaction."""
POLL_S = 5.0
LOOK_S = 600.0
"""Between two looks for new governments, of which nothing is due for days."""
_log = log.get("publication")


class Publisher:
    """Publishes what is due while it holds the lease."""

    def __init__(self) -> None:
        self._lease = Lease("publication")
        self._aside = Aside("publication")
        self._looked: float | None = None

    async def run(self, database: Database) -> None:
        """Look for what is due until cancelled."""
        await self._lease.work_off(database, self._waits, self._work, every_s=POLL_S)

    async def _waits(self, database: Database) -> bool:
        looked = self._looked is not None and time.monotonic() - self._looked < LOOK_S
        return not looked or bool(await _due(Work(database), self._aside, 1))

    async def _work(self, database: Database) -> None:
        await work_off(database, aside=self._aside)
        self._looked = time.monotonic()


async def work_off(database: Database, now: Callable[[], datetime] = utc_now, *, aside: Aside | None = None) -> None:
    """All that is due by now, of governments that are new, too."""
    work, aside = Work(database, now=now), aside or Aside("publication")
    for one in await governments(work):
        root = edition.root_of(one.unit_path)
        if not await work.find(PUBLICATIONS, SYSTEM, {"_id": root}, limit=1):
            with aside.unless_it_works(root):
                first = await first_heard(work, await units_below(work, root))
                await _begin(work, rules.begin(root, one.province, first or month_of(work.now(), one.province)))
    while due := await _due(work, aside, PAGE):
        for publication in due:
            with aside.unless_it_works(publication.id):
                await _publish(work, publication)
                _log.info("month published", government=publication.id, month=publication.month)
                crash_point("publication.after_month")


async def _due(work: Work, aside: Aside, most: int) -> list[Publication]:
    query = {"due_at": {"$lte": work.now()}} | aside.others
    return [one.state for one in await work.find(PUBLICATIONS, SYSTEM, query, sort=("due_at", 1), limit=most)]


async def _publish(work: Work, publication: Publication) -> None:
    """Publish the month of a government that is due, unless somebody else does so, or did by an earlier way."""
    units = await units_below(work, publication.id)
    figures = edition.compose(publication.month, units, await _heard(work, publication, units))
    for start in range(0, len(figures), STEP):
        if not await _keep(work, publication, figures[start : start + STEP]):
            break
        crash_point("publication.after_step")
    await _end(work, publication)


async def _heard(work: Work, publication: Publication, units: list[Subject]) -> Heard:
    """What was said in the month about each of the units."""
    tallies: list[Tally] = [tally async for tally in tallies_below(work, units, [publication.month])]
    begins, ends = rules.span_of(publication.month, publication.province)
    ratings: Counter[Cell] = Counter([voice async for voice in ratings_of(work, units, begins, ends)])
    complaints: Counter[Cell] = Counter()
    people: Counter[Cell] = Counter()
    async for tally in complaints_of(work, units, publication.month):
        for counted, counts in ((complaints, tally.counts), (people, tally.proven)):
            counted.update({(tally.unit_id, what): n for what, n in complaint_tally.by_outcome(counts).items()})
    return Heard(tallies, ratings, complaints, people)


@command
async def _begin(tx: Transaction, begun: Publication) -> None:
    """From now on this government is looked at, unless it is already."""
    if not await tx.find(PUBLICATIONS, SYSTEM, {"_id": begun.id}, limit=1):
        tx.save(PUBLICATIONS, begun)


@command
async def _keep(tx: Transaction, due: Publication, figures: list[Figures]) -> bool:
    """Some figures of a month; whether there is still something to keep of it.

    Of each unit whose satisfaction index is among them it is said that policies may cite it.
    What was published of a unit before it came to this government stands. What one who was cut off has kept nobody has
    seen: it is as it is found now, since what is withheld of one unit hangs on all others.
    """
    if await tx.load(PUBLICATIONS, due.id, SYSTEM) != due or await _edition(tx, due):
        return False
    known = await tx.by_ids(FIGURES, [one.id for one in figures], SYSTEM)
    for one in figures:
        before = known.get(one.id, one)
        if one.id not in known or (one != before and edition.root_of(before.unit_path) == due.id):
            tx.save(FIGURES, one)
    new = [one for one in figures if one.id not in known]
    units = await tx.by_ids(SUBJECTS, [one.about for one in new if one.answers], SYSTEM)
    for one in new:
        citable = edition.citable(one, tx.now)
        if citable is not None and one.about in units:  # a campaign is cited as such
            tx.save(SUBJECTS, units[one.about])
            tx.publish(citable)
    return True


@command
async def _end(tx: Transaction, due: Publication) -> None:
    """The month is published, and the next one is to come."""
    if await tx.load(PUBLICATIONS, due.id, SYSTEM) != due:
        return
    tx.save(PUBLICATIONS, rules.one_further(due))
    if not await _edition(tx, due):
        tx.save(EDITIONS, Edition(id=edition.figures_id(due.id, due.month), published_at=tx.now))


async def _edition(tx: Transaction, due: Publication) -> bool:
    return bool(await tx.find(EDITIONS, SYSTEM, {"_id": edition.figures_id(due.id, due.month)}, limit=1))
