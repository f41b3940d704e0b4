"""What appraisal answers: scorecards, a supervisor's team, explanations down to the event, and live changes."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar, cast

from kinara.contracts.appraisal import CoachingClosed, CoachingOpened, Period, ScoreUpdated, StandardBreached
from kinara.contracts.regions import day_of
from kinara.kit.documents import Collection, Record
from kinara.kit.live import Live
from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Work

from appraisal.domain.awarding import Nomination
from appraisal.domain.closing import ClosedPeriod, closed_id
from appraisal.domain.coaching import CoachingCase, overdue
from appraisal.domain.components import Component
from appraisal.domain.counterfactual import Counterfactual, counterfactuals, tallies_of
from appraisal.domain.effects import Effect
from appraisal.domain.evaluation import Evaluation
from appraisal.domain.explanation import Account, Held, Share, Weighing, explain, held_voices, vote_shares, weighing
from appraisal.domain.kudos import thanked
from appraisal.domain.nomination import Appraised
from appraisal.domain.periods import EASTERNMOST, months_of
from appraisal.domain.policy import Policies, Policy
from appraisal.domain.scorecard import Score, Scorecard
from appraisal.domain.skp import Skp, indicators_of, skp_id, superior_of
from appraisal.domain.skp_targets import Achieved, achieved, to_come
from appraisal.domain.verdict import Verdict
from appraisal.store import (
    ABOVE,
    AWARDS,
    CASES,
    CLOSED,
    DRAFTS,
    PLANS,
    SCORECARDS,
    SIMULATIONS,
    VERDICTS,
    PolicyDraft,
    SimulationRun,
)

S = TypeVar("S")
TEAM_FRESH_S = 5.0
"""How long a stream may go on with the team as it was: who joins is seen this much later."""
TEAM_MOST = 1000

live = Live()
"""What happens to people as it is committed."""
TOLD = {told.type(): told.__name__ for told in (ScoreUpdated, StandardBreached, CoachingOpened, CoachingClosed)}
"""What a superior is told of at once, as types of facts and the names of the stream's events."""
MOST_PERIODS = 20
"""Closed periods of one employee and year: twelve months, quarters, the year."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A period's score with every component as the list of what made it."""

    card: Scorecard
    period: Period
    score: Score
    accounts: Mapping[Component, Account]
    shares: Sequence[Share]
    held: Held | None
    policy: Policy
    weighing: Weighing
    otherwise: Sequence[Counterfactual]
    """What the score would be had one thing gone otherwise."""
    thanks: int
    to_the_rated: bool
    """Whether it is told to whoever is rated, or leads them: they hear what citizens say by the day only."""


async def scorecard(work: Work, scope: Scope, employee_id: str) -> Record[Scorecard]:
    """One employee's card."""
    return await work.get(SCORECARDS, employee_id, scope)


async def scorecards(work: Work, scope: Scope, after: str | None, limit: int) -> list[Record[Scorecard]]:
    """Cards inside the scope, page by page."""
    return await work.find(SCORECARDS, scope, {"_id": {"$gt": after or ""}}, limit=limit)


async def team(work: Work, scope: Scope, after: str | None, limit: int) -> list[Record[Scorecard]]:
    """The cards of one's direct reports."""
    return await scorecards(work, reports(scope), after, limit)


def reports(scope: Scope) -> Scope:
    """A scope without one's own card."""
    return Scope(reports_of=scope.reports_of, label=scope.label)


async def score_of(work: Work, card: Scorecard, period: Period, scope: Scope) -> Score:
    """The score of a period, open or closed; ``NotFound`` where nothing has happened."""
    if period in card.scores:
        return card.scores[period]
    return (await work.get(CLOSED, closed_id(card.employee_id, period), scope)).state.score


async def explanation(work: Work, scope: Scope, policies: Policies, employee_id: str, period: Period) -> Explained:
    """The score of a period explained by its recorded effects, under the policy that weighed it."""
    record = await scorecard(work, scope, employee_id)
    card = record.state
    score = await score_of(work, card, period, scope)
    rows = [cast(Effect, row) for row in await work.effects(record) if "deltas" in row]
    accounts = explain(rows, period)
    if not accounts:
        raise NotFound("explanation", f"{employee_id}/{period}")
    policy = policies.named(score.policy)
    shares = vote_shares(rows, months_of(period), policy)
    closed = await _closed_in(work, card, int(period[:4]))
    otherwise = counterfactuals(score, tallies_of(card, closed, period), period, policy)
    by_month = thanked(card, closed, int(period[:4]))
    thanks = sum(by_month.get(month, 0) for month in months_of(period))
    held = held_voices(rows, months_of(period), shares, policy)
    rated = scope.own == employee_id or (scope.reports_of is not None and scope.reports_of == superior_of(card))
    weighed = weighing(score, policy)
    return Explained(card, period, score, accounts, shares, held, policy, weighed, otherwise, thanks, rated)


async def kudos(work: Work, card: Scorecard, year: int) -> Mapping[str, int]:
    """Thanks from citizens by month of a year, for whoever may see the card."""
    return thanked(card, await _closed_in(work, card, year), year)


async def _closed_in(work: Work, card: Scorecard, year: int) -> list[ClosedPeriod]:
    """All closed periods of a year, wherever they were closed, for whoever may see the card."""
    theirs = Scope(own=card.employee_id, label="card")
    within = {"employee_id": card.employee_id, "period": {"$gte": f"{year}", "$lt": f"{year + 1}"}}
    return [one.state for one in await work.find(CLOSED, theirs, within, limit=MOST_PERIODS)]


def policy_in_force(policies: Policies, unit_path: str, day: date) -> Policy:
    """The policy that holds for a unit on a day, its own or inherited."""
    return policies.for_unit(unit_path, day)


async def evaluation(
    work: Work, scope: Scope, policies: Policies, ref: str, before: Period, after: Period
) -> Evaluation:
    """A policy's goals over everybody's closed periods below its unit: one before it held, one that it weighed."""
    policy = next((one for one in policies if one.ref == ref and scope.covers(one.unit_path)), None)
    if policy is None:
        raise NotFound("policies", ref)
    found = Evaluation(policy)
    inside = Scope(paths=policy.paths, label=scope.label)  # closed periods stay where they were closed
    for period, side, weighed in ((before, found.before, False), (after, found.after, True)):
        last = ""
        while page := await work.find(CLOSED, inside, {"period": period, "_id": {"$gt": last}}, limit=IDS_A_QUERY):
            last = page[-1].id
            for closed in (record.state for record in page if record.state.reopened_at is None):
                if (closed.score.policy == ref) == weighed:
                    weighing = policies.named(closed.score.policy)
                    found.add(side, Appraised(tuple(closed.months.values()), closed.score, weighing))
    return found


async def drafts(work: Work, scope: Scope, after: str | None, limit: int) -> list[Record[PolicyDraft]]:
    """Drafts of policies for units inside the scope, page by page."""
    return await work.find(DRAFTS, scope, {"_id": {"$gt": after or ""}}, limit=limit)


async def simulation(work: Work, scope: Scope, run_id: str) -> SimulationRun:
    """How far a draft has been tried out, and what came of it."""
    return (await work.get(SIMULATIONS, run_id, scope)).state


async def verdict(work: Work, scope: Scope, employee_id: str, period: Period) -> Verdict:
    """The verdict on a period: one's own, a report's, one to sign or decide on, or one in the office's units."""
    id_ = closed_id(employee_id, period)
    for collection in (VERDICTS, ABOVE):
        if found := await work.find(collection, scope, {"_id": id_}, limit=1):
            return found[0].state
    raise NotFound(VERDICTS.name, id_)


async def verdicts(work: Work, scope: Scope, state: str | None, after: str | None, limit: int) -> list[Record[Verdict]]:
    """Verdicts inside the scope, seen from below and from above, page by page."""
    query = {"_id": {"$gt": after or ""}} | ({"state": state} if state else {})
    found = [await work.find(collection, scope, query, limit=limit) for collection in (VERDICTS, ABOVE)]
    return [record for _, record in sorted({r.id: r for part in found for r in part}.items())][:limit]


async def awards(
    work: Work, scope: Scope, state: str | None, after: str | None, limit: int
) -> list[Record[Nomination]]:
    """Awards inside the scope, page by page; whoever holds no office sees what was granted."""
    seen = state if scope.paths else "granted"
    query = {"_id": {"$gt": after or ""}} | ({"state": seen} if seen else {})
    return await _and_of_team(work, AWARDS, scope, query, limit)


async def cases(
    work: Work, scope: Scope, state: str | None, after: str | None, limit: int, *, late: bool = False
) -> tuple[list[CoachingCase], str | None]:
    """Coaching cases inside the scope, page by page, and the place of the next; perhaps only those opened too late.

    Where a day has begun in the east and not in the west a page may be short of its limit and have a next.
    """
    now = work.now()
    query: dict[str, Any] = {"_id": {"$gt": after or ""}} | ({"state": state} if state else {})
    if late:
        query |= {"state": "due", "due_on": {"$lt": day_of(now, EASTERNMOST).isoformat()}}
    found = await _and_of_team(work, CASES, scope, query, limit)
    shown = [r.state for r in found if not late or overdue(r.state, day_of(now, r.state.province))]
    return shown, found[-1].id if len(found) == limit else None


async def _and_of_team(
    work: Work, collection: Collection[S], scope: Scope, query: Mapping[str, Any], limit: int
) -> list[Record[S]]:
    """One's own and the office's, and those of who reports to one today, wherever they served before."""
    found = await work.find(collection, replace(scope, reports_of=None), query, limit=limit)
    if scope.reports_of is not None:
        team = await work.find(SCORECARDS, reports(scope), {}, limit=TEAM_MOST, effects=False)
        ids = [card.id for card in team]
        for at in range(0, len(ids), IDS_A_QUERY):
            theirs = {**query, "employee_id": {"$in": ids[at : at + IDS_A_QUERY]}}
            found += await work.find(collection, SYSTEM, theirs, limit=limit)
    return [record for _, record in sorted({one.id: one for one in found}.items())][:limit]


async def skp(
    work: Work, scope: Scope, employee_id: str, year: int
) -> tuple[Record[Skp], Mapping[Period, Mapping[str, Achieved]]]:
    """An employee's plan, and by period how far its indicators are; closed periods as the caller may see them.

    Whoever may see the card today may see the plan, which does not follow a transfer before its next change.
    """
    card = (await scorecard(work, scope, employee_id)).state
    plan = await work.get(PLANS, skp_id(employee_id, year), SYSTEM)
    periods = {period for one in indicators_of(plan.state.agreed) for period in one.periods}
    ids = sorted(closed_id(employee_id, period) for period in periods)
    closed = await work.find(CLOSED, scope, {"_id": {"$in": ids}}, limit=len(ids)) if ids else []
    told: dict[Period, Mapping[str, Achieved]] = {
        p: {**to_come(plan.state, card, p), **achieved(card.months, p, closed=False)} for p in periods
    }
    for one in (record.state for record in closed if record.state.reopened_at is None):
        told[one.period] = achieved(one.months, one.period, closed=True)
    return plan, told


async def cascade(work: Work, scope: Scope, employee_id: str, year: int) -> tuple[Skp | None, Skp | None, str | None]:
    """An employee's plan and that of their superior, as far as there are any, and who the superior is."""
    superior = superior_of((await scorecard(work, scope, employee_id)).state)
    ids = [skp_id(one, year) for one in (employee_id, superior) if one]
    found = {plan.id: plan.state for plan in await work.find(PLANS, SYSTEM, {"_id": {"$in": ids}})}
    return found.get(skp_id(employee_id, year)), found.get(skp_id(superior or "", year)), superior


async def team_changes(work: Work, scope: Scope, after: str | None) -> AsyncIterator[tuple[str, str, str]]:
    """Places, names and JSON of what happens to one's reports, from a place on, for as long as somebody listens."""
    team_scope, members, read_at = reports(scope), frozenset[str](), 0.0
    async for fact in live.listen(work.database, after):
        name = TOLD.get(fact.row["type"])
        if name is None:
            continue
        if time.monotonic() - read_at > TEAM_FRESH_S:
            found = await work.find(SCORECARDS, team_scope, {}, limit=TEAM_MOST)
            members, read_at = frozenset(record.id for record in found), time.monotonic()
        if fact.row["subject"].partition("/")[2] in members:
            yield fact.place, name, fact.row["data"]
