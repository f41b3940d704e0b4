"""Commands that come together, on the real database: each has the outcome that it would have had by itself."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import structlog
import toy
from kinara.kit import mongo
from kinara.kit.documents import LEDGER
from kinara.kit.group import Group, group_of, together
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database, OutcomeUnknown, Taken
from kinara.kit.outbox import OUTBOX
from kinara.kit.saved import IDEMPOTENCY
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import eventually
from kinara.kit.work import Idempotency, KeyReused, NotFound, Stale, Transaction, Work, command
from pymongo.errors import OperationFailure, PyMongoError
from toy import LETTERS, TALLIES, Letter, reported

UNSTORABLE = Decimal("0." + "1" * 50)


class Refused(Exception):
    """The rule says no."""


async def _add(tx: Transaction, employee: str, amount: int) -> Decimal:
    if amount < 0:
        raise Refused
    state = await tx.load(TALLIES, employee, SYSTEM)
    added = replace(state, total=state.total + amount, count=state.count + 1)
    tx.save(TALLIES, added, effect={"amount": amount})
    tx.publish(reported(employee, Decimal(amount)))
    return added.total


add = together(_add)
add_alone = command(_add)


@together
async def write(tx: Transaction, letter: Letter) -> str:
    """Keep a letter."""
    tx.save(LETTERS, letter)
    return letter.id


@together
async def write_of(tx: Transaction, employee: str) -> int:
    """Write about an employee; how many letters there were."""
    tx.save(TALLIES, await tx.load(TALLIES, employee, SYSTEM))
    before = await tx.find(LETTERS, SYSTEM, {"employee_id": employee})
    tx.save(LETTERS, Letter(new_id(), employee_id=employee))
    return len(before)


@pytest.fixture(autouse=True)
async def indexes(database: Database) -> None:
    await TALLIES.prepare(database)
    await LETTERS.prepare(database)


@pytest.fixture
async def employees(database: Database) -> list[str]:
    ids = [new_id() for _ in range(6)]
    for id_ in ids:
        await toy.report(Work(database), id_, Decimal(1))
    return ids


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The sizes of the groups that were run, in order."""
    sizes: list[int] = []
    commit = Group._commit

    async def counted(group: Group, members: Any) -> None:
        sizes.append(len(members))
        await commit(group, members)

    monkeypatch.setattr(Group, "_commit", counted)
    yield sizes
    sizes.clear()


async def totals(database: Database, employees: list[str]) -> list[int]:
    kept = await tallies(database, employees)
    return [int(kept[id_]["total"]) for id_ in employees]


async def tallies(database: Database, employees: list[str]) -> dict[str, Any]:
    return await database.find_by_ids(TALLIES.name, employees)


async def facts(database: Database, employee: str) -> list[tuple[int, str]]:
    """Versions and ids of what was said about an employee, in the order of saving."""
    buckets = await database.find(OUTBOX, {}, sort=[("_id", 1)])
    return [(r["version"], r["id"]) for b in buckets for r in b["rows"] if r["subject"] == f"employee/{employee}"]


async def test_who_comes_together_commits_together(
    database: Database, employees: list[str], commits: list[int]
) -> None:
    told = await asyncio.gather(*(add(Work(database), id_, 5) for id_ in employees))
    assert told == [Decimal(5)] * 6
    assert commits == [6]
    assert [len(b["rows"]) for b in await database.find(OUTBOX, {}, sort=[("_id", 1)])][-1] == 6


async def test_who_comes_alone_is_a_group_of_one(database: Database, employees: list[str], commits: list[int]) -> None:
    assert await add(Work(database), employees[0], 5) == 5
    assert await add(Work(database), employees[0], 5) == 10
    assert commits == [1, 1]


async def test_who_comes_in_the_very_next_turns_of_the_loop_is_in_the_same_group(
    database: Database, employees: list[str], commits: list[int]
) -> None:
    coming = []
    for id_ in employees:
        coming.append(asyncio.create_task(add(Work(database), id_, 1)))
        await asyncio.sleep(0)
    await asyncio.gather(*coming)
    assert commits == [6]


async def test_who_comes_while_a_group_commits_is_in_the_next(
    database: Database, employees: list[str], commits: list[int]
) -> None:
    first = asyncio.create_task(add(Work(database), employees[0], 1))
    await eventually(lambda: commits, every=0.001)
    await asyncio.gather(first, *(add(Work(database), id_, 1) for id_ in employees[1:]))
    assert commits == [1, 5]


async def test_those_about_one_document_see_each_other_and_need_one_commit(
    database: Database, employees: list[str], commits: list[int]
) -> None:
    told = await asyncio.gather(*(add(Work(database), employees[0], 10) for _ in range(20)))
    assert told == [Decimal(10 * n) for n in range(1, 21)]
    assert commits == [20]
    assert [version for version, _ in await facts(database, employees[0])] == list(range(1, 22))
    kept = (await tallies(database, employees))[employees[0]]
    pages = await database.find(LEDGER, {"subject": employees[0]}, sort=[("_id", 1)])
    rows = [row for page in (*pages, kept["page"]) for row in page["rows"]]
    assert [row["id"] for row in rows] == [id_ for _, id_ in (await facts(database, employees[0]))[1:]]


async def test_a_group_has_a_size(database: Database, employees: list[str], commits: list[int]) -> None:
    group_of(database).most = 4
    await asyncio.gather(*(add(Work(database), id_, 1) for id_ in employees * 3))
    assert commits == [4, 4, 4, 4, 2]
    assert await totals(database, employees) == [3] * 6


async def test_a_group_of_at_most_one_is_a_transaction_for_each(
    database: Database, employees: list[str], commits: list[int]
) -> None:
    group_of(database).most = 1
    await asyncio.gather(*(add(Work(database), id_, 1) for id_ in employees))
    assert commits == []
    assert await totals(database, employees) == [1] * 6


async def test_who_is_refused_is_refused_alone(database: Database, employees: list[str]) -> None:
    asked = [(employees[0], 5), (employees[1], -1), (new_id(), 5), (employees[2], 5)]
    told = await asyncio.gather(*(add(Work(database), *each) for each in asked), return_exceptions=True)
    assert [type(each) for each in told] == [Decimal, Refused, NotFound, Decimal]
    assert await totals(database, employees) == [5, 0, 5, 0, 0, 0]


async def test_two_with_one_unique_value_harm_only_the_later(database: Database) -> None:
    letters = [Letter(new_id(), number=n) for n in (1, 2, 2, 3)]
    told = await asyncio.gather(*(write(Work(database), each) for each in letters), return_exceptions=True)
    assert Counter(type(each) for each in told) == {str: 3, Taken: 1}
    assert sorted(d["number"] for d in await database.find(LETTERS.name, {})) == [1, 2, 3]


async def test_what_cannot_be_stored_harms_nobody_else(database: Database) -> None:
    letters = [Letter(new_id()), Letter(new_id(), weight=UNSTORABLE), Letter(new_id())]
    told = await asyncio.gather(*(write(Work(database), each) for each in letters), return_exceptions=True)
    assert [isinstance(each, Exception) for each in told] == [False, True, False]
    assert await database[LETTERS.name].count_documents({}) == 2


async def test_one_document_written_twice_without_having_been_read_is_taken(database: Database) -> None:
    letter = Letter(new_id())
    told = await asyncio.gather(*(write(Work(database), letter) for _ in range(2)), return_exceptions=True)
    assert [type(each) for each in told] == [str, Taken]


async def test_a_copy_that_the_one_before_has_changed_is_out_of_date(database: Database, employees: list[str]) -> None:
    asked = [Work(database, if_match=1) for _ in range(3)]
    told = await asyncio.gather(*(add(work, employees[0], 1) for work in asked), return_exceptions=True)
    assert [type(each) for each in told] == [Decimal, Stale, Stale]


async def test_what_only_the_database_can_find_is_asked_of_it_after_the_others(
    database: Database, employees: list[str], commits: list[int]
) -> None:
    told = await asyncio.gather(*(write_of(Work(database), employees[0]) for _ in range(3)))
    assert told == [0, 1, 2]
    assert commits == [3, 2, 1]


def keyed(database: Database, key: str, asked: str = "this") -> Work:
    return Work(database, idempotency=Idempotency(f"me:/v1/letters:{key}", asked))


async def test_one_key_takes_effect_once_also_in_one_group(database: Database, employees: list[str]) -> None:
    same = [add(keyed(database, "a"), employees[0], 5) for _ in range(4)]
    others = [add(keyed(database, "b"), employees[1], 5), add(keyed(database, "a", "that"), employees[2], 5)]
    told = await asyncio.gather(*same, *others, return_exceptions=True)
    assert told[:5] == [Decimal(5)] * 5
    assert isinstance(told[5], KeyReused)
    assert await totals(database, employees) == [5, 5, 0, 0, 0, 0]


async def test_a_caller_who_leaves_takes_nobody_along(
    database: Database, employees: list[str], commits: list[int]
) -> None:
    tasks = [asyncio.create_task(add(Work(database), id_, 1)) for id_ in employees]
    await eventually(lambda: commits, every=0.001)
    late = [asyncio.create_task(add(Work(database), id_, 1)) for id_ in employees]
    await asyncio.sleep(0)
    for leaving in (tasks[0], late[1]):
        leaving.cancel()
    told = await asyncio.gather(*tasks, *late, return_exceptions=True)
    assert sum(isinstance(each, asyncio.CancelledError) for each in told) == 2
    found = await totals(database, employees)
    assert found[1:] == [1, 2, 2, 2, 2]
    assert found[0] in (1, 2), "it may have been written when its caller left"


async def test_each_decides_in_the_context_of_its_own_request(database: Database, employees: list[str]) -> None:
    @together
    async def who(tx: Transaction, employee: str) -> str:
        await tx.load(TALLIES, employee, SYSTEM)
        return str(structlog.contextvars.get_contextvars()["correlation"])

    async def ask(name: str) -> str:
        with structlog.contextvars.bound_contextvars(correlation=name):
            return await who(Work(database), employees[0])

    assert await asyncio.gather(*(ask(name) for name in "abc")) == ["a", "b", "c"]


async def test_a_group_meets_writers_outside_of_it(database: Database, employees: list[str]) -> None:
    ours = [add(Work(database), id_, 1) for id_ in employees for _ in range(4)]
    others = [add_alone(Work(database), id_, 1) for id_ in employees for _ in range(4)]
    await asyncio.gather(*ours, *others)
    assert await totals(database, employees) == [8] * 6
    for id_ in employees:
        assert [version for version, _ in await facts(database, id_)] == list(range(1, 10))


async def test_when_the_database_goes_away_the_same_key_finds_out(
    database: Database, employees: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = mongo._committed

    def unknown(session: Any) -> PyMongoError:
        commit(session)
        return OperationFailure("no such transaction", 251)

    monkeypatch.setattr(mongo, "_committed", unknown)
    asked = [(keyed(database, f"k{n}"), id_, 5) for n, id_ in enumerate(employees)]
    told = await asyncio.gather(*(add(*each) for each in asked), return_exceptions=True)
    assert {type(each) for each in told} == {OutcomeUnknown}
    monkeypatch.undo()
    assert await asyncio.gather(*(add(*each) for each in asked)) == [Decimal(5)] * 6
    assert await totals(database, employees) == [5] * 6


@pytest.mark.parametrize("turn", range(5))
async def test_any_mix_has_the_outcome_of_one_by_one(
    database: Database, employees: list[str], seed: int, turn: int
) -> None:
    rng = random.Random(seed * 10 + turn)
    group_of(database).most = rng.choice((2, 5, 64))
    keys = [new_id() for _ in range(8)]
    accepted: Counter[str] = Counter()
    by_key: dict[str, tuple[str, int]] = {key: (rng.choice(employees), rng.randint(1, 9)) for key in keys}
    answers: dict[str, set[Decimal]] = {}

    async def ask() -> None:
        for _ in range(rng.randint(0, 4)):
            await asyncio.sleep(0)
        kind, employee, amount = rng.random(), rng.choice(employees[: rng.randint(1, 6)]), rng.randint(1, 9)
        try:
            if kind < 0.2:
                key = rng.choice(keys)
                answers.setdefault(key, set()).add(await add(keyed(database, key), *by_key[key]))
            elif kind < 0.3:
                await add(Work(database), employee, -1)
            elif kind < 0.4:
                await write(Work(database), Letter(new_id(), number=rng.randint(1, 5)))
            elif kind < 0.45:
                await write(Work(database), Letter(new_id(), weight=UNSTORABLE))
            else:
                await rng.choice((add, add, add_alone))(Work(database), employee, amount)
                accepted[employee] += amount
        except (Refused, Taken, ValueError, ArithmeticError):
            return

    await asyncio.gather(*(ask() for _ in range(80)))
    for key in answers:
        accepted[by_key[key][0]] += by_key[key][1]
    assert all(len(told) == 1 for told in answers.values())
    assert await database[IDEMPOTENCY].count_documents({}) == len(answers)
    numbers = [d["number"] for d in await database.find(LETTERS.name, {})]
    assert len(numbers) == len(set(numbers))
    kept = await tallies(database, employees)
    for id_ in employees:
        said = await facts(database, id_)
        pages = await database.find(LEDGER, {"subject": id_}, sort=[("_id", 1)])
        rows = [row for page in (*pages, kept[id_]["page"]) for row in page["rows"]]
        assert [version for version, _ in said] == list(range(1, len(said) + 1))
        assert kept[id_]["said"] == len(said)
        assert [row["id"] for row in rows] == [fact for _, fact in said[1:]]
        assert int(kept[id_]["total"]) == sum(row["amount"] for row in rows) == accepted[id_]
