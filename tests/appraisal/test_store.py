"""Policies as they are kept: shipped once, changed by regions, and read again by every process."""

from __future__ import annotations

import asyncio
from typing import Any

from appraisal import store
from appraisal.store import POLICIES, StoredPolicy
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import eventually
from kinara.kit.work import Work


async def kept(database: Database) -> dict[str, Any]:
    return {record.id: record.state.policy for record in await Work(database).find(POLICIES, SYSTEM, {})}


async def test_policies_are_shipped_once_though_two_processes_start_together(database: Database) -> None:
    await asyncio.gather(store.ship_policies(database), store.ship_policies(database))

    assert (await kept(database)).keys() == {"nasional@1", "plaju@1", "sorong@1", "palangkaraya@1", "bengkulu@1"}


async def test_what_a_region_has_changed_survives_the_next_start(prepared: Database) -> None:
    renamed = {"$set": {"policy.name": "Kota Palembang, Plaju"}}
    await prepared[POLICIES.name].update_one({"_id": "plaju@1"}, renamed)

    await store.ship_policies(prepared)

    assert (await kept(prepared))["plaju@1"]["name"] == "Kota Palembang, Plaju"


async def test_a_policy_of_a_unit_below_is_learned_of_by_a_process_that_runs(
    prepared: Database, town: Any, deliver: Any, heard: Any
) -> None:
    officer = await town.officer("/16.71/plaju/loket")
    await deliver(town.voice(officer))
    plaju = (await kept(prepared))["plaju@1"]
    own = {**plaju, "code": "loket", "unit_path": "/16.71/plaju/loket"}

    await store.keep_policy(Work(prepared), StoredPolicy("loket@1", own))

    async def weighed_by_it() -> bool:
        await deliver(town.voice(officer))
        return bool((await heard())[-1].policy == "loket@1")

    assert await eventually(weighed_by_it, within=10, every=0.3)
