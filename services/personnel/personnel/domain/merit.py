"""What others have said about an employee: appraisals by period, courses, credit, awards, and citizens' voices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeAlias

from kinara.contracts import Event
from kinara.contracts.appraisal import (
    AngkaKreditCredited,
    AppraisalConfirmed,
    AwardGranted,
    ObjectionDecided,
    PeriodReopened,
    Predikat,
    ScoreUpdated,
)
from kinara.contracts.periods import months_of
from kinara.contracts.training import TrainingCompleted

from personnel.domain.day import Day
from personnel.domain.telling import Heard, heard
from personnel.domain.voices import ByYear, Decided, Voice, with_complaint, with_voice

Effect: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """The result of one period, as far as it is known."""

    score: Decimal | None = None
    proposed: Predikat | None = None
    confirmed: Predikat | None = None
    """What the appraiser decided, or after an objection the appraiser's superior; only this counts for a promotion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Angka kredit of one year in one level, by the predikat that holds."""

    jenjang: str
    months: int
    credit: Decimal
    first_month: int | None = None
    last_month: int | None = None
    """Of the year; None where they were not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Learning that ended with a certificate."""

    completion_id: str
    title: str
    partner: str
    jp: int
    certificate_number: str
    completed_on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardHeld:
    """An award that was granted."""

    award_id: str
    award: str
    granted_on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Merit:
    """One employee's record with the other services."""

    employee_id: str
    province: str
    unit_path: str = ""
    appraisals: Mapping[str, Appraisal] = field(default_factory=dict)
    """By period: ``2026-11``, ``2026-Q4`` or ``2026``."""
    courses: tuple[Course, ...] = ()
    """Oldest first."""
    credits: Mapping[str, Credit] = field(default_factory=dict)
    """Angka kredit by year and level, ``2026/MU``; by the year alone where it was told before levels were."""
    awards: tuple[AwardHeld, ...] = ()
    """Oldest first."""
    voices: ByYear = field(default_factory=dict)
    """What citizens said, by year."""
    to_tell: Mapping[str, Heard] = field(default_factory=dict)
    """What BKN has to know and no record was made of yet, by what it is about."""


def blank(employee_id: str, province: str) -> Merit:
    """An employee of whom nothing was heard yet."""
    return Merit(employee_id=employee_id, province=province)


def with_evidence_of(merit: Merit, other: Merit) -> Merit:
    """The profile with the appraisals, courses, credit, awards and voices of another one of theirs."""
    return replace(
        merit, appraisals=other.appraisals, courses=other.courses, credits=other.credits, awards=other.awards,
        voices=other.voices,
    )  # fmt: skip


def note_for_bkn(before: Merit, merit: Merit, event: Event) -> Merit:
    """With what the fact gives BKN to know, and the credit of before that a period opened again leaves undecided."""
    void = before.credits.keys() - merit.credits.keys() if isinstance(event, PeriodReopened) else ()
    return replace(merit, to_tell={**merit.to_tell, **heard(event, void)})


def note_score(merit: Merit, event: ScoreUpdated) -> tuple[Merit, Effect]:
    """The latest score of a period, and what the nine-cell matrix proposes for it."""
    known = merit.appraisals.get(event.period, Appraisal())
    result = replace(known, score=event.score, proposed=event.predikat)
    return _appraised(merit, event, result), {"did": "scored", "period": event.period, "score": event.score}


def note_confirmation(merit: Merit, event: AppraisalConfirmed) -> tuple[Merit, Effect]:
    """The appraiser's decision on a period."""
    known = merit.appraisals.get(event.period, Appraisal())
    result = replace(known, proposed=event.proposed, confirmed=event.confirmed)
    return _appraised(merit, event, result), _decided("confirmed", event.period, event.confirmed)


def note_objection(merit: Merit, event: ObjectionDecided) -> tuple[Merit, Effect]:
    """What holds after an objection; final (PP 30/2019 ps. 59)."""
    known = merit.appraisals.get(event.period, Appraisal())
    return _appraised(merit, event, replace(known, confirmed=event.after)), _decided(
        "objection", event.period, event.after
    )


def note_reopening(merit: Merit, event: PeriodReopened) -> tuple[Merit, Effect]:
    """What was decided on a period holds no longer; nor does the year that ended with it, and its credit."""
    ends_year = months_of(event.period)[-1].endswith("-12")
    gone = {event.period, event.period[:4]} if ends_year else {event.period}
    appraisals = {p: replace(one, confirmed=None) if p in gone else one for p, one in merit.appraisals.items()}
    credits = {year: credit for year, credit in merit.credits.items() if year[:4] not in gone}
    known = replace(merit, unit_path=event.unit_path, appraisals=appraisals, credits=credits)
    return known, {"did": "reopened", "period": event.period}


def note_credit(merit: Merit, event: AngkaKreditCredited) -> tuple[Merit, Effect]:
    """The credit of a year and level; it replaces an earlier word about it, and one about a level it does not name."""
    credit = Credit(
        jenjang=event.jenjang,
        months=event.months,
        credit=event.credit,
        first_month=event.first_month,
        last_month=event.last_month,
    )
    year = str(event.year)
    still = {f"{year}/{level}" for level in event.levels}
    credits = {key: one for key, one in merit.credits.items() if key[:4] != year or key in still}
    credits[f"{year}/{event.jenjang}"] = credit
    known = replace(merit, unit_path=event.unit_path, credits=credits)
    return known, {"did": "credited", "year": event.year, "credit": event.credit}


def note_course(merit: Merit, event: TrainingCompleted) -> tuple[Merit, Effect]:
    """A course completed; another word about the same completion replaces the earlier."""
    course = Course(
        completion_id=event.completion_id,
        title=event.title,
        partner=event.partner,
        jp=event.jp,
        certificate_number=event.certificate_number,
        completed_on=event.completed_on,
    )
    others = (known for known in merit.courses if known.completion_id != course.completion_id)
    courses = tuple(sorted((*others, course), key=lambda known: (known.completed_on, known.completion_id)))
    effect = {"did": "completed", "completion": course.completion_id, "jp": course.jp}
    return replace(merit, unit_path=event.unit_path, courses=courses), effect


def note_award(merit: Merit, event: AwardGranted) -> tuple[Merit, Effect]:
    """An award granted; another word about the same award replaces the earlier."""
    award = AwardHeld(award_id=event.award_id, award=event.award, granted_on=event.granted_on)
    others = (known for known in merit.awards if known.award_id != award.award_id)
    awards = tuple(sorted((*others, award), key=lambda known: (known.granted_on, known.award_id)))
    effect = {"did": "awarded", "award": award.award_id}
    return replace(merit, unit_path=event.unit_path, awards=awards), effect


def note_voice(merit: Merit, event: Voice) -> tuple[Merit, Effect]:
    """A citizen's voice, or what became of it."""
    known = replace(merit, unit_path=event.unit_path, voices=with_voice(merit.voices, event))
    return known, {"did": type(event).__name__, "feedback": event.feedback_id}


def note_complaint(merit: Merit, event: Decided) -> tuple[Merit, Effect]:
    """A complaint answered, or opened again."""
    known = replace(merit, unit_path=event.unit_path, voices=with_complaint(merit.voices, event))
    return known, {"did": type(event).__name__, "complaint": event.complaint_id}


def _appraised(merit: Merit, event: ScoreUpdated | AppraisalConfirmed | ObjectionDecided, result: Appraisal) -> Merit:
    return replace(merit, unit_path=event.unit_path, appraisals={**merit.appraisals, event.period: result})


def _decided(did: str, period: str, predikat: Predikat) -> Effect:
    return {"did": did, "period": period, "predikat": int(predikat)}
