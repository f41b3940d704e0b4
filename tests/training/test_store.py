"""What training keeps from the start: the five programmes that the regions asked for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from kinara.kit.documents import Collection
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work
from training import commands, store
from training.domain.catalogue import CATALOGUE
from training.domain.programme import Programme
from training.store import ENROLMENTS, PROGRAMMES, SESSIONS

BY_PROGRAMME = [("programme_id", 1), ("_id", 1)]


async def shipped(database: Database) -> list[Programme]:
    return [kept.state for kept in await Work(database).find(PROGRAMMES, SYSTEM, {})]


async def test_the_five_programmes_are_on_offer_everywhere(prepared: Database) -> None:
    await store.ship_catalogue(prepared)

    programmes = await shipped(prepared)
    assert {programme.title for programme in programmes} == {template.title for template in CATALOGUE}
    assert {programme.unit_path for programme in programmes} == {"/"}
    assert all(programme.active and programme.partner.kind == "government" for programme in programmes)


async def test_they_are_shipped_once_though_every_process_ships_them(prepared: Database) -> None:
    await asyncio.gather(*(store.ship_catalogue(prepared) for _ in range(3)))
    first = await shipped(prepared)
    await store.ship_catalogue(prepared)

    assert len(first) == len(CATALOGUE)
    assert await shipped(prepared) == first


async def test_a_retired_programme_does_not_come_back_with_the_next_start(prepared: Database) -> None:
    await store.ship_catalogue(prepared)
    retired = await commands.retire_programme(Work(prepared), SYSTEM, (await shipped(prepared))[0].id)

    await store.ship_catalogue(prepared)

    assert [programme.id for programme in await shipped(prepared) if not programme.active] == [retired.id]


@pytest.mark.parametrize("collection", [SESSIONS, ENROLMENTS], ids=lambda one: one.name)
async def test_what_belongs_to_a_programme_is_found_by_an_index_in_its_order(
    prepared: Database, collection: Collection[Any]
) -> None:
    indexes = await prepared[collection.name].index_information()
    assert BY_PROGRAMME in [index["key"] for index in indexes.values()]
