"""What is found at a path follows its bearer: once, wherever it was cut off, and whoever was at work meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from kinara.kit import leases, moves
from kinara.kit.documents import Collection
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.moves import LONGEST_TRANSACTION, Followers, Mover, bearer_of, paths_left
from kinara.kit.paths import LEFT
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, Work, command
from toy import LETTERS, Letter

BEFORE, AFTER, THIRD, BELOW = "/16.71/plaju", "/16.71/seberang/plaju", "/16.71/ilir/plaju", "/16.71/plaju/pelayanan"
LATER = LONGEST_TRANSACTION + timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Whoever bears a path."""

    id: str
    province: str
    unit_path: str
    expected: bool = False


PLACES: Collection[Place] = Collection("places", Place, bears=lambda _: True)
PEOPLE: Collection[Place] = Collection("people", Place)
MOVER = Mover(PLACES, [Followers(LETTERS)], awaited=[Followers(PEOPLE, only={"expected": True})])


@command
async def put(tx: Transaction, collection: Collection[Place], place: Place) -> None:
    """Set up, or move."""
    await tx.find(collection, SYSTEM, {"_id": place.id}, limit=1)
    tx.save(collection, place)


@command
async def write(tx: Transaction, letter: Letter) -> None:
    """A letter where its writer says."""
    tx.save(LETTERS, letter)


@command
async def write_there(tx: Transaction, place_id: str, letter_id: str, go: asyncio.Event, read: asyncio.Event) -> None:
    """A letter where the place was when this transaction began."""
    place = await tx.load(PLACES, place_id, SYSTEM)
    read.set()
    await go.wait()
    tx.save(LETTERS, Letter(letter_id, unit_path=place.unit_path))


@command
async def thank(tx: Transaction, letter_id: str, go: asyncio.Event, read: asyncio.Event) -> None:
    """Another word in a letter, after some thought."""
    letter = await tx.load(LETTERS, letter_id, SYSTEM)
    read.set()
    await go.wait()
    tx.save(LETTERS, replace(letter, words=(*letter.words, "sekali")))


@command
async def today(tx: Transaction, path: str) -> str | None:
    """Where whoever bore a path is today."""
    place = await bearer_of(tx, PLACES, path)
    return place.unit_path if place else None


@pytest.fixture
async def place(database: Database) -> Place:
    """A place with one letter, and one below it."""
    for collection in (PLACES, PEOPLE, LETTERS, LEFT):
        await collection.prepare(database)
    place = Place(new_id(), "16", BEFORE)
    await put(Work(database), PLACES, place)
    await write(Work(database), Letter("here"))
    await write(Work(database), Letter("below", unit_path=BELOW))
    return place


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


async def moved(database: Database, place: Place, path: str) -> None:
    await put(Work(database), PLACES, replace(place, unit_path=path))


async def left(database: Database, place: Place) -> dict[str, bool]:
    """The paths that were left, and whether they are still to be looked at."""
    found = await Work(database).find(LEFT, SYSTEM, {"bearer_id": place.id})
    return {one.id: one.state.due_at is not None for one in found}


async def path_of(database: Database, letter_id: str) -> str:
    return (await Work(database).get(LETTERS, letter_id, SYSTEM)).state.unit_path


async def test_what_is_found_at_a_path_follows_and_only_its_new_scope_has_it(database: Database, place: Place) -> None:
    await moved(database, place, AFTER)
    await MOVER.work_off(database)

    assert (await path_of(database, "here"), await path_of(database, "below")) == (AFTER, BELOW)
    assert (await Work(database).get(LETTERS, "here", Scope(paths=("/16.71/seberang",)))).rev == 2
    with pytest.raises(NotFound):
        await Work(database).get(LETTERS, "here", Scope(paths=(BEFORE,)))


async def test_it_is_looked_at_until_nothing_is_left_and_nobody_is_awaited(database: Database, place: Place) -> None:
    late, guest = utc_now(), Place(new_id(), "16", BEFORE, expected=True)
    await put(Work(database), PEOPLE, guest)
    await moved(database, place, AFTER)
    await MOVER.work_off(database)
    await write(Work(database), Letter("late"))
    await MOVER.work_off(database)
    assert await path_of(database, "late") == BEFORE, "looked at again once every transaction of that moment has ended"

    for _ in range(2):
        late += LATER
        await MOVER.work_off(database, at(late))
    assert (await path_of(database, "late"), await left(database, place)) == (AFTER, {BEFORE: True})

    await put(Work(database), PEOPLE, replace(guest, expected=False))
    await MOVER.work_off(database, at(late + LATER))
    assert await left(database, place) == {BEFORE: False}
    assert await today(Work(database), BEFORE) == AFTER
    assert await paths_left(Work(database), PLACES, AFTER) == (BEFORE,)


@pytest.mark.parametrize("looked_between", [True, False])
async def test_two_moves_in_a_row_and_one_back_lose_nothing(
    database: Database, place: Place, looked_between: bool
) -> None:
    for path, known in ((AFTER, {BEFORE}), (THIRD, {BEFORE, AFTER}), (BEFORE, {BEFORE, AFTER, THIRD})):
        await moved(database, place, path)
        assert set(await left(database, place)) == known
        if looked_between:
            await MOVER.work_off(database)
            assert await path_of(database, "here") == path
        await write(Work(database), Letter(f"from {path}", unit_path=path))

    await MOVER.work_off(database)
    letters = [one.state.unit_path for one in await Work(database).find(LETTERS, SYSTEM, {"_id": {"$ne": "below"}})]
    assert letters == [BEFORE] * 4
    assert [await today(Work(database), path) for path in (BEFORE, AFTER, THIRD)] == [None, BEFORE, BEFORE]
    assert await paths_left(Work(database), PLACES, BEFORE) == (THIRD, AFTER)


async def test_what_cannot_follow_stops_nobody_else_and_is_tried_again_later(
    database: Database, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unless_torn(state: Letter, bearer: Place, now: datetime) -> Letter:
        if bearer.id == place.id and torn:
            raise ValueError("torn")
        return moves.beside(state, bearer, now)

    torn, other = True, Place(new_id(), "16", THIRD)
    await put(Work(database), PLACES, other)
    await write(Work(database), Letter("there", unit_path=THIRD))
    gone = Place(new_id(), "16", BELOW)
    await put(Work(database), PLACES, gone)
    for mover, path in ((place, AFTER), (other, THIRD + "/baru"), (gone, BELOW + "/baru")):
        await moved(database, mover, path)
    await database[PLACES.name].delete_one({"_id": gone.id})
    mover = Mover(PLACES, [Followers(LETTERS, moved=unless_torn)])

    for _ in range(2):
        await mover.work_off(database)
    assert [await path_of(database, one) for one in ("here", "there")] == [BEFORE, THIRD + "/baru"]
    assert await left(database, place) == {BEFORE: True}
    assert not await mover._waits(database), "left alone for a while"

    torn = False
    await mover.work_off(database)
    assert await path_of(database, "here") == BEFORE
    later = time.monotonic() + 2 * leases.FAILED_S
    monkeypatch.setattr(leases, "time", SimpleNamespace(monotonic=lambda: later))
    await mover.work_off(database)
    assert await path_of(database, "here") == AFTER


async def test_two_at_once_move_everything_once(
    database: Database, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "PAGE", 2)
    for number in range(7):
        await write(Work(database), Letter(f"{number}", number=number))
    await moved(database, place, AFTER)

    await asyncio.gather(*(MOVER.work_off(database) for _ in range(3)))

    found = await Work(database).find(LETTERS, SYSTEM, {"unit_path": AFTER})
    assert [(one.id, one.rev) for one in found] == [*((f"{n}", 2) for n in range(7)), ("here", 2)]


async def test_what_is_created_by_who_has_read_the_old_path_follows_too(database: Database, place: Place) -> None:
    go, read = asyncio.Event(), asyncio.Event()
    creating = asyncio.create_task(write_there(Work(database), place.id, "slow", go, read))
    await read.wait()
    await moved(database, place, AFTER)
    await MOVER.work_off(database)
    go.set()
    await creating
    assert await path_of(database, "slow") == BEFORE, "its transaction has seen the place where it was"

    await MOVER.work_off(database, at(utc_now() + LATER))
    assert await path_of(database, "slow") == AFTER


async def test_a_command_at_work_on_a_document_runs_again_where_it_is_now(database: Database, place: Place) -> None:
    go, read = asyncio.Event(), asyncio.Event()
    thanking = asyncio.create_task(thank(Work(database), "here", go, read))
    await read.wait()
    await moved(database, place, AFTER)
    await MOVER.work_off(database)
    go.set()
    await thanking

    letter = (await Work(database).get(LETTERS, "here", SYSTEM)).state
    assert (letter.unit_path, letter.words) == (AFTER, ("terima", "kasih", "sekali"))
