"""What was said on a day that is over cannot be changed without being noticed, whoever holds the database."""

from __future__ import annotations

import asyncio
import copy
import hashlib
import os
import random
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import running
import toy
from embedded.stack import Stack
from kinara.kit import leases, merkle, sealing, seals, unsealing, witness
from kinara.kit.identity import Role
from kinara.kit.ids import new_id, put_clock_ahead, utc_now
from kinara.kit.leases import INTERRUPTIONS, LEASES
from kinara.kit.metrics import CHORES_FAILED
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX, Message, dead_letter_row, row
from kinara.kit.scope import SYSTEM
from kinara.kit.sealing import PAGES, SEALS, seal_due
from kinara.kit.seals import BEGINNING, Found, Proof, Seal
from kinara.kit.stored import Document
from kinara.kit.testing import eventually
from kinara.kit.unsealing import ADDED
from kinara.kit.work import Cause, Work
from toy_door import bearer, problem

FIRST = date(2026, 11, 20)
DAY = timedelta(days=1)


def moment(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def id_at(at: datetime) -> str:
    """An id as it would have been made then."""
    text = f"{int(at.timestamp() * 1000):012x}"
    return f"{text[:8]}-{text[8:]}{new_id()[13:]}"


def bucket(at: datetime, facts: int = 3) -> Document:
    """A transaction of that time: facts, whose ids are made before that of their bucket, and a dead letter."""
    before = at - timedelta(milliseconds=1)
    rows = [
        row(toy.reported(new_id()), id_=id_at(before), version=n, at=at, cause=Cause(new_id()))
        for n in range(1, facts + 1)
    ]
    letter = dead_letter_row(Message("asn.uji.dlq", None, b"\xff?", [("reason", b"poison"), ("none", None)]))
    return {"_id": id_at(at), "at": at, "rows": [*rows, letter]}


async def said(database: Database, *days: date, buckets: int = 5) -> list[Document]:
    """Some transactions on each of these days, in their order."""
    made = [bucket(moment(day, 1 + n)) for day in days for n in range(buckets)]
    await database[OUTBOX].insert_many(made)
    return made


async def sealed(database: Database, until: date) -> list[Seal]:
    """All seals once this is the last sealed day."""
    await seal_due(database, "appraisal", lambda: moment(until + DAY, 18))
    return await sealing.kept(database)


async def differences(database: Database) -> list[Found]:
    kept = await sealing.kept(database)
    today = kept[-1].day + DAY if kept else FIRST
    return [found async for found in unsealing.differences(database, kept, moment(today))]


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days of several pages without many facts."""
    monkeypatch.setattr(sealing, "PAGE", 4)
    monkeypatch.setattr(sealing, "READ", 3)


async def test_a_day_is_sealed_on_the_next_after_midnight_in_the_whole_country(database: Database) -> None:
    await said(database, FIRST)
    assert await sealing.due(database, moment(FIRST + DAY, 17, 59)) is None
    assert await sealing.due(database, moment(FIRST + DAY, 18)) == FIRST


async def test_days_follow_one_another_also_those_without_facts(database: Database) -> None:
    made = await said(database, FIRST, FIRST + 2 * DAY)
    one, two, three = await sealed(database, FIRST + 2 * DAY)
    assert [(s.day, s.buckets, s.facts, s.late) for s in (one, two, three)] == [
        (FIRST, 5, 20, 0), (FIRST + DAY, 0, 0, 0), (FIRST + 2 * DAY, 5, 20, 0),
    ]  # fmt: skip
    assert one.root == merkle.root([seals.digest(b) for b in made[:5]]).hex()
    assert [one.previous, two.previous, three.previous] == [BEGINNING, one.hash, two.hash]
    assert await differences(database) == []
    assert await sealed(database, FIRST + 2 * DAY) == [one, two, three]


async def test_nothing_said_is_nothing_to_seal_and_a_strange_id_stops_nobody(database: Database) -> None:
    assert await sealing.due(database, moment(FIRST)) is None
    await database[OUTBOX].insert_many([{"_id": "!", "at": 1, "rows": None}, {"_id": "zz"}, bucket(moment(FIRST))])
    assert [s.buckets for s in await sealed(database, FIRST)] == [1]
    assert {found.bucket for found in await differences(database)} == {"!", "zz"}


async def test_a_service_whose_clock_is_ahead_has_its_days_like_any_other(database: Database) -> None:
    ahead = FIRST + 40 * DAY
    await said(database, FIRST, ahead, ahead + DAY)
    assert len(await sealed(database, ahead)) == 41
    assert await differences(database) == []


def test_ids_are_made_by_the_clock_of_the_process() -> None:
    before = seals.day_of_id(new_id())
    put_clock_ahead(40)
    try:
        assert seals.day_of_id(new_id()) - before in (40 * DAY, 41 * DAY)
    finally:
        put_clock_ahead(0)
    assert seals.day_of_id(new_id()) - before in (0 * DAY, DAY)


@pytest.mark.parametrize("count", [1, 4, 5, 8, 13])
async def test_a_day_has_one_root_however_many_pages_it_has(database: Database, count: int) -> None:
    made = await said(database, FIRST, buckets=count)
    (seal,) = await sealed(database, FIRST)
    assert seal.root == merkle.root([seals.digest(b) for b in made]).hex()
    assert await database[PAGES].count_documents({}) == -(-count // 4)


async def test_what_a_day_comes_to_is_the_same_for_whoever_reads_it(database: Database) -> None:
    (made,) = await said(database, FIRST, buckets=1)
    stored = await database.find_one(OUTBOX, {})
    assert stored is not None
    assert seals.digest(stored) == seals.digest(made)
    fact = seals.plain(seals.fact(made["rows"][0]))
    assert fact["time"] == "2026-11-20T01:00:00.000Z"
    assert len(fact["data"]) == 64
    letter = seals.plain(seals.fact(made["rows"][-1]))
    assert letter["headers"] == [["reason", "cG9pc29u"], ["none", None]]
    assert seals.canonical({"b": "é", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"é"}'.encode()


Change = Callable[[Document], Any]


def other_score(found: Document) -> None:
    found["rows"][1]["data"] = found["rows"][1]["data"].replace('"1"', '"9"')


CHANGES: dict[str, Change] = {
    "a fact says something else": other_score,
    "a fact is about somebody else": lambda b: b["rows"][0].update(subject=f"employee/{new_id()}"),
    "a fact has another time": lambda b: b["rows"][0].update(time=b["rows"][0]["time"] + timedelta(milliseconds=1)),
    "a fact was removed": lambda b: b["rows"].pop(1),
    "a fact was added": lambda b: b["rows"].insert(1, dict(b["rows"][0], id=new_id())),
    "facts were reordered": lambda b: b["rows"].reverse(),
    "a field was added": lambda b: b["rows"][0].update(note="x"),
    "a dead letter was changed": lambda b: b["rows"][-1].update(value=b"?"),
    "its time was moved": lambda b: b.update(at=b["at"] + DAY),
    "it was emptied": lambda b: b.update(rows=[]),
    "it was torn": lambda b: b.update(rows="gone"),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_a_bucket_that_was_changed_after_its_seal_is_named(database: Database, name: str) -> None:
    made = await said(database, FIRST, FIRST + DAY, buckets=6)
    await sealed(database, FIRST + DAY)
    victim = made[random.Random(name).randrange(12)]
    CHANGES[name](victim)
    await database[OUTBOX].replace_one({"_id": victim["_id"]}, victim)
    day = str(seals.day_of_id(victim["_id"]))
    assert await differences(database) == [Found(day, victim["_id"], "the bucket was changed")]


@pytest.mark.parametrize("place", [0, 3, 4, 5])
async def test_a_bucket_that_was_removed_or_added_is_named(database: Database, place: int) -> None:
    made = await said(database, FIRST, FIRST + DAY, buckets=6)
    await sealed(database, FIRST + DAY)
    await database[OUTBOX].delete_one({"_id": made[place]["_id"]})
    added = bucket(moment(FIRST, 1 + place, 30))
    await database[OUTBOX].insert_one(added)
    assert set(await differences(database)) == {
        Found(str(FIRST), made[place]["_id"], "the bucket was removed"),
        Found(str(FIRST), added["_id"], ADDED),
    }


def root_of(day: list[Document]) -> bytes:
    return merkle.root([seals.digest(one) for one in day])


def edited(day: list[Document], dice: random.Random) -> None:
    """One character of one fact."""
    fact = dice.choice(dice.choice(day)["rows"][:-1])
    field = dice.choice(["data", "id", "type", "subject", "province", "correlation"])
    at = dice.randrange(len(fact[field]))
    fact[field] = fact[field][:at] + chr(ord(fact[field][at]) ^ 1) + fact[field][at + 1 :]


def swapped(some: list[Any], dice: random.Random) -> None:
    one, other = dice.sample(range(len(some)), 2)
    some[one], some[other] = some[other], some[one]


TAMPERINGS: list[Callable[[list[Document], random.Random], Any]] = [
    edited,
    swapped,
    lambda day, dice: swapped(dice.choice(day)["rows"], dice),
    lambda day, dice: day.pop(dice.randrange(len(day))),
    lambda day, _: day.pop(),
    lambda day, dice: day.insert(dice.randrange(len(day)), bucket(moment(FIRST))),
    lambda day, dice: day.append(dict(dice.choice(day))),
    lambda day, dice: dice.choice(day)["rows"].pop(dice.randrange(4)),
    lambda day, dice: dice.choice(day)["rows"].append(bucket(moment(FIRST))["rows"][0]),
]


def test_a_thousand_tamperings_of_a_day_all_give_it_another_root(seed: int) -> None:
    dice = random.Random(seed)
    day = [bucket(moment(FIRST, n)) for n in range(1, 12)]
    sealed_root = root_of(day)
    for turn in range(1000):
        tampered = copy.deepcopy(day)
        TAMPERINGS[turn % len(TAMPERINGS)](tampered, dice)
        assert root_of(tampered) != sealed_root, turn


async def test_two_buckets_that_have_changed_places_are_named(database: Database) -> None:
    made = await said(database, FIRST)
    await sealed(database, FIRST)
    for one, other in ((1, 3), (3, 1)):
        await database[OUTBOX].replace_one({"_id": made[one]["_id"]}, made[other] | {"_id": made[one]["_id"]})
    assert [found.bucket for found in await differences(database)] == [made[1]["_id"], made[3]["_id"]]


async def rewritten(database: Database, made: Document) -> None:
    """A bucket changed, and its page's digests with it."""
    made["rows"].pop()
    await database[OUTBOX].replace_one({"_id": made["_id"]}, made)
    (page,) = await database.find(PAGES, {"buckets": made["_id"]})
    page["digests"][page["buckets"].index(made["_id"])] = seals.digest(made)
    page |= {"root": merkle.root(page["digests"]), "counts": page["counts"] | {"facts": page["counts"]["facts"] - 1}}
    await database[PAGES].replace_one({"_id": page["_id"]}, page)


async def test_digests_that_were_rewritten_with_the_outbox_have_another_root_than_the_seal(database: Database) -> None:
    made = await said(database, FIRST, FIRST + DAY)
    await sealed(database, FIRST + DAY)
    await rewritten(database, made[0])
    assert await differences(database) == [Found(str(FIRST), None, "its digests have another root than its seal")]
    await database[PAGES].delete_many({"_id": f"{FIRST}/000001"})
    assert {found.day for found in await differences(database)} == {str(FIRST)}


async def test_a_seal_that_was_rewritten_breaks_the_chain_and_a_whole_new_chain_is_not_the_one_that_was_kept(
    database: Database,
) -> None:
    made = await said(database, FIRST, FIRST + DAY)
    published = await sealed(database, FIRST + DAY)
    await rewritten(database, made[0])
    await database[SEALS].update_one({"_id": str(FIRST)}, {"$set": {"facts": 19}})
    assert (await differences(database))[0] == Found(
        str(FIRST), None, "the seal was changed: its hash is not that of what it says"
    )
    await database[SEALS].delete_many({})
    anew = await sealed(database, FIRST + DAY)
    assert await differences(database) == []
    found = list(seals.against(published, anew, whole=True))
    assert found == [Found(str(day), None, "it is not the seal that was published") for day in (FIRST, FIRST + DAY)]
    assert list(seals.against(published, published, whole=True)) == []


async def test_seals_that_are_gone_are_missed(database: Database) -> None:
    await said(database, FIRST)
    published = await sealed(database, FIRST + 3 * DAY)
    gone = [Found(str(FIRST + 3 * DAY), None, "a seal that was published is gone")]
    assert list(seals.against(published, published[:-1], whole=False)) == gone
    assert list(seals.against(published[:2], published[1:], whole=False)) == []
    assert list(seals.continued(published[:2], published[1:])) == []
    assert list(seals.against(published[:2], published[1:], whole=True)) == [
        Found(str(FIRST), None, "a seal that was published is gone")
    ]
    assert [f.what for f in seals.chain([published[0], *published[2:]])] == [
        f"a gap before it: it does not follow the day {FIRST}"
    ]
    await database[SEALS].delete_one({"_id": str(FIRST)})
    assert (await differences(database))[0] == Found(
        str(FIRST + DAY), None, "a gap before it: the seals before it are gone, or were not given"
    )
    await database[SEALS].delete_many({})
    found = [f.what async for f in unsealing.differences(database, [], moment(FIRST + 3 * DAY))]
    assert found == ["no day was ever sealed, or every seal is gone"]


async def test_a_chain_that_was_begun_anew_does_not_continue_the_copy(database: Database) -> None:
    await said(database, FIRST)
    published = await sealed(database, FIRST + 2 * DAY)
    for collection in (OUTBOX, PAGES, SEALS):
        await database[collection].delete_many({})
    await said(database, FIRST + 3 * DAY)
    anew = await sealed(database, FIRST + 4 * DAY)
    assert list(seals.continued(published, anew)) == [
        Found(str(FIRST + 3 * DAY), None, "it is not chained to the seal of the day before")
    ]
    assert [f.day for f in seals.continued(published[:2], anew)] == [str(FIRST + 3 * DAY)], "a day is missing between"
    assert [f.day for f in seals.against(published, anew, whole=True)] == [str(one.day) for one in published]
    assert [f.what for f in seals.against(published, [], whole=False)] == [
        "of appraisal seals were published, and none is there"
    ]
    assert (seals.compared(published, anew), seals.compared(published, published)) == (0, 3)


async def test_sealing_that_stands_still_is_noticed_on_the_third_day(database: Database) -> None:
    await said(database, FIRST)
    kept = await sealed(database, FIRST)
    assert list(seals.stopped(kept, FIRST + 2 * DAY)) == []
    assert [f.day for f in seals.stopped(kept, FIRST + 3 * DAY)] == [str(FIRST)]
    assert [f.day async for f in unsealing.differences(database, kept, moment(FIRST + 3 * DAY))] == [str(FIRST)]


async def test_one_seal_that_is_torn_stops_the_sealing_and_not_the_service(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await LEASES.prepare(database)
    await said(database, FIRST)
    await sealed(database, FIRST)
    await database[SEALS].update_one({"_id": str(FIRST)}, {"$set": {"root": "gone"}})
    monkeypatch.setattr(sealing, "EVERY_S", 0.01)
    monkeypatch.setattr(leases, "FAILED_S", 0.01)
    failed = CHORES_FAILED.labels("seals")._value.get
    before = failed()
    chore = asyncio.create_task(sealing.Sealer("appraisal").run(database))
    await eventually(lambda: asyncio.sleep(0, failed() >= before + 3))
    assert not chore.done()
    chore.cancel()
    await asyncio.gather(chore, return_exceptions=True)


def test_what_is_not_the_same_has_not_the_same_hash() -> None:
    assert seals.canonical({"a": Decimal("1.5")}) != seals.canonical({"a": "1.5"})
    fact, letter = {"data": "teks"}, {"value": b"teks"}
    plain_hash = hashlib.sha256(b"teks").hexdigest()
    assert (seals.fact(fact), seals.fact(letter)) == ({"data": plain_hash}, {"value": plain_hash})
    for swapped_kind in ({"data": b"teks"}, {"value": "teks"}, {"data": plain_hash}, {"data": {"a": 1}}):
        assert seals.canonical(seals.fact(swapped_kind)) not in (
            seals.canonical(seals.fact(fact)), seals.canonical(seals.fact(letter)),
        )  # fmt: skip


async def test_an_event_is_proven_by_its_own_day_also_where_another_lists_what_is_later(database: Database) -> None:
    made = await said(database, FIRST, FIRST + DAY, buckets=2)
    await sealed(database, FIRST + DAY)
    await database[PAGES].update_one({"_id": f"{FIRST + DAY}/000000"}, {"$set": {"last": made[0]["_id"]}})
    proof = await witness.prove(database, made[0]["rows"][0]["id"], SYSTEM)
    assert proof.day == FIRST


async def test_a_bucket_that_came_late_is_reported_then_sealed_with_the_next_day_as_late(database: Database) -> None:
    await said(database, FIRST, FIRST + DAY, FIRST + 2 * DAY)
    await sealed(database, FIRST + DAY)
    late = bucket(moment(FIRST, 3, 30))
    await database[OUTBOX].insert_one(late)
    assert await differences(database) == [Found(str(FIRST), late["_id"], ADDED)]
    *_, last = await sealed(database, FIRST + 2 * DAY)
    assert (last.buckets, last.late) == (6, 1)
    assert await differences(database) == []
    assert [s.late for s in (await sealed(database, FIRST + 4 * DAY))[-2:]] == [0, 0]
    proof = await witness.prove(database, late["rows"][0]["id"], SYSTEM)
    assert (proof.day, list(seals.proven(proof, await sealing.kept(database)))) == (FIRST + 2 * DAY, [])
    late["rows"].pop()
    await database[OUTBOX].replace_one({"_id": late["_id"]}, late)
    assert await differences(database) == [Found(str(FIRST + 2 * DAY), late["_id"], "the bucket was changed")]


async def test_a_bucket_of_long_ago_is_taken_up_by_no_seal(database: Database) -> None:
    await said(database, FIRST)
    await sealed(database, FIRST + 8 * DAY)
    added = bucket(moment(FIRST, 3, 30))
    await database[OUTBOX].insert_one(added)
    await sealed(database, FIRST + 9 * DAY)
    assert await differences(database) == [Found(str(FIRST), added["_id"], ADDED)]


async def test_sealers_at_the_same_time_make_one_seal(database: Database) -> None:
    made = await said(database, FIRST, FIRST + DAY, buckets=9)

    async def sealer() -> None:
        for _ in range(20):
            with suppress(*INTERRUPTIONS):  # as the lease's loop would: again from what is stored
                await seal_due(database, "appraisal", lambda: moment(FIRST + 2 * DAY, 18))

    await asyncio.gather(*(sealer() for _ in range(3)))
    one, two = await sealing.kept(database)
    assert (one.root, two.previous) == (merkle.root([seals.digest(b) for b in made[:9]]).hex(), one.hash)
    assert await differences(database) == []


SEALER = f"""
import asyncio, sys
from datetime import datetime
from kinara.kit import sealing
from kinara.kit.mongo import Database

sealing.PAGE = 4

async def main():
    now = datetime.fromisoformat("{moment(FIRST + DAY, 18).isoformat()}")
    await sealing.seal_due(Database(sys.argv[1], sys.argv[2]), "appraisal", lambda: now)

asyncio.run(main())
"""


@pytest.mark.killed("seals.after_page")
@pytest.mark.parametrize("after", [1, 2, 3])
async def test_a_sealer_that_is_killed_is_followed_by_one_that_goes_on(
    database: Database, servers: Stack, after: int
) -> None:
    made = await said(database, FIRST, buckets=9)
    command = (sys.executable, "-c", SEALER, servers.mongo_url, database.name)
    crash = {"KINARA_CRASH_AT": f"seals.after_page:{after}"}
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | crash)
    assert await process.wait() == -signal.SIGKILL
    assert await sealing.kept(database) == []
    assert await database[PAGES].count_documents({}) == after
    (seal,) = await sealed(database, FIRST)
    assert seal.root == merkle.root([seals.digest(b) for b in made]).hex()
    assert await differences(database) == []


async def test_every_fact_of_a_day_can_be_proven(database: Database) -> None:
    made = await said(database, FIRST, buckets=6)
    kept = await sealed(database, FIRST)
    for one in made:
        for fact in one["rows"][:-1]:
            proof = await witness.prove(database, fact["id"], SYSTEM)
            assert list(seals.proven(proof, kept)) == []
            assert proof.fact["subject"] == fact["subject"]
            for lie in (
                {"fact": proof.fact | {"version": 9}}, {"bucket": proof.bucket | {"facts": 9}}, {"root": "0" * 64},
                {"day": FIRST + DAY},
            ):  # fmt: skip
                assert list(seals.proven(proof.model_copy(update=lie), kept)), lie


async def test_what_is_said_through_the_service_is_sealed_and_told_to_everybody(
    http: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    fact = await toy.report(Work(database), new_id(), Decimal(1))
    address, mine = f"/v1/seals/proofs/{fact}", bearer(tmp_path, Role.OVERSIGHT)
    problem(await http.get(address, headers=mine), 404, "not-found")
    await seal_due(database, "appraisal", lambda: utc_now() + 3 * DAY)
    first = (await http.get("/v1/public/seals", params={"limit": 1})).json()
    rest = (await http.get("/v1/public/seals", params={"after": first["next"]})).json()
    told = [Seal.model_validate(item) for item in first["items"] + rest["items"]]
    assert told == await sealing.kept(database)
    assert (list(seals.chain(told)), rest["next"]) == ([], None)
    answer = await http.get(address, headers=mine)
    proof = Proof.model_validate_json(answer.content)
    assert list(seals.proven(proof, told)) == []
    assert "amount" not in answer.text
    for units in ((), ("/16.72",), ("/16.71/pla",)):
        problem(await http.get(address, headers=bearer(tmp_path, Role.OVERSIGHT, units=units)), 404, "not-found")
    problem(await http.get(address, headers=bearer(tmp_path, Role.HR)), 403, "not-allowed")
    for unknown in (new_id(), "-".join("f" * n for n in (8, 4, 4, 4, 12)), "-".join("0" * n for n in (8, 4, 4, 4, 12))):
        problem(await http.get(f"/v1/seals/proofs/{unknown}", headers=mine), 404, "not-found")
    assert (await http.get("/v1/public/seals", params={"after": "zz\x00"})).json() == {"items": [], "next": None}


async def test_two_processes_of_a_service_seal_each_finished_day_once(mortal: Any) -> None:
    await mortal.start()
    toys = [running.Toy(mortal.stack, f"sealer-{n}") for n in range(3)]
    for toy_, ahead in zip(toys, (0, 3, 3), strict=True):
        toy_.child.env |= {"KINARA_DATABASE": "sealed", "KINARA_CLOCK_AHEAD_DAYS": str(ahead)}
    try:
        toys[0].child.start()
        await toys[0].ready()
        fact = await toys[0].report(new_id())
        await asyncio.to_thread(toys[0].child.stop)
        for toy_ in toys[1:]:  # three days later
            toy_.child.start()
        for toy_ in toys[1:]:
            await toy_.ready()

        async def told() -> list[Seal]:
            items = (await toys[1].http.get("/v1/public/seals")).json()["items"]
            return [Seal.model_validate(item) for item in items]

        async def all_sealed() -> bool:
            return len(await told()) >= 2

        await eventually(all_sealed)
        assert await toys[2].report(new_id())
    finally:
        for toy_ in toys:
            await asyncio.to_thread(toy_.child.kill)
    database = Database(mortal.stack.mongo_url, "sealed")
    kept = await sealing.kept(database)
    assert list(seals.chain(kept)) == []
    assert kept[0].facts >= 1
    assert [f async for f in unsealing.differences(database, kept, utc_now())] == []
    assert fact is not None
    assert list(seals.proven(await witness.prove(database, fact, SYSTEM), kept)) == []
    database.close()
