"""Closing: a period is written out for one employee with what follows from it, and may be opened again for a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from kinara.contracts import Province
from kinara.contracts.appraisal import Period, PeriodReopened
from kinara.contracts.working_days import Calendar
from kinara.kit.ids import new_id
from kinara.kit.moves import bearer_of
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from appraisal.commands import awards, reports, skp
from appraisal.commands.cards import save_card, today
from appraisal.domain import coaching
from appraisal.domain.announcement import score_updates
from appraisal.domain.closing import ClosedPeriod, closed_id
from appraisal.domain.closing import close_period as closing_of
from appraisal.domain.closing import reopen_period as reopening_of
from appraisal.domain.crediting import real, result_of
from appraisal.domain.late import count_late
from appraisal.domain.nomination import Appraised, is_due, longest
from appraisal.domain.periods import last_day, period_ends_year, preceding
from appraisal.domain.policy import Policies, Policy
from appraisal.domain.rating import proposed_cell
from appraisal.domain.refusals import AlreadyDecided
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.verdict import Verdict
from appraisal.store import AWARDS, CASES, CLOSED, SCORECARDS, UNITS, VERDICTS

MOST_PERIODS = 20
"""Closed periods of one employee that a rule can look back on, or that one year has."""


@command
async def close_period(
    tx: Transaction, scope: Scope, policies: Policies, calendar: Calendar, employee_id: str, period: Period
) -> ClosedPeriod:
    """Close a period of one employee: it is written out as it stands, and later facts no longer change it.

    The appraiser has a proposal to decide on. A rule of coaching that holds makes a case due; an open one is followed.
    """
    card = await tx.load(SCORECARDS, employee_id, scope)
    begun = await skp.begin_periods(tx, card, policies, last_day(period))
    changed, closed, effects = closing_of(begun, period, today=today(tx, card), policies=policies)
    await tx.find(CLOSED, SYSTEM, {"_id": closed.id}, limit=1)  # it may have been closed before, and opened again
    await tx.find(VERDICTS, SYSTEM, {"_id": closed.id}, limit=1)
    for effect in effects[:-1]:
        tx.save(SCORECARDS, changed, effect={**effect, "by": scope.who})
    tx.save(CLOSED, closed)
    await reports.settle_all(tx, card, closed, "lapsed", by=scope.who)
    policy = policies.named(closed.score.policy)
    tx.save(VERDICTS, await _proposal(tx, closed, policy))
    if period_ends_year(period):
        await propose_year(tx, policies, [*await standing(tx, employee_id, period), closed])
    last_word = score_updates(card, replace(changed, scores={period: closed.score}))
    save_card(tx, scope, card, changed, effects[-1], *last_word)
    if not policy.shadow:
        await awards.ask(tx, policy, period)
        await _coach(tx, closed, policies, card, calendar)
    return closed


@command
async def reopen_period(
    tx: Transaction, scope: Scope, policies: Policies, employee_id: str, period: Period, reason: str
) -> Scorecard:
    """Open the latest closed period of one employee again, and count what came late.

    What was decided on it holds no longer.
    """
    card = await tx.load(SCORECARDS, employee_id, scope)
    closed = await tx.load(CLOSED, closed_id(employee_id, period), SYSTEM)
    if closed.reopened_at is not None:
        raise NotFound(CLOSED.name, closed.id)
    about = [closed.id, *([closed_id(employee_id, period[:4])] if period_ends_year(period) else [])]
    verdicts = await tx.by_ids(VERDICTS, about, SYSTEM)
    _refuse_final(verdicts.values())
    earlier = [one for one in await standing(tx, employee_id, period) if last_day(one.period) < last_day(period)]
    opened, reopened, effect = reopening_of(card, closed, earlier, reason=reason, at=tx.now, policies=policies)
    tx.save(CLOSED, reopened)
    await reports.settle_all(tx, card, closed, "waiting", by=scope.who)
    for verdict in verdicts.values():
        tx.save(VERDICTS, replace(verdict, state="reopened"))
    await _take_back(tx, closed, today(tx, card))
    fact = PeriodReopened(
        province=Province(code=card.province), unit_path=card.unit_path, employee_id=employee_id, period=period,
        reason=reason, reopened_at=tx.now,
    )  # fmt: skip
    opened, counted = count_late(opened, period, await tx.effects(SCORECARDS, employee_id), policies)
    effects = (effect, *counted)
    for one in effects[:-1]:
        tx.save(SCORECARDS, opened, effect={**one, "by": scope.who})
    return save_card(tx, scope, card, opened, effects[-1], fact)


async def _proposal(tx: Transaction, closed: ClosedPeriod, policy: Policy) -> Verdict:
    """What the appraiser will find: the superior of today, and above them theirs."""
    appraiser = closed.person.supervisor_id if closed.person else None
    known = await tx.find(SCORECARDS, SYSTEM, {"_id": appraiser}, limit=1) if appraiser else []
    above = known[0].person.supervisor_id if known and known[0].person else None
    moved = await bearer_of(tx, UNITS, closed.unit_path)
    return Verdict(
        id=closed.id,
        employee_id=closed.employee_id,
        province=closed.province,
        unit_path=moved.unit_path if moved else closed.unit_path,
        period=closed.period,
        policy=closed.score.policy,
        proposed=closed.score.predikat,
        proposed_cell=proposed_cell(closed.score.h, closed.score.p),
        shadow=policy.shadow,
        appraiser_id=appraiser,
        superior_id=above if above not in (closed.employee_id, appraiser) else None,
    )


async def propose_year(tx: Transaction, policies: Policies, closed: Sequence[ClosedPeriod]) -> None:
    """Propose what a year's closed periods come to, to the appraiser of the last; trials in shadow mode are left out.

    With nothing but trials there is nothing to decide, and that is shown.
    """
    last = max(real(closed, policies) or closed, key=lambda one: last_day(one.period))
    year = last.period[:4]
    result = result_of(year, closed, policies)
    id_ = closed_id(last.employee_id, year)
    await tx.find(VERDICTS, SYSTEM, {"_id": id_}, limit=1)
    proposal = await _proposal(tx, last, policies.named(last.score.policy))
    cell = proposed_cell(result.h, result.p)
    tx.save(VERDICTS, replace(proposal, id=id_, period=year, proposed=result.predikat, proposed_cell=cell))


@command
async def propose_years_left(tx: Transaction, policies: Policies, employee_id: str, year: str) -> None:
    """Propose a year that is over, whose last month was never opened; a proposal that is there stays."""
    closed = await standing(tx, employee_id, f"{year}-12")
    if closed and not await tx.find(VERDICTS, SYSTEM, {"_id": closed_id(employee_id, year)}, limit=1):
        await propose_year(tx, policies, closed)


async def standing(tx: Transaction, employee_id: str, period: Period) -> list[ClosedPeriod]:
    """The other closed periods of a period's year that were not opened again."""
    of_year = {"employee_id": employee_id, "period": {"$gte": period[:4], "$lt": str(int(period[:4]) + 1)}}
    found = await tx.find(CLOSED, SYSTEM, of_year, limit=MOST_PERIODS)
    return [one for one in found if one.reopened_at is None and one.period != period]


def _refuse_final(verdicts: Iterable[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.state == "final":
            raise AlreadyDecided(
                f"Keberatan atas {verdict.period} sudah diputus dan bersifat final. Periode itu tetap tertutup.",
                detail=f"the objection in {verdict.id} was decided",
                field="period",
            )


async def _take_back(tx: Transaction, closed: ClosedPeriod, day: date) -> None:
    """What the close has led to and nobody has acted on: nominations lapse, and a case that is only due."""
    mine = {"employee_id": closed.employee_id, "period": closed.period}
    for one in await tx.find(AWARDS, SYSTEM, mine | {"state": {"$in": ["nominated", "barred"]}}, limit=MOST_PERIODS):
        tx.save(AWARDS, replace(one, state="lapsed"))
    for case in await tx.find(CASES, SYSTEM, mine | {"state": "due"}, limit=MOST_PERIODS):
        lapsed, _ = coaching.end(case, "lapsed", day)
        tx.save(CASES, lapsed)


async def _coach(
    tx: Transaction, closed: ClosedPeriod, policies: Policies, card: Scorecard, calendar: Calendar
) -> None:
    """Follow the case that is running, or make one due; one at a time."""
    now, policy = today(tx, card), policies.named(closed.score.policy)
    running = {"employee_id": closed.employee_id, "state": {"$in": ["due", "open"]}}
    for case in await tx.find(CASES, SYSTEM, running, limit=1):
        followed, fact = coaching.follow(case, closed, now)
        tx.save(CASES, followed)
        if fact is not None:
            tx.publish(fact)
        return
    before = await _before(tx, closed, policies, longest(policy.coaching))
    for rule in policy.coaching:
        if is_due(rule, _appraised(closed, policy), before):
            tx.save(CASES, coaching.due_case(new_id(), card, closed.period, rule.words, now, calendar))
            return


async def _before(tx: Transaction, closed: ClosedPeriod, policies: Policies, running: int) -> list[Appraised]:
    """As many closed periods running, but for this one, as rules of coaching look back on, latest first."""
    wanted, period = [], closed.period
    for _ in range(running - 1):
        period = preceding(period)
        wanted.append(closed_id(closed.employee_id, period))
    known = await tx.by_ids(CLOSED, wanted, SYSTEM)
    found = []
    for id_ in wanted:
        if id_ not in known or known[id_].reopened_at is not None:
            break
        found.append(_appraised(known[id_], policies.named(known[id_].score.policy)))
    return found


def _appraised(closed: ClosedPeriod, policy: Policy) -> Appraised:
    return Appraised(tuple(closed.months.values()), closed.score, policy)
