"""Behaviour ratings: the seven BerAKHLAK values, rated 1 to 5 by people other than the employee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from kinara.contracts.appraisal import Period
from kinara.contracts.regions import day_of

from appraisal.domain.components import ZERO
from appraisal.domain.effects import Effect, Entry, post
from appraisal.domain.measures import latest_ratings
from appraisal.domain.periods import first_day, month_of, month_on, months_of, written
from appraisal.domain.policy import Policies
from appraisal.domain.refusals import InvalidBehaviourRating, PeriodClosed, PeriodNotBegun, SelfRating
from appraisal.domain.scorecard import Scorecard, own_period, refuse_unappraised
from appraisal.domain.tallies import BehaviourRating


class Nilai(StrEnum):
    """The core values of ASN, BerAKHLAK. Source: SE MenPANRB 20/2021."""

    BERORIENTASI_PELAYANAN = "berorientasi_pelayanan"
    AKUNTABEL = "akuntabel"
    KOMPETEN = "kompeten"
    HARMONIS = "harmonis"
    LOYAL = "loyal"
    ADAPTIF = "adaptif"
    KOLABORATIF = "kolaboratif"


def rate_behaviour(
    card: Scorecard,
    *,
    rater_id: str,
    marks: Mapping[str, int],
    rated_at: datetime,
    policies: Policies,
    period: Period | None = None,
    correction: Decimal = ZERO,
) -> tuple[Scorecard, Effect, None]:
    """A rater's marks for a period, the one that runs unless another is named; the latest of each rater counts.

    ``correction`` is what `components.leniency_correction` takes off this rater's marks. It is fixed with the rating,
    so that what others do later moves nobody's score.
    """
    _refuse_rating(card, rater_id, marks)
    month = month_rated(card, period, day_of(rated_at, card.province), policies)
    rating = BehaviourRating(tuple(marks[value] for value in Nilai), correction, rated_at)
    tallies = card.month(month)
    known = tallies.ratings.get(rater_id)
    latest = rating if known is None or known.rated_at < rated_at else known
    entry = Entry(
        ref=rater_id,
        inputs={"marks": {value.value: marks[value] for value in Nilai}, "correction": correction},
        note="Penilaian perilaku BerAKHLAK diterima.",
    )
    changed = replace(tallies, ratings={**tallies.ratings, rater_id: latest})
    return *post(card, month, changed, "B", entry, policies), None


def replaced_rating(
    card: Scorecard, rater_id: str, rated_at: datetime, policies: Policies, period: Period | None = None
) -> BehaviourRating | None:
    """What this rater has given for the same period before: a rating made now takes its place."""
    period = period or own_period(card, month_of(rated_at, card.province), policies)
    return latest_ratings(card.months, period).get(rater_id)


def month_rated(card: Scorecard, period: Period | None, today: date, policies: Policies) -> str:
    """The month that keeps a rating: the one that runs, or the last of a period that is over; not of a closed one."""
    month = month_on(today)
    if period is not None:
        months = months_of(period)
        month = month if month in months else months[-1]
        refuse_unappraised(card, month, period, policies)
        if today < first_day(period):
            raise PeriodNotBegun(
                f"Periode {period} belum dimulai. Perilaku baru dapat dinilai sejak {written(first_day(period))}.",
                detail=f"{period} begins on {first_day(period)}, and today is {today}",
                field="period",
            )
    if card.is_closed(month):
        raise PeriodClosed(
            f"Bulan {month} sudah ditutup. Penilaian perilaku untuk bulan itu tidak dapat diubah lagi.",
            detail=f"{month} was closed (through {card.closed_through})",
            field="period",
        )
    return month


def _refuse_rating(card: Scorecard, rater_id: str, marks: Mapping[str, int]) -> None:
    if rater_id == card.employee_id:
        raise SelfRating(
            "Perilaku sendiri tidak dapat dinilai sendiri.",
            detail=f"employee {rater_id} rates themselves",
            field="rater_id",
        )
    for unknown in marks.keys() - set(Nilai):
        raise InvalidBehaviourRating(
            f"{unknown} bukan nilai BerAKHLAK.", detail=f"{unknown!r} is no BerAKHLAK value", field=unknown
        )
    for value in Nilai:
        if marks.get(value) not in (1, 2, 3, 4, 5):
            raise InvalidBehaviourRating(
                f"Beri nilai 1 sampai 5 untuk {value.value.replace('_', ' ')}.",
                detail=f"{value.value} was rated {marks.get(value)}, not 1 to 5",
                field=value.value,
            )
