"""Whoever goes through a whole collection meets everybody inside the scope once, in order, without their effects."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import toy
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scans import read_ahead, scan
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, Work, command
from toy import LETTERS, TALLIES, Letter, add_letter

PLAJU, SORONG = "/16.71/plaju", "/96.71/sorong"


@command
async def noted(tx: Transaction, employee: str) -> None:
    """Change a tally, with an effect."""
    state = await tx.load(TALLIES, employee, SYSTEM)
    tx.save(TALLIES, replace(state, note="terima kasih"), effect={"did": "noted"})


@pytest.fixture
async def letters(database: Database) -> dict[str, list[str]]:
    """Seven in one unit, two in another: ids by unit, in order."""
    await LETTERS.prepare(database)
    ids: dict[str, list[str]] = {PLAJU: [], SORONG: []}
    for number, unit in enumerate([PLAJU] * 7 + [SORONG] * 2):
        letter = Letter(new_id(), number=number, unit_path=unit)
        await add_letter(Work(database), letter)
        ids[unit].append(letter.id)
    return {unit: sorted(of) for unit, of in ids.items()}


@pytest.mark.parametrize("size", [1, 3, 7, 100])
async def test_everybody_comes_once_and_in_order(database: Database, letters: dict[str, list[str]], size: int) -> None:
    pages = [[r.id for r in page] async for page in read_ahead(scan(database, LETTERS, SYSTEM, {}, size=size))]
    assert [id_ for page in pages for id_ in page] == sorted(letters[PLAJU] + letters[SORONG])
    assert max(len(page) for page in pages) == min(size, 9)


async def test_only_what_lies_inside_the_scope_and_is_asked_for_comes(
    database: Database, letters: dict[str, list[str]]
) -> None:
    inside = scan(database, LETTERS, Scope(paths=(PLAJU,)), {"number": {"$gt": 4}}, size=2)
    assert [[r.id for r in page] async for page in inside] == [letters[PLAJU][5:]]
    assert [page async for page in scan(database, LETTERS, Scope(), {}, size=2)] == []


async def test_effects_stay_in_the_database(database: Database) -> None:
    await TALLIES.prepare(database)
    employee = new_id()
    await toy.report(Work(database), employee, Decimal(1))
    await noted(Work(database), employee)
    assert (await Work(database).get(TALLIES, employee, SYSTEM)).rows
    [[record]] = [page async for page in scan(database, TALLIES, SYSTEM, {}, size=5)]
    assert (record.state.note, record.rows) == ("terima kasih", ())


async def test_a_scope_that_several_ways_lead_into_is_no_single_line(database: Database) -> None:
    with pytest.raises(ValueError, match="2 ways into letters"):
        await anext(scan(database, LETTERS, Scope(paths=(PLAJU, SORONG), label="me"), {}, size=2))
