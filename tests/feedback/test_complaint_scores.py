"""What complaints do to the mark A of those who handle them: feedback's facts, as appraisal's own folds read them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import appraisal
import pytest
import yaml
from appraisal.domain.folds import FOLDS
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.scorecard import Scorecard
from feedback.commands import complaints as commands
from feedback.commands.complaints import Reply
from feedback.domain import receipt
from feedback.store import clocks_of
from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

Marks = Callable[..., Awaitable[tuple[int, int]]]

SHIPPED = Path(appraisal.__file__).with_name("policies")
FACTS = {event.type(): event for event in (ComplaintResolved, ComplaintReopened, ComplaintOverdue)}
SECRET, CLOCKS = b"s", clocks_of()
MONDAY = datetime(2026, 11, 2, 2, tzinfo=UTC)
LATE = datetime(2026, 11, 10, 2, tzinfo=UTC)
"""After the five working days; those of a complaint that is reopened then are over within the month, too."""
LAST_DAY = datetime(2026, 11, 9, 2, tzinfo=UTC)
AGAIN_LATE = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture
def marks(said: Callable[..., Any]) -> Marks:
    """Complaints handled and solved that count for an officer, when all that was said is folded in, each fact once."""
    policies = Policies(parse_policy(yaml.safe_load(file.read_text())) for file in SHIPPED.glob("*.yaml"))

    async def read(officer_id: str) -> tuple[int, int]:
        card = Scorecard(officer_id, "16", "/16.71/plaju")
        for row in await said():
            event = FACTS[row["type"]].model_validate_json(row["data"])
            if event.subject.id == officer_id:
                card = FOLDS[type(event)](card, event, policies)[0]
        found = [month.complaints for month in card.months.values()]
        return sum(one.handled for one in found), sum(one.solved for one in found)

    return read


class Life:
    """One complaint, step by step."""

    def __init__(self, database: Database, given: commands.Lodged) -> None:
        self.database, self.given = database, given

    def _work(self, at: datetime) -> Work:
        return Work(self.database, now=lambda: at)

    async def assign(self, officer_id: str, at: datetime = MONDAY, reason: str = "") -> None:
        await commands.assign_complaint(self._work(at), SYSTEM, self.given.id, officer_id, reason, CLOCKS)

    async def answer(self, officer_id: str, at: datetime = MONDAY, outcome: Any = "solved", to: str = "") -> None:
        reply = Reply(outcome, "Jawaban", to)
        await commands.answer_complaint(self._work(at), Scope(own=officer_id), self.given.id, reply)

    async def contest(self, at: datetime = MONDAY) -> None:
        key = receipt.key_of(self.given.id, SECRET)
        await commands.contest_answer(self._work(at), self.given.receipt, key, "Belum", CLOCKS)

    async def tell_overdue(self, at: datetime) -> None:
        await commands.tell_overdue(self._work(at), self.given.id)


@pytest.fixture
async def life(prepared: Database, town: Any) -> Life:
    work = Work(prepared, now=lambda: MONDAY)
    given = await commands.lodge_complaint(work, await town.unit(), "Antre", None, None, CLOCKS, SECRET)
    await commands.verify_complaint(work, SYSTEM, given.id, "normal", "waktu", CLOCKS)
    return Life(prepared, given)


async def test_solved_in_time_counts_and_no_longer_when_it_is_reopened(life: Life, town: Any, marks: Marks) -> None:
    rani = await town.officer()
    await life.assign(rani)
    await life.answer(rani)
    assert await marks(rani) == (1, 1)
    await life.contest()
    assert await marks(rani) == (1, 0)
    await life.answer(rani)
    assert await marks(rani) == (1, 0), "what was reopened was not solved"


async def test_overdue_and_then_resolved_counts_once(life: Life, town: Any, marks: Marks) -> None:
    rani = await town.officer()
    await life.assign(rani)
    await life.tell_overdue(LATE)
    assert await marks(rani) == (1, 0)
    await life.answer(rani, LATE)
    await life.contest(LATE)
    await life.answer(rani, AGAIN_LATE)
    assert await marks(rani) == (1, 0)


async def test_late_counts_the_same_whether_the_timekeeper_came_by_or_not(life: Life, town: Any, marks: Marks) -> None:
    rani = await town.officer()
    await life.assign(rani)
    await life.answer(rani, LATE)
    assert await marks(rani) == (1, 0)


@pytest.mark.parametrize("told", [True, False], ids=["told before", "nobody had said so"])
async def test_who_gets_what_was_late_already_is_not_late_with_it(
    life: Life, town: Any, marks: Marks, told: bool
) -> None:
    rani, sari = await town.officer(), await town.officer(name="Sari Contoh")
    await life.assign(rani)
    if told:
        await life.tell_overdue(LATE)
    await life.assign(sari, LATE, "Rani sakit")
    await life.answer(sari, LATE + timedelta(hours=1))
    assert (await marks(rani), await marks(sari)) == ((1, 0), (1, 1)), "a new clock that was hers alone"
    await life.contest(LATE + timedelta(hours=2))
    assert await marks(sari) == (1, 0)


async def test_who_lets_the_clock_of_their_own_run_out_is_late_too(life: Life, town: Any, marks: Marks) -> None:
    rani, sari = await town.officer(), await town.officer(name="Sari Contoh")
    await life.assign(rani)
    await life.assign(sari, LATE, "Rani sakit")
    await life.tell_overdue(AGAIN_LATE)
    await life.answer(sari, AGAIN_LATE)
    assert (await marks(rani), await marks(sari)) == ((1, 0), (1, 0))


async def test_the_lateness_of_what_was_handed_over_at_the_last_minute_is_no_officer_s(
    life: Life, town: Any, marks: Marks
) -> None:
    rani, sari = await town.officer(), await town.officer(name="Sari Contoh")
    await life.assign(rani)
    await life.assign(sari, LAST_DAY, "Rani sakit")
    await life.tell_overdue(LATE)
    await life.answer(sari, LATE)
    assert (await marks(rani), await marks(sari)) == ((0, 0), (0, 0))


async def test_who_hands_it_over_in_time_is_not_concerned(life: Life, town: Any, marks: Marks) -> None:
    rani, sari = await town.officer(), await town.officer(name="Sari Contoh")
    await life.assign(rani)
    await life.assign(sari, MONDAY, "Bidang lain")
    await life.tell_overdue(LATE)
    assert (await marks(rani), await marks(sari)) == ((0, 0), (1, 0))


async def test_not_ours_counts_for_nobody_even_if_the_citizen_contests_it(life: Life, town: Any, marks: Marks) -> None:
    rani = await town.officer()
    await life.assign(rani)
    await life.answer(rani, outcome="not_ours", to="PLN")
    await life.contest()
    assert await marks(rani) == (0, 0)
    await life.answer(rani)
    assert await marks(rani) == (1, 1)


async def test_closed_without_a_solution_is_handled_and_not_solved(life: Life, town: Any, marks: Marks) -> None:
    rani = await town.officer()
    await life.assign(rani)
    await life.answer(rani, outcome="closed_without_solution")
    await life.contest()
    assert await marks(rani) == (1, 0)


async def test_the_clocks_of_the_office_count_for_no_officer(
    prepared: Database, life: Life, town: Any, marks: Marks
) -> None:
    rani = await town.officer()
    await life.tell_overdue(LATE)
    await life.assign(rani, LATE)
    assert await marks(rani) == (0, 0)
    await life.answer(rani, LATE)
    assert await marks(rani) == (1, 1), "in a clock that began when she got it"
