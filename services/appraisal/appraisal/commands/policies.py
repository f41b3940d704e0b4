"""Policies: a draft is written, tried out, and activated from a period that has not begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from kinara.contracts import Province
from kinara.contracts.appraisal import Period, PolicyActivated
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from appraisal.domain import citations
from appraisal.domain.periods import EASTERNMOST, first_day, months_of, period_of, written
from appraisal.domain.policy import Policies, Policy, parse_policy
from appraisal.domain.refusals import (
    InvalidPeriod,
    PeriodNotBegun,
    PolicyAlreadyActive,
    PolicyAlreadyExists,
    PolicyNotTried,
    PolicyTooLate,
    UnitUnknown,
)
from appraisal.domain.units import UnitCard
from appraisal.store import (
    DRAFTS,
    MOST_POLICIES,
    POLICIES,
    SIMULATIONS,
    UNITS,
    PolicyDraft,
    SimulationRun,
    StoredPolicy,
    put_in_force,
)


@command
async def draft_policy(tx: Transaction, scope: Scope, policies: Policies, data: Mapping[str, Any]) -> PolicyDraft:
    """Write a policy down; nobody is weighed by it. Drafts of one version replace each other until it is activated."""
    policy = parse_policy(data)
    if not scope.covers(policy.unit_path):
        raise NotFound("units", policy.unit_path)
    Policies((*policies, policy))  # refuses what could not be activated either
    await _refuse_foreign_code(tx, policy)
    await _refuse_unpublished(tx, policy)
    if any(draft.activated_at for draft in await tx.find(DRAFTS, SYSTEM, {"_id": policy.ref}, limit=1)):
        raise _active(policy.ref)
    draft = PolicyDraft(id=policy.ref, unit_path=policy.unit_path, policy=data, drafted_by=scope.who, drafted_at=tx.now)
    tx.save(DRAFTS, draft)
    return draft


@command
async def ask_simulation(
    tx: Transaction, scope: Scope, draft_id: str, period: Period, training_cost: Decimal | None
) -> SimulationRun:
    """Have a draft tried out on a period of the past, or the one that runs."""
    draft = await tx.load(DRAFTS, draft_id, scope)
    policy = parse_policy(draft.policy)
    month = months_of(period)[-1]
    if first_day(period) > day_of(tx.now, _province(policy)):
        raise PeriodNotBegun(
            f"Periode {period} belum dimulai. Pilih periode yang sudah berjalan.",
            detail=f"{period} begins on {first_day(period)}",
            field="period",
        )
    if period_of(month, policy.cadence) != period:
        raise InvalidPeriod(
            f"Kebijakan {policy.ref} tidak menilai periode {period}. Pilih periode {period_of(month, policy.cadence)}.",
            detail=f"{period} is no {policy.cadence} period",
            field="period",
        )
    run = SimulationRun(
        id=new_id(), draft_id=draft.id, unit_path=draft.unit_path, period=period, policy=draft.policy,
        training_cost=training_cost, asked_by=scope.who, asked_at=tx.now,
    )  # fmt: skip
    tx.save(SIMULATIONS, run)
    return run


@command
async def activate_policy(tx: Transaction, scope: Scope, draft_id: str) -> PolicyDraft:
    """Let a draft hold from its first day on: a day to come, and only once it was tried out as it stands."""
    draft = await tx.load(DRAFTS, draft_id, scope)
    policy = parse_policy(draft.policy)
    if draft.activated_at is not None:
        raise _active(draft.id)
    unit = await _unit(tx, policy.unit_path)
    _refuse_begun(draft, policy.effective_from, day_of(tx.now, unit.province))
    if draft.tried_at is None:
        raise PolicyNotTried(
            f"Kebijakan {draft.id} belum disimulasikan sejak perubahan terakhir. Jalankan simulasinya dahulu.",
            detail=f"no finished simulation of {draft.id} as it stands, on people whom it would weigh",
            field="policy",
        )
    await put_in_force(tx, StoredPolicy(draft.id, draft.policy))
    activated = replace(draft, activated_by=scope.who, activated_at=tx.now)
    tx.save(DRAFTS, activated)
    tx.save(UNITS, unit)
    tx.publish(
        PolicyActivated(
            province=Province(code=unit.province), unit_path=unit.unit_path, unit_id=unit.unit_id, policy=policy.ref,
            effective_from=policy.effective_from,
        )
    )  # fmt: skip
    return activated


async def _unit(tx: Transaction, path: str) -> UnitCard:
    """The unit that the policy is attached to: the fact is about it."""
    for unit in await tx.find(UNITS, SYSTEM, {"unit_path": path, "path": f"{path}/"}, limit=10):
        if unit.active:
            return unit
    raise UnitUnknown(
        f"Unit {path} belum dikenal. Daftarkan unitnya di layanan kepegawaian dahulu.",
        detail=f"no unit card at {path}",
        field="unit_path",
    )


async def _refuse_foreign_code(tx: Transaction, policy: Policy) -> None:
    """Refuse a code under which another unit has a policy: it would take away that unit's next version."""
    stored = await tx.find(POLICIES, SYSTEM, {}, limit=MOST_POLICIES)
    drafts = await tx.find(DRAFTS, SYSTEM, {"_id": {"$gte": f"{policy.code}@", "$lt": f"{policy.code}A"}}, limit=1_000)
    known = [*(one.policy for one in stored), *(one.policy for one in drafts)]
    if any(one["code"] == policy.code and one["unit_path"] != policy.unit_path for one in known):
        raise PolicyAlreadyExists(
            f"Kode {policy.code} sudah dipakai unit lain. Gunakan kode lain.",
            detail=f"{policy.code} is the code of another unit's policy",
            field="code",
        )


async def _refuse_unpublished(tx: Transaction, policy: Policy) -> None:
    """Refuse goals that cite what no unit of the government has published."""
    cites = citations.cited(policy)
    root = "/".join(policy.unit_path.split("/")[:2])
    within = Scope(everything=True, label="citations").narrowed(root) if root != "/" else SYSTEM
    units = await tx.find(UNITS, within, {"references": {"$in": cites}}, limit=len(cites)) if cites else []
    citations.refuse_unpublished(cites, {one for unit in units for one in unit.references})


def _active(ref: str) -> PolicyAlreadyActive:
    return PolicyAlreadyActive(
        f"Kebijakan {ref} sudah diaktifkan. Susun versi berikutnya untuk mengubahnya.",
        detail=f"{ref} was activated before",
        field="policy",
    )


def _province(policy: Policy) -> str:
    """The province on whose clocks the policy's days begin; of a national one that where they begin first."""
    return policy.unit_path[1:3] or EASTERNMOST


def _refuse_begun(draft: PolicyDraft, first: date, today: date) -> None:
    if first <= today:
        raise PolicyTooLate(
            f"Kebijakan {draft.id} berlaku sejak {written(first)}, yang sudah tiba. Pilih awal periode berikutnya.",
            detail=f"effective from {first}, and today is {today}",
            field="effective_from",
        )
