"""Commands on the real database: state and facts together or not at all, once per key, and only inside the scope."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import toy
from kinara.kit.documents import LEDGER, PAGE
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database, Taken
from kinara.kit.outbox import OUTBOX
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Cause, Idempotency, KeyReused, NotFound, Stale, Transaction, Work, command
from toy import LETTERS, TALLIES, Letter, Tally, add_letter, reported


class Refused(Exception):
    """The rule says no."""


@command
async def note(tx: Transaction, employee: str, text: str, scope: Scope = SYSTEM) -> str:
    """Change an employee's tally and say so."""
    state = await tx.load(TALLIES, employee, scope)
    tx.save(TALLIES, replace(state, note=text), effect={"note": text})
    return tx.publish(reported(employee))


@pytest.fixture(autouse=True)
async def indexes(database: Database) -> None:
    await TALLIES.prepare(database)
    await LETTERS.prepare(database)


@pytest.fixture
async def employee(database: Database) -> str:
    id_ = new_id()
    await toy.report(Work(database), id_, Decimal(1))
    return id_


async def facts(database: Database, employee: str) -> list[tuple[int, str]]:
    """Versions and ids of what was said about an employee, in the order of saving."""
    buckets = await database.find(OUTBOX, {}, sort=[("_id", 1)])
    return [(r["version"], r["id"]) for b in buckets for r in b["rows"] if r["subject"] == f"employee/{employee}"]


async def test_a_state_comes_back_as_it_was_saved(database: Database) -> None:
    letter = Letter(new_id(), employee_id=new_id(), number=7)
    await add_letter(Work(database), letter)
    record = await Work(database).get(LETTERS, letter.id, SYSTEM)
    assert record.state == letter
    assert record.rev == 1
    assert record.state.at.utcoffset() is not None


async def test_state_and_fact_are_saved_together(database: Database, employee: str) -> None:
    fact = await note(Work(database, Cause("correlation-1", None, "00-trace")), employee, "rajin")
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert (record.state.note, record.said, record.rev) == ("rajin", 2, 2)
    (row,) = [r for b in await database.find(OUTBOX, {}) for r in b["rows"] if r["id"] == fact]
    assert (row["version"], row["correlation"], row["traceparent"]) == (2, "correlation-1", "00-trace")


async def test_a_refusal_in_the_middle_leaves_nothing(database: Database, employee: str) -> None:
    @command
    async def change_then_refuse(tx: Transaction) -> None:
        state = await tx.load(TALLIES, employee, SYSTEM)
        tx.save(TALLIES, replace(state, note="never"))
        tx.publish(reported(employee))
        raise Refused

    with pytest.raises(Refused):
        await change_then_refuse(Work(database))
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert (record.state.note, record.rev, record.said) == (None, 1, 1)
    assert len(await facts(database, employee)) == 1


async def test_a_fact_about_a_subject_that_is_not_saved_is_refused(database: Database, employee: str) -> None:
    @command
    async def speak_of(tx: Transaction, somebody: str) -> None:
        tx.save(LETTERS, Letter(somebody))
        tx.publish(reported(somebody))

    with pytest.raises(LookupError, match="not saved"):
        await speak_of(Work(database), employee)
    assert await database[LETTERS.name].count_documents({}) == 0


async def test_versions_have_no_gap_whoever_speaks_and_whatever_else_is_saved(
    database: Database, employee: str
) -> None:
    @command
    async def thank(tx: Transaction) -> None:
        state = await tx.load(TALLIES, employee, SYSTEM)
        tx.save(LETTERS, Letter(new_id(), employee))
        tx.save(TALLIES, state)
        tx.publish(reported(employee))
        tx.publish(reported(employee))

    others = [note(Work(database), employee, text) for text in ("a", "b")]
    await asyncio.gather(*(thank(Work(database)) for _ in range(4)), *others)
    said = await facts(database, employee)
    assert sorted(version for version, _ in said) == list(range(1, 12))
    assert len({id_ for _, id_ in said}) == 11


async def test_two_commands_at_once_on_one_document_both_take_effect(database: Database, employee: str) -> None:
    @command
    async def add_ten(tx: Transaction) -> None:
        state = await tx.load(TALLIES, employee, SYSTEM)
        tx.save(TALLIES, replace(state, total=state.total + 10))

    await asyncio.gather(*(add_ten(Work(database)) for _ in range(8)))
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert (record.state.total, record.rev) == (80, 9)


async def test_a_value_that_must_be_unique_is_taken_once_also_by_two_at_once(database: Database) -> None:
    results = await asyncio.gather(
        *(add_letter(Work(database), Letter(new_id(), number=1)) for _ in range(3)), return_exceptions=True
    )
    refusals = [r for r in results if isinstance(r, Taken)]
    assert [r.index for r in refusals] == ["number", "number"]
    assert await database[LETTERS.name].count_documents({}) == 1


@command
async def recorded(tx: Transaction, employee: str) -> list[str]:
    """What is recorded on a tally, beside what this command adds."""
    state = await tx.load(TALLIES, employee, SYSTEM)
    tx.save(TALLIES, state, effect={"note": "ini"})
    return [row["note"] for row in await tx.effects(TALLIES, employee) if "note" in row]


async def test_a_command_reads_what_was_recorded_on_a_record_before_it(database: Database, employee: str) -> None:
    said = [f"{n}" for n in range(PAGE + 3)]
    for words in said:
        await note(Work(database), employee, words)
    assert await recorded(Work(database), employee) == said, "full pages and the one in use"
    assert await recorded(Work(database), employee) == [*said, "ini"]


async def test_effects_of_commands_fill_pages_and_full_ones_go_to_the_ledger(database: Database, employee: str) -> None:
    @command
    async def many(tx: Transaction) -> None:
        state = await tx.load(TALLIES, employee, SYSTEM)
        for n in range(PAGE + 3):
            tx.save(TALLIES, state, effect={"n": n})

    await many(Work(database))
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    (page,) = await database.find(LEDGER, {"subject": employee})
    assert [row["n"] for row in (*page["rows"], *record.rows)] == list(range(PAGE + 3))
    assert page["_id"] == f"tallies/{employee}/000000"
    assert record.page == 1


async def test_an_effect_carries_the_id_of_the_fact_that_tells_of_it(database: Database, employee: str) -> None:
    fact = await note(Work(database), employee, "rajin")
    record = await Work(database).get(TALLIES, employee, SYSTEM)
    assert [(row["id"], row["type"], row["note"]) for row in record.rows] == [(fact, "command", "rajin")]


async def test_a_transaction_sees_what_it_has_saved_so_far(database: Database, employee: str) -> None:
    @command
    async def twice(tx: Transaction) -> list[Any]:
        tx.save(TALLIES, replace(await tx.load(TALLIES, employee, SYSTEM), note="first"))
        seen = [(await tx.load(TALLIES, employee, SYSTEM)).note]
        seen.append((await tx.by_ids(TALLIES, [employee], SYSTEM))[employee].note)
        return seen

    assert await twice(Work(database)) == ["first", "first"]


async def test_a_copy_that_is_out_of_date_is_refused(database: Database, employee: str) -> None:
    await note(Work(database, if_match=1), employee, "first")
    with pytest.raises(Stale):
        await note(Work(database, if_match=1), employee, "second")
    assert (await Work(database).get(TALLIES, employee, SYSTEM)).state.note == "first"


async def test_if_match_is_about_the_document_that_a_command_loads_first(database: Database, employee: str) -> None:
    other = new_id()
    await toy.report(Work(database), other, Decimal(1))
    await note(Work(database), other, "changed, so of another revision")

    @command
    async def both(tx: Transaction) -> None:
        tx.save(TALLIES, await tx.load(TALLIES, employee, SYSTEM))
        await tx.load(TALLIES, other, SYSTEM)

    await both(Work(database, if_match=1))
    with pytest.raises(Stale):
        await both(Work(database, if_match=1))


def keyed(database: Database, key: str = "key-1", asked: str = "this") -> Work:
    return Work(database, idempotency=Idempotency(f"me:/v1/letters:{key}", asked))


async def test_the_same_request_under_the_same_key_gets_the_same_answer(database: Database) -> None:
    first = await add_letter(keyed(database), Letter(new_id()))
    again = await add_letter(keyed(database), Letter(new_id()))
    assert again == first
    assert await database[LETTERS.name].count_documents({}) == 1


async def test_another_request_under_the_same_key_is_refused(database: Database) -> None:
    await add_letter(keyed(database), Letter(new_id()))
    with pytest.raises(KeyReused):
        await add_letter(keyed(database, asked="that"), Letter(new_id()))


async def test_requests_with_one_key_at_once_take_effect_once(database: Database) -> None:
    results = await asyncio.gather(*(add_letter(keyed(database), Letter(new_id())) for _ in range(5)))
    assert len({letter.id for letter in results}) == 1
    assert await database[LETTERS.name].count_documents({}) == 1


async def test_a_refused_request_may_be_repeated_under_its_key(database: Database, employee: str) -> None:
    with pytest.raises(NotFound):
        await note(keyed(database), new_id(), "nobody")
    assert await note(keyed(database), employee, "somebody")


async def test_a_command_outside_the_scope_changes_nothing(database: Database, employee: str) -> None:
    with pytest.raises(NotFound):
        await note(Work(database), employee, "never", Scope(paths=("/16.72",)))
    assert (await Work(database).get(TALLIES, employee, SYSTEM)).rev == 1


async def test_a_tally_of_the_first_fact_is_the_blank_one(database: Database) -> None:
    assert TALLIES.unknown("e", "16").state == Tally("e", "16")
    with pytest.raises(TypeError):
        LETTERS.unknown("e", "16")


async def test_records_are_counted_inside_the_scope(database: Database, employee: str) -> None:
    work = Work(database)
    await toy.report(work, new_id(), Decimal(1))
    scopes = [SYSTEM, Scope(paths=("/16.71",)), Scope(paths=("/16.72",)), Scope(own=employee), Scope()]
    assert [await work.count(TALLIES, scope, {}) for scope in scopes] == [2, 2, 0, 1, 0]
