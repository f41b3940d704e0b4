"""Survey campaigns: a unit asks those it served, between two days, and knows how many answers it needs.

Sources: PermenPANRB 14/2017 (a survey at least once a year; sample by Krejcie and Morgan, ``survey.sample_size``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from kinara.contracts import Province
from kinara.contracts.feedback import ReferencePublished
from kinara.contracts.regions import day_of, kemendagri_code

from feedback.domain.refusals import CampaignNotRunning, InvalidCampaign, SubjectInactive, TooManyInvited
from feedback.domain.subject import Subject
from feedback.domain.survey import sample_size

LONGEST = timedelta(days=366)
MOST_PEOPLE = 10_000_000

State = Literal["announced", "running", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One survey of one unit; its answers are those to its invitations, and nobody else's."""

    id: str
    unit_id: str
    province: Province
    unit_path: str
    name: str
    first: date
    last: date
    """Days on which it can be answered, both included, on the region's own calendar."""
    population: int
    """How many were served."""
    sample: int
    """Fewest answers that speak for them."""
    invited: int = 0
    opened_at: datetime
    by: str
    closed_on: date | None = None
    """When it was closed by hand."""

    def state_on(self, day: date) -> State:
        """Before its first day, between its days, or over."""
        if self.closed_on is not None or day > self.last:
            return "closed"
        return "announced" if day < self.first else "running"

    def rate(self, answers: int) -> Decimal | None:
        """Answers for each invitation, 0 to 1, to four decimals; None while nobody is invited."""
        if not self.invited:
            return None
        return (Decimal(answers) / self.invited).quantize(Decimal("0.0001"), ROUND_HALF_UP)

    def enough(self, answers: int) -> bool:
        """Whether the minimum is reached."""
        return answers >= self.sample


def today_of(province: Province, at: datetime) -> date:
    """The day of a moment on the region's own calendar."""
    return day_of(at, kemendagri_code(province))


def announce(
    campaign_id: str, unit: Subject, *, name: str, days: tuple[date, date], population: int, at: datetime, by: str
) -> Campaign:
    """A campaign of a unit; it may begin today, and lasts at most a year."""
    first, last = days
    if not unit.active:
        raise SubjectInactive(
            "Unit ini sudah ditutup. Buat survei untuk unit yang sekarang memberi layanan itu.",
            field="unit_id",
            detail="the unit is not active",
        )
    if not today_of(unit.province, at) <= first <= last or last - first >= LONGEST:
        raise InvalidCampaign(
            f"Masa survei tidak dapat dipakai. Pilih paling lama {LONGEST.days} hari, mulai hari ini atau nanti.",
            field="first",
            detail=f"expected today <= first <= last, at most {LONGEST.days} days",
        )
    if not 1 <= population <= MOST_PEOPLE:
        raise InvalidCampaign(
            "Jumlah penerima layanan paling sedikit 1. Periksa jumlahnya.",
            field="population",
            detail=f"expected 1 to {MOST_PEOPLE}, got {population}",
        )
    return Campaign(
        id=campaign_id, unit_id=unit.id, province=unit.province, unit_path=unit.unit_path, name=name, first=first,
        last=last, population=population, sample=sample_size(population), opened_at=at, by=by,
    )  # fmt: skip


def citable(campaign: Campaign) -> ReferencePublished:
    """Policies may cite the campaign."""
    return ReferencePublished(
        province=campaign.province, unit_path=campaign.unit_path, unit_id=campaign.unit_id,
        reference=f"campaign:{campaign.id}", published_at=campaign.opened_at,
    )  # fmt: skip


def invite(campaign: Campaign, count: int, today: date) -> Campaign:
    """So many more invitations are given out: never more than there are people, each has one voice."""
    _refuse_closed(campaign, today)
    if campaign.invited + count > campaign.population:
        raise TooManyInvited(
            f"Undangan melebihi {campaign.population} penerima layanan. Kurangi jumlah undangan.",
            field="count",
            detail=f"{campaign.invited} of {campaign.population} are invited",
        )
    return replace(campaign, invited=campaign.invited + count)


def admit(campaign: Campaign, today: date) -> Campaign:
    """The campaign, if it takes answers today."""
    _refuse_closed(campaign, today)
    if campaign.state_on(today) != "running":
        raise CampaignNotRunning(
            f"Survei ini baru dibuka pada {campaign.first:%d-%m-%Y}. Kembalilah pada hari itu.",
            field="token",
            detail=f"the campaign begins on {campaign.first}",
        )
    return campaign


def close(campaign: Campaign, today: date) -> Campaign:
    """Closed by hand, before its last day."""
    _refuse_closed(campaign, today)
    return replace(campaign, closed_on=today)


def _refuse_closed(campaign: Campaign, today: date) -> None:
    if campaign.state_on(today) == "closed":
        raise CampaignNotRunning(
            "Survei ini sudah ditutup. Terima kasih atas perhatian Anda.",
            field="token",
            detail=f"the campaign ended on {campaign.closed_on or campaign.last}",
        )
