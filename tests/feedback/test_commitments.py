"""Public commitments through the door: promised, followed, and kept, late or dropped for everybody to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from kinara.contracts.feedback import ReferencePublished
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, put_clock_ahead

Bearer = Callable[..., dict[str, str]]


def today(ahead: int = 0) -> str:
    return (day_of(datetime.now(UTC), "16") + timedelta(days=ahead)).isoformat()


@pytest.fixture
def clock() -> Iterator[Callable[[int], None]]:
    """Lets this process live so many days later, until the test ends."""
    yield put_clock_ahead
    put_clock_ahead(0)


@pytest.fixture
def post(http: httpx.AsyncClient, bearer: Bearer) -> Any:
    async def of(path: str, units: tuple[str, ...] = ("/16.71",), **body: Any) -> httpx.Response:
        return await http.post(f"/v1/{path}", json=body, headers=bearer("hr", None, units))

    return of


async def promised(post: Any, unit: str, **more: Any) -> dict[str, Any]:
    answer = await post("commitments", **{"unit_id": unit, "promise": "Loket sore", "due_on": today(30), **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_commitment_cites_who_asked_and_tells_how_it_gets_on(
    http: httpx.AsyncClient, town: Any, post: Any
) -> None:
    parent, unit = await town.unit("/16.71"), await town.unit()
    forum = {"title": "Rembuk", "agenda": ["Loket"], "place": "Balai", "held_on": today()}
    held = (await post("forums", unit_id=unit, **forum)).json()
    asked = (await post(f"forums/{held['id']}/proposals", words="Loket sore")).json()
    made = await promised(post, unit, cites=[asked["ref"], "topic:waktu"])

    noted = await post(f"commitments/{made['id']}/notes", words="Dua petugas dijadwalkan.")
    shown = (await http.get(f"/v1/public/commitments/{made['id']}")).json()
    of_parent = (await http.get(f"/v1/public/units/{parent}/commitments")).json()["items"]

    assert noted.status_code == 201
    assert (shown["cites"], shown["state"]) == ([asked["ref"], "topic:waktu"], "running")
    assert shown["notes"] == [{"written_on": today(), "words": "Dua petugas dijadwalkan."}]
    assert [one["id"] for one in of_parent] == [made["id"]]


async def test_policies_may_cite_a_commitment_once_it_is_made(town: Any, post: Any, said: Any) -> None:
    made = await promised(post, unit := await town.unit())
    (row,) = await said()
    fact = ReferencePublished.model_validate_json(row["data"])
    assert (fact.unit_id, fact.reference) == (unit, f"commitment:{made['id']}")


@pytest.mark.parametrize(
    ("outcome", "days", "state"),
    [
        ("kept", 30, "kept"),
        ("kept", 31, "kept_late"),
        ("dropped", 31, "dropped"),
        (None, 30, "running"),
        (None, 31, "late"),
    ],
)
async def test_what_became_of_it_is_seen_and_not_undone(
    http: httpx.AsyncClient, town: Any, post: Any, clock: Callable[[int], None],
    outcome: str | None, days: int, state: str,
) -> None:  # fmt: skip
    made = await promised(post, await town.unit())
    clock(days)
    if outcome is not None:
        ended = await post(f"commitments/{made['id']}/end", outcome=outcome, reason="Anggaran disahkan.")
        assert ended.status_code == 201
        for path, body in (("end", {"outcome": "kept", "reason": "Jadi"}), ("notes", {"words": "Masih berjalan"})):
            again = await post(f"commitments/{made['id']}/{path}", **body)
            assert (again.status_code, again.json()["type"]) == (409, "urn:kinara:problem:commitment-ended")

    shown = (await http.get(f"/v1/public/commitments/{made['id']}")).json()
    assert (shown["state"], shown["reason"]) == (state, "Anggaran disahkan." if outcome else "")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"due_on": "2020-01-01"}, "due_on", id="due in the past"),
        pytest.param({"due_on": "2199-01-01"}, "due_on", id="due too far ahead"),
        pytest.param({"cites": [f"proposal:{new_id()}"]}, "cites", id="a proposal that nobody made"),
        pytest.param({"cites": ["topic:gosip"]}, "cites", id="a topic that is none"),
        pytest.param({"cites": ["kata orang"]}, "cites", id="no reference"),
        pytest.param({"promise": ""}, "body.promise", id="nothing promised"),
    ],
)
async def test_a_commitment_that_cannot_be_names_the_field(
    town: Any, post: Any, change: dict[str, Any], field: str
) -> None:
    body = {"unit_id": await town.unit(), "promise": "Loket sore", "due_on": today(30)} | change
    answer = await post("commitments", **body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_outside_its_units_an_office_promises_and_ends_nothing(town: Any, post: Any) -> None:
    unit = await town.unit()
    made = await promised(post, unit)
    elsewhere = ("/96.71", "/16.71/plajuh")
    for path, body in (
        ("commitments", {"unit_id": unit, "promise": "Loket sore", "due_on": today(30)}),
        (f"commitments/{made['id']}/notes", {"words": "Berjalan"}),
        (f"commitments/{made['id']}/end", {"outcome": "dropped", "reason": "Batal"}),
    ):
        assert (await post(path, elsewhere, **body)).status_code == 404, path


async def test_lists_come_in_pages_the_last_first(http: httpx.AsyncClient, town: Any, post: Any) -> None:
    unit = await town.unit()
    made = [(await promised(post, unit))["id"] for _ in range(5)]
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await http.get(f"/v1/public/units/{unit}/commitments", params={"limit": 2, **after})).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert seen == made[::-1]
