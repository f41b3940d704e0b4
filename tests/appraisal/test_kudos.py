"""Thanks from citizens: counted on the card, shown to the employee, and of no weight in any score."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from kinara.contracts import feedback as fb
from kinara.kit.ids import new_id
from kinara.kit.testing import Deliverer

Bearer = Callable[..., dict[str, str]]
NOVEMBER = "2026-11"


@pytest.fixture
def told(http: httpx.AsyncClient, bearer: Bearer) -> Callable[..., Any]:
    async def kudos(officer: str, who: dict[str, str] | None = None, year: int = 2026) -> Any:
        headers = who or bearer("employee", officer, ())
        answer = await http.get(f"/v1/scorecards/{officer}/kudos?year={year}", headers=headers)
        return answer.json() if answer.is_success else answer.status_code

    return kudos


async def test_thanks_are_counted_once_by_month_and_weigh_nothing(
    town: Any, deliver: Deliverer, card: Any, told: Any, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    thanked, rated = await town.officer(), await town.officer()
    for rating in (4, 3):
        await deliver(town.voice(thanked, rating, thanked=True), town.voice(rated, rating))
    await deliver(town.voice(thanked, 4), town.voice(rated, 4))

    assert await told(thanked) == {"employee_id": thanked, "year": 2026, "total": 2, "by_month": {NOVEMBER: 2}}
    assert await told(thanked, year=2025) == {"employee_id": thanked, "year": 2025, "total": 0, "by_month": {}}
    assert (await told(rated))["total"] == 0
    assert (await card(thanked)).scores == (await card(rated)).scores, "of no weight"
    path = f"/v1/scorecards/{thanked}/periods/{NOVEMBER}/explanation"
    explained = (await http.get(path, headers=bearer("employee", thanked, ()))).json()
    assert explained["thanks"] == 2
    notes = [line["note"] for line in explained["components"]["M"]["effects"]]
    assert sum(note.count("Isinya juga ucapan terima kasih.") for note in notes) == 2


@pytest.mark.parametrize(
    ("fate", "count"),
    [
        ([fb.FeedbackWithdrawn], 0),
        ([fb.FeedbackQuarantined], 0),
        ([fb.FeedbackQuarantined, fb.FeedbackReleased], 1),
        ([fb.FeedbackQuarantined, fb.FeedbackWithdrawn], 0),
    ],
    ids=["withdrawn", "held", "released", "upheld"],
)
async def test_thanks_go_with_the_voice_that_brought_them(
    town: Any, deliver: Deliverer, told: Any, fate: list[Any], count: int
) -> None:
    officer = await town.officer()
    await deliver(voice := town.voice(officer, 4, thanked=True))
    for kind in fate:
        facts = voice.model_dump(exclude={"has_text"}) | {"reason": "citizen"}
        await deliver(kind.model_validate(facts))
    assert (await told(officer))["total"] == count


async def test_a_closed_month_keeps_its_thanks_and_a_reopened_one_tells_them_once(
    town: Any, deliver: Deliverer, office: Any, told: Any, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    officer = await town.officer()
    await deliver(town.voice(officer, 4, thanked=True))
    office.now = office.now.replace(year=2026, month=12, day=8)
    await office.close(officer, NOVEMBER)
    assert (await told(officer))["by_month"] == {NOVEMBER: 1}
    reopened = await http.post(
        f"/v1/scorecards/{officer}/periods/{NOVEMBER}/reopening", json={"reason": "Salah tutup"},
        headers=bearer("hr") | {"Idempotency-Key": new_id()},
    )  # fmt: skip
    assert reopened.status_code == 201, reopened.text
    await deliver(town.voice(officer, 4, thanked=True))
    assert (await told(officer))["by_month"] == {NOVEMBER: 2}


async def test_thanks_are_read_by_who_may_see_the_card(town: Any, told: Any, bearer: Bearer) -> None:
    boss = await town.officer()
    officer = await town.officer(superior=boss)
    for who in (bearer("supervisor", boss, ()), bearer("hr"), bearer("oversight")):
        assert (await told(officer, who))["total"] == 0
    for stranger in (bearer("supervisor", new_id(), ()), bearer("employee", new_id(), ()), bearer("hr", units=["/96"])):
        assert await told(officer, stranger) == 404
