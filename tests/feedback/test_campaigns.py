"""Survey campaigns through the door: invitations that name nobody, one answer each, and what came of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from feedback.commands import publication
from feedback.domain.answering import UNSUR
from feedback.domain.publication import due_on
from feedback.store import ANSWERS, SPENT, TOKENS
from kinara.contracts.feedback import ReferencePublished
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, put_clock_ahead
from kinara.kit.mongo import Database

Bearer = Callable[..., dict[str, str]]
Said = Callable[[], Awaitable[list[dict[str, Any]]]]


def today(ahead: int = 0) -> str:
    return (day_of(datetime.now(UTC), "16") + timedelta(days=ahead)).isoformat()


@pytest.fixture
def clock() -> Iterator[Callable[[int], None]]:
    """Lets this process live so many days later, until the test ends."""
    yield put_clock_ahead
    put_clock_ahead(0)


class Office:
    """BKPSDM of Palembang at the door."""

    def __init__(self, http: httpx.AsyncClient, bearer: Bearer) -> None:
        self.http, self.headers = http, bearer("hr")

    async def campaign(self, unit: str, population: int = 40, **changed: Any) -> dict[str, Any]:
        body = {"unit_id": unit, "name": "SKM semester", "first": today(), "last": today(20), "population": population}
        answer = await self.http.post("/v1/campaigns", json=body | changed, headers=self.headers)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def codes(self, campaign: str, count: int) -> list[str]:
        answer = await self.http.post(f"/v1/campaigns/{campaign}/codes", json={"count": count}, headers=self.headers)
        assert answer.status_code == 201, answer.text
        return list(answer.json()["codes"])

    async def result(self, campaign: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.http.get(f"/v1/campaigns/{campaign}", headers=self.headers)).json()
        return found


async def test_policies_may_cite_a_campaign_from_its_announcement_on(
    http: httpx.AsyncClient, town: Any, office: Office, said: Said
) -> None:
    made = await office.campaign(unit := await town.unit())
    (row,) = await said()
    fact = ReferencePublished.model_validate_json(row["data"])
    assert (fact.unit_id, fact.reference, row["subject"]) == (unit, f"campaign:{made['id']}", f"unit/{unit}")
    assert (await http.get(f"/v1/public/references/{fact.reference}")).json()["unit_id"] == unit


@pytest.fixture
def office(http: httpx.AsyncClient, bearer: Bearer) -> Office:
    return Office(http, bearer)


async def answered(http: httpx.AsyncClient, code: str, mark: int = 3, **more: Any) -> httpx.Response:
    return await http.post("/v1/surveys", json={**dict.fromkeys(UNSUR, mark), "ticket": code, **more})


async def test_a_campaign_tells_who_answered_whether_it_is_enough_and_what_changed(
    http: httpx.AsyncClient, town: Any, office: Office, clock: Callable[[int], None]
) -> None:
    unit = await town.unit()
    first = await office.campaign(unit, population=10, last=today())
    for code in await office.codes(first["id"], 2):
        assert (await answered(http, code, 2)).status_code == 201
    clock(1)
    second = await office.campaign(unit, population=10, first=today(1))
    codes = await office.codes(second["id"], 10)
    for code in codes[:9]:
        assert (await answered(http, code, 3)).status_code == 201

    before, short = await office.result(first["id"]), await office.result(second["id"])
    assert (await answered(http, codes[9], 3)).json()["trust"] == "1.0"
    enough = await office.result(second["id"])

    assert (second["sample"], second["state"]) == (10, "running")
    assert (before["state"], before["answers"], before["rate"], before["change"]) == ("closed", 2, "1.0000", None)
    assert (short["invited"], short["answers"], short["rate"], short["minimum_reached"]) == (10, 9, "0.9000", False)
    assert (enough["rate"], enough["minimum_reached"], enough["result"]["ikm"]) == ("1.0000", True, "75.00")
    assert (enough["result"]["mutu"], enough["result"]["performance"]) == ("C", "Kurang baik")
    assert (enough["change"]["ikm"], enough["change"]["nrr"]["u1"]) == ("25.00", "1.00")


async def test_an_invitation_gives_one_answer_however_many_send_it_at_once(
    http: httpx.AsyncClient, town: Any, office: Office, prepared: Database
) -> None:
    (code,) = await office.codes((await office.campaign(await town.unit()))["id"], 1)

    answers = await asyncio.gather(*(answered(http, typed) for typed in (code, code.lower(), code.replace("-", ""))))
    later = await answered(http, code)

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert (later.status_code, later.json()["type"]) == (409, "urn:kinara:problem:token-used")
    assert await prepared[ANSWERS.name].count_documents({}) == 1


async def test_nothing_that_is_stored_or_said_leads_from_an_invitation_to_an_answer(
    http: httpx.AsyncClient, town: Any, office: Office, prepared: Database, said: Said
) -> None:
    unit = await town.unit()
    campaign = (await office.campaign(unit))["id"]
    codes = await office.codes(campaign, 5)
    assert (await answered(http, codes[3], unit_id=unit)).status_code == 201

    (spent,) = await prepared.find(SPENT.name, {})
    tokens = await prepared.find(TOKENS.name, {})
    (answer,) = await prepared.find(ANSWERS.name, {})
    (row,) = [row for row in await said() if "SurveyAnswered" in row["type"]]
    digest = spent["_id"].partition("/")[0]
    assert {key for token in tokens for key in token} == {"_id", "rev", "said", "opens"}, "no time, no order, no name"
    assert {token["rev"] for token in tokens} == {1}, "using a code leaves no trace on it"
    assert spent.keys() == {"_id", "rev", "said"}
    assert answer["ticket_id"] is None
    assert digest not in f"{answer}{row}"
    stored = f"{tokens}{spent}{answer}{row}{await prepared.find('idempotency', {})}"
    assert not [code for code in codes if code in stored]


async def test_a_repeated_request_for_codes_gives_the_same_codes(
    http: httpx.AsyncClient, town: Any, office: Office, prepared: Database
) -> None:
    campaign = (await office.campaign(await town.unit()))["id"]
    headers = {**office.headers, "Idempotency-Key": new_id()}

    one, other = [
        (await http.post(f"/v1/campaigns/{campaign}/codes", json={"count": 6}, headers=headers)).json() for _ in "ab"
    ]

    assert one == other
    assert one["codes"] == sorted(one["codes"])
    assert await prepared[TOKENS.name].count_documents({}) == 6
    kept = str(await prepared.find("idempotency", {}))
    assert [code for code in one["codes"] if code in kept] == []


async def test_a_campaign_that_is_over_or_has_not_begun_takes_no_answer(
    http: httpx.AsyncClient, town: Any, office: Office
) -> None:
    unit = await town.unit()
    running, coming = await office.campaign(unit), await office.campaign(unit, first=today(3))
    (late, used), (early,) = await office.codes(running["id"], 2), await office.codes(coming["id"], 1)
    assert (await answered(http, used)).status_code == 201

    closed = await http.post(f"/v1/campaigns/{running['id']}/closing", headers=office.headers)
    refused = [await answered(http, code) for code in (late, used, early)]
    again = await http.post(f"/v1/campaigns/{running['id']}/closing", headers=office.headers)
    more = await http.post(f"/v1/campaigns/{running['id']}/codes", json={"count": 1}, headers=office.headers)

    assert (closed.json()["state"], coming["state"]) == ("closed", "announced")
    answers = [*refused, again, more]
    assert {(a.status_code, a.json()["type"]) for a in answers} == {(409, "urn:kinara:problem:campaign-not-running")}
    assert (await answered(http, early, unit_id=unit)).status_code == 409, "a refused answer spends nothing"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"first": "2026-01-01"}, "first", id="begun long ago"),
        pytest.param({"last": "2026-01-01"}, "first", id="ends before it begins"),
        pytest.param({"last": "2199-01-01"}, "first", id="longer than a year"),
        pytest.param({"population": 0}, "body.population", id="nobody was served"),
        pytest.param({"name": "x"}, "body.name", id="no name"),
    ],
)
async def test_a_campaign_that_cannot_be_names_the_field(
    http: httpx.AsyncClient, town: Any, office: Office, change: dict[str, Any], field: str
) -> None:
    body = {"unit_id": await town.unit(), "name": "SKM", "first": today(), "last": today(9), "population": 9} | change
    answer = await http.post("/v1/campaigns", json=body, headers=office.headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_no_more_are_invited_than_were_served(http: httpx.AsyncClient, town: Any, office: Office) -> None:
    campaign = (await office.campaign(await town.unit(), population=5))["id"]
    await office.codes(campaign, 4)
    answer = await http.post(f"/v1/campaigns/{campaign}/codes", json={"count": 2}, headers=office.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:kinara:problem:too-many-invited")
    assert len(await office.codes(campaign, 1)) == 1


async def test_an_invitation_is_for_the_unit_of_its_campaign(
    http: httpx.AsyncClient, town: Any, office: Office
) -> None:
    (code,) = await office.codes((await office.campaign(await town.unit()))["id"], 1)
    elsewhere = await answered(http, code, unit_id=await town.unit("/16.71/ilir"))
    officer = await answered(http, code, employee_id=await town.officer())
    unknown = await answered(http, "0000-0000-0000-0000-0")

    assert [a.json()["type"].rpartition(":")[2] for a in (elsewhere, officer, unknown)] == [
        "token-for-another", "token-for-another", "token-unknown",
    ]  # fmt: skip
    assert (await answered(http, code)).status_code == 201


async def test_outside_its_units_an_office_finds_no_campaign(
    http: httpx.AsyncClient, town: Any, office: Office, bearer: Bearer
) -> None:
    campaign = (await office.campaign(await town.unit()))["id"]
    other = bearer("hr", None, ("/96.71", "/16.71/plajuh"))

    assert (await http.get("/v1/campaigns", headers=other)).json()["items"] == []
    assert [one["id"] for one in (await http.get("/v1/campaigns", headers=office.headers)).json()["items"]] == [
        campaign
    ]
    for method, path, body in (("GET", "", None), ("POST", "/codes", {"count": 1}), ("POST", "/closing", None)):
        answer = await http.request(method, f"/v1/campaigns/{campaign}{path}", json=body, headers=other)
        assert answer.status_code == 404, path


async def test_the_public_sees_a_campaign_at_once_and_its_result_when_its_month_is_published(
    http: httpx.AsyncClient, prepared: Database, town: Any, office: Office, clock: Callable[[int], None]
) -> None:
    campaign = await office.campaign(await town.unit(), last=today())
    for code in await office.codes(campaign["id"], 10):
        assert (await answered(http, code, 4)).status_code == 201

    address = f"/v1/public/campaigns/{campaign['id']}"
    now = (await http.get(address)).json()
    clock(36)
    awaited = (await http.get(address)).json()
    await publication.work_off(prepared)
    later = (await http.get(address)).json()

    assert (now["ref"], now["sample"], now["answers"], now["result"]) == (f"campaign:{campaign['id']}", 36, None, None)
    assert "invited" not in now
    assert (awaited["answers"], awaited["due_on"], later["due_on"]) == (None, now["due_on"], None)
    assert now["due_on"] == str(due_on(campaign["last"][:7]))
    assert (later["state"], later["answers"], later["result"]["ikm"]) == ("closed", 10, "100.00")
