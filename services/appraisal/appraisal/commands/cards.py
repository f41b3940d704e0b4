"""Cards: agree targets, report and verify progress, rate behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from kinara.contracts import Event
from kinara.contracts.appraisal import Period
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from appraisal.commands import reports, skp
from appraisal.domain import behaviour, leniency, progress, targets
from appraisal.domain.announcement import said_of
from appraisal.domain.effects import Effect
from appraisal.domain.leniency import Rater
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Report, Target
from appraisal.store import RATERS, SCORECARDS


@command
async def agree_indicator(
    tx: Transaction,
    scope: Scope,
    policies: Policies,
    employee_id: str,
    *,
    code: str,
    target: Target,
    period: Period,
    reason: str | None,
) -> Scorecard:
    """Agree (or change) what will be measured in a period."""
    card = await tx.load(SCORECARDS, employee_id, scope)
    changed, effect, _ = targets.agree_indicator(
        card,
        code=code,
        target=target,
        period=period,
        agreed_on=today(tx, card),
        policies=policies,
        reason=reason,
    )
    return save_card(tx, scope, card, changed, effect)


@command
async def report_progress(
    tx: Transaction,
    scope: Scope,
    policies: Policies,
    employee_id: str,
    *,
    indicator: str,
    amount: Decimal,
    on: date | None = None,
    link: str | None = None,
) -> str:
    """Report an amount done (by a day); by oneself it counts half until verified. Returns the report's id.

    It may be the first to need the targets that were agreed for a period that has just begun.
    ``link`` is its first evidence; more is handed in with `commands.evidence`.
    """
    card = await tx.load(SCORECARDS, employee_id, scope)
    begun = await skp.begin_periods(tx, card, policies, on or today(tx, card))
    report_id = new_id()
    changed, effect, event = progress.report_progress(
        begun,
        report_id=report_id,
        indicator=indicator,
        amount=amount,
        verified=scope.own != employee_id,
        reported_at=tx.now,
        policies=policies,
        on=on,
    )
    save_card(tx, scope, card, changed, effect, event)
    done = Report(indicator, amount, date.fromisoformat(effect["inputs"]["on"]))
    reports.submit(tx, card, event, by=scope.who, on=done.on, link=link)
    if event.verified and scope.reports_of is not None:  # a superior's word, not what another system has counted
        reports.draw_audit(tx, begun, report_id, done, policies, by=scope.who)
    return report_id


@command
async def verify_report(
    tx: Transaction, scope: Scope, policies: Policies, employee_id: str, report_id: str, words: str | None = None
) -> Scorecard:
    """Let a report count in full, having seen its evidence; perhaps with words for whoever did the work."""
    card = await tx.load(SCORECARDS, employee_id, scope)
    changed, effect, _ = progress.verify_report(
        card, report_id=report_id, verified_by=scope.who, verified_on=today(tx, card), policies=policies
    )
    await reports.settle(tx, card, report_id, "verified", by=scope.who, words=words)
    waited = next(month.pending[report_id] for month in card.months.values() if report_id in month.pending)
    reports.draw_audit(tx, card, report_id, waited, policies, by=scope.who)
    return save_card(tx, scope, card, changed, effect)


@command
async def return_report(
    tx: Transaction, scope: Scope, policies: Policies, employee_id: str, report_id: str, words: str
) -> Scorecard:
    """Give a report back with words that say why: it counts no longer, and may be made again."""
    card = await tx.load(SCORECARDS, employee_id, scope)
    changed, effect, _ = progress.return_report(
        card, report_id=report_id, returned_by=scope.who, returned_on=today(tx, card), policies=policies
    )
    await reports.settle(tx, card, report_id, "returned", by=scope.who, words=words)
    return save_card(tx, scope, card, changed, effect)


@command
async def rate_behaviour(
    tx: Transaction,
    scope: Scope,
    policies: Policies,
    employee_id: str,
    marks: Mapping[str, int],
    period: Period | None = None,
) -> Scorecard:
    """Rate the seven BerAKHLAK values; a lenient rater's marks are corrected by what else they gave before."""
    card = await tx.load(SCORECARDS, employee_id, scope)
    rater_id, everyone = scope.who, leniency.government_of(card)
    known = await tx.by_ids(RATERS, [rater_id, everyone], SYSTEM)
    earlier = behaviour.replaced_rating(card, rater_id, tx.now, policies, period)
    rater, all_raters = (known.get(id_, Rater(id_)).without(earlier) for id_ in (rater_id, everyone))
    changed, effect, _ = behaviour.rate_behaviour(
        card,
        rater_id=rater_id,
        marks=marks,
        rated_at=tx.now,
        policies=policies,
        period=period,
        correction=leniency.correction_of(rater, all_raters),
    )
    tx.save(RATERS, rater.having_given(marks.values(), employee_id))
    tx.save(RATERS, all_raters.having_given(marks.values()))
    return save_card(tx, scope, card, changed, effect)


def save_card(
    tx: Transaction, scope: Scope, before: Scorecard, after: Scorecard, effect: Effect, *events: Event | None
) -> Scorecard:
    """Keep the card with the effect on it and who had it, and say what happened and which scores moved by it."""
    tx.save(SCORECARDS, after, effect={**effect, "by": scope.who})
    for event in (*events, *said_of(before, after)):
        if event is not None:
            tx.publish(event)
    return after


def today(tx: Transaction, card: Scorecard) -> date:
    return day_of(tx.now, card.province)
