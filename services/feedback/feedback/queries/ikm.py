"""The IKM of a unit and period, or of a campaign, as those see it who may see every answer counted."""

from __future__ import annotations

from dataclasses import dataclass

from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Work

from feedback.domain import survey
from feedback.domain.campaign import Campaign
from feedback.domain.subject import Subject
from feedback.domain.survey import Change, Result, Tally
from feedback.store import CAMPAIGNS, SUBJECTS, tallies, tallies_below, units_below

MOST_CAMPAIGNS = 500
"""Of one unit that are looked at."""


@dataclass(frozen=True, slots=True)
class UnitIkm:
    """The satisfaction index of a unit, with everything below it, in a period, and since the period before."""

    unit: Subject
    period: str
    result: Result | None
    answers: int
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """A campaign with its answers, and what has changed since the campaign before."""

    campaign: Campaign
    answers: int
    result: Result | None
    change: Change | None


async def unit(work: Work, unit_id: str, scope: Scope) -> Subject:
    """A unit inside the scope."""
    found = await work.find(SUBJECTS, scope, {"_id": unit_id, "kind": "unit"}, limit=1)
    if not found:
        raise NotFound("units", unit_id)
    return found[0].state


async def unit_ikm(work: Work, unit_id: str, period: str, scope: Scope) -> UnitIkm:
    """The IKM of a unit and everything that stands below it today, in a month, quarter or year."""
    asked = await unit(work, unit_id, scope)
    whole = await _whole(work, asked, period)
    before = survey.result_of(await _whole(work, asked, survey.period_before(period)))
    result = survey.result_of(whole)
    return UnitIkm(asked, period, result, whole.answers, survey.change_of(result, before))


async def campaign(work: Work, campaign_id: str, scope: Scope) -> CampaignResult:
    """A campaign inside the scope, beside the last of its unit that ended before it began."""
    asked = (await work.get(CAMPAIGNS, campaign_id, scope)).state
    known = await work.find(CAMPAIGNS, SYSTEM, {"unit_id": asked.unit_id}, sort=("_id", -1), limit=MOST_CAMPAIGNS)
    earlier = [one.state for one in known if one.state.last < asked.first]
    before = max(earlier, key=lambda one: (one.last, one.id), default=None)
    tally = await answers_to(work, asked)
    result = survey.result_of(tally)
    former = survey.result_of(await answers_to(work, before)) if before else None
    return CampaignResult(asked, tally.answers, result, survey.change_of(result, former))


async def campaigns(work: Work, scope: Scope, unit_id: str | None, after: str | None, limit: int) -> list[Campaign]:
    """Campaigns inside the scope, perhaps of one unit, in the order in which they were made."""
    query = {"_id": {"$gt": after or ""}, **({"unit_id": unit_id} if unit_id else {})}
    return [one.state for one in await work.find(CAMPAIGNS, scope, query, limit=limit)]


async def answers_to(work: Work, asked: Campaign) -> Tally:
    """The sums of a campaign."""
    months = f"{asked.first:%Y-%m}"
    whole = survey.blank_tally(asked.unit_id, months, province=asked.province, unit_path=asked.unit_path)
    return survey.together(whole, [tally async for tally in tallies(work, {"campaign_id": asked.id})])


async def _whole(work: Work, asked: Subject, period: str) -> Tally:
    """The sums of a unit with everything below it, also of months when that stood elsewhere."""
    months = survey.months_in(period)
    whole = survey.blank_tally(asked.id, period, province=asked.province, unit_path=asked.unit_path)
    units = await units_below(work, asked.unit_path)
    return survey.together(whole, [tally async for tally in tallies_below(work, units, months)])
