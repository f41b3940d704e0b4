"""What feedback answers, on the real database: the directory, what was said, and the IKM over units and months."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from feedback import commands, queries, store
from feedback.commands import Voice
from feedback.domain import receipt, refusals
from feedback.domain.answering import UNSUR
from feedback.queries import ikm
from kinara.contracts.personnel import EmployeeSeparated
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.testing import Deliverer
from kinara.kit.work import NotFound, Work

PALEMBANG = Scope(paths=("/16.71",), label="hr")
SECRET = b"a secret of the test"


async def answered(database: Database, unit_id: str, mark: int, month: int = 11) -> None:
    work = Work(database, now=lambda: datetime(2026, month, 15, tzinfo=UTC))
    await commands.answer_survey(work, None, unit_id, dict.fromkeys(UNSUR, mark), None)


async def pages(read: Callable[[str | None], Awaitable[list[Any]]]) -> list[list[Any]]:
    """Every page of a list, following its cursor."""
    found: list[list[Any]] = []
    while page := await read(found[-1][-1].id if found else None):
        found.append(page)
    return found


async def test_a_receipt_opens_its_feedback_and_no_other(prepared: Database, town: Any) -> None:
    officer_id = await town.officer()
    one, other = [
        await commands.give_feedback(Work(prepared), Voice(officer_id, None, 4, "", None), SECRET) for _ in "ab"
    ]
    key = receipt.key_of(one.id, SECRET)

    assert (await queries.track(Work(prepared), one.receipt.lower(), key)).id == one.id
    with pytest.raises(refusals.WrongKey) as refusal:
        await queries.track(Work(prepared), other.receipt, key)
    assert refusal.value.field == "key"
    with pytest.raises(refusals.ReceiptUnknown) as unknown:
        await queries.track(Work(prepared), receipt.number_of(new_id(), datetime.now(UTC)), key)
    assert unknown.value.field == "receipt"


async def test_the_directory_lists_open_units_and_serving_officers(
    prepared: Database, town: Any, deliver: Deliverer
) -> None:
    plaju, below = await town.unit("/16.71/plaju"), await town.unit("/16.71/plaju/pelayanan")
    await town.unit("/16.71/plajuh")
    await town.unit("/16.71/plaju/lama", active=False)
    stays, left = await town.officer("/16.71/plaju"), await town.officer("/16.71/plaju")
    place = town.registration(left, "/16.71/plaju", plaju).model_dump(include={"province", "unit_path"})
    gone = {"employee_id": left, "reason": "resigned", "effective_on": "2026-12-01"}
    await deliver(EmployeeSeparated.model_validate(place | gone))

    units = await queries.list_units(Work(prepared), "/16.71/plaju", None, 100)
    officers = await queries.list_officers(Work(prepared), plaju, None, 100)

    assert {unit.id for unit in units} == {plaju, below}
    assert [officer.id for officer in officers] == [stays]


async def test_lists_come_in_pages_without_repeats(prepared: Database, town: Any) -> None:
    for name in "abcde":
        await town.unit(f"/16.71/{name}")
    officers = [await town.officer("/16.71/a") for _ in range(3)]
    given = [
        await commands.give_feedback(Work(prepared), Voice(officers[0], None, 4, "", None), SECRET) for _ in range(5)
    ]
    work, unit_a = Work(prepared), town.units["/16.71/a"]

    units = await pages(lambda after: queries.list_units(work, None, after, 2))
    staff = await pages(lambda after: queries.list_officers(work, unit_a, after, 2))
    voices = await pages(lambda after: queries.list_feedback(work, PALEMBANG, after, 2))

    assert [[len(page) for page in found] for found in (units, staff, voices)] == [[2, 2, 1], [2, 1], [2, 2, 1]]
    assert [voice.id for page in voices for voice in page] == [one.id for one in given]


async def test_what_was_said_is_read_inside_the_scope_only(prepared: Database, town: Any) -> None:
    here, there = await town.officer("/16.71/plaju"), await town.officer("/96.71/dinkes")
    for officer_id in (here, there):
        await commands.give_feedback(Work(prepared), Voice(officer_id, None, 4, "", None), SECRET)

    async def about(*paths: str) -> list[str | None]:
        found = await queries.list_feedback(Work(prepared), Scope(paths=paths), None, 10)
        return [feedback.employee_id for feedback in found]

    assert await about("/16.71") == [here]
    assert await about("/96.71/dinkes") == [there]
    assert await about("/16.71", "/96.71") == [here, there]
    assert await about("/16.7", "/16.71/plajuh") == []
    assert await about() == []


class TestIkm:
    async def test_it_counts_the_unit_with_everything_below(self, prepared: Database, town: Any) -> None:
        root, plaju, counter = [await town.unit(p) for p in ("/16.71", "/16.71/plaju", "/16.71/plaju/pelayanan")]
        other = await town.unit("/16.71/plajuh")
        for unit_id, mark in [(root, 1), (plaju, 4), (counter, 3), (counter, 3), (other, 1)]:
            await answered(prepared, unit_id, mark)

        found = {
            unit_id: await ikm.unit_ikm(Work(prepared), unit_id, "2026-11", PALEMBANG)
            for unit_id in (root, plaju, counter)
        }

        assert [found[unit_id].answers for unit_id in (root, plaju, counter)] == [5, 3, 2]
        assert [f.result and f.result.ikm for f in found.values()] == [Decimal("60.00"), Decimal("83.33"), Decimal(75)]

    @pytest.mark.parametrize(
        ("period", "answers"),
        [("2026-10", 1), ("2026-11", 2), ("2026-Q4", 4), ("2026-Q3", 1), ("2026", 5), ("2025", 0)],
    )
    async def test_a_quarter_and_a_year_follow_from_their_months(
        self, prepared: Database, town: Any, period: str, answers: int
    ) -> None:
        unit_id = await town.unit()
        for month in (9, 10, 11, 11, 12):
            await answered(prepared, unit_id, 4, month)

        found = await ikm.unit_ikm(Work(prepared), unit_id, period, PALEMBANG)

        assert found.answers == answers
        assert (found.result is None) == (answers == 0)

    async def test_it_counts_every_unit_however_many_pages_it_takes(
        self, prepared: Database, town: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(store, "UNITS_AT_ONCE", 2)
        root = await town.unit("/16.71")
        for name in "abcde":
            await answered(prepared, await town.unit(f"/16.71/{name}"), 4)

        assert (await ikm.unit_ikm(Work(prepared), root, "2026", PALEMBANG)).answers == 5

    async def test_a_unit_that_moves_keeps_its_answers(self, prepared: Database, town: Any) -> None:
        old_parent, unit_id = await town.unit("/16.71/lama"), await town.unit("/16.71/lama/loket")
        new_parent = await town.unit("/16.71/baru")
        await answered(prepared, unit_id, 4, month=10)
        await answered(prepared, unit_id, 4, month=11)

        await town.unit("/16.71/lama/loket", unit_path="/16.71/baru/loket")
        await answered(prepared, unit_id, 2, month=11)

        for id_, answers in [(unit_id, 3), (new_parent, 3), (old_parent, 0)]:
            assert (await ikm.unit_ikm(Work(prepared), id_, "2026-Q4", PALEMBANG)).answers == answers

    async def test_it_tells_what_has_changed_since_the_period_before(self, prepared: Database, town: Any) -> None:
        unit_id = await town.unit()
        for month, mark in ((9, 2), (10, 3), (11, 4)):
            await answered(prepared, unit_id, mark, month)

        changes = [
            (await ikm.unit_ikm(Work(prepared), unit_id, period, PALEMBANG)).change
            for period in ("2026-11", "2026-Q4", "2026", "2026-09")
        ]

        assert [change and change.ikm for change in changes] == [Decimal(25), Decimal("37.50"), None, None]
        assert changes[0] is not None
        assert changes[0].nrr == dict.fromkeys(UNSUR, Decimal(1))

    async def test_outside_the_scope_there_is_no_unit_and_an_officer_is_none(
        self, prepared: Database, town: Any
    ) -> None:
        unit_id, officer_id = await town.unit(), await town.officer()

        for id_, scope in [(unit_id, Scope(paths=("/96.71",))), (officer_id, SYSTEM), (new_id(), SYSTEM)]:
            with pytest.raises(NotFound):
                await ikm.unit_ikm(Work(prepared), id_, "2026", scope)

    @pytest.mark.parametrize("period", ["2026-13", "2026-Q5", "26", "November"])
    async def test_a_period_that_is_none_is_named(self, prepared: Database, town: Any, period: str) -> None:
        with pytest.raises(refusals.InvalidPeriod) as refusal:
            await ikm.unit_ikm(Work(prepared), await town.unit(), period, SYSTEM)
        assert refusal.value.field == "period"
