"""What is heard and BKN has to know: kept with the profile until a record has been made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from kinara.contracts import Event
from kinara.contracts.appraisal import (
    AngkaKreditCredited,
    AppraisalConfirmed,
    AwardGranted,
    ObjectionDecided,
    Period,
    PeriodReopened,
)
from kinara.contracts.periods import months_of
from kinara.contracts.regions import kemendagri_code
from kinara.contracts.training import TrainingCompleted
from pydantic import Discriminator

from personnel.domain.day import Day
from personnel.domain.jabatan import JENJANG


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The predikat that holds for a period, with both axes as SIASN's codes, 1 the best."""

    what: Literal["result"] = "result"
    period: Period
    predikat: int
    hasil_kerja: int | None
    perilaku_kerja: int | None
    appraiser_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """Nothing holds for a period any more."""

    what: Literal["reopened"] = "reopened"
    period: Period
    credit: bool = False
    """Whether this is about the credit of the year, and not about the result."""
    jenjang: str | None = None
    """Of such a credit in an earlier level of its year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """No credit was collected in a level of its own in a year, whatever was said of it before."""

    what: Literal["dropped"] = "dropped"
    year: int
    jenjang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """The angka kredit of a year, converted from its predikat (PermenPANRB 1/2023)."""

    what: Literal["credit"] = "credit"
    year: int
    months: int
    credit: Decimal
    pak_number: str | None = None
    """Of the penetapan angka kredit, which BKPSDM issues."""
    pak_date: Day | None = None
    first_month: int | None = None
    last_month: int | None = None
    """Of the year; None where they were not told."""
    jenjang: str | None = None
    """The level, where another one followed in the same year; None for the last one, or the only one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """A course that ended with a certificate."""

    what: Literal["learning"] = "learning"
    completion_id: str
    title: str
    partner: str
    jp: int
    course_kind: str
    certificate_number: str
    completed_on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Honour:
    """An award given by decree."""

    what: Literal["honour"] = "honour"
    award_id: str
    decree_number: str | None
    granted_on: Day


Told: TypeAlias = Annotated[Result | Credit | Learning | Honour, Discriminator("what")]
Sayable: TypeAlias = Result | Reopened | Dropped | Credit | Learning | Honour


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Something to tell, and where the employee served then."""

    province: str
    unit_path: str
    told: Annotated[Sayable, Discriminator("what")]


def heard(event: Event, void: Iterable[str] = ()) -> Mapping[str, Heard]:
    """What a fact gives BKN to know, by what it is about: a later word about the same takes the place of an earlier.

    ``void`` is the credit, by year and level as in ``2026/MU``, that nothing is decided about with this fact.
    """
    where = {"province": kemendagri_code(event.province), "unit_path": event.unit_path}
    levels = (one.split("/") for one in sorted(void) if "/" in one)
    gone = [(f"credit {year} {one}", Reopened(period=year, credit=True, jenjang=one)) for year, one in levels]
    return {about: Heard(**where, told=told) for about, told in (*gone, *_told(event))}


def _told(event: Event) -> list[tuple[str, Sayable]]:
    match event:
        case AppraisalConfirmed():
            return [_result(event, event.confirmed, event.confirmed_by)]
        case ObjectionDecided():
            return [_result(event, event.after, event.confirmed_by or event.decided_by)]
        case PeriodReopened(period=period):
            year = [period[:4]] if months_of(period)[-1].endswith("-12") else []
            results = [Reopened(period=one) for one in dict.fromkeys([period, *year])]
            held = results + [Reopened(period=one, credit=True) for one in year]
            return [(f"{'credit' if one.credit else 'result'} {one.period}", one) for one in held]
        case AngkaKreditCredited():
            return [*_dropped(event), _credit(event)]
        case TrainingCompleted():
            return [(f"course {event.completion_id}", _learning(event))]
        case AwardGranted(grants="award", award_id=award_id):
            told = Honour(award_id=award_id, decree_number=event.decree_number, granted_on=event.granted_on)
            return [(f"award {award_id}", told)]
    return []


def _result(event: AppraisalConfirmed | ObjectionDecided, predikat: int, appraiser_id: str) -> tuple[str, Result]:
    return f"result {event.period}", Result(
        period=event.period,
        predikat=int(predikat),
        hasil_kerja=event.hasil_kerja,
        perilaku_kerja=event.perilaku_kerja,
        appraiser_id=appraiser_id,
    )


def _dropped(event: AngkaKreditCredited) -> list[tuple[str, Sayable]]:
    """The levels that have no credit of their own (any more): all but those that another one followed in the year."""
    levels = (jenjang for jenjang in JENJANG if jenjang not in event.levels[:-1])
    return [(f"credit {event.year} {one}", Dropped(year=event.year, jenjang=one)) for one in levels]


def _credit(event: AngkaKreditCredited) -> tuple[str, Credit]:
    """A year is one record, unless another level was held in it before: each of those is one too."""
    earlier = event.jenjang if event.jenjang in event.levels[:-1] else None
    return f"credit {event.year} {earlier or ''}".rstrip(), Credit(
        year=event.year,
        months=event.months,
        credit=event.credit,
        first_month=event.first_month,
        last_month=event.last_month,
        jenjang=earlier,
    )


def _learning(event: TrainingCompleted) -> Learning:
    return Learning(
        completion_id=event.completion_id,
        title=event.title,
        partner=event.partner,
        jp=event.jp,
        course_kind=event.course_kind,
        certificate_number=event.certificate_number,
        completed_on=event.completed_on,
    )
