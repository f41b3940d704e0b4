"""A unit's annual plan of training: which programmes, for how many, at what cost, and from which need.

A plan is drafted, then agreed; a plan that is changed must be agreed again. It serves the right to at least 20 JP a
year (PP 11/2017 art. 203 jo. 17/2020), of which ``Progress`` says how far a unit is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from kinara.contracts import Province

from training.domain.budget import Budget, budget_id
from training.domain.competency import Topic, covers
from training.domain.funding import FREE, rupiah
from training.domain.need import Demand
from training.domain.programme import Programme
from training.domain.record import HoursOfYear
from training.domain.refusals import InvalidPlan, PlanNotAgreed, PlanOverBudget
from training.domain.session import FIRST_YEAR, LAST_YEAR
from training.domain.unit import Unit, refuse_closed

MOST_LINES = 200
MOST_PLACES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A line as it is asked for."""

    programme_id: str
    topic: Topic
    seats: int
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A programme of the plan, and the need that it comes from: how many had it when the line was drafted."""

    programme_id: str
    title: str
    topic: Topic
    seats: int
    cost: Decimal
    needs: int
    employees: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a unit plans for a year; one plan for each."""

    id: str
    unit_id: str
    unit_path: str
    province: Province
    year: int
    lines: tuple[Line, ...]
    state: Literal["draft", "agreed"] = "draft"
    agreed_by: str | None = None
    agreed_on: date | None = None

    @property
    def cost(self) -> Decimal:
        """Of all lines."""
        return sum((line.cost for line in self.lines), FREE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a unit is on the way to the hours that the law asks for."""

    people: int
    """Employees in service to whom a minimum applies."""
    reached: int
    """Of them, those who have it."""
    jp_earned: int
    jp_offered: int
    jp_missing: int


def plan_id(unit_path: str, year: int) -> str:
    """The one plan of a unit and year; named like its budget."""
    return budget_id(unit_path, year)


def draft(
    unit: Unit, year: int, wishes: Sequence[Wish], programmes: Mapping[str, Programme], demand: Iterable[Demand]
) -> Plan:
    """A plan in place of the one before; what was agreed has to be agreed again."""
    refuse_closed(unit)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _invalid("year", f"Tahun rencana harus {FIRST_YEAR} sampai {LAST_YEAR}.", f"got {year}")
    if not 1 <= len(wishes) <= MOST_LINES or len({wish.programme_id for wish in wishes}) < len(wishes):
        raise _invalid(
            "lines", f"Isi 1 sampai {MOST_LINES} program, masing-masing satu kali.", f"{len(wishes)} lines, or a repeat"
        )
    by_topic = {one.topic: one for one in demand}
    lines = tuple(_line(wish, programmes, by_topic) for wish in wishes)
    return Plan(
        id=plan_id(unit.unit_path, year),
        unit_id=unit.id,
        unit_path=unit.unit_path,
        province=unit.province,
        year=year,
        lines=lines,
    )


def agree(plan: Plan, budget: Budget | None, by: str, on: date) -> Plan:
    """The plan holds; where the unit has a budget, its cost fits in it."""
    if plan.state == "agreed":
        raise PlanNotAgreed(
            "Rencana ini sudah disepakati. Tidak ada lagi yang perlu dilakukan.",
            field="state",
            detail="the plan is agreed already",
        )
    if budget is not None and plan.cost > budget.planned:
        raise PlanOverBudget(
            f"Biaya rencana Rp{plan.cost} melebihi anggaran Rp{budget.planned}. Kurangi rencana, atau tambah anggaran.",
            field="lines",
            detail=f"the lines cost {plan.cost}, planned are {budget.planned}",
        )
    return replace(plan, state="agreed", agreed_by=by, agreed_on=on)


def refuse_unplanned(plan: Plan | None, programme_id: str, unit_path: str, starts_on: date) -> None:
    """Refuse a session that says to follow a plan in which it is not, or which is not agreed."""
    followed = (
        plan is not None
        and plan.state == "agreed"
        and plan.year == starts_on.year
        and f"{unit_path}/".startswith(f"{plan.unit_path}/")
        and any(line.programme_id == programme_id for line in plan.lines)
    )
    if not followed:
        raise PlanNotAgreed(
            "Rencana tahunan ini belum disepakati, atau tidak memuat program ini untuk unit dan tahun sesi. "
            "Pilih rencana lain, atau sepakati dahulu.",
            field="plan_id",
            detail="expected an agreed plan of the unit or one above, of the session's year, with the programme",
        )


def progress_of(hours: Iterable[HoursOfYear]) -> Progress:
    """The hours of a unit's employees together."""
    entitled = [own for own in hours if own.law is not None and own.law.at_least]
    return Progress(
        people=len(entitled),
        reached=sum(own.missing == 0 for own in entitled),
        jp_earned=sum(own.earned for own in entitled),
        jp_offered=sum(own.offered for own in entitled),
        jp_missing=sum(own.missing for own in entitled),
    )


def _line(wish: Wish, programmes: Mapping[str, Programme], demand: Mapping[Topic, Demand]) -> Line:
    programme = programmes.get(wish.programme_id)
    if programme is None or not programme.active or not covers(programme.competencies, wish.topic):
        raise _invalid(
            "lines",
            "Program tidak ditawarkan, atau tidak melayani kebutuhan yang disebut.",
            f"programme {wish.programme_id} is not on offer, or does not serve {wish.topic}",
        )
    if not 1 <= wish.seats <= MOST_PLACES:
        raise _invalid("lines", f"Jumlah kursi harus 1 sampai {MOST_PLACES}.", f"got {wish.seats} seats")
    wanted = demand.get(wish.topic)
    return Line(
        programme_id=programme.id,
        title=programme.title,
        topic=wish.topic,
        seats=wish.seats,
        cost=rupiah(wish.cost, "lines"),
        needs=wanted.needs if wanted else 0,
        employees=wanted.employees if wanted else 0,
    )


def _invalid(field: str, message: str, detail: str) -> InvalidPlan:
    return InvalidPlan(f"{message} Periksa rencananya.", field=field, detail=detail)
