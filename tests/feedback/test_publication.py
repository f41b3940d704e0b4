"""What the public sees of figures: months that are over, as they were published, and never fewer than ten voices."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from feedback import commands
from feedback.commands import Voice
from feedback.commands import publication as publisher
from feedback.domain import receipt
from feedback.domain.answering import UNSUR
from feedback.domain.complaint_tally import COUNTS, ComplaintTally
from feedback.queries import publication
from feedback.store import COMPLAINT_TALLIES, EDITIONS, FIGURES, PUBLICATIONS
from kinara.contracts import Province
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import Scope
from kinara.kit.work import NotFound, Transaction, Work, command

SECRET = b"a secret of the test"


def at(database: Database, month: int, year: int = 2026) -> Work:
    return Work(database, now=lambda: datetime(year, month, 15, tzinfo=UTC))


async def ticket(database: Database, unit_id: str) -> str:
    counter = Scope(paths=("/16.71", "/96.71"), label="counter")
    return (await commands.issue_ticket(Work(database), counter, unit_id, None, "Penerbitan KTP")).code


async def answered(
    database: Database, unit_id: str, count: int, month: int = 9, mark: int = 4, *, proven: bool = True
) -> None:
    for _ in range(count):
        code = await ticket(database, unit_id) if proven else None
        marks = dict.fromkeys(UNSUR, mark)
        await commands.answer_survey(at(database, month), None, unit_id, marks, code, fewest=1_000)


async def rated(
    database: Database, unit_id: str, rating: int, count: int, month: int = 9, *, proven: bool = True
) -> list[Any]:
    codes = [await ticket(database, unit_id) if proven else None for _ in range(count)]
    voices = [Voice(None, unit_id, rating, "", code) for code in codes]
    return [await commands.give_feedback(at(database, month), voice, SECRET, fewest=1_000) for voice in voices]


async def seen(database: Database, unit_id: str, period: str, month: int = 12) -> publication.Published:
    """What the public sees on the fifteenth of a month, when what is due has been published."""
    await publisher.work_off(database, at(database, month).now)
    _, found, _ = await publication.unit_figures(at(database, month), unit_id, period)
    return found


@pytest.mark.parametrize(("answers", "shown"), [(9, None), (10, 10)])
async def test_the_public_sees_an_index_from_ten_answers_on(
    prepared: Database, town: Any, answers: int, shown: int | None
) -> None:
    unit = await town.unit()
    await answered(prepared, unit, answers)

    found = await seen(prepared, unit, "2026-09")

    assert (found.answers, found.result is not None) == (shown, shown is not None)


async def test_whoever_adds_voices_as_they_like_finds_no_citizen_s_by_taking_them_away(
    prepared: Database, town: Any
) -> None:
    unit = await town.unit()
    await answered(prepared, unit, 1)
    await answered(prepared, unit, 12, mark=1, proven=False)
    await rated(prepared, unit, 4, 1)
    await rated(prepared, unit, 1, 12, proven=False)

    found = await seen(prepared, unit, "2026-09")

    assert (found.answers, found.result, found.voices, found.by_rating) == (None, None, None, (None,) * 4)


async def test_answers_that_nobody_proves_move_no_index(prepared: Database, town: Any) -> None:
    unit = await town.unit()
    await answered(prepared, unit, 10, mark=2)
    await answered(prepared, unit, 40, mark=4, proven=False)

    found = await seen(prepared, unit, "2026-09")

    assert found.result is not None
    assert (found.answers, found.result.ikm) == (10, Decimal(50))


async def test_a_month_is_published_from_the_fifth_of_the_next_on_the_clocks_of_the_province(
    prepared: Database, town: Any
) -> None:
    unit = await town.unit()
    await answered(prepared, unit, 12)

    async def told_at(now: datetime) -> tuple[str | None, date | None, int | None]:
        await publisher.work_off(prepared, lambda: now)
        _, found, _ = await publication.unit_figures(Work(prepared, now=lambda: now), unit, "2026-Q3")
        return found.through, found.due_on, found.answers

    assert await told_at(datetime(2026, 10, 4, 16, 59, tzinfo=UTC)) == ("2026-08", date(2026, 10, 5), 0)
    await answered(prepared, unit, 1)
    assert await told_at(datetime(2026, 10, 4, 17, 0, tzinfo=UTC)) == ("2026-09", None, 13), "midnight in Palembang"


async def test_whoever_asks_publishes_nothing_and_is_told_when_it_comes(prepared: Database, town: Any) -> None:
    unit = await town.unit()
    await answered(prepared, unit, 12)

    _, found, _ = await publication.unit_figures(at(prepared, 12), unit, "2026-09")

    assert (found.through, found.due_on, found.answers) == (None, date(2026, 10, 5), 0)
    for collection in (PUBLICATIONS, EDITIONS, FIGURES):
        assert await prepared[collection.name].count_documents({}) == 0


async def test_a_sibling_is_withheld_where_the_parent_would_give_it_away(prepared: Database, town: Any) -> None:
    parent, large, small = [await town.unit(path) for path in ("/16.71", "/16.71/a", "/16.71/b")]
    await answered(prepared, large, 14)
    await answered(prepared, small, 4, mark=1)

    assert [(await seen(prepared, unit, "2026-09")).answers for unit in (parent, large, small)] == [18, None, None]


async def test_a_quarter_is_withheld_where_its_months_would_give_one_away(prepared: Database, town: Any) -> None:
    unit = await town.unit()
    for month, count in ((7, 12), (8, 11), (9, 3)):
        await answered(prepared, unit, count, month)

    found = [(await seen(prepared, unit, period)).answers for period in ("2026-07", "2026-08", "2026-09", "2026-Q3")]

    assert found == [12, 11, None, None], "26 less 12 less 11 would be the three of September"


async def test_a_quarter_is_the_sum_of_its_published_months(prepared: Database, town: Any) -> None:
    unit = await town.unit()
    await answered(prepared, unit, 10, 7, mark=2)
    await answered(prepared, unit, 10, 9, mark=4)

    quarter = await seen(prepared, unit, "2026-Q3")
    _, found, change = await publication.unit_figures(at(prepared, 12), unit, "2026-09")

    assert found.result is not None
    assert quarter.result is not None
    assert (found.result.ikm, change) == (Decimal(100), None), "August has no answers to compare with"
    assert (quarter.answers, quarter.result.ikm, quarter.through) == (20, Decimal(75), "2026-09")


async def test_what_is_published_stays_when_a_voice_is_withdrawn_or_a_unit_moves(prepared: Database, town: Any) -> None:
    old, unit, new = [await town.unit(path) for path in ("/16.71/lama", "/16.71/lama/loket", "/16.71/baru")]
    given = await rated(prepared, unit, 4, 12)
    await answered(prepared, unit, 12)
    before = [await seen(prepared, id_, "2026-09") for id_ in (old, unit, new)]

    key = receipt.key_of(given[0].id, SECRET)
    await commands.withdraw_feedback(at(prepared, 10), given[0].receipt, key)
    await town.unit("/16.71/lama/loket", unit_path="/16.71/baru/loket")

    assert [await seen(prepared, id_, "2026-09") for id_ in (old, unit, new)] == before
    assert [found.voices for found in before] == [12, 12, 0]


async def test_what_was_published_of_a_unit_stands_in_the_government_that_it_comes_to(
    prepared: Database, town: Any
) -> None:
    unit = await town.unit("/16.71/loket")
    await answered(prepared, unit, 12)
    before = await seen(prepared, unit, "2026-09")
    new = await town.unit("/96.71")
    await town.unit("/16.71/loket", unit_path="/96.71/loket")

    assert (await seen(prepared, new, "2026-09")).answers == 12
    assert await seen(prepared, unit, "2026-09") == before


async def test_voices_are_told_by_rating_where_none_is_small(prepared: Database, town: Any) -> None:
    unit = await town.unit()
    for rating, count in ((4, 21), (3, 10), (2, 7), (1, 4)):
        await rated(prepared, unit, rating, count)

    found = await seen(prepared, unit, "2026-09")

    assert (found.voices, found.by_rating) == (42, (None, None, 10, 21))


async def test_complaints_are_told_by_what_had_become_of_them_where_none_is_small(
    http: httpx.AsyncClient, prepared: Database, town: Any
) -> None:
    unit = await town.unit()
    counts = dict.fromkeys(COUNTS, 0) | {"received": 45, "open": 20, "overdue": 12, "solved_in_time": 25, "reopened": 3}
    told = {"counts": counts, "proven": counts}
    place = {"unit_id": unit, "province": Province(code="16"), "unit_path": "/16.71/plaju"}
    await keep(Work(prepared), ComplaintTally(id=f"{unit}/2026-09", period="2026-09", **told, **place))

    await publisher.work_off(prepared)

    told = (await http.get(f"/v1/public/units/{unit}/complaints", params={"period": "2026-09"})).json()
    none = (await http.get(f"/v1/public/units/{unit}/complaints", params={"period": "2026-08"})).json()

    shown = {name: count for name, count in told["by_outcome"].items() if count is not None}
    assert (told["received"], shown) == (45, {"solved_in_time": 25}), "12 that are late would leave 8 that are not"
    assert (none["received"], set(none["by_outcome"].values())) == (0, {None})


@command
async def keep(tx: Transaction, tally: ComplaintTally) -> None:
    """Save complaints as counted."""
    tx.save(COMPLAINT_TALLIES, tally)


async def test_voices_that_were_withdrawn_or_are_held_are_in_no_figure(prepared: Database, town: Any) -> None:
    unit = await town.unit()
    given = await rated(prepared, unit, 4, 11)
    for one in given[:2]:
        await commands.withdraw_feedback(at(prepared, 9), one.receipt, receipt.key_of(one.id, SECRET))

    assert (await seen(prepared, unit, "2026-09")).voices is None


async def test_who_is_no_unit_has_no_figures(prepared: Database, town: Any) -> None:
    for id_ in (await town.officer(), new_id()):
        with pytest.raises(NotFound):
            await seen(prepared, id_, "2026-09")


async def test_the_page_of_a_unit_shows_nothing_of_a_month_that_runs(
    http: httpx.AsyncClient, prepared: Database, town: Any
) -> None:
    unit = await town.unit()
    for _ in range(12):
        body = {**dict.fromkeys(UNSUR, 4), "unit_id": unit, "ticket": await ticket(prepared, unit)}
        assert (await http.post("/v1/surveys", json=body)).status_code == 201
    await answered(prepared, unit, 10, 1, mark=3)
    await rated(prepared, unit, 3, 10, 1)
    await publisher.work_off(prepared)

    today = day_of(datetime.now(UTC), "16")
    running = (await http.get(f"/v1/public/units/{unit}", params={"period": f"{today:%Y-%m}"})).json()
    january = (await http.get(f"/v1/public/units/{unit}", params={"period": "2026-01"})).json()
    alone = (await http.get(f"/v1/public/units/{unit}/ikm", params={"period": "2026-01"})).json()

    assert (running["ikm"]["answers"], running["ikm"]["result"], running["ikm"]["through"]) == (0, None, None)
    assert running["ikm"]["due_on"] > today.isoformat()
    assert january["ikm"]["due_on"] is None
    assert january["ikm"] == alone
    assert (alone["answers"], alone["result"]["ikm"], alone["through"]) == (10, "75.00", "2026-01")
    assert january["complaints"]["received"] == 0
    assert january["voices"] == {"total": 10, "by_rating": {"1": None, "2": None, "3": 10, "4": None}}
    wrong = await http.get(f"/v1/public/units/{unit}", params={"period": "kapan"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "period")
