"""Closing a period through the public door, and two things that a door has to hold: long numbers, repeated ratings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from appraisal.api import routes
from appraisal.domain.behaviour import Nilai
from appraisal.store import RATERS
from kinara.contracts.feedback import FeedbackWithdrawn
from kinara.contracts.regions import day_of
from kinara.kit.http import Body
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer
from kinara.kit.work import Work

Bearer = Callable[..., dict[str, str]]
TODAY = day_of(utc_now(), "16")
LAST_DAY = TODAY.replace(day=1) - timedelta(days=1)
THIS, LAST = f"{TODAY:%Y-%m}", f"{LAST_DAY:%Y-%m}"
"""This month and the last: the only one that can have ended just now."""
AT = datetime(LAST_DAY.year, LAST_DAY.month, 10, 3, tzinfo=UTC)


@pytest.fixture
async def superior(town: Any) -> str:
    return await town.officer(name="Sari Atasan")


@pytest.fixture
async def officer(town: Any, deliver: Deliverer, superior: str) -> str:
    """An officer of Plaju whom a citizen has rated last month."""
    id_ = await town.officer(superior=superior)
    await deliver(town.voice(id_, 2, given_at=AT))
    return id_


@pytest.fixture
def close(http: httpx.AsyncClient, bearer: Bearer) -> Callable[..., Awaitable[httpx.Response]]:
    """Close a period of an employee, as BKPSDM does."""

    async def _close(employee_id: str, period: str = LAST, **headers: str) -> httpx.Response:
        path = f"/v1/scorecards/{employee_id}/closings"
        return await http.post(path, json={"period": period}, headers=bearer("hr") | headers)

    return _close


@pytest.fixture
def read(http: httpx.AsyncClient) -> Callable[..., Awaitable[Any]]:
    """What is found at an address below an employee's card."""

    async def _read(employee_id: str, below: str, who: dict[str, str]) -> Any:
        answer = await http.get(f"/v1/scorecards/{employee_id}{below}", headers=who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return _read


async def test_a_closed_period_can_be_read_and_explained(
    officer: str, superior: str, close: Any, read: Any, bearer: Bearer
) -> None:
    open_score = await read(officer, f"/periods/{LAST}", bearer("hr"))

    closed = await close(officer)

    assert closed.status_code == 201, closed.text
    assert (closed.json()["employee_id"], closed.json()["unit_path"]) == (officer, "/16.71/plaju")
    assert (await read(officer, "", bearer("hr")))["scores"] == [], "the card keeps open periods only"
    for who in (bearer("hr"), bearer("oversight"), bearer("employee", officer, ()), bearer("supervisor", superior, ())):
        assert await read(officer, f"/periods/{LAST}", who) == open_score == closed.json()["score"]
        explained = await read(officer, f"/periods/{LAST}/explanation", who)
        assert explained["score"] == open_score
        satisfaction = explained["components"]["M"]
        assert satisfaction["value"] == open_score["components"]["M"]
        (line,) = satisfaction["effects"]
        assert Decimal(satisfaction["opened_with"]) + Decimal(line["delta"]) == Decimal(satisfaction["value"])
        assert [share["ref"] for share in explained["satisfaction_shares"]] == [None, line["ref"]]


async def test_what_comes_after_the_close_is_recorded_and_flagged_and_changes_nothing(
    officer: str, town: Any, deliver: Deliverer, close: Any, read: Any, bearer: Bearer
) -> None:
    await close(officer)
    score = await read(officer, f"/periods/{LAST}", bearer("hr"))
    explanation = await read(officer, f"/periods/{LAST}/explanation", bearer("hr"))

    await deliver(late := town.voice(officer, 1, given_at=AT))

    recorded = (await read(officer, "/effects", bearer("hr")))[-1]
    assert (recorded["ref"], recorded["late"], recorded["deltas"]) == (late.feedback_id, True, {})
    assert f"Bulan {LAST} sudah ditutup" in recorded["note"]
    assert await read(officer, f"/periods/{LAST}", bearer("hr")) == score
    assert await read(officer, f"/periods/{LAST}/explanation", bearer("hr")) == explanation


@pytest.fixture
def reopen(http: httpx.AsyncClient, bearer: Bearer) -> Callable[..., Awaitable[httpx.Response]]:
    """Open a period of an employee again, as BKPSDM does."""

    async def _reopen(employee_id: str, **headers: str) -> httpx.Response:
        path, why = f"/v1/scorecards/{employee_id}/periods/{LAST}/reopening", {"reason": "Data warga tertinggal"}
        return await http.post(path, json=why, headers=bearer("hr") | headers)

    return _reopen


async def test_what_came_late_is_counted_once_by_opening_the_period_again(
    officer: str, town: Any, deliver: Deliverer, close: Any, reopen: Any, read: Any, bearer: Bearer, effects: Any
) -> None:
    """Each fact in its order: a voice that was withdrawn counts no more than in time."""
    await close(officer)
    voice, gone = (town.voice(officer, 1, given_at=AT) for _ in range(2))
    taken_back = {"feedback_id": gone.feedback_id, "given_at": AT, "reason": "citizen"}
    solved = in_time(town, officer)
    await deliver(voice, gone, town.voice(officer, 1, FeedbackWithdrawn, **taken_back), solved)
    key = {"Idempotency-Key": new_id()}

    opened, again = await reopen(officer, **key), await reopen(officer, **key)

    assert (opened.status_code, opened.json()) == (201, again.json()), opened.text
    explained = await read(officer, f"/periods/{LAST}/explanation", bearer("hr"))
    satisfaction, complaints = explained["components"]["M"], explained["components"]["A"]
    assert [(line["event"], line["ref"]) for line in satisfaction["effects"][1:]] == [
        ("FeedbackReceived", voice.feedback_id), ("FeedbackReceived", gone.feedback_id),
        ("FeedbackWithdrawn", gone.feedback_id),
    ]  # fmt: skip
    assert [line["ref"] for line in complaints["effects"]] == [solved.complaint_id]
    for part in (satisfaction, complaints):
        assert all(line["note"].endswith("dibuka kembali.") for line in part["effects"] if line["by"])
        total = Decimal(part["opened_with"]) + sum(Decimal(line["delta"]) for line in part["effects"])
        assert total == Decimal(part["value"])
    assert [s["ref"] for s in explained["satisfaction_shares"] if s["ref"]][1:] == [voice.feedback_id]

    await close(officer)
    score = await read(officer, f"/periods/{LAST}", bearer("hr"))
    assert (await reopen(officer)).status_code == 201
    assert await read(officer, f"/periods/{LAST}", bearer("hr")) == score, "counted once, however often it is opened"
    assert [row["counts"] for row in await effects(officer) if "counts" in row] == [
        row["id"] for row in await effects(officer) if row.get("late")
    ]


async def test_a_period_closed_too_early_ends_as_it_would_have_in_time(
    town: Any, deliver: Deliverer, close: Any, reopen: Any, read: Any, bearer: Bearer
) -> None:
    early, patient = await town.officer(), await town.officer()
    for id_ in (early, patient):
        await deliver(town.voice(id_, 4, given_at=AT))
    await close(early)
    for id_ in (early, patient):
        await deliver(town.voice(id_, 1, given_at=AT), in_time(town, id_))
    assert (await reopen(early)).status_code == 201
    for id_ in (early, patient):
        assert (await close(id_)).status_code == 201
    scores = [await read(id_, f"/periods/{LAST}", bearer("hr")) for id_ in (early, patient)]
    assert scores[0] == scores[1]


async def test_what_comes_between_two_openings_is_counted_by_the_second(
    officer: str, town: Any, deliver: Deliverer, close: Any, reopen: Any, read: Any, bearer: Bearer
) -> None:
    for rating in (1, 2):
        await close(officer)
        await deliver(late := town.voice(officer, rating, given_at=AT))
        assert (await reopen(officer)).status_code == 201
        explained = await read(officer, f"/periods/{LAST}/explanation", bearer("hr"))
        assert explained["components"]["M"]["effects"][-1]["ref"] == late.feedback_id
    assert len(explained["components"]["M"]["effects"]) == 3


async def test_a_fact_that_comes_while_the_period_is_opened_counts_once(
    officer: str, town: Any, deliver: Deliverer, close: Any, reopen: Any, read: Any, bearer: Bearer
) -> None:
    await close(officer)
    voices = [town.voice(officer, 1, given_at=AT) for _ in range(5)]

    async def told() -> None:
        for voice in voices:
            await deliver(voice)

    opened, _ = await asyncio.gather(reopen(officer), told())
    assert opened.status_code == 201, opened.text
    explained = await read(officer, f"/periods/{LAST}/explanation", bearer("hr"))
    lines = [line["ref"] for line in explained["components"]["M"]["effects"][1:]]
    assert sorted(lines) == sorted(voice.feedback_id for voice in voices)


def in_time(town: Any, officer: str) -> Any:
    """A complaint solved in the month that was closed."""
    return town.complaint(officer, opened_at=AT, resolved_at=AT)


async def test_a_closed_score_is_explained_by_the_policy_that_weighed_it(
    officer: str, town: Any, deliver: Deliverer, close: Any, read: Any, bearer: Bearer
) -> None:
    """A transfer told later moves the officer to Sorong from a day in the closed month on."""
    await close(officer)
    me = bearer("employee", officer, ())
    before = await read(officer, f"/periods/{LAST}/explanation", me)

    await deliver(town.transfer(officer, "/96.71/dinkes").model_copy(update={"effective_on": AT.date()}))

    assert (await read(officer, "", me))["unit_path"] == "/96.71/dinkes"
    after = await read(officer, f"/periods/{LAST}/explanation", me)
    assert (after["score"]["policy"], after["weights"]) == ("plaju@1", before["weights"])


async def test_a_period_is_closed_once_and_the_same_request_gets_the_same_answer(officer: str, close: Any) -> None:
    key = {"Idempotency-Key": new_id()}
    first, again = await close(officer, **key), await close(officer, **key)
    other = await close(officer)

    assert (first.status_code, first.json()) == (201, again.json())
    assert (other.status_code, other.json()["type"]) == (409, "urn:kinara:problem:period-closed")


@pytest.mark.parametrize("period", [THIS, "2962-11"], ids=["the month that runs", "far ahead"])
async def test_a_period_that_is_not_over_cannot_be_closed(officer: str, close: Any, period: str) -> None:
    answer = await close(officer, period)

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:kinara:problem:period-not-over")
    assert [error["field"] for error in answer.json()["errors"]] == ["period"]
    assert (await close(officer)).status_code == 201, "nothing was closed by that"


async def test_a_closed_period_does_not_exist_for_an_office_elsewhere(
    officer: str, close: Any, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    await close(officer)
    for below in ("", "/explanation"):
        path = f"/v1/scorecards/{officer}/periods/{LAST}{below}"
        assert (await http.get(path, headers=bearer("hr", units=("/96.71",)))).status_code == 404


TARGET = {"period": THIS, "name": "Berkas selesai", "unit": "berkas", "polarity": "max", "target": "9", "weight": "1"}
NUMBERS = {
    "target": ("PUT", "/indicators/berkas", TARGET),
    "weight": ("PUT", "/indicators/berkas", TARGET),
    "amount": ("POST", "/progress", {"indicator": "berkas", "amount": "1"}),
}


def test_every_number_that_the_door_takes_is_listed_here() -> None:
    bodies = [kind for kind in vars(routes).values() if isinstance(kind, type) and issubclass(kind, Body)]
    taken = {name for kind in bodies for name, field in kind.model_fields.items() if field.annotation is Decimal}
    assert taken == NUMBERS.keys()


@pytest.mark.parametrize("field", NUMBERS)
@pytest.mark.parametrize("number", ["0." + "3" * 40, "1e-40"], ids=["forty digits", "forty places"])
async def test_a_number_with_too_many_digits_is_refused_by_its_name(
    officer: str, superior: str, http: httpx.AsyncClient, bearer: Bearer, field: str, number: str
) -> None:
    method, below, body = NUMBERS[field]

    answer = await http.request(
        method, f"/v1/scorecards/{officer}{below}", json=body | {field: number},
        headers=bearer("supervisor", superior, ()),
    )  # fmt: skip

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [f"body.{field}"]


async def test_a_report_rated_again_and_again_is_one_rating_of_the_superior(
    officer: str, superior: str, http: httpx.AsyncClient, bearer: Bearer, prepared: Database, effects: Any
) -> None:
    """What a rater gave others corrects their marks; the same rating given again must not."""
    for mark in (3, 4, 5, 5):
        marks = dict.fromkeys(map(str, Nilai), mark)
        answer = await http.post(
            f"/v1/scorecards/{officer}/behaviour", json=marks, headers=bearer("supervisor", superior, ())
        )
        assert answer.status_code == 201, answer.text

    raters = {record.id: record.state for record in await Work(prepared).find(RATERS, SYSTEM, {})}
    assert {id_: (rater.ratings, rater.mean) for id_, rater in raters.items()} == {superior: (1, 5), "/16.71": (1, 5)}
    given = [effect["inputs"]["correction"] for effect in await effects(officer) if effect["part"] == "B"]
    assert given == [0, 0, 0, 0]
