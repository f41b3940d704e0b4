"""Appraisal's collections, and the policies as they are kept."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from kinara.kit.documents import Collection, Index
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.leniency import Rater
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.units import UnitCard

SHIPPED = Path(__file__).with_name("policies")
FRESH_S = 2.0


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A policy version as plain data; ``parse_policy`` makes the rule of it."""

    id: str
    policy: Mapping[str, Any]


SCORECARDS: Collection[Scorecard] = Collection(
    "scorecards",
    Scorecard,
    key="employee_id",
    about=("employee",),
    blank=lambda id_, province: Scorecard(id_, province, ""),
    supervisor="person.supervisor_id",
    indexes=(Index(("person.supervisor_id", "_id")),),
)
UNITS: Collection[UnitCard] = Collection(
    "units",
    UnitCard,
    key="unit_id",
    about=("unit",),
    blank=lambda id_, province: UnitCard(id_, province, ""),
)
CLOSED: Collection[ClosedPeriod] = Collection(
    "closed_periods",
    ClosedPeriod,
    owner="employee_id",
    supervisor="person.supervisor_id",
    indexes=(Index(("path", "period")), Index(("employee_id", "period"))),
)
RATERS: Collection[Rater] = Collection("raters", Rater, scoped=False)
POLICIES: Collection[StoredPolicy] = Collection("policies", StoredPolicy, scoped=False)

COLLECTIONS: tuple[Collection[Any], ...] = (SCORECARDS, UNITS, CLOSED, RATERS, POLICIES)


@command
async def keep_policy(tx: Transaction, policy: StoredPolicy) -> None:
    """Store a policy version; a second process that ships the same one at the same moment changes nothing."""
    if not await tx.find(POLICIES, SYSTEM, {"_id": policy.id}, limit=1):
        tx.save(POLICIES, policy)


async def ship_policies(database: Database) -> None:
    """Put the shipped policies where the active ones are, once; what a region has changed stays."""
    for path in sorted(SHIPPED.glob("*.yaml")):
        data = yaml.safe_load(path.read_text())
        policy = StoredPolicy(parse_policy(data).ref, data)
        await keep_policy(Work(database), policy)


class PolicyShelf:
    """The policies in force, read again when they are older than ``FRESH_S`` seconds.

    A policy starts with a period to come, so a process that learns of it two seconds later weighs nothing wrongly.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Policies]] = {}

    async def __call__(self, database: Database) -> Policies:
        """All policies of all units."""
        read_at, policies = self._kept.get(database.name, (0.0, Policies(())))
        if time.monotonic() - read_at > FRESH_S:
            records = await Work(database).find(POLICIES, SYSTEM, {}, limit=10_000)
            policies = Policies(parse_policy(record.state.policy) for record in records)
            self._kept[database.name] = (time.monotonic(), policies)
        return policies


shelf = PolicyShelf()
