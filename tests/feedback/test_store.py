"""What the database itself guarantees, whatever a command forgets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from feedback import commands
from feedback.domain import ticket as tickets
from feedback.domain.answering import UNSUR, Answer
from feedback.domain.feedback import Feedback
from feedback.store import ANSWERS, FEEDBACK, TICKETS, clocks_of
from kinara.contracts import Province
from kinara.kit.documents import Collection
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database, Taken
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command


@command
async def keep(tx: Transaction, collection: Collection[Any], state: Any) -> None:
    """Save without asking any rule."""
    tx.save(collection, state)


async def test_a_ticket_stands_behind_one_vote(prepared: Database, town: Any) -> None:
    unit_id = await town.unit()
    voice = commands.Voice(None, unit_id, 4, "", (await town.ticket(unit_id)).code)
    given = await commands.give_feedback(Work(prepared), voice, b"s")
    voted: Feedback = (await Work(prepared).get(FEEDBACK, given.id, SYSTEM)).state
    ticket = await town.ticket(unit_id)
    answer: Answer = await commands.answer_survey(Work(prepared), None, unit_id, dict.fromkeys(UNSUR, 4), ticket.code)

    with pytest.raises(Taken):
        await keep(Work(prepared), FEEDBACK, replace(voted, id=new_id(), receipt="FB-OTHER"))
    with pytest.raises(Taken):
        await keep(Work(prepared), ANSWERS, replace(answer, id=new_id()))


async def test_votes_without_ticket_are_not_limited(prepared: Database, town: Any) -> None:
    voice = commands.Voice(await town.officer(), None, 4, "", None)

    for _ in range(3):
        await commands.give_feedback(Work(prepared), voice, b"s")

    assert await prepared[FEEDBACK.name].count_documents({"ticket_id": None}) == 3


async def test_receipt_numbers_and_ticket_codes_are_unique(prepared: Database, town: Any) -> None:
    voice = commands.Voice(await town.officer(), None, 4, "", None)
    given = await commands.give_feedback(Work(prepared), voice, b"s")
    voted = (await Work(prepared).get(FEEDBACK, given.id, SYSTEM)).state
    ticket: tickets.Ticket = await town.ticket(await town.unit())

    with pytest.raises(Taken):
        await keep(Work(prepared), FEEDBACK, replace(voted, id=new_id()))
    with pytest.raises(Taken):
        await keep(Work(prepared), TICKETS, replace(ticket, id=new_id()))


def test_the_shipped_calendar_and_classes_can_be_read() -> None:
    clocks = clocks_of()
    assert clocks.usual == "normal"
    assert {day.year for day in clocks.calendar.holidays} == {2026, 2027}
    assert date(2026, 12, 24) in clocks.calendar.holidays, "joint leave counts as a holiday"


@pytest.mark.parametrize(
    ("level", "days"),
    [
        ("light", 2),
        ("normal", 5),
        ("without_supervision", 14),
        ("investigation", 60),
        ("aspiration", 5),
        ("information", 5),
        ("wbs", 5),
    ],
)
def test_the_classes_and_days_of_sp4n_lapor_and_of_the_service_standard_are_shipped(level: str, days: int) -> None:
    found = clocks_of().levels[level]
    assert (found.verify_days, found.answer_days) == (3, days)


def test_of_fourteen_working_days_neither_weekends_nor_holidays_are_any() -> None:
    monday = datetime(2026, 12, 7, 2, tzinfo=UTC)
    ends = clocks_of().ends("without_supervision", "answer", monday, Province(code="16"))
    assert ends == datetime(2026, 12, 29, 17, tzinfo=UTC), "the end of the twenty-ninth in Palembang"


def test_a_file_of_the_region_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "holidays.yaml").write_text("days:\n- {date: 2028-01-03, name: Libur daerah}\n")
    clocks = clocks_of(tmp_path)
    assert clocks.calendar.holidays == {date(2028, 1, 3)}
    assert "urgent" in clocks.levels, "what the region has no file for stays as it was shipped"
