"""The scorecard: everything that counts for one employee, folded from events, and the score it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeVar

from kinara.contracts.appraisal import Period, Predikat
from kinara.contracts.personnel import EmployeeKind, JabatanKind, Sex
from pydantic import PlainSerializer

from appraisal.domain.components import COMPONENTS, ZERO, Component, shown
from appraisal.domain.discipline import Measure
from appraisal.domain.measures import Months, measure
from appraisal.domain.periods import Cadence, first_day, last_day, months_of, quarter_of
from appraisal.domain.policy import Policies, Policy
from appraisal.domain.rating import hasil_kerja, into_band, is_borderline, perilaku_kerja, propose
from appraisal.domain.refusals import InvalidPeriod, NoPolicyInForce, PeriodClosed
from appraisal.domain.tallies import BLANK, Month, Seat

_Dated = TypeVar("_Dated")
WORK: tuple[Component, ...] = ("K", "M", "A")
"""What H, the results of work, is made of. Hours of training are not results of work in law."""


@dataclass(frozen=True, slots=True)
class Person:
    """What personnel told us about the employee."""

    nip: str
    name: str
    kind: EmployeeKind
    sex: Sex
    birth_year: int
    golongan: str
    jabatan: str
    jabatan_kind: JabatanKind
    jenjang: str | None
    unit_id: str
    supervisor_id: str | None
    separated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A period's score under the policy that weighs it."""

    policy: str
    """Code and version, e.g. ``plaju@1``."""
    components: Mapping[Component, Decimal | None]
    """Marks 0-100 with four decimals; None where a component does not apply, and its weight falls to the others."""
    h: Decimal | None
    """Hasil kerja, 0-100: K, M and A by their weights."""
    p: Decimal | None
    """Perilaku kerja, 0-100: B."""
    s: Decimal | None
    """Composite, 0-100, within the band of the predikat; None until either axis is known."""
    predikat: Annotated[Predikat, PlainSerializer(int, return_type=int)] | None
    """Proposed by the matrix; None until both axes are known."""
    borderline: bool


@dataclass(frozen=True, slots=True)
class Breach:
    """A period that has fallen below a minimum standard of the policy that weighed it."""

    period: Period
    policy: str
    words: str
    """What the standard asks for."""
    measure: str
    at_least: Decimal
    value: Decimal
    """When it was noticed."""

    @property
    def standard(self) -> tuple[Period, str, Decimal]:
        """What was fallen below, whatever the version of the policy."""
        return self.period, self.measure, self.at_least

    @property
    def sentence(self) -> str:
        """For whoever reads."""
        asked, found = (f"{one.normalize():f}".replace(".", ",") for one in (self.at_least, self.value))
        return f"{self.words}: nilai {self.measure} periode {self.period} {found}, di bawah standar {asked}."


Breaches = Annotated[tuple[Breach, ...], PlainSerializer(list, return_type=list[Breach])]
"""A list where they are stored."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One employee's folded state: the open months, and the score of every open period."""

    employee_id: str
    province: str
    """Kemendagri code of the unit's province."""
    unit_path: str
    """Where the employee serves as far as is known."""
    person: Person | None = None
    postings: Mapping[str, str] = field(default_factory=dict)
    """First day (ISO) to unit path."""
    months: Mapping[str, Month] = field(default_factory=dict)
    seats: Mapping[str, Seat] = field(default_factory=dict)
    """Seats in sessions by enrolment: outside the months, since a seat alone opens no period."""
    scores: Mapping[str, Score] = field(default_factory=dict)
    """What `evaluate` gives for each open period, kept so that an event re-measures one component only."""
    closed_through: str | None = None
    """The last closed month."""
    discipline: Mapping[str, Measure] = field(default_factory=dict)
    """Disciplinary measures by id; one that was lifted is gone, as if it had never been imposed."""
    levels: Mapping[str, str | None] = field(default_factory=dict)
    """First day (ISO) to functional level (jenjang); empty as long as no change of it is known."""
    breaches: Breaches = ()
    """The standards of the policy that an open period, or the last closed one, has fallen below: each is said once."""

    def scored(
        self, months: Mapping[str, Month], scores: Mapping[str, Score], breaches: tuple[Breach, ...]
    ) -> Scorecard:
        """The card with other months, scores and breaches; written out, since every fact that counts passes here."""
        return Scorecard(
            self.employee_id, self.province, self.unit_path, self.person, self.postings, months, self.seats, scores,
            self.closed_through, self.discipline, self.levels, breaches,
        )  # fmt: skip

    def unit_on(self, day: date) -> str:
        """The unit served in on a day; before the first known posting, that of the first."""
        return self.unit_path if len(self.postings) <= 1 else _on(self.postings, day)

    def level_on(self, day: date) -> str | None:
        """The functional level held on a day."""
        if not self.levels:
            return self.person.jenjang if self.person else None
        return _on(self.levels, day)

    def is_closed(self, month: str) -> bool:
        """Whether a month no longer changes."""
        return self.closed_through is not None and month <= self.closed_through

    def month(self, month: str) -> Month:
        """What counts in a month."""
        return self.months.get(month, BLANK)


def _on(dated: Mapping[str, _Dated], day: date) -> _Dated:
    """What holds on a day, of what is known by first day; before the first, what it began with."""
    known = sorted(dated)
    return dated[max((since for since in known if since <= day.isoformat()), default=known[0])]


def own_period(card: Scorecard, month: str, policies: Policies) -> Period:
    """The period in which a month is appraised, by the cadence of the unit served in at the month's end.

    A month is appraised with its quarter only if the employee stays under a quarterly policy to the quarter's end.
    """
    if _cadence(card, month, policies) == "monthly":
        return month
    quarter = quarter_of(month)
    if len(card.postings) <= 1:
        return quarter
    later = [other for other in months_of(quarter) if other > month]
    return quarter if all(_cadence(card, other, policies) == "quarterly" for other in later) else month


def refuse_unappraised(card: Scorecard, month: str, period: Period, policies: Policies) -> None:
    """Refuse a period in which the card does not appraise this month of it."""
    own = own_period(card, month, policies)
    if own != period:
        raise InvalidPeriod(
            f"Unit ini tidak menilai periode {period}. Pilih periode {own}.",
            detail=f"{period} is not a period of the policy of {card.unit_path}",
            field="period",
        )


def refuse_closed(card: Scorecard, month: str, *, field: str = "period") -> None:
    """Refuse what would change a month that is closed."""
    if card.is_closed(month):
        raise PeriodClosed(
            f"Bulan {month} sudah ditutup. Ajukan keberatan bila nilainya tidak sesuai.",
            detail=f"{month} was closed (through {card.closed_through})",
            field=field,
        )


def period_about(card: Scorecard, month: str, policies: Policies) -> Period:
    """The period that a note about a month belongs to; the month itself where no policy or no period reaches it.

    Personnel's histories hold days of any year. A day on which nobody is appraised opens no period, and is no reason
    to refuse what became true on it.
    """
    try:
        return own_period(card, month, policies)
    except (InvalidPeriod, NoPolicyInForce):
        return month


def _cadence(card: Scorecard, month: str, policies: Policies) -> Cadence:
    return policies.for_unit(card.unit_on(last_day(month)), first_day(month)).cadence


def policy_for(card: Scorecard, period: Period, policies: Policies) -> Policy:
    """The policy of a period: of the unit served in at its end, in the version in force at its beginning.

    Who moves is appraised where they are when the period ends; no version weighs a period that had begun before it.
    """
    return policies.for_unit(card.unit_on(last_day(period)), first_day(period))


def open_periods(card: Scorecard, policies: Policies) -> list[Period]:
    """The periods that the open months are appraised in, in order."""
    return sorted(
        {own_period(card, month, policies) for month in card.months if not card.is_closed(month)}, key=last_day
    )


def evaluate(card: Scorecard, period: Period, policies: Policies) -> Score:
    """The score of any period, measured afresh from the months."""
    return evaluate_months(card.months, period, policy_for(card, period, policies))


def evaluate_months(months: Months, period: Period, policy: Policy) -> Score:
    """The score of a period's months under a given policy: one in force, or a draft being simulated."""
    return compose({name: measure(name, months, period, policy) for name in COMPONENTS}, policy)


def compose(components: Mapping[Component, Decimal | None], policy: Policy) -> Score:
    """Weigh stored components into H, P, the proposed predikat and the composite S.

    Hours of learning alone give no composite: nothing is known yet of work or behaviour.
    """
    h = weighted(WORK, components, policy)
    raw = weighted(COMPONENTS, components, policy)
    p = None if components["B"] is None else shown(components["B"])
    if raw is None or (h is None and p is None):
        return Score(policy.ref, components, h, p, None, None, borderline=False)
    predikat = None if h is None or p is None else propose(hasil_kerja(h), perilaku_kerja(p))
    s = raw if predikat is None else into_band(raw, predikat)
    return Score(policy.ref, components, h, p, s, predikat, is_borderline(h, p, raw, s))


def weighted(
    names: Iterable[Component], components: Mapping[Component, Decimal | None], policy: Policy
) -> Decimal | None:
    """Weighted mean of the components that apply, as shown; None where none does."""
    total = mass = ZERO
    for name in names:
        value = components[name]
        if value is not None:
            total += policy.weights[name] * value
            mass += policy.weights[name]
    return shown(total / mass) if mass else None


def worth(score: Score, component: Component, policy: Policy) -> Decimal:
    """A component's value; where it does not apply (yet), what the policy presumes before anything has happened."""
    value = score.components[component]
    return policy.base[component] if value is None else value
