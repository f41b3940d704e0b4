"""What appraisal says: scores as they move, and the decisions people take on them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from kinara.contracts.event import Event, Id

Period = Annotated[str, Field(description="Period appraised: 2026-11, 2026-Q4 or 2026.")]
"""``2026-11`` a month, ``2026-Q4`` a quarter, ``2026`` a year, in the region's own calendar."""


Axis = Annotated[int, Field(ge=1, le=3)]
"""Work results or behaviour against expectation, with SIASN's codes: 1 above, 2 as expected, 3 below."""


class Predikat(IntEnum):
    """Performance predicate with SIASN's kuadran codes: 1 is the best. Source: PermenPANRB 6/2022."""

    SANGAT_BAIK = 1
    BAIK = 2
    BUTUH_PERBAIKAN = 3
    KURANG = 4
    SANGAT_KURANG = 5


class AppraisalEvent(Event):
    """Root of appraisal's events."""

    service: ClassVar[str] = "appraisal"


class ScoreUpdated(AppraisalEvent):
    """A score or proposed predikat moved. A proposal: the appraiser's confirmation is ``AppraisalConfirmed``."""

    employee_id: Id
    period: Period
    policy: str = Field(description="Code and version of the policy that weighed it, e.g. ``plaju@1``.")
    k: Decimal | None = Field(default=None, description="Indicators, 0-100; None where the component does not apply.")
    m: Decimal | None = Field(default=None, description="Satisfaction.")
    a: Decimal | None = Field(default=None, description="Complaints.")
    l: Decimal | None = Field(default=None, description="Learning.")  # noqa: E741  # the component's own letter
    b: Decimal | None = Field(default=None, description="Behaviour.")
    score: Decimal | None = Field(description="Composite S, 0-100, within the band of the predikat.")
    previous_score: Decimal | None = Field(default=None, description="S before this move; None at first.")
    predikat: Predikat | None = Field(description="Proposed by the nine-cell matrix; None until both axes are known.")
    previous_predikat: Predikat | None = Field(default=None, description="Proposal before this move.")
    borderline: bool = Field(default=False, description="Less than 1.0 from a cut: a person should look.")


class StandardBreached(AppraisalEvent):
    """An open period has fallen below a minimum standard of the policy: said once for each period and standard."""

    employee_id: Id
    period: Period
    policy: str = Field(description="Code and version of the policy that asks for it, e.g. ``plaju@1``.")
    standard: str = Field(description="What it asks for, in the policy's words.")
    measure: str = Field(description="S, H, P, K, M, A, L or B: what is below it.")
    at_least: Decimal = Field(description="What is asked for, 0-100.")
    value: Decimal = Field(description="What it was when it was noticed, 0-100.")


class ProgressReported(AppraisalEvent):
    """Progress on an indicator was reported, and perhaps verified at once."""

    employee_id: Id
    report_id: Id
    indicator: str = Field(description="Code of the indicator in the employee's SKP.")
    amount: Decimal = Field(description="What this report adds, in the indicator's own unit.")
    verified: bool = Field(description="Unverified self-reports count half.")
    period: Period
    reported_at: AwareDatetime


class SkpAgreed(AppraisalEvent):
    """Employee and superior agreed on a year's plan (SKP), or on a change of it. Source: PermenPANRB 6/2022."""

    employee_id: Id
    year: int = Field(description="The calendar year that is planned.")
    indicators: int = Field(description="How many indicators the plan has.")
    agreed_by: Id = Field(description="Employee id of the superior.")
    agreed_at: AwareDatetime


class AppraisalConfirmed(AppraisalEvent):
    """The appraiser (Pejabat Penilai Kinerja) decided the predikat of a closed period."""

    employee_id: Id
    period: Period
    proposed: Predikat = Field(description="What the matrix proposed.")
    confirmed: Predikat = Field(description="What holds.")
    reason: str | None = Field(default=None, description="Required when the decision deviates from the proposal.")
    confirmed_by: Id = Field(description="Employee id of the appraiser.")
    confirmed_at: AwareDatetime
    hasil_kerja: Axis | None = Field(
        default=None, description="Work results as they stand behind the predikat; None where no one cell gives it."
    )
    perilaku_kerja: Axis | None = Field(default=None, description="Behaviour, likewise; both are known or neither.")


class ObjectionDecided(AppraisalEvent):
    """The appraiser's superior decided an objection; final. Source: PP 30/2019 ps. 59."""

    employee_id: Id
    objection_id: Id
    period: Period
    before: Predikat = Field(description="The predikat objected to.")
    after: Predikat = Field(description="What holds; the same where the objection was rejected.")
    decided_by: Id = Field(description="Employee id of the appraiser's superior.")
    decided_at: AwareDatetime
    hasil_kerja: Axis | None = Field(
        default=None, description="Work results as they stand behind the predikat; None where no one cell gives it."
    )
    perilaku_kerja: Axis | None = Field(default=None, description="Behaviour, likewise; both are known or neither.")
    confirmed_by: Id | None = Field(
        default=None, description="Employee id of the appraiser, whose predikat was objected to; None in earlier facts."
    )


class AngkaKreditCredited(AppraisalEvent):
    """The credit of a functional post's year, by the predikat that holds; one for each level held in the year.

    A later one of the same year and level replaces it, and makes void what was said of levels that it does not name.
    """

    employee_id: Id
    year: int = Field(description="The calendar year that was appraised.")
    jenjang: str = Field(description="Functional level that the credit was collected in (PM TR MH PY PT MU MA UT).")
    months: int = Field(ge=1, le=12, description="Months of the year that the predikat stands for.")
    predikat: Predikat = Field(description="What holds for the year.")
    credit: Decimal = Field(ge=0, description="Coefficient x percentage x months / 12, two decimals.")
    credited_at: AwareDatetime
    first_month: int | None = Field(
        default=None, ge=1, le=12, description="Month of the year in which the credit begins; None in earlier facts."
    )
    last_month: int | None = Field(
        default=None, ge=1, le=12, description="Month of the year with which the credit ends; None in earlier facts."
    )
    levels: tuple[str, ...] = Field(
        default=(),
        max_length=8,
        description="Every level that credit of this year was collected in, in their order; empty in earlier facts,"
        " which replace all that was said of the year.",
    )


class AwardGranted(AppraisalEvent):
    """An award was nominated by rule and confirmed by a person."""

    employee_id: Id
    award_id: Id
    award: str = Field(description="Name of the award, as on the decree.")
    period: Period
    granted_on: date
    grants: Literal["award", "training"] = Field(
        default="award", description="training: the right to further training, which the training service gives."
    )
    decree_number: str | None = Field(default=None, description="Nomor SK; None in facts of before it was told.")


class CoachingOpened(AppraisalEvent):
    """A coaching case was opened."""

    employee_id: Id
    case_id: Id
    form: Literal["bimbingan", "konseling"] = Field(description="bimbingan for skill, konseling for behaviour.")
    trigger: str = Field(description="The rule that opened it, in plain words.")
    period: Period
    opened_on: date


class CoachingClosed(AppraisalEvent):
    """A coaching case ended."""

    employee_id: Id
    case_id: Id
    outcome: Literal["improved", "not_improved", "left"] = Field(description="left: service ended meanwhile.")
    closed_on: date


class PeriodReopened(AppraisalEvent):
    """A closed period was opened again, by a person and for a reason; what was decided on it holds no longer."""

    employee_id: Id
    period: Period
    reason: str = Field(description="Why it was opened again, as written by the office.")
    reopened_at: AwareDatetime


class PolicyActivated(AppraisalEvent):
    """A policy version holds for a unit and everything below it from a date on."""

    unit_id: Id
    policy: str = Field(description="Code and version, e.g. ``plaju@1``.")
    effective_from: date = Field(description="First day of the first period weighed by it.")
