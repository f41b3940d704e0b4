"""What appraisal shows: scores with their Indonesian names, and explanations as lists of events."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self, cast

from kinara.contracts import Id
from kinara.contracts.appraisal import Period
from kinara.contracts.regions import day_of
from pydantic import BaseModel, Field

from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.components import NAMES, Component
from appraisal.domain.counterfactual import Counterfactual
from appraisal.domain.explanation import Account, Day, Line, Share, by_day
from appraisal.domain.policy import Policy
from appraisal.domain.rating import PREDIKAT
from appraisal.domain.scorecard import Score, Scorecard
from appraisal.queries import Explained


class ScoreView(BaseModel):
    """The score of a period. The predikat is a proposal: the appraiser decides."""

    period: Period
    policy: str
    components: dict[Component, Decimal | None]
    hasil_kerja: Decimal | None
    perilaku_kerja: Decimal | None
    score: Decimal | None
    predikat: str | None
    predikat_code: int | None = Field(description="SIASN kuadran code, 1 is the best.")
    borderline: bool

    @classmethod
    def of(cls, score: Score, period: Period) -> Self:
        return cls(
            period=period,
            policy=score.policy,
            components=dict(score.components),
            hasil_kerja=score.h,
            perilaku_kerja=score.p,
            score=score.s,
            predikat=None if score.predikat is None else PREDIKAT[score.predikat],
            predikat_code=None if score.predikat is None else int(score.predikat),
            borderline=score.borderline,
        )


class ScorecardView(BaseModel):
    """An employee's card with the scores of the open periods."""

    employee_id: Id
    name: str | None
    jabatan: str | None
    golongan: str | None
    unit_path: str
    supervisor_id: Id | None
    scores: list[ScoreView]

    @classmethod
    def of(cls, card: Scorecard) -> Self:
        person = card.person
        return cls(
            employee_id=card.employee_id,
            name=person and person.name,
            jabatan=person and person.jabatan,
            golongan=person and person.golongan,
            unit_path=card.unit_path,
            supervisor_id=person and person.supervisor_id,
            scores=[ScoreView.of(score, period) for period, score in sorted(card.scores.items())],
        )


class LineView(BaseModel):
    """One event's part in a component; to whoever is rated and who leads them, a day's voices of citizens together."""

    event_id: str | None = Field(description="None for the voices of a day.")
    event: str = Field(description="`Citizens` for the voices of a day.")
    on: date = Field(description="The day, on the clock of the region.")
    at: datetime | None = Field(description="None for the voices of a day.")
    ref: str | None = Field(
        description="Business id: of the feedback, the completion, the report; None for the voices of a day."
    )
    note: str
    by: str | None = Field(description="Who did it: an employee's id, or an office's account; None for what was heard.")
    delta: Decimal

    @classmethod
    def of(cls, line: Line | Day, province: str) -> Self:
        if isinstance(line, Day):
            told = " ".join(f"{n}× {note}" if n > 1 else note for note, n in Counter(line.notes).items())
            return cls(
                event_id=None, event="Citizens", on=line.day, at=None, ref=None, note=told, by=None, delta=line.delta
            )
        recorded = cast("dict[str, Any]", line.effect)
        return cls(
            event_id=recorded["id"],
            event=recorded["type"],
            on=day_of(recorded["at"], province),
            at=recorded["at"],
            ref=line.ref,
            note=line.note,
            by=recorded.get("by"),
            delta=line.delta,
        )


class AccountView(BaseModel):
    """A component: what the period opened with and what each event changed add up to ``value``."""

    name: str
    applies: bool = Field(description="False while nothing has happened: its weight then falls to the others.")
    value: Decimal
    opened_with: Decimal
    effects: list[LineView]

    @classmethod
    def of(cls, part: Component, account: Account, found: Explained) -> Self:
        province = found.card.province
        lines = by_day(account, province) if found.to_the_rated else account.lines
        return cls(
            name=NAMES[part],
            applies=found.score.components[part] is not None,
            value=account.total,
            opened_with=account.opened_with,
            effects=[LineView.of(line, province) for line in lines],
        )


class ShareView(BaseModel):
    """A vote's part of the mean rating, whatever the order in which votes came."""

    ref: str | None = Field(
        description="The feedback; None for what the policy presumes, which comes first. Whoever is rated and who "
        "leads them hear of the votes by what they say, and of no feedback."
    )
    weight: Decimal
    rating: Decimal
    share: Decimal

    @classmethod
    def of(cls, share: Share) -> Self:
        return cls.model_validate(share, from_attributes=True)

    @classmethod
    def of_all(cls, found: Explained) -> list[Self]:
        if not found.to_the_rated:
            return [cls.of(share) for share in found.shares]
        presumed, *votes = found.shares
        votes.sort(key=lambda one: (one.rating, one.weight))
        return [cls.of(share) for share in (presumed, *(replace(one, ref=None) for one in votes))]


class HeldView(BaseModel):
    """Voices in quarantine: they do not count while oversight looks at them."""

    voices: int
    satisfaction: Decimal = Field(description="The component M as it would be with them.")


class CounterfactualView(BaseModel):
    """What the score would be had one thing gone otherwise; never about what citizens said."""

    component: Component
    sentence: str
    before: Decimal = Field(description="The component's mark.")
    after: Decimal = Field(description="The component's mark as it would be.")
    score: Decimal | None = Field(description="The whole score as it would be.")
    predikat: str | None = Field(description="As it would be proposed; null while there is none.")

    @classmethod
    def of(cls, told: Counterfactual) -> Self:
        would_be = told.would_be
        return cls(
            component=told.component,
            sentence=told.sentence,
            before=told.before,
            after=told.after,
            score=would_be.s,
            predikat=None if would_be.predikat is None else PREDIKAT[would_be.predikat],
        )


class ExplanationView(BaseModel):
    """A score down to the events that made it."""

    employee_id: Id
    score: ScoreView
    weights: dict[Component, Decimal] = Field(description="As the policy has them.")
    weights_in_force: dict[Component, Decimal] = Field(
        description="Divided among the components that apply, adding up to 1: a component that begins to count moves "
        "the score without any delta. Empty without a score."
    )
    weights_note: str | None = Field(description="What is left out, in a sentence; null where nothing is.")
    raw_score: Decimal | None = Field(
        description="The components times the weights in force; the score is this, moved into the band of its predikat."
    )
    components: dict[Component, AccountView]
    counterfactuals: list[CounterfactualView] = Field(
        description="Complaints in time, hours still due, reports verified, the weakest indicator on target: each only "
        "where it would change the component."
    )
    satisfaction_shares: list[ShareView]
    held: HeldView | None = Field(description="Null where nothing is held.")
    thanks: int = Field(description="How many citizens have also thanked the employee; it weighs nothing.")

    @classmethod
    def of(cls, found: Explained) -> Self:
        return cls(
            employee_id=found.card.employee_id,
            score=ScoreView.of(found.score, found.period),
            weights=dict(found.policy.weights),
            weights_in_force=dict(found.weighing.in_force),
            weights_note=found.weighing.note,
            raw_score=found.weighing.raw,
            components={part: AccountView.of(part, account, found) for part, account in found.accounts.items()},
            counterfactuals=[CounterfactualView.of(one) for one in found.otherwise],
            satisfaction_shares=ShareView.of_all(found),
            held=found.held and HeldView.model_validate(found.held, from_attributes=True),
            thanks=found.thanks,
        )


class ClosedView(BaseModel):
    """A closed period as it is kept."""

    employee_id: Id
    period: Period
    unit_path: str
    score: ScoreView

    @classmethod
    def of(cls, closed: ClosedPeriod) -> Self:
        return cls(
            employee_id=closed.employee_id,
            period=closed.period,
            unit_path=closed.unit_path,
            score=ScoreView.of(closed.score, closed.period),
        )


class StandardView(BaseModel):
    """The least that a policy asks of everybody."""

    words: str
    measure: str
    at_least: Decimal


class PolicyView(BaseModel):
    """A policy version as people may read it."""

    policy: str
    name: str
    unit_path: str
    effective_from: date
    cadence: str
    weights: dict[Component, Decimal]
    satisfaction_prior: Decimal
    standards: list[StandardView]
    goals: list[str] = Field(description="What it is for; an innovation serves one of them.")
    closes_after_days: int | None = Field(description="After its last day a period is closed by itself; null: by hand.")
    audit_share: Decimal = Field(description="Of the verified self-reports this share is drawn for audit.")
    shadow: bool = Field(description="Scores are shown and have no consequences.")

    @classmethod
    def of(cls, policy: Policy) -> Self:
        return cls(
            policy=policy.ref,
            name=policy.name,
            unit_path=policy.unit_path,
            effective_from=policy.effective_from,
            cadence=policy.cadence,
            weights=dict(policy.weights),
            satisfaction_prior=policy.satisfaction.mean,
            standards=[StandardView.model_validate(one, from_attributes=True) for one in policy.standards],
            goals=[goal.words for goal in policy.goals],
            closes_after_days=policy.closes_after_days,
            audit_share=policy.audit_share,
            shadow=policy.shadow,
        )
