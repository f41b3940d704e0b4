"""Records that cannot be folded: put aside once, whole, for whatever reason, and brought back in order."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import toy
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit import deadletters, outbox
from kinara.kit.batch import Outcome
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.envelope import Raw
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id
from kinara.kit.inbox import Inbox
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import raw
from kinara.kit.topics import Registry
from kinara.kit.work import Work
from toy import TALLIES, rated


async def total(database: Database, employee: str) -> Decimal:
    return (await Work(database).get(TALLIES, employee, SYSTEM)).state.total


async def letters(database: Database) -> list[dict[str, Any]]:
    return await database.find(DEAD_LETTERS, {}, sort=[("_id", 1)])


async def sent(database: Database, registry: Registry) -> list[outbox.Message]:
    """What the relay would put on dead-letter topics."""
    buckets = await database.find(OUTBOX, {}, sort=[("_id", 1)])
    return [m for b in buckets for m in outbox.messages(b, "appraisal", registry) if m.topic.endswith(".dlq")]


async def carry_out(folder: Folder, database: Database) -> list[Outcome]:
    """What a consumer does every second with what operators asked for."""
    outcomes = []
    for kept in await deadletters.requested(database, folder.group):
        outcomes.append(await folder.redrive(kept))
    return outcomes


def with_header(record: Raw, name: str, value: bytes | None) -> Raw:
    kept = tuple(h for h in record.headers if h[0] != name)
    return dataclasses.replace(record, headers=(*kept, (name, value)))  # type: ignore[arg-type]  # Kafka allows null


def with_value(record: Raw, old: bytes, new: bytes) -> Raw:
    assert record.value is not None
    assert record.value.count(old) == 1
    return dataclasses.replace(record, value=record.value.replace(old, new))


UNREADABLE: dict[str, Callable[[Raw], Raw]] = {
    "a header without a value": lambda r: with_header(r, "ce_id", None),
    "an unknown header without a value": lambda r: dataclasses.replace(with_header(r, "x-other", None), value=b"{"),
    "a time before all calendars": lambda r: with_header(r, "ce_time", b"0001-01-01T00:00:00+14:00"),
    "a time after all calendars": lambda r: with_header(r, "ce_time", b"9999-12-31T23:59:59-14:00"),
    "a province that is no code": lambda r: with_header(r, "ce_province", b"\x00$"),
    "a version beyond counting": lambda r: with_header(r, "ce_aggregateversion", b"9" * 13),
    "text for a number": lambda r: with_value(r, b'"rating":4', b'"rating":"?"'),
    "bytes that are no text": lambda r: dataclasses.replace(r, value=b"\xff\xfe"),
    "deep nesting": lambda r: dataclasses.replace(r, value=b"[" * 100_000),
    "a weight that the database cannot keep": lambda r: with_value(r, b'"1"', b'"0.' + b"1" * 60 + b'"'),
}


@pytest.mark.parametrize("spoil", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_one_bad_record_is_put_aside_and_the_rest_of_its_batch_goes_on(
    spoil: Callable[[Raw], Raw], database: Database, registry: Registry
) -> None:
    folder = Folder(keeps_trust(), database, "toy.tally.nasional", registry.services)
    good, other = new_id(), new_id()
    batch = [raw(rated(good, 3), 1, registry), spoil(raw(rated(other), 1, registry)), raw(rated(good, 2), 2, registry)]
    outcome = await folder.take(folder.read(batch))
    assert len(outcome.dead) == 1
    assert await total(database, good) == 5
    (message,) = await sent(database, registry)
    assert message.value == batch[1].value
    assert len(await letters(database)) == 1


def keeps_trust() -> Inbox:
    """An inbox whose effects repeat a number of the fact as it came."""
    inbox = Inbox("toy.tally")

    @inbox.on(FeedbackReceived, TALLIES)
    def keep(tally: toy.Tally, event: FeedbackReceived, _known: None) -> tuple[toy.Tally, dict[str, object]]:
        changed, effect = toy.add_up(tally, event, None)
        return changed, {**effect, "trust": event.trust}

    return inbox


async def test_a_rule_that_cannot_announce_one_fact_lets_the_others_go_on(
    database: Database, registry: Registry
) -> None:
    inbox = Inbox("toy.tally")
    inbox.on(FeedbackReceived, TALLIES)(toy.add_up)

    @inbox.announce(TALLIES)
    def refuse_two(before: toy.Tally | None, after: toy.Tally, _known: None) -> list[Any]:
        if after.total == 2:
            raise ZeroDivisionError("two of them")
        return []

    folder, employee, other = Folder(inbox, database, "toy.tally.nasional", registry.services), new_id(), new_id()
    batch = [raw(rated(employee, 2), 1, registry), raw(rated(other, 4), 1, registry)]
    outcome = await folder.take(folder.read(batch))
    assert [type(i.problem) for i in outcome.dead] == [ZeroDivisionError]
    assert await total(database, other) == 4


async def test_what_a_dead_letter_carries_is_cut_to_what_a_topic_takes_but_kept_whole(
    database: Database, folder: Folder, registry: Registry
) -> None:
    large = raw(rated(new_id()), 1, registry)
    headers = (*large.headers, *((f"x-{n}", b"h" * 2_000) for n in range(60)))
    large = dataclasses.replace(large, value=b"{" * 1_000_000, headers=headers)
    await folder.take(folder.read([large]))
    (message,) = await sent(database, registry)
    size = len(message.value or b"") + sum(len(name) + len(value or b"") for name, value in message.headers)
    assert size < 1_000_000
    (letter,) = await letters(database)
    assert letter["value"] == large.value
    assert len(letter["headers"]) == len(headers)


async def test_a_batch_of_large_dead_letters_fills_several_buckets_in_order(
    database: Database, folder: Folder, registry: Registry
) -> None:
    template = raw(rated(new_id()), 1, registry)
    batch = [dataclasses.replace(template, offset=n, value=b"x" * 900_000, headers=()) for n in range(20)]
    await folder.take(folder.read(batch))
    assert await database[OUTBOX].count_documents({}) == 5
    offsets = [dict(m.headers)["x-original-offset"] for m in await sent(database, registry)]
    assert offsets == [str(n).encode() for n in range(20)]


async def refused(folder: Folder, registry: Registry, employee: str) -> list[Raw]:
    """Three facts of which the first is refused, so that the others wait."""
    facts = [rated(employee, 1, province="99"), rated(employee, 2), rated(employee, 3)]
    records = [raw(event, version, registry) for version, event in enumerate(facts, 1)]
    await folder.take(folder.read(records))
    return records


def repaired(record: Raw) -> bytes:
    return with_value(record, b'"code":"99"', b'"code":"16"').value or b""


async def test_a_redriven_fact_with_a_repaired_value_goes_first_and_what_waited_follows_in_order(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    records = await refused(folder, registry, employee)
    (letter,) = await letters(database)
    assert await deadletters.redrive(database, letter["_id"], by="ops", value=repaired(records[0]))
    await carry_out(folder, database)
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert [row["rating"] for row in record.rows] == [1, 2, 3]
    assert [row["id"] for row in record.rows] == [dict(r.headers)["ce_id"].decode() for r in records]  # type: ignore[union-attr]
    assert record.seen == {"feedback": 3}
    assert [letter["status"] for letter in await letters(database)] == ["redriven"]


async def test_a_discarded_fact_leaves_its_reason_and_what_waited_follows_in_order(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    await refused(folder, registry, employee)
    (letter,) = await letters(database)
    assert await deadletters.discard(database, letter["_id"], by="ops", reason="a test of the printer")
    await carry_out(folder, database)
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert [row.get("discarded") for row in record.rows] == ["a test of the printer", None, None]
    assert [letter["status"] for letter in await letters(database)] == ["discarded"]


async def test_a_redriven_fact_that_fails_again_is_a_dead_letter_again(
    database: Database, folder: Folder, registry: Registry
) -> None:
    await refused(folder, registry, new_id())
    (letter,) = await letters(database)
    await deadletters.redrive(database, letter["_id"], by="ops")
    await carry_out(folder, database)
    assert [(kept["status"], kept["redrives"]) for kept in await letters(database)] == [("open", 1)]
    counts = [dict(m.headers)["x-redrive-count"] for m in await sent(database, registry)]
    assert counts == [b"0", b"1"]
    assert not await deadletters.requested(database, folder.group)


async def test_a_record_that_comes_again_does_not_undo_what_an_operator_asked_for(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    records = await refused(folder, registry, employee)
    (letter,) = await letters(database)
    await deadletters.redrive(database, letter["_id"], by="ops", value=repaired(records[0]))
    await folder.take(folder.read(records))
    await carry_out(folder, database)
    assert await total(database, employee) == 6
    assert len(await sent(database, registry)) == 1


async def test_a_discarded_record_without_an_id_stays_discarded_when_it_comes_again(
    database: Database, folder: Folder
) -> None:
    garbage = Raw("asn.nasional.feedback.v1", 3, 7, None, b"?", ())
    await folder.take(folder.read([garbage]))
    (letter,) = await letters(database)
    await deadletters.discard(database, letter["_id"], by="ops", reason="garbage")
    await carry_out(folder, database)
    await folder.take(folder.read([garbage]))
    assert [letter["status"] for letter in await letters(database)] == ["discarded"]


async def test_a_discarded_record_with_an_unreadable_header_lets_go_what_waits_behind_it(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    first, second = (raw(rated(employee, 1), version, registry) for version in (1, 2))
    await folder.take(folder.read([with_header(first, "ce_id", b"\xff"), second]))
    assert (await letters(database))[0]["reason"]["message"] == "ce_id: expected UTF-8 text"
    await deadletters.discard(database, (await letters(database))[0]["_id"], by="ops", reason="garbage")
    await carry_out(folder, database)
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert (record.state.count, record.seen) == (1, {"feedback": 2})
    assert [row.get("discarded") for row in record.rows] == ["garbage", None]


async def test_a_fact_discarded_before_its_turn_is_passed_over_when_its_turn_comes(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    first, second, third, fourth = (
        raw(rated(employee, 1, province="99" if version == 1 else "16"), version, registry) for version in range(1, 5)
    )
    await folder.take(folder.read([first, second, with_header(third, "ce_id", b"\xff"), fourth]))
    refusals = {letter["reason"]["class"]: letter["_id"] for letter in await letters(database)}
    await deadletters.discard(database, refusals["Unreadable"], by="ops", reason="garbage")
    await carry_out(folder, database)
    assert len(await deadletters.requested(database, folder.group)) == 1, "what is before it is still missing"
    await deadletters.discard(database, refusals["OddRating"], by="ops", reason="odd")
    await carry_out(folder, database)
    await carry_out(folder, database)
    assert (await Work(database).get(TALLIES, employee, SYSTEM)).seen == {"feedback": 4}
    assert await total(database, employee) == 2
    assert {letter["status"] for letter in await letters(database)} == {"discarded"}


async def test_a_letter_is_asked_for_once_only(database: Database, folder: Folder, registry: Registry) -> None:
    await refused(folder, registry, new_id())
    (letter,) = await letters(database)
    assert await deadletters.redrive(database, letter["_id"], by="ops")
    assert not await deadletters.discard(database, letter["_id"], by="somebody else", reason="no")
    assert not await deadletters.redrive(database, "no such letter", by="ops")


async def test_a_reason_that_is_no_proper_text_can_still_be_kept(database: Database, registry: Registry) -> None:
    inbox = Inbox("toy.tally")

    @inbox.on(FeedbackReceived, TALLIES)
    def refuse(_tally: toy.Tally, _event: FeedbackReceived, _known: None) -> tuple[toy.Tally, dict[str, object]]:
        raise ValueError("half a character: \ud800, and NIP 198609262015051001")

    folder = Folder(inbox, database, "toy.tally.nasional", registry.services)
    await folder.take(folder.read([raw(rated(new_id()), 1, registry)]))
    (letter,) = await letters(database)
    assert letter["reason"]["message"] == "half a character: ?, and NIP 1986**********1001"


async def test_what_waited_from_another_cell_goes_to_a_dead_letter_topic_that_there_is(
    database: Database, folder: Folder, registry: Registry
) -> None:
    employee = new_id()
    both = dataclasses.replace(registry, cells=registry.cells | {"barat": frozenset()})
    first, late = raw(rated(employee), 1, registry), raw(rated(employee, province="99"), 2, registry)
    elsewhere = dataclasses.replace(late, topic=registry.topic("barat", "feedback"))
    await folder.take(folder.read([elsewhere]))
    await folder.take(folder.read([first]))
    (letter,) = await letters(database)
    (message,) = await sent(database, both)
    assert letter["group"] == folder.group == "toy.tally.nasional"
    assert message.topic == "asn.barat.feedback.v1.toy.tally.barat.dlq"
    assert await sent(database, registry) == []
