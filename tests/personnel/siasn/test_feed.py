"""Pulling many people over HTTP, in order, through all habits, and again from any row."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from kinara.kit.testing import eventually
from personnel.siasn.client import SiasnClient
from personnel.siasn.connection import Connection
from personnel.siasn.failures import CircuitOpen
from personnel.siasn.feed import pull
from personnel.siasn.rows import Governments, Numbered, Rejected, Row
from siasn_stub.people import Person, people
from siasn_stub.places import UNITS
from siasn_stub.remote import Stub

Connect = Callable[..., Connection]
ALL_HABITS = {"html": 0.04, "empty": 0.04, "runtime_error": 0.04, "suspended": 0.04, "expired": 0.02, "mismatch": 0.02}
KEPT_OUT = ("bad_nip", "bad_date", "missing_unit", "not_found")


@pytest.fixture(scope="module")
def persons() -> dict[str, Person]:
    """The stub's people, by NIP."""
    return {person.nip: person for person in people()}


async def _all(
    connection: Connection, nips: list[str], governments: Governments, start: int = 1, concurrency: int = 8
) -> list[Numbered]:
    async with SiasnClient(connection) as client:
        return [numbered async for numbered in pull(client, nips, governments, start=start, concurrency=concurrency)]


async def test_a_whole_government_comes_in_order_through_every_habit(
    connect: Connect, stub: Stub, governments: Governments, persons: dict[str, Person]
) -> None:
    nips = stub.nips("96.71")
    stub.behave(**ALL_HABITS, slow=0.01, slow_seconds=0.05)
    rows = await _all(connect(), nips, governments, concurrency=16)
    assert [number for number, _ in rows] == list(range(1, len(nips) + 1))
    kept_out = {nip for nip, (_, row) in zip(nips, rows, strict=True) if isinstance(row, Rejected)}
    assert kept_out == {nip for nip in nips if persons[nip].flaw in KEPT_OUT}
    served = stub.counts()["served"]
    assert all(served[habit] > 0 for habit in (*ALL_HABITS, "slow"))


async def test_every_accepted_row_names_a_unit_and_what_registration_needs(
    connect: Connect, stub: Stub, governments: Governments, persons: dict[str, Person]
) -> None:
    nips = stub.nips("96.71")[:100]
    known = {unit.id for unit in UNITS}
    for nip, (_, row) in zip(nips, await _all(connect(), nips, governments), strict=True):
        if isinstance(row, Row):
            assert row.profile.nip == nip
            assert row.government.code == "96.71"
            assert (row.unit_source_id in known) == (persons[nip].flaw != "unknown_unit")


async def test_a_run_goes_on_from_any_row_with_the_same_result(
    connect: Connect, stub: Stub, governments: Governments
) -> None:
    nips = stub.nips("96.71")[:60]
    whole = await _all(connect(), nips, governments)
    for start in (1, 2, 30, 60, 61):
        assert await _all(connect(), nips, governments, start) == whole[start - 1 :]


async def test_only_what_is_pulled_is_asked(connect: Connect, stub: Stub, governments: Governments) -> None:
    nips = stub.nips("96.71")[:60]
    stub.behave()
    await _all(connect(), nips, governments, start=51)
    assert stub.counts()["served"] == {"good": 10}


async def test_a_run_that_is_left_leaves_no_question_behind(
    connect: Connect, stub: Stub, governments: Governments
) -> None:
    before = asyncio.all_tasks()
    async with SiasnClient(connect()) as client:
        rows = pull(client, stub.nips("62.71"), governments)
        async for number, _ in rows:
            if number == 5:
                break
        await rows.aclose()
    assert asyncio.all_tasks() == before


class _LateAboutOne:
    """A SIASN that knows nobody, and keeps one caller waiting until it is let go."""

    def __init__(self, late: str) -> None:
        self.late = late
        self.asked: list[str] = []
        self.go = asyncio.Event()

    async def data_utama(self, nip: str) -> None:
        self.asked.append(nip)
        if nip == self.late:
            await self.go.wait()


async def test_a_person_who_is_late_does_not_hold_up_those_behind(governments: Governments) -> None:
    nips = [f"{n:018}" for n in range(60)]
    siasn: Any = _LateAboutOne(nips[0])
    rows = pull(siasn, nips, governments, concurrency=2)
    first = asyncio.ensure_future(anext(rows))
    await eventually(lambda: len(siasn.asked) == len(nips))
    assert not first.done()
    siasn.go.set()
    assert [(await first)[0], *[number async for number, _ in rows]] == list(range(1, 61))


async def test_a_repeated_nip_is_rejected_and_not_asked_again(
    connect: Connect, stub: Stub, governments: Governments
) -> None:
    first, second = stub.nips("17")[:2]
    stub.behave()
    rows = await _all(connect(), [first, second, first], governments)
    assert isinstance(rows[2][1], Rejected)
    assert "urutan 1" in rows[2][1].reason
    assert stub.counts()["served"] == {"good": 2}
    assert await _all(connect(), [first, second, first], governments, start=3) == rows[2:]


async def test_one_person_whom_siasn_never_answers_about_is_rejected_and_the_run_goes_on(
    connect: Connect, stub: Stub, governments: Governments
) -> None:
    stub.behave(html=0.05, heal_after=10**6)
    rows = await _all(connect(attempts=2), stub.nips("96.71"), governments)
    silent = [row for _, row in rows if isinstance(row, Rejected) and row.field is None]
    assert len(rows) == len(stub.nips("96.71"))
    assert 0 < len(silent) < 50
    assert all("Tarik ulang NIP" in row.reason and row.raw["nipBaru"] not in row.reason for row in silent)


@pytest.mark.parametrize("concurrency", [1, 4])
async def test_when_siasn_is_down_the_run_stops_rejects_nobody_for_it_and_goes_on_later(
    connect: Connect, stub: Stub, governments: Governments, concurrency: int
) -> None:
    nips = stub.nips("62.71")[:50]
    whole = await _all(connect(), nips, governments)
    rows: list[Numbered] = []

    async def run_until_down() -> None:
        async with SiasnClient(connect(failures_to_open=12, attempts=5)) as client:
            async for numbered in pull(client, nips, governments, concurrency=concurrency):
                rows.append(numbered)
                if numbered[0] == 20:
                    stub.behave(runtime_error=1.0, heal_after=10**6)

    with pytest.raises(CircuitOpen):
        await run_until_down()
    assert 20 <= len(rows) < 50
    assert rows == whole[: len(rows)]
    stub.behave()
    assert await _all(connect(), nips, governments, start=len(rows) + 1) == whole[len(rows) :]


async def test_a_changed_record_has_another_hash_and_an_unchanged_one_the_same(
    connect: Connect, stub: Stub, governments: Governments
) -> None:
    nips = stub.nips("17")[:30]

    async def hashes() -> list[str]:
        rows = await _all(connect(), nips, governments)
        return [row.content_hash for _, row in rows if isinstance(row, Row)]

    before = await hashes()
    assert await hashes() == before
    stub.correct(nips[3], golRuangAkhir="IV/e", tmtGolAkhir="01-10-2025")
    after = await hashes()
    assert [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [3]
    stub.correct(nips[3], alamat="JL. LAIN NO. 1", noHp="0800000")
    assert await hashes() == after
