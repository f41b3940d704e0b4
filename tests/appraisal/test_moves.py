"""A unit that moves keeps its policies and takes along what was decided about its people and is still to be decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from appraisal import store
from appraisal.commands import awards
from appraisal.commands.moves import MOVER
from appraisal.commands.simulations import work_off
from appraisal.store import AWARDS, CLOSED, POLICIES, SCORECARDS
from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeChanged, UnitChanged
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.moves import LONGEST_TRANSACTION
from kinara.kit.paths import LEFT
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work

Bearer = Callable[..., dict[str, str]]
BEFORE, AFTER, PERIOD = "/16.71/plaju", "/16.71/selatan/plaju", "2026-11"
NEXT_YEAR = date(datetime.now(UTC).year + 2, 1, 1)
WEIGHTS = {"K": "0.25", "M": "0.40", "A": "0.05", "L": "0.10", "B": "0.20"}
LATER = LONGEST_TRANSACTION + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the policies is a new one."""
    monkeypatch.setattr(store, "FRESH_S", 0)


@pytest.fixture
async def move(town: Any, prepared: Database) -> Callable[..., Any]:
    """Plaju, and a way to let personnel say that it is elsewhere from now on."""
    unit_id = new_id()

    async def say(path: str) -> None:
        await town.deliver(UnitChanged(province=Province(code="16"), unit_path=path, unit_id=unit_id, name="Plaju"))

    async def to(path: str = AFTER) -> str:
        await say(path)
        await MOVER.work_off(prepared)
        return unit_id

    await say(BEFORE)
    return to


@pytest.fixture
def call(http: httpx.AsyncClient) -> Callable[..., Any]:
    async def ask(method: str, path: str, who: dict[str, str], body: Any = None) -> httpx.Response:
        headers = who | ({"Idempotency-Key": new_id()} if method == "POST" else {})
        return await http.request(method, f"/v1{path}", json=body, headers=headers)

    return ask


@pytest.fixture
def offices(bearer: Bearer) -> tuple[dict[str, str], dict[str, str]]:
    """Of the old place and of the new one."""
    return bearer("hr", units=[BEFORE]), bearer("hr", units=["/16.71/selatan"])


async def counts(call: Any, offices: Any, path: str) -> list[int]:
    return [len((await call("GET", path, who)).json()["items"]) for who in offices]


async def comes_along(town: Any, employee_id: str, superior: str) -> None:
    """Personnel's word about somebody of the unit."""
    facts = town.registration(employee_id, AFTER, superior).model_dump(exclude={"effective_on"})
    await town.deliver(EmployeeChanged(**facts, effective_on=date(2026, 11, 23), changed=("unit_path",)))


async def test_the_office_above_the_new_place_decides_and_the_old_one_finds_nothing(
    months: Any, town: Any, boss: str, move: Any, call: Any, offices: Any, prepared: Database, office: Any
) -> None:
    good, low = [await town.officer(superior=boss) for _ in range(2)]
    await months.pass_(PERIOD, {good: ("110", 5), low: ("5", 2)})
    where = {"unit_path": BEFORE, "period": PERIOD, "predikat": "Baik"}
    assert (await call("PUT", "/organisation-predikat", offices[0], where)).status_code == 200
    lists = ["/awards?state=nominated", "/coaching?state=due", "/verdicts"]
    verdict = f"/scorecards/{good}/periods/{PERIOD}/verdict"
    before = [await counts(call, offices, path) for path in lists]
    assert [none for _, none in before] == [0, 0, 0]
    (nominated,) = (await call("GET", lists[0], offices[0])).json()["items"]

    await move()

    assert [await counts(call, offices, path) for path in lists] == [[0, found] for found, _ in before]
    grant = f"/awards/{nominated['award_id']}/grant", {"decree": "SK/7/2026", "no_running_discipline": True}
    assert [(await call("POST", grant[0], who, grant[1])).status_code for who in offices] == [404, 201]
    assert [(await call("GET", verdict, who)).status_code for who in offices] == [404, 200], verdict
    asked = f"/distribution?unit_path={AFTER}&period={PERIOD}"
    assert [(await call("GET", asked, who)).status_code for who in offices] == [404, 200]
    rated = await call("PUT", "/organisation-predikat", offices[1], where | {"unit_path": AFTER, "predikat": "Kurang"})
    assert rated.status_code == 200
    assert len(await Work(prepared).find(store.ORGANISATIONS, SYSTEM, {})) == 1, "corrected, not set anew"
    closed = await Work(prepared).find(CLOSED, SYSTEM, {})
    assert {one.state.unit_path for one in closed} == {BEFORE}, "a closed period stays where it was closed"


async def test_its_policy_holds_at_both_paths_whoever_is_told_first(
    town: Any, boss: str, move: Any, call: Any, offices: Any, prepared: Database
) -> None:
    officer = await town.officer(superior=boss)
    await town.deliver(town.voice(officer, 4))
    await move()
    for path in (AFTER, f"{AFTER}/loket", BEFORE, f"{BEFORE}/loket"):
        held = await call("GET", f"/policies/in-force?unit_path={path}&day=2026-11-15", offices[1])
        assert held.json()["policy"] == "plaju@1", path
    await town.deliver(town.voice(officer, 2))
    await comes_along(town, officer, boss)
    await town.deliver(town.voice(officer, 3))

    card = (await Work(prepared).get(SCORECARDS, officer, SYSTEM)).state
    assert (card.unit_path, {score.policy for score in card.scores.values()}) == (AFTER, {"plaju@1"})
    (kept,) = await Work(prepared).find(POLICIES, SYSTEM, {"_id": "plaju@1"})
    assert (kept.state.policy["unit_path"], kept.state.borne) == (AFTER, (BEFORE,))
    await store.ship_policies(prepared)
    assert (await Work(prepared).get(POLICIES, "plaju@1", SYSTEM)).rev == kept.rev, "what moved is not shipped again"


async def test_there_and_back_the_policy_is_where_it_began(move: Any, prepared: Database) -> None:
    for path in (AFTER, "/16.71/ilir/plaju", BEFORE):
        await move(path)
    (policy,) = [one for one in await store.shelf(prepared) if one.ref == "plaju@1"]
    assert (policy.unit_path, policy.paths) == (BEFORE, (BEFORE, AFTER, "/16.71/ilir/plaju"))


async def test_what_was_closed_before_the_move_is_nominated_at_the_new_place(
    months: Any, town: Any, boss: str, move: Any, call: Any, offices: Any, prepared: Database
) -> None:
    good = await town.officer(superior=boss)
    await months.pass_(PERIOD, {good: ("110", 5)})
    await prepared[AWARDS.name].delete_many({})
    await move()
    asked = await call("POST", "/awards/nominations", offices[1], {"policy": "plaju@1", "period": PERIOD})
    assert asked.status_code == 202
    await awards.work_off(prepared)
    assert await counts(call, offices, "/awards?state=nominated") == [0, 1]
    told = await call("GET", f"/policies/plaju@1/evaluation?before=2026-10&after={PERIOD}", offices[1])
    assert told.status_code == 200


async def test_a_draft_is_taken_along_and_tried_out_on_the_months_before(
    months: Any, town: Any, boss: str, move: Any, call: Any, offices: Any, prepared: Database
) -> None:
    officer = await town.officer(f"{BEFORE}/loket", superior=boss)
    await months.pass_(PERIOD, {officer: ("110", 5)})
    body = {
        "code": "plaju", "version": 2, "name": "Plaju, rancangan", "unit_path": BEFORE, "cadence": "monthly",
        "effective_from": str(NEXT_YEAR), "weights": WEIGHTS, "satisfaction": {"mean": "3.2", "strength": "15"},
    }  # fmt: skip
    assert (await call("POST", "/policies/drafts", offices[0], body)).status_code == 201

    unit_id = await move()

    assert await counts(call, offices, "/policies/drafts") == [0, 1]
    asked = await call("POST", "/policies/drafts/plaju@2/simulations", offices[1], {"period": PERIOD})
    await work_off(prepared)
    run = (await call("GET", f"/simulations/{asked.json()['id']}", offices[1])).json()
    assert (run["state"], run["result"]["employees"]) == ("done", 1), run
    activated = await call("POST", "/policies/drafts/plaju@2/activation", offices[1])
    assert (activated.status_code, activated.json()["unit_path"]) == (201, AFTER), activated.text
    assert (await Work(prepared).get(LEFT, BEFORE, SYSTEM)).state.bearer_id == unit_id


async def test_it_is_looked_at_until_everybody_has_come_along(
    town: Any, boss: str, move: Any, prepared: Database
) -> None:
    officer = await town.officer(superior=boss)
    await move()
    at = utc_now()
    for come in (False, True):
        if come:
            await comes_along(town, officer, boss)
            await comes_along(town, boss, new_id())
        at += LATER
        await MOVER.work_off(prepared, lambda now=at: now)
        left = await Work(prepared).get(LEFT, BEFORE, SYSTEM)
        assert (left.state.due_at is None) is come
