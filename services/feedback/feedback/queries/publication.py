"""What the public sees of figures: as they were published, and when those come that are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import PUBLIC, SYSTEM
from kinara.kit.work import NotFound, Work

from feedback.domain import edition, publication, survey
from feedback.domain.campaign import Campaign
from feedback.domain.publication import EARLIEST, Publication
from feedback.domain.subject import Subject
from feedback.domain.survey import Change, Result
from feedback.store import CAMPAIGNS, FIGURES, PUBLICATIONS, SUBJECTS


@dataclass(frozen=True, slots=True)
class Published:
    """What the public sees of a period: the sum of its published months, nothing where one of them is withheld."""

    period: str
    through: str | None
    """The last month that is in it."""
    due_on: date | None
    """When the first month of it is published that is not in it; None where all are. A day that is past: any moment."""
    answers: int | None
    result: Result | None
    voices: int | None
    by_rating: tuple[int | None, ...]
    complaints: int | None
    by_outcome: Mapping[str, int | None]


async def unit_figures(work: Work, unit_id: str, period: str) -> tuple[Subject, Published, Change | None]:
    """A unit's published figures of a period, and how its IKM differs from that of the period before."""
    found = await work.find(SUBJECTS, PUBLIC, {"_id": unit_id, "kind": "unit"}, limit=1)
    if not found:
        raise NotFound("units", unit_id)
    asked = found[0].state
    so_far = await _so_far(work, asked.unit_path)
    now, before = [
        await _published(work, asked.id, asked, so_far, one, list(survey.months_in(one)))
        for one in (period, survey.period_before(period))
    ]
    return asked, now, survey.change_of(now.result, before.result)


async def campaign_figures(work: Work, campaign_id: str) -> tuple[Campaign, Published]:
    """A campaign with its result, which is published once all its months are."""
    asked = (await work.get(CAMPAIGNS, campaign_id, PUBLIC)).state
    first, ended = f"{asked.first:%Y-%m}", f"{asked.closed_on or asked.last:%Y-%m}"
    years = range(asked.first.year, asked.last.year + 1)
    months = [month for year in years for month in survey.months_in(f"{year:04}") if first <= month <= ended]
    so_far = await _so_far(work, asked.unit_path)
    whole = months if publication.through([ended], so_far) else []
    found = await _published(work, asked.id, asked, so_far, ended, whole)
    return asked, found if whole else replace(found, due_on=publication.due_on(ended))


async def _so_far(work: Work, unit_path: str) -> Publication | None:
    """How far the government of a unit is published."""
    found = await work.find(PUBLICATIONS, SYSTEM, {"_id": edition.root_of(unit_path)}, limit=1)
    return found[0].state if found else None


async def _published(
    work: Work, about: str, place: Subject | Campaign, so_far: Publication | None, period: str, months: list[str]
) -> Published:
    over = publication.through(months, so_far)
    ids = [edition.figures_id(about, month) for month in over]
    kept = [one.state for one in await work.find(FIGURES, SYSTEM, {"_id": {"$in": ids}}, limit=IDS_A_QUERY)]
    answers, sums = edition.total_of(kept)
    through = over[-1] if over else None
    whole = survey.blank_tally(about, through or EARLIEST, province=place.province, unit_path=place.unit_path)
    result = survey.result_of(survey.add_sums(whole, answers or 0, sums))
    coming = next((publication.due_on(month) for month in months if month > max(through or "", EARLIEST)), None)
    figures = (*edition.voices_of(kept), *edition.complaints_of(kept))
    return Published(period, through, coming, answers, result, *figures)
