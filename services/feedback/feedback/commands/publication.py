"""A month is published days after it is over: by whoever then first asks, for a whole government at once, for good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from kinara.contracts import Province
from kinara.contracts.regions import ZONES, kemendagri_code
from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import PUBLIC, SYSTEM
from kinara.kit.work import NotFound, Transaction, Work, command

from feedback.domain import complaint_tally, edition, survey
from feedback.domain.campaign import Campaign, today_of
from feedback.domain.edition import EARLIEST, Cell, Edition, Figures, Heard
from feedback.domain.subject import Subject
from feedback.domain.survey import Change, Result, Tally
from feedback.store import (
    CAMPAIGNS,
    EDITIONS,
    FIGURES,
    SUBJECTS,
    complaints_of,
    ratings_of,
    tallies_below,
    units_below,
)


@dataclass(frozen=True, slots=True)
class Published:
    """What the public sees of a period: the sum of its months that are over, nothing where one of them is withheld."""

    period: str
    through: str | None
    """The last month that is in it."""
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
    now = await _period(work, asked.id, asked.province, asked.unit_path, period)
    before = await _period(work, asked.id, asked.province, asked.unit_path, survey.period_before(period))
    return asked, now, survey.change_of(now.result, before.result)


async def campaign_figures(work: Work, campaign_id: str) -> tuple[Campaign, Published | None]:
    """A campaign, and its published result once all its months are over."""
    asked = (await work.get(CAMPAIGNS, campaign_id, PUBLIC)).state
    ended = f"{asked.closed_on or asked.last:%Y-%m}"
    if not ended < _first_unpublished(work, asked.province):
        return asked, None
    months = [
        month for year in range(asked.first.year, asked.last.year + 1) for month in survey.months_in(f"{year:04}")
    ]
    of = [month for month in months if f"{asked.first:%Y-%m}" <= month <= ended]
    return asked, await _published(work, asked.id, asked.province, asked.unit_path, ended, of)


async def _period(work: Work, about: str, province: Province, unit_path: str, period: str) -> Published:
    return await _published(work, about, province, unit_path, period, list(survey.months_in(period)))


async def _published(
    work: Work, about: str, province: Province, unit_path: str, period: str, months: list[str]
) -> Published:
    over = [month for month in months if EARLIEST <= month < _first_unpublished(work, province)]
    await _publish_missing(work, edition.root_of(unit_path), province, over)
    ids = [edition.figures_id(about, month) for month in over]
    kept = [one.state for one in await work.find(FIGURES, SYSTEM, {"_id": {"$in": ids}}, limit=IDS_A_QUERY)]
    answers, sums = edition.total_of(kept)
    whole = survey.blank_tally(about, over[-1] if over else EARLIEST, province=province, unit_path=unit_path)
    result = survey.result_of(survey.add_sums(whole, answers or 0, sums))
    through = over[-1] if over else None
    return Published(period, through, answers, result, *edition.voices_of(kept), *edition.complaints_of(kept))


def _first_unpublished(work: Work, province: Province) -> str:
    return edition.first_unpublished(today_of(province, work.now()))


async def _publish_missing(work: Work, root: str, province: Province, months: list[str]) -> None:
    """Publish those months of a government that nobody has asked for yet."""
    ids = {edition.figures_id(root, month): month for month in months}
    known = await work.find(EDITIONS, SYSTEM, {"_id": {"$in": list(ids)}}, limit=IDS_A_QUERY) if ids else []
    for id_ in ids.keys() - {one.id for one in known}:
        await _publish(work, root, province, ids[id_])


async def _publish(work: Work, root: str, province: Province, month: str) -> None:
    """Publish a month of a government."""
    units = await units_below(work, root)
    tallies: list[Tally] = [tally async for tally in tallies_below(work, units, [month])]
    begins, ends = _span(month, province)
    ratings: Counter[Cell] = Counter([voice async for voice in ratings_of(work, units, begins, ends)])
    complaints: Counter[Cell] = Counter()
    async for tally in complaints_of(work, units, month):
        complaints.update({(tally.unit_id, what): n for what, n in complaint_tally.by_outcome(tally).items()})
    await _keep(
        work, edition.figures_id(root, month), edition.compose(month, units, Heard(tallies, ratings, complaints))
    )


@command
async def _keep(tx: Transaction, id_: str, figures: list[Figures]) -> None:
    """The edition and its figures, unless somebody else has published it meanwhile.

    What was published of a unit before it came to this government stands.
    """
    if await tx.find(EDITIONS, SYSTEM, {"_id": id_}, limit=1):
        return
    tx.save(EDITIONS, Edition(id=id_, published_at=tx.now))
    known = await tx.by_ids(FIGURES, [one.id for one in figures], SYSTEM)
    for one in figures:
        if one.id not in known:
            tx.save(FIGURES, one)


def _span(month: str, province: Province) -> tuple[datetime, datetime]:
    """From which moment until which a month lasts on the region's own clocks."""
    first = datetime.fromisoformat(f"{month}-01").date()
    following = (first + timedelta(days=31)).replace(day=1)
    zone = ZONES[kemendagri_code(province)]
    begins, ends = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, following))
    return begins, ends
