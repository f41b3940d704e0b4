"""Awards: when a period is closed its rules nominate, and people grant or decline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace

from kinara.contracts.appraisal import Period
from kinara.contracts.regions import day_of
from kinara.kit import log
from kinara.kit.mongo import IDS_A_QUERY, Database
from kinara.kit.moves import bearer_of
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, Work, command

from appraisal.domain import awarding
from appraisal.domain.awarding import Nomination
from appraisal.domain.closing import ClosedPeriod, closed_id
from appraisal.domain.discipline import Measures
from appraisal.domain.nomination import Appraised, Rank
from appraisal.domain.periods import months_of, period_of
from appraisal.domain.policy import Policies, Policy
from appraisal.domain.refusals import InvalidPeriod, Refusal
from appraisal.domain.triggers import Award
from appraisal.domain.units import UnitCard
from appraisal.store import AWARDS, BALLOTS, CLOSED, SCORECARDS, UNITS, Ballot, shelf

MOST_WINNERS = 10_000
MOST_WINS = 1_000
"""Of one award by one person: more than a month each of any career."""
UNDECIDED = ("nominated", "barred", "lapsed")
_log = log.get("awards")
A_TRANSACTION = 100
"""Nominations that are stored together."""


@command
async def ask_nominations(tx: Transaction, scope: Scope, policies: Policies, policy_ref: str, period: Period) -> Ballot:
    """Have the nominations of a policy and period made, or made again with what was closed since."""
    policy = next((one for one in policies if one.ref == policy_ref and scope.covers(one.unit_path)), None)
    if policy is None:
        raise NotFound("policies", policy_ref)
    if period_of(months_of(period)[-1], policy.cadence) != period:
        own = period_of(months_of(period)[-1], policy.cadence)
        raise InvalidPeriod(
            f"Kebijakan {policy_ref} tidak menilai periode {period}. Pilih periode {own}.",
            detail=f"{period} is no {policy.cadence} period",
            field="period",
        )
    return await ask(tx, policy, period)


async def ask(tx: Transaction, policy: Policy, period: Period) -> Ballot:
    """Ask for the nominations of a period, which has just been closed for somebody.

    It is written each time: a run that has begun meanwhile meets a conflict or is asked for anew, and misses nobody.
    """
    id_ = f"{policy.ref}:{period}"
    await tx.find(BALLOTS, SYSTEM, {"_id": id_}, limit=1)
    ballot = Ballot(id=id_, unit_path=policy.unit_path, policy=policy.ref, period=period, asked_at=tx.now)
    tx.save(BALLOTS, ballot)
    return ballot


async def work_off(database: Database) -> None:
    """Make every nomination that was asked for; what was cut off is made again, and changes nothing."""
    work = Work(database)
    for record in await work.find(BALLOTS, SYSTEM, {"ended_at": None}):
        ballot, policies = await _begun(work, record.id), await shelf(database)
        policy = policies.named(ballot.policy)
        try:
            count = 0 if policy.shadow else await _nominate(work, policy, ballot.period)
        except Refusal as refusal:  # nobody may be nominated by it, and others wait
            _log.warning("no nominations", ballot=ballot.id, reason=refusal.detail)
            count = 0
        await _ended(work, ballot, count)


async def waits(database: Database) -> bool:
    """Whether nominations were asked for."""
    return bool(await Work(database).find(BALLOTS, SYSTEM, {"ended_at": None}, limit=1))


async def _nominate(work: Work, policy: Policy, period: Period) -> int:
    """Nominate for every award that the policy gives at the end of this period; how many."""
    spans = {award: span for award in policy.awards if (span := awarding.span_of(award, period))}
    if not spans:
        return 0
    places: dict[str, str] = {}
    provinces: dict[str, str] = {}
    ranks: dict[str, dict[str, Rank]] = defaultdict(dict)
    async for page in _closed_under(work, policy, period):
        before = await _periods_before(work, page, spans)
        for closed in page:
            places[closed.employee_id], provinces[closed.employee_id] = closed.unit_path, closed.province
            for award, span in spans.items():
                rank = _rank(award, span, closed, before, policy)
                if rank is not None:
                    ranks[award.code][closed.employee_id] = rank
    count = 0
    for award, span in spans.items():
        found = ranks[award.code]
        won, discipline = await winners_before(work, award, span), await _discipline_of(work, found)
        chosen, barred = awarding.elect(award, found, places, won, discipline, span)
        made = [
            Nomination(
                id=awarding.nomination_id(award, period, id_), employee_id=id_, province=provinces[id_],
                unit_path=places[id_], code=award.code, title=award.title, grants=award.grants, policy=policy.ref,
                period=period, periods=span, rank=found[id_], reason=barred.get(id_),
                state="barred" if id_ in barred else "nominated",
            )
            for id_ in sorted(chosen | barred.keys())
        ]  # fmt: skip
        await _withdraw(work, policy, award, period, {one.id for one in made})
        for at in range(0, len(made), A_TRANSACTION):
            await _store(work, made[at : at + A_TRANSACTION])
        count += len(made)
    return count


async def _closed_under(work: Work, policy: Policy, period: Period) -> AsyncIterator[list[ClosedPeriod]]:
    """Everybody's closed period that this policy has weighed, page by page."""
    below = Scope(paths=policy.paths, label="awards") if policy.unit_path != "/" else SYSTEM
    after = ""
    while found := await work.find(CLOSED, below, {"period": period, "_id": {"$gt": after}}, limit=IDS_A_QUERY):
        after = found[-1].id
        yield [one.state for one in found if one.state.score.policy == policy.ref and one.state.reopened_at is None]


async def _periods_before(
    work: Work, page: Sequence[ClosedPeriod], spans: Mapping[Award, tuple[Period, ...]]
) -> dict[str, ClosedPeriod]:
    """The earlier periods that the awards look at, for everybody on a page, by id."""
    periods = {p for award, span in spans.items() for p in (*span[1:], *awarding.periods_before(award, span))}
    wanted = [closed_id(one.employee_id, period) for period in sorted(periods) for one in page]
    found: dict[str, ClosedPeriod] = {}
    for at in range(0, len(wanted), IDS_A_QUERY):
        ids = wanted[at : at + IDS_A_QUERY]
        records = await work.find(CLOSED, SYSTEM, {"_id": {"$in": ids}}, limit=len(ids))
        found |= {record.id: record.state for record in records if record.state.reopened_at is None}
    return found


def _rank(
    award: Award, span: Sequence[Period], closed: ClosedPeriod, before: Mapping[str, ClosedPeriod], policy: Policy
) -> Rank | None:
    """The rank of who qualifies over the whole span; None for who does not, or was not appraised in all of it."""
    known = [closed, *(before.get(closed_id(closed.employee_id, period)) for period in span[1:])]
    found = [one for one in known if one is not None]
    if len(found) < len(span):
        return None
    earlier: list[ClosedPeriod] = []
    for period in awarding.periods_before(award, span):
        one = before.get(closed_id(closed.employee_id, period))
        if one is None:
            break
        earlier.append(one)
    return awarding.standing(award, [_seen(one, policy) for one in found], [_seen(one, policy) for one in earlier])


async def _discipline_of(work: Work, employee_ids: Collection[str]) -> dict[str, Measures]:
    """The disciplinary measures of those who qualify, by employee id."""
    ids, found = sorted(employee_ids), dict[str, Measures]()
    for at in range(0, len(ids), IDS_A_QUERY):
        query = {"_id": {"$in": ids[at : at + IDS_A_QUERY]}}
        cards = await work.find(SCORECARDS, SYSTEM, query, limit=IDS_A_QUERY, effects=False)
        found |= {card.id: card.state.discipline for card in cards}
    return found


def _seen(closed: ClosedPeriod, policy: Policy) -> Appraised:
    return Appraised(tuple(closed.months.values()), closed.score, policy)


async def winners_before(work: Work, award: Award, span: Sequence[Period]) -> list[set[str]]:
    """Who was granted this award for the spans before, latest first."""
    return [await _winners(work, award, earlier) for earlier in awarding.spans_before(span)]


async def _winners(work: Work, award: Award, period: Period) -> set[str]:
    """Who was granted this award for a span that ends with a period."""
    query = {"code": award.code, "period": period, "state": "granted"}
    found = await work.find(AWARDS, SYSTEM, query, limit=MOST_WINNERS)
    return {one.state.employee_id for one in found}


@command
async def _store(tx: Transaction, nominations: list[Nomination]) -> None:
    """Keep nominations where their units are today; what people have decided stays."""
    known = await tx.by_ids(AWARDS, [one.id for one in nominations], SYSTEM)
    moved: dict[str, UnitCard | None] = {}
    for path in {one.unit_path for one in nominations}:
        unit = await bearer_of(tx, UNITS, path)
        moved[path] = unit
    for one in nominations:
        if one.id not in known or known[one.id].state in UNDECIDED:
            elsewhere = moved[one.unit_path]
            tx.save(AWARDS, replace(one, unit_path=elsewhere.unit_path) if elsewhere else one)


async def _withdraw(work: Work, policy: Policy, award: Award, period: Period, still: Collection[str]) -> None:
    """Nominations of an earlier run that no longer hold, since a period was opened and closed again, lapse."""
    pending = {"$in": ["nominated", "barred"]}
    query = {"code": award.code, "period": period, "state": pending, "policy": policy.ref}
    gone = [one.id for one in await work.find(AWARDS, SYSTEM, query, limit=MOST_WINNERS) if one.id not in still]
    for at in range(0, len(gone), A_TRANSACTION):
        await _lapse(work, gone[at : at + A_TRANSACTION])


@command
async def _lapse(tx: Transaction, ids: list[str]) -> None:
    for one in (await tx.by_ids(AWARDS, ids, SYSTEM)).values():
        if one.state in UNDECIDED:
            tx.save(AWARDS, replace(one, state="lapsed"))


@command
async def _begun(tx: Transaction, ballot_id: str) -> Ballot:
    ballot = replace(await tx.load(BALLOTS, ballot_id, SYSTEM), begun_at=tx.now)
    tx.save(BALLOTS, ballot)
    return ballot


@command
async def _ended(tx: Transaction, ballot: Ballot, count: int) -> None:
    """The nominations are made, unless they were asked for anew meanwhile."""
    stored = await tx.load(BALLOTS, ballot.id, SYSTEM)
    if stored.begun_at == ballot.begun_at:
        tx.save(BALLOTS, replace(stored, nominated=count, ended_at=tx.now))


@command
async def grant(tx: Transaction, scope: Scope, award_id: str, *, decree: str, undisciplined: bool) -> Nomination:
    """HR grants a nomination by decree; a measure imposed or an award granted meanwhile makes it decide again."""
    found = await tx.load(AWARDS, award_id, scope)
    card = await tx.load(SCORECARDS, found.employee_id, SYSTEM)
    mine = {"employee_id": found.employee_id, "code": found.code, "state": "granted"}
    won = await tx.find(AWARDS, SYSTEM, mine, limit=MOST_WINS)
    today = day_of(tx.now, found.province)
    granted, fact = awarding.grant(
        found, card.discipline, won, decree=decree, undisciplined=undisciplined, by=scope.who, today=today
    )
    tx.save(AWARDS, granted)
    tx.save(SCORECARDS, card)
    tx.publish(fact)
    return granted


@command
async def decline(tx: Transaction, scope: Scope, award_id: str, reason: str) -> Nomination:
    """HR decides against a nomination."""
    found = await tx.load(AWARDS, award_id, scope)
    today = day_of(tx.now, found.province)
    declined = awarding.decline(found, reason=reason, by=scope.who, today=today)
    tx.save(AWARDS, declined)
    return declined
