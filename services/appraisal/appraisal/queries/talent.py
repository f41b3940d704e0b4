"""What a year comes to: its result, angka kredit, Indeks Profesionalitas, the talent box, and how a unit is spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kinara.contracts.appraisal import Period, Predikat
from kinara.kit.moves import at_path
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Work

from appraisal.domain import crediting
from appraisal.domain.angka_kredit import Credit
from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.components import ZERO
from appraisal.domain.crediting import real, result_of
from appraisal.domain.discipline import gravest
from appraisal.domain.distribution import Distribution, check_distribution
from appraisal.domain.organisation import organisation_predikat
from appraisal.domain.periods import last_day
from appraisal.domain.profesionalitas import (
    Discipline,
    Education,
    Professionalism,
    Record,
    graver,
    professionalism,
)
from appraisal.domain.refusals import InvalidPeriod
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.talent_box import MARKS, Cuts, TalentBox, talent_box
from appraisal.domain.verdict import DECIDED, Verdict
from appraisal.domain.yearly import YearResult
from appraisal.queries import scorecard
from appraisal.store import (
    CLOSED,
    ORGANISATIONS,
    VERDICTS,
    OrganisationResult,
    at_or_above,
    nearest,
    organisation_id,
    shelf,
)

MOST_PERIODS = 20
MOST_PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class Year:
    """One employee's year: what was closed in it, and what people decided."""

    card: Scorecard
    closed: Mapping[Period, ClosedPeriod]
    counted: Sequence[ClosedPeriod]
    """Those of them that count for the year: no trials."""
    verdicts: Mapping[Period, Verdict]
    result: YearResult

    @property
    def decided(self) -> Mapping[Period, Predikat]:
        """The predikat that hold, by period; that of the year stands under the year."""
        return {p: v.predikat for p, v in self.verdicts.items() if v.state in DECIDED and v.predikat is not None}

    @property
    def predikat(self) -> Predikat | None:
        """Of the year: decided, or as long as it is not, proposed."""
        return self.decided.get(self.result.year, self.result.predikat)

    @property
    def hours(self) -> Decimal:
        """JP earned in the months that were closed and those still open."""
        months = {month: kept for one in self.closed.values() for month, kept in one.months.items()}
        open_ = {month: kept for month, kept in self.card.months.items() if not self.card.is_closed(month)}
        of_year = {m: kept for m, kept in (months | open_).items() if m[:4] == self.result.year}
        return sum((kept.learning.earned for kept in of_year.values()), ZERO)


async def year(work: Work, scope: Scope, employee_id: str, of: Period) -> Year:
    """One employee's year, for whoever may see the card."""
    card = (await scorecard(work, scope, employee_id)).state
    query = {"employee_id": employee_id, "period": {"$gte": of, "$lt": str(int(of) + 1)}}
    closed = [r.state for r in await work.find(CLOSED, SYSTEM, query, limit=MOST_PERIODS)]
    standing = {one.period: one for one in closed if one.reopened_at is None}
    policies = await shelf(work.database)
    verdicts = {r.state.period: r.state for r in await work.find(VERDICTS, SYSTEM, query, limit=MOST_PERIODS)}
    counted = real(standing.values(), policies)
    return Year(card, standing, counted, verdicts, result_of(of, counted, policies))


def credits_of(found: Year) -> list[Credit]:
    """Angka kredit of every decided period, and of the year's months, by the levels held then; none for PPPK."""
    credits: list[Credit] = []
    for period, predikat in sorted(found.decided.items()):
        closed = [found.closed[period]] if period in found.closed else []
        months = found.counted if period == found.result.year else closed
        credits += crediting.credits_of(period, months, found.card, predikat)
    return credits


def professionalism_of(
    found: Year,
    *,
    education: Education | None,
    post_training: bool | None,
    seminar: bool | None,
    discipline: Discipline | None,
) -> Professionalism:
    """Indeks Profesionalitas of a year: hours, predikat and discipline from here, the rest as the caller knows it.

    Of discipline the caller may know a graver measure of the same five years, from before personnel kept them here.
    """
    person = found.card.person
    known_here: Discipline = gravest(found.card.discipline, last_day(found.result.year)) or "tidak pernah"
    known = Record(
        jabatan_kind=person.jabatan_kind if person else "pelaksana",
        education=education,
        post_training=post_training,
        technical_hours=found.hours,
        seminar=seminar,
        predikat=found.predikat,
        discipline=graver(known_here, discipline or "tidak pernah"),
    )
    return professionalism(known)


def talent_box_of(found: Year, potential: Decimal, cuts: Cuts) -> TalentBox:
    """The talent box of a year's predikat and a potential 0-100; refused while there is no predikat."""
    if found.predikat is None:
        raise InvalidPeriod(
            f"Tahun {found.result.year} belum punya predikat. Tutup dan nilai periodenya dahulu.",
            detail=f"no predikat of {found.result.year}",
            field="year",
        )
    return talent_box(MARKS[found.predikat], potential, cuts)


async def organisation_of(work: Work, verdict: Verdict) -> OrganisationResult | None:
    """What the organisation of a verdict's employee has achieved in its period; None while that is not set."""
    found = await work.find(ORGANISATIONS, SYSTEM, at_or_above(verdict.unit_path, verdict.period))
    return nearest(record.state for record in found)


async def distribution(work: Work, scope: Scope, unit_path: str, period: Period) -> Distribution:
    """How a unit's predikat of a period are spread: those decided, and the proposals of those that are not."""
    inside = scope.narrowed(unit_path)
    of_unit = {**at_path(unit_path), "period": period}
    for record in await work.find(ORGANISATIONS, inside, of_unit, sort=("rated_at", -1), limit=1):
        found = await work.find(VERDICTS, inside, {"period": period}, limit=MOST_PEOPLE)
        marks = [one.state.predikat or one.state.proposed for one in found if one.state.state != "reopened"]
        organisation = organisation_predikat(record.state.predikat)
        return check_distribution(organisation, [predikat for predikat in marks if predikat is not None])
    raise NotFound("organisation predikat", organisation_id(unit_path, period))
