"""The SKP: what an employee will achieve in a year, proposed and agreed in dialogue, and revised in the same way.

Source: PermenPANRB 6/2022 (perencanaan kinerja, dialog kinerja, matriks peran hasil).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from kinara.contracts.appraisal import Period

from appraisal.domain.catalogue import SELF_REPORT, Aspect, refuse_unknown_source
from appraisal.domain.components import Polarity
from appraisal.domain.effects import comma
from appraisal.domain.refusals import InvalidOutcome, NoMainOutcome, SkpNotProposed, UnknownOutcome
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Target

Kind = Literal["utama", "tambahan"]
"""Hasil kerja utama, which the post is there for, or tambahan, which came on top of it."""
State = Literal["proposed", "returned", "agreed"]
MOST_INDICATORS = 20
"""Each becomes a target in every period of the year, on a card that is read with each fact about the employee."""
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """How it shows whether an outcome was reached."""

    code: str
    name: str
    unit: str
    aspect: Aspect
    polarity: Polarity
    target: Decimal
    """For each period."""
    weight: Decimal
    """Against the other indicators of the period, each by its share of their sum."""
    source: str = SELF_REPORT
    periods: tuple[Period, ...] = ()
    """In a proposal empty for all that are left of the year; once agreed, those it holds for."""
    innovation: str | None = None
    """Code of the outcome, where that is an innovation; `indicators_of` says so."""

    @property
    def agreed(self) -> Target:
        """The target that it becomes on the card."""
        return Target(self.name, self.unit, self.polarity, self.target, self.weight, self.innovation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What will have been achieved (rencana hasil kerja)."""

    code: str
    kind: Kind
    text: str
    indicators: tuple[Indicator, ...]
    innovation: bool = False
    """A new way of serving, beyond what the post asks for."""
    goal: str | None = None
    """The regional goal (RPJMD) that it serves; of an innovation one of the policy's own, where that names any."""
    supports: str | None = None
    """Code of the outcome of the superior's own plan that it is a part of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Why the superior sent a proposal back."""

    version: int
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Skp:
    """The plan of one employee and year: what was proposed last, and what holds.

    Who may see it is decided by the employee's card, which alone knows today's unit and superior; those here are of
    the plan's last change.
    """

    id: str
    employee_id: str
    year: int
    province: str
    unit_path: str
    supervisor_id: str | None
    version: int
    """How often it was proposed."""
    state: State
    outcomes: tuple[Outcome, ...]
    """As proposed last."""
    proposed_by: str
    proposed_at: datetime
    changes: tuple[str, ...] = ()
    """What the last proposal changes in what held before it, in sentences."""
    notes: tuple[str, ...] = ()
    """What could not be checked yet, in sentences."""
    remarks: tuple[Remark, ...] = ()
    agreed: tuple[Outcome, ...] = ()
    """What holds, each indicator with its periods; empty before the first agreement."""
    agreed_version: int | None = None
    agreed_by: str | None = None
    agreed_at: datetime | None = None
    reason: str | None = None
    """From the performance dialogue, where the agreement came late in a period."""


def skp_id(employee_id: str, year: int) -> str:
    """Under which id an employee's plan of a year is kept."""
    return f"{employee_id}/{year}"


def indicators_of(outcomes: Sequence[Outcome]) -> Iterator[Indicator]:
    """All indicators of a plan, in its order; those of an innovation know which one they show."""
    for outcome in outcomes:
        for indicator in outcome.indicators:
            yield replace(indicator, innovation=outcome.code) if outcome.innovation else indicator


def proposed(
    before: Skp | None, card: Scorecard, outcomes: tuple[Outcome, ...], *, year: int, by: str, at: datetime
) -> Skp:
    """The plan with other outcomes, which wait for the superior; what was agreed before holds until then."""
    refuse_unreadable(outcomes)
    kept = before or Skp(
        id=skp_id(card.employee_id, year), employee_id=card.employee_id, year=year, province=card.province,
        unit_path=card.unit_path, supervisor_id=superior_of(card), version=0, state="proposed", outcomes=(),
        proposed_by=by, proposed_at=at,
    )  # fmt: skip
    return replace(
        kept, unit_path=card.unit_path, supervisor_id=superior_of(card), version=kept.version + 1, state="proposed",
        outcomes=outcomes, proposed_by=by, proposed_at=at,
    )  # fmt: skip


def sent_back(plan: Skp, words: str, *, by: str, at: datetime) -> Skp:
    """The superior asks for another proposal, and says why."""
    refuse_not_waiting(plan)
    remark = Remark(version=plan.version, words=words, by=by, at=at)
    return replace(plan, state="returned", remarks=(*plan.remarks, remark))


def superior_of(card: Scorecard) -> str | None:
    """Who agrees the plan: the superior of today."""
    return card.person.supervisor_id if card.person else None


def cascaded(outcomes: Sequence[Outcome], above: Skp | None, year: int) -> tuple[str, ...]:
    """What could not be checked, in sentences; refuses an outcome that supports one that the superior does not have.

    ``above`` is the superior's plan. Until that is agreed, it is taken on trust what it will hold.
    """
    supporting = [outcome for outcome in outcomes if outcome.supports is not None]
    if above is None or not above.agreed:
        return tuple(
            f"Hasil kerja {outcome.code} mendukung {outcome.supports}: belum dapat diperiksa, karena SKP atasan tahun "
            f"{year} belum disepakati."
            for outcome in supporting
        )
    known = [outcome.code for outcome in above.agreed]
    for outcome in supporting:
        if outcome.supports not in known:
            raise UnknownOutcome(
                f"SKP atasan tidak memuat hasil kerja {outcome.supports}. Pilih salah satu: {', '.join(known)}.",
                detail=f"{outcome.code} supports {outcome.supports!r}, which {above.id} does not have",
                field="supports",
            )
    return ()


def changes(before: Sequence[Outcome], after: Sequence[Outcome]) -> tuple[str, ...]:
    """What differs between two agreed plans, in sentences."""
    old, new = ({outcome.code: outcome for outcome in plan} for plan in (before, after))
    was, now = ({one.code: one for one in indicators_of(plan)} for plan in (before, after))
    return (
        *_differences("Hasil kerja", old, new, lambda one: one.text, {"indicators"}),
        *_differences("Indikator", was, now, lambda one: one.name, {"innovation"}),
    )


_CALLED = {
    "kind": "jenis", "text": "rumusan", "innovation": "inovasi", "goal": "sasaran RPJMD", "supports": "mendukung",
    "name": "nama", "unit": "satuan", "aspect": "aspek", "polarity": "arah", "target": "target", "weight": "bobot",
    "source": "sumber", "periods": "periode",
}  # fmt: skip


def _differences(
    what: str, old: Mapping[str, Any], new: Mapping[str, Any], name: Callable[[Any], str], besides: set[str]
) -> Iterator[str]:
    for code in [*old, *(code for code in new if code not in old)]:
        if code not in new:
            yield f"{what} {code} ({name(old[code])}) dihapus."
        elif code not in old:
            yield f"{what} {code} ({name(new[code])}) ditambahkan."
        else:
            for field in (field.name for field in fields(new[code]) if field.name not in besides):
                was, now = getattr(old[code], field), getattr(new[code], field)
                if was != now:
                    yield f"{what} {code}: {_CALLED[field]} {_shown(was)} menjadi {_shown(now)}."


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, tuple):
        return ", ".join(value)
    return comma(value) if isinstance(value, Decimal) else str(value or "-")


def refuse_not_waiting(plan: Skp) -> None:
    """Refuse to answer a plan of which no proposal waits."""
    if plan.state != "proposed":
        raise SkpNotProposed(
            f"Tidak ada usulan SKP {plan.year} yang menunggu jawaban. Minta usulan baru dahulu.",
            detail=f"{plan.id} is {plan.state}",
            field="year",
        )


def refuse_unreadable(outcomes: Sequence[Outcome]) -> None:
    """Refuse a plan without a main outcome, or whose outcomes and indicators cannot be read and told apart."""
    if all(outcome.kind != "utama" for outcome in outcomes):
        raise NoMainOutcome(
            "SKP harus memuat sedikitnya satu hasil kerja utama. Tambahkan, lalu kirim lagi.",
            detail="no outcome is utama",
            field="outcomes",
        )
    indicators = list(indicators_of(outcomes))
    if len(indicators) > MOST_INDICATORS:
        raise InvalidOutcome(
            f"SKP memuat {len(indicators)} indikator, paling banyak {MOST_INDICATORS}. Pilih yang terpenting.",
            detail=f"{len(indicators)} indicators, at most {MOST_INDICATORS}",
            field="outcomes",
        )
    for field, codes in (
        ("outcomes", [outcome.code for outcome in outcomes]),
        ("indicators", [indicator.code for indicator in indicators]),
    ):
        for code in codes:
            if codes.count(code) > 1 or not _CODE.fullmatch(code):
                raise InvalidOutcome(
                    f"Kode {code!r} tertulis dua kali, atau memuat selain huruf, angka, - dan _. Pakai kode lain.",
                    detail=f"{code!r} in {field} stands twice or is no code",
                    field=field,
                )
    for outcome in outcomes:
        if not outcome.indicators or not any(sign.isalnum() for sign in outcome.text):
            raise InvalidOutcome(
                f"Hasil kerja {outcome.code} harus berumusan dan memuat sedikitnya satu indikator.",
                detail=f"{outcome.code} has no words or no indicator",
                field="outcomes",
            )
    for indicator in indicators:
        refuse_unknown_source(indicator.code, indicator.source)
