"""Rounds: once a day every card is looked at for periods that begin or that their policies close, and who falls behind.

One process at a time holds the lease; a round that was cut off goes on where it was, and since a period that is closed
is not due any more, two rounds at once would close nothing twice either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from kinara.contracts.regions import day_of
from kinara.contracts.working_days import Calendar
from kinara.kit import log
from kinara.kit.crash import crash_point
from kinara.kit.ids import utc_now
from kinara.kit.leases import Lease
from kinara.kit.mongo import Database
from kinara.kit.scans import scan
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, Work, command

from appraisal.commands import awards, skp
from appraisal.commands.closing import close_period, propose_years_left
from appraisal.commands.coaching import notice_pace, rules_behind
from appraisal.domain.closing import closed_id, due_periods
from appraisal.domain.policy import Policies
from appraisal.domain.refusals import Refusal
from appraisal.domain.scorecard import Scorecard
from appraisal.store import ROUNDS, SCORECARDS, VERDICTS, ClosingRound, shelf

PAGE = 100
POLL_S = 1.0
"""How often it is looked for a new day, or for nominations that were asked for."""
SCHEDULER = Scope(everything=True, label="scheduler")
_log = log.get("closing")


class Closer:
    """Closes what is due, and makes nominations, while it holds the lease."""

    def __init__(self, calendar: Calendar) -> None:
        self._lease = Lease("closing")
        self._work_off = partial(work_off, calendar=calendar)

    async def run(self, database: Database) -> None:
        """Look for work until cancelled."""
        await self._lease.work_off(database, _waits, self._work_off, every_s=POLL_S)


async def work_off(database: Database, now: Callable[[], datetime] = utc_now, *, calendar: Calendar) -> None:
    """Today's round, if it has not ended, then nominations."""
    work = Work(database, now=now)
    today = await _begin(work, now().date().isoformat())
    if today.ended_at is None:
        ended = await _round(work, today, calendar)
        _log.info("closing round ended", day=ended.id, looked_at=ended.looked_at, closed=ended.closed)
    await awards.work_off(database)


async def _round(work: Work, today: ClosingRound, calendar: Calendar) -> ClosingRound:
    """From where it was to the last card."""
    async for cards in scan(work.database, SCORECARDS, SYSTEM, {"_id": {"$gt": today.after}}, size=PAGE):
        policies = await shelf(work.database)
        closed = refused = 0
        page = [card.state for card in cards]
        await _propose_years(work, page, policies)
        beginning = await skp.beginning(work, page, policies)
        for known in page:
            id_ = known.employee_id
            card = await skp.begin_periods_of(work, policies, id_) if id_ in beginning else known
            done, failed = await _close_due(work, card, policies, calendar)
            if rules_behind(card, day_of(work.now(), card.province), policies, calendar):
                await notice_pace(work, policies, calendar, id_)
            closed, refused = closed + done, refused + failed
        today = await _step(
            work,
            replace(
                today, after=cards[-1].id, looked_at=today.looked_at + len(cards), closed=today.closed + closed,
                refused=today.refused + refused,
            ),
        )  # fmt: skip
    return await _step(work, replace(today, ended_at=work.now()))


async def _propose_years(work: Work, cards: list[Scorecard], policies: Policies) -> None:
    """In the first month of a year: propose the last one for those whose December was never opened, or is closed.

    One read tells who of them has it proposed already, which is all of them on most days.
    """
    due = {closed_id(card.employee_id, year): card for card in cards if (year := _year_over(work, card)) is not None}
    if not due:
        return
    proposed = await work.find(VERDICTS, SYSTEM, {"_id": {"$in": sorted(due)}}, limit=len(due))
    for id_ in due.keys() - {verdict.id for verdict in proposed}:
        employee_id, _, year = id_.rpartition("/")
        await propose_years_left(work, policies, employee_id, year)


def _year_over(work: Work, card: Scorecard) -> str | None:
    """Last year, in January, if something of it was closed and nothing of it is open."""
    today = day_of(work.now(), card.province)
    year = str(today.year - 1)
    still_open = any(month[:4] <= year and not card.is_closed(month) for month in card.months)
    if today.month != 1 or card.closed_through is None or card.closed_through < f"{year}-01" or still_open:
        return None
    return year


async def _close_due(work: Work, card: Scorecard, policies: Policies, calendar: Calendar) -> tuple[int, int]:
    """Close one employee's due periods in their order: how many were, and how many could not be."""
    closed = 0
    for period in due_periods(card, day_of(work.now(), card.province), policies):
        try:
            await close_period(work, SCHEDULER, policies, calendar, card.employee_id, period)
        except Refusal as refusal:  # closed meanwhile by a person, or a card that people must put right
            _log.info("period not closed", employee=card.employee_id, period=period, reason=refusal.detail)
            return closed, 1
        crash_point("closing.after_card")
        closed += 1
    return closed, 0


@command
async def _begin(tx: Transaction, day: str) -> ClosingRound:
    found = await tx.find(ROUNDS, SYSTEM, {"_id": day}, limit=1)
    if found:
        return found[0]
    begun = ClosingRound(id=day, started_at=tx.now)
    tx.save(ROUNDS, begun)
    return begun


@command
async def _step(tx: Transaction, today: ClosingRound) -> ClosingRound:
    await tx.find(ROUNDS, SYSTEM, {"_id": today.id}, limit=1)
    tx.save(ROUNDS, today)
    return today


async def _waits(database: Database) -> bool:
    today = utc_now().date().isoformat()
    rounds = await Work(database).find(ROUNDS, SYSTEM, {"_id": today}, limit=1)
    return not rounds or rounds[0].state.ended_at is None or await awards.waits(database)
