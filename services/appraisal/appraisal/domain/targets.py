"""Targets: what will be measured in a period, agreed or changed before the work, late only with a reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kinara.contracts.appraisal import Period

from appraisal.domain.effects import Effect, Entry, Folded, comma, post
from appraisal.domain.periods import elapsed_share, last_day, months_of, written
from appraisal.domain.policy import Policies
from appraisal.domain.refusals import InvalidIndicator, PeriodOver, TargetChangeNeedsReason
from appraisal.domain.scorecard import Scorecard, refuse_closed, refuse_unappraised
from appraisal.domain.tallies import Target

_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
FREELY_AGREED = Decimal("0.25")
"""Share of a period during which a target may be agreed or changed without a reason. Source: reference §5.5."""


def agree_indicator(
    card: Scorecard,
    *,
    code: str,
    target: Target,
    period: Period,
    agreed_on: date,
    policies: Policies,
    reason: str | None = None,
) -> tuple[Scorecard, Effect, None]:
    """Employee and supervisor agree what will be measured in a period (SKP), or change it.

    A target is set before the work: late in its period it takes a reason, after it there is none.
    Source: PermenPANRB 6/2022 (dialog kinerja); reference §5.5 (target sandbagging).
    """
    _refuse_unmeasurable(code, target)
    month = _home_of(card, code, period, policies)
    _refuse_late(period, target, agreed_on, reason)
    return *put_target(card, month, code, target, reason, policies), None


def put_target(
    card: Scorecard, month: str, code: str, target: Target, reason: str | None, policies: Policies
) -> Folded:
    """The card with a target, which was agreed, in the month that keeps it."""
    tallies = card.month(month)
    inputs = {
        "indicator": code,
        "target": target.target,
        "weight": target.weight,
        "polarity": target.polarity,
        "reason": reason,
    }
    entry = Entry(code, inputs, f"Target {target.name} disepakati: {comma(target.target)} {target.unit}.")
    agreed = replace(tallies, targets={**tallies.targets, code: target})
    return post(card, month, agreed, "K", entry, policies)


def drop_indicator(
    card: Scorecard, *, code: str, period: Period, dropped_on: date, policies: Policies, reason: str | None = None
) -> tuple[Scorecard, tuple[Effect, ...]]:
    """What was to be measured in a period no longer is, since employee and supervisor have agreed on something else.

    Late in its period it takes a reason, as any change of a target does; what was reported on it counts no more.
    Source: PermenPANRB 6/2022 (dialog kinerja); reference §5.5 (target sandbagging).
    """
    effects: list[Effect] = []
    for month in months_of(period):
        tallies = card.month(month)
        if code in tallies.targets and not card.is_closed(month):
            target = tallies.targets[code]
            _refuse_late(period, target, dropped_on, reason)
            entry = Entry(code, {"indicator": code, "reason": reason}, f"Target {target.name} tidak lagi disepakati.")
            rest = {other: agreed for other, agreed in tallies.targets.items() if other != code}
            card, effect = post(card, month, replace(tallies, targets=rest), "K", entry, policies)
            effects.append(effect)
    return card, tuple(effects)


def _home_of(card: Scorecard, code: str, period: Period, policies: Policies) -> str:
    """The month that keeps a target: where it stands already, else the first open one of its period."""
    months = [month for month in months_of(period) if not card.is_closed(month)]
    if not months:
        refuse_closed(card, months_of(period)[-1])
    refuse_unappraised(card, months[-1], period, policies)
    return next((month for month in months if code in card.month(month).targets), months[0])


def _refuse_late(period: Period, target: Target, agreed_on: date, reason: str | None) -> None:
    if agreed_on > last_day(period):
        raise PeriodOver(
            f"Periode {period} berakhir pada {written(last_day(period))}. Sepakati target untuk periode berikutnya.",
            detail=f"{period} ended on {last_day(period)}, and today is {agreed_on}",
            field="period",
        )
    if elapsed_share(period, agreed_on) > FREELY_AGREED and not (reason or "").strip():
        raise TargetChangeNeedsReason(
            f"Seperempat periode {period} sudah lewat. Tuliskan alasan target {target.name} dari dialog kinerja.",
            detail=f"a target is set after {FREELY_AGREED} of {period} without a reason",
            field="reason",
        )


def _refuse_unmeasurable(code: str, target: Target) -> None:
    if not _CODE.fullmatch(code):
        raise InvalidIndicator(
            "Kode indikator hanya boleh berisi huruf, angka, - dan _, paling panjang 40.",
            detail=f"{code!r} is no indicator code",
            field="code",
        )
    for field, text in (("name", target.name), ("unit", target.unit)):
        if not any(letter.isprintable() and not letter.isspace() for letter in text):
            raise InvalidIndicator(
                "Nama dan satuan indikator harus diisi.", detail=f"the {field} of {code} is blank", field=field
            )
    if not target.target.is_finite() or target.target <= 0:
        raise InvalidIndicator("Target harus lebih dari nol.", detail=f"target is {target.target}", field="target")
    if not 0 < target.weight <= 1:
        raise InvalidIndicator(
            "Bobot indikator harus lebih dari 0 dan paling banyak 1.",
            detail=f"weight is {target.weight}",
            field="weight",
        )
