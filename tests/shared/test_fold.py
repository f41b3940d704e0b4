"""The consumer's promise, on the real database: in order, once, together, and nothing lost to a bad record."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from decimal import Decimal
from typing import Any

import pytest
import toy
from kinara.contracts import Event
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit import deadletters, held
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.documents import LEDGER, PAGE
from kinara.kit.envelope import Raw
from kinara.kit.fold import Folder
from kinara.kit.held import HELD
from kinara.kit.ids import new_id
from kinara.kit.inbox import Inbox
from kinara.kit.mongo import Database, Session
from kinara.kit.outbox import OUTBOX
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer, raw
from kinara.kit.topics import Registry
from kinara.kit.work import Transaction, Work, command
from toy import TALLIES, rated, withdrawn


async def tally(database: Database, employee: str) -> toy.Tally:
    return (await Work(database).get(TALLIES, employee, SYSTEM)).state


async def said(database: Database) -> list[dict[str, object]]:
    return [row for bucket in await database.find(OUTBOX, {}, sort=[("_id", 1)]) for row in bucket["rows"]]


def wire(events: list[Event], registry: Registry, first: int = 1) -> list[Raw]:
    return [raw(event, version, registry) for version, event in enumerate(events, first)]


async def test_each_event_counts_once_though_it_comes_twice(database: Database, deliver: Deliverer) -> None:
    employee = new_id()
    await deliver(rated(employee, 4), rated(employee, 3))
    await deliver(rated(employee, 2))
    assert (await tally(database, employee)).total == 9


async def test_effects_and_what_is_said_are_stored_with_the_state(database: Database, deliver: Deliverer) -> None:
    employee = new_id()
    await deliver(rated(employee, 4), rated(employee, 3))
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert [row["rating"] for row in record.rows] == [4, 3]
    (row,) = await said(database)
    assert (row["type"], row["version"], row["subject"]) == (
        "id.kinara.appraisal.ScoreUpdated.v1",
        1,
        f"employee/{employee}",
    )
    assert row["causation"] == record.rows[-1]["id"]


async def test_events_that_come_too_early_wait_for_the_missing_one(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    first, second, third = wire([rated(employee, 1), rated(employee, 2), rated(employee, 3)], registry)
    outcome = await folder.take(folder.read([third, second]))
    assert outcome.waiting == 2
    assert await database[HELD].count_documents({}) == 2
    await folder.take(folder.read([first]))
    assert (await tally(database, employee)).total == 6
    assert await database[HELD].count_documents({}) == 0
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert [row["rating"] for row in record.rows] == [1, 2, 3]


async def test_it_is_told_when_a_batch_is_folded_and_only_being_stored(
    folder: Folder, database: Database, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, finish = list[str](), database._finish

    def watched(*given: Any) -> Any:
        order.append("stored")
        return finish(*given)

    monkeypatch.setattr(database, "_finish", watched)
    await folder.take(folder.read(wire([rated(new_id(), 4)], registry)), lambda: order.append("folded"))
    assert order == ["folded", "stored"]


async def test_a_shuffled_log_gives_the_same_state(
    database: Database, folder: Folder, registry: Registry, seed: int
) -> None:
    rng = random.Random(seed)
    employees = [new_id() for _ in range(5)]
    log = [r for e in employees for r in wire([rated(e, rng.randint(1, 4)) for _ in range(20)], registry)]
    log += rng.sample(log, 30)
    rng.shuffle(log)
    for start in range(0, len(log), 17):
        await folder.take(folder.read(log[start : start + 17]))
    for employee in employees:
        assert (await tally(database, employee)).count == 20
    assert await database[HELD].count_documents({}) == 0


async def test_an_event_type_that_is_not_heard_still_counts_as_seen(database: Database, deliver: Deliverer) -> None:
    employee = new_id()
    await deliver(withdrawn(employee), rated(employee, 4))
    await deliver(withdrawn(employee), withdrawn(employee))
    await deliver(rated(employee, 3))
    assert (await tally(database, employee)).total == 7


async def test_a_poison_record_is_put_aside_and_its_key_waits_while_others_go_on(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee, other = new_id(), new_id()
    records = wire([rated(employee, 1), rated(employee, 2, province="99"), rated(employee, 3)], registry)
    outcome = await folder.take(folder.read([*records, *wire([rated(other, 4)], registry)]))
    assert len(outcome.dead) == 1
    assert (await tally(database, employee)).total == 1
    assert (await tally(database, other)).total == 4
    (letter,) = await database.find(DEAD_LETTERS, {})
    assert letter["reason"] == {"class": "OddRating", "message": "province: expected one that exists"}
    again = await folder.take(folder.read(records))
    assert len(again.dead) == 1
    assert sum("x-dead-letter-id" in str(row.get("headers")) for row in await said(database)) == 1


async def test_a_discarded_dead_letter_lets_the_waiting_events_go_on(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    records = wire([rated(employee, 2, province="99"), rated(employee, 3)], registry)
    await folder.take(folder.read(records))
    (incoming,) = folder.read(records[:1])
    incoming.discarded = "province was a typing error"
    await folder.take([incoming])
    assert (await tally(database, employee)).total == 3
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert record.rows[0]["discarded"] == "province was a typing error"


async def test_records_that_break_the_language_are_dead_letters_with_the_field_named(
    database: Database, folder: Folder, registry: Registry
) -> None:
    good = raw(rated(new_id()), 1, registry)

    def without(name: str) -> tuple[tuple[str, bytes], ...]:
        return tuple(h for h in good.headers if h[0] != name)

    bad = {
        "ce_id: missing": dataclasses.replace(good, offset=1, headers=without("ce_id")),
        "ce_id: expected UTF-8 text": dataclasses.replace(
            good, offset=2, headers=(*without("ce_id"), ("ce_id", b"\xff\xfe"))
        ),
        "value: expected JSON, got a tombstone": dataclasses.replace(good, offset=3, value=None),
        "ce_subject: expected employee/<id>": dataclasses.replace(good, offset=4, key=b"somebody else"),
        "ce_aggregateversion: expected a whole": dataclasses.replace(
            good, offset=5, headers=(*without("ce_aggregateversion"), ("ce_aggregateversion", b"-1"))
        ),
    }
    outcome = await folder.take(folder.read(list(bad.values())))
    assert len(outcome.dead) == len(bad)
    reasons = [letter["reason"]["message"] for letter in await database.find(DEAD_LETTERS, {})]
    for expected in bad:
        assert any(reason.startswith(expected) for reason in reasons), (expected, reasons)


async def test_a_full_page_of_effects_moves_to_the_ledger(database: Database, deliver: Deliverer) -> None:
    employee = new_id()
    for _ in range(3):
        await deliver(*[rated(employee, 1) for _ in range(PAGE // 2)])
    pages = await database.find(LEDGER, {"subject": employee}, sort=[("_id", 1)])
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert [len(page["rows"]) for page in pages] == [PAGE]
    assert len(record.rows) == PAGE // 2
    assert record.page == 1


async def test_a_command_and_a_consumer_on_one_document_both_take_effect(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    records = wire([rated(employee, 1), rated(employee, 2)], registry)
    await folder.take(folder.read(records[:1]))

    @command
    async def note(tx: Transaction, text: str) -> None:
        state = await tx.load(TALLIES, employee, SYSTEM)
        tx.save(TALLIES, dataclasses.replace(state, note=text, total=state.total + Decimal(10)))

    await note(Work(database), "changed behind the folder's back")
    await folder.take(folder.read(records[1:]))
    after = await tally(database, employee)
    assert (after.total, after.note) == (13, "changed behind the folder's back")


def another_process(folder: Folder, database: Database, registry: Registry, group: str | None = None) -> Folder:
    """The same group in a second process, or the same inbox in another cell's group."""
    return Folder(folder.inbox, database, group or folder.group, registry.services)


async def test_a_process_that_remembers_an_old_state_takes_over_without_a_double_effect(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    records = wire([rated(employee, 1) for _ in range(6)], registry)
    other = another_process(folder, database, registry)
    await folder.take(folder.read(records[:2]))
    await other.take(other.read(records[:5]))
    await folder.take(folder.read(records[2:]))
    assert (await tally(database, employee)).count == 6


async def test_a_fact_is_not_put_aside_for_a_state_that_has_changed_since(
    database: Database, folder: Folder, registry: Registry
) -> None:
    inbox, employee = Inbox("toy.tally"), new_id()

    @inbox.on(FeedbackReceived, TALLIES)
    def only_with_note(state: toy.Tally, event: FeedbackReceived, _known: None) -> tuple[toy.Tally, dict[str, object]]:
        if state.count == 1 and state.note is None:
            raise toy.OddRating("note: expected one")
        return toy.add_up(state, event, None)

    @command
    async def note(tx: Transaction, text: str) -> None:
        state = await tx.load(TALLIES, employee, SYSTEM)
        tx.save(TALLIES, dataclasses.replace(state, note=text))

    folder = Folder(inbox, database, folder.group, registry.services)
    first, second = wire([rated(employee, 1), rated(employee, 2)], registry)
    await folder.take(folder.read([first]))
    await note(Work(database), "seen")
    outcome = await folder.take(folder.read([second]))
    assert not outcome.dead
    assert (await tally(database, employee)).total == 3


async def test_facts_that_wait_go_on_though_another_process_has_filled_the_gap(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    first, second, third, fourth, fifth = wire([rated(employee, 1) for _ in range(5)], registry)
    other = another_process(folder, database, registry)
    await folder.take(folder.read([first, third]))
    await other.take(other.read([second]))
    await folder.take(folder.read([fourth]))
    await folder.take(folder.read([fifth]))
    assert (await tally(database, employee)).count == 5
    assert await database[HELD].count_documents({}) == 0


async def test_two_processes_with_one_log_in_parallel_count_each_fact_once(
    database: Database, folder: Folder, registry: Registry, seed: int
) -> None:
    rng, employees = random.Random(seed), [new_id() for _ in range(4)]
    log = [r for e in employees for r in wire([rated(e, 1) for _ in range(30)], registry)]

    async def consume(one: Folder) -> None:
        mine = rng.sample(log, len(log))
        for start in range(0, len(mine), 13):
            await one.take(one.read(mine[start : start + 13]))

    other = another_process(folder, database, registry)
    await asyncio.gather(consume(folder), consume(other))
    assert [(await tally(database, e)).count for e in employees] == [30] * 4
    assert await database[HELD].count_documents({}) == 0
    versions = [row["version"] for row in await said(database) if row["subject"] == f"employee/{employees[0]}"]
    assert sorted(versions) == list(range(1, len(versions) + 1))


async def test_a_person_who_moves_is_followed_across_cells(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    records = wire([rated(employee, 1) for _ in range(8)], registry)
    elsewhere = another_process(folder, database, registry, group="toy.tally.timur")
    await folder.take(folder.read(records[:3]))
    await elsewhere.take(elsewhere.read(records[4:6]))  # the new cell's topic is read a moment earlier
    await folder.take(folder.read(records[3:4]))  # the last fact in the old cell
    assert (await tally(database, employee)).count == 6
    await elsewhere.take(elsewhere.read(records[6:]))
    assert (await tally(database, employee)).count == 8
    assert await database[HELD].count_documents({}) == 0


async def test_what_waits_is_looked_at_again_only_when_its_gap_may_close(
    database: Database, folder: Folder, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    employee, looked = new_id(), []
    real = held.load

    async def watched(database: Database, inbox: str, subjects: list[str], session: Session) -> object:
        looked.append(subjects)
        return await real(database, inbox, subjects, session)

    monkeypatch.setattr(held, "load", watched)
    first, *later = wire([rated(employee, 1) for _ in range(4)], registry)
    for record in (*later, *later):
        await folder.take(folder.read([record]))
    await folder.take(folder.read([first]))
    assert looked == [[]] * 6 + [[employee]]
    assert (await tally(database, employee)).count == 4


async def test_more_than_may_wait_become_dead_letters_that_go_in_at_their_turn(
    database: Database, folder: Folder, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "MOST", 3)
    employee = new_id()
    first, *later = wire([rated(employee, 1) for _ in range(7)], registry)
    await folder.take(folder.read(later[:2]))
    outcome = await folder.take(folder.read(later[2:]))
    assert [i.stamp.version for i in outcome.dead if i.stamp] == [5, 6, 7]
    letters = await database.find(DEAD_LETTERS, {}, sort=[("version", -1)])
    for letter in letters:
        assert await deadletters.redrive(database, letter["_id"], by="uji")
    early = await deadletters.requested(database, folder.group)
    for letter in early:
        await folder.redrive(letter)
    assert len(await deadletters.requested(database, folder.group)) == 3, "it is not their turn yet"
    await folder.take(folder.read([first]))
    assert (await tally(database, employee)).count == 4
    for letter in await deadletters.requested(database, folder.group):
        await folder.redrive(letter)
    assert (await tally(database, employee)).count == 7
    assert await deadletters.requested(database, folder.group) == []
