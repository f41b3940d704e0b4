"""Which budgets pay for whom: those of the units above an employee, also while units and people are on the move.

Units, their money and their people come to another place one after the other. So an employee's own unit pays wherever
it is, then those above their path, or above where its bearer has gone by now; and a budget is where its unit is.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from kinara.kit.documents import Collection
from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.paths import LEFT
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction

from training.domain import budget as budgets
from training.domain.budget import Budget
from training.domain.record import Record
from training.domain.unit import Unit
from training.store import BUDGETS, UNITS

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Places:
    """Where units are."""

    units: dict[str, Unit]
    """By id, of the employees that were asked for."""
    moved: dict[str, str]
    """The paths that were left, with those of today."""

    def payers(self, learner: Record) -> tuple[str, ...]:
        """The paths at which somebody's budgets are looked for, the nearest first."""
        unit, levels = self.units.get(learner.unit_id), budgets.payers(learner.unit_path)
        for above, level in enumerate(levels):
            if level in self.moved:
                levels = [*levels[:above], *budgets.payers(self.moved[level])]
                break
        own = [unit.unit_path] if unit is not None and unit.unit_path else []
        return tuple(dict.fromkeys([*own, *levels]))


async def places_of(tx: Transaction, learners: Iterable[Record]) -> Places:
    """Where the units of these employees are, and those above them."""
    known = list(learners)
    load = tx.by_ids if len(known) > 1 else partial(_one_by_one, tx)
    units = await load(UNITS, (one.unit_id for one in known), SYSTEM)
    still = Places(units, {})
    left = await load(LEFT, (path for one in known for path in still.payers(one)), SYSTEM)
    bearers = await load(UNITS, (one.bearer_id for one in left.values()), SYSTEM)
    moved = {path: bearers[one.bearer_id].unit_path for path, one in left.items() if one.bearer_id in bearers}
    return Places(units, {path: now for path, now in moved.items() if path != now})


async def budgets_at(tx: Transaction, places: Iterable[str], years: Some[int]) -> list[Budget]:
    """The budgets of the units at some paths, in some years; one that has not come along yet does so here."""
    at = await _units_at(tx, sorted(set(places)))
    ids, found = sorted(at), list[Budget]()
    for start in range(0, len(ids), IDS_A_QUERY):
        part = ids[start : start + IDS_A_QUERY]
        query = {"unit_id": {"$in": part}, "year": {"$in": sorted(years)}}
        found += await tx.find(BUDGETS, SYSTEM, query, limit=len(part) * len(years) + 1)
    return [budgets.come_along(one, at[one.unit_id], tx.now) for one in found]


async def _one_by_one(tx: Transaction, collection: Collection[S], ids: Iterable[str], scope: Scope) -> dict[str, S]:
    """As ``by_ids``; who ask beside each other for one document each are answered by one query."""
    found = {id_: await tx.find(collection, scope, {"_id": id_}, limit=1) for id_ in ids}
    return {id_: states[0] for id_, states in found.items() if states}


async def budgets_one_by_one(tx: Transaction, places: Iterable[str], year: int) -> list[Budget]:
    """The same of one year, each by a plain question: who enrol together change the budget that all of them ask for,
    and a group sees by itself what it has saved only where the question is plain (`kit/saved.py`)."""
    found = list[Budget]()
    for unit in (await _units_at(tx, sorted(set(places)))).values():
        known = await tx.find(BUDGETS, SYSTEM, {"unit_id": unit.id, "year": year}, limit=1)
        found += [budgets.come_along(one, unit, tx.now) for one in known]
    return found


async def _units_at(tx: Transaction, places: list[str]) -> dict[str, Unit]:
    found: list[Unit] = []
    for start in range(0, len(places), IDS_A_QUERY):
        part = places[start : start + IDS_A_QUERY]
        query = {"path": {"$in": [place + "/" for place in part]}}
        found += await tx.find(UNITS, SYSTEM, query, limit=len(part) + 1)
    return {unit.id: unit for unit in found}
