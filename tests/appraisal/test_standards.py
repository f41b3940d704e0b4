"""Minimum standards of a policy: a breach is said once, shown to who can act, and asked for by drafts within bounds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from appraisal import store
from appraisal.store import SHIPPED, StoredPolicy
from kinara.contracts.appraisal import StandardBreached
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.testing import Deliverer
from kinara.kit.work import Work
from yaml import safe_load

Bearer = Callable[..., dict[str, str]]
Heard = Callable[[], Awaitable[list[Any]]]
COUNTER, NOVEMBER = "/16.71/plaju/loket", "2026-11"
SATISFIED = {"words": "Kepuasan warga paling sedikit C", "measure": "M", "at_least": 60}


@pytest.fixture
async def counter(prepared: Database) -> str:
    """A unit whose own policy asks for satisfied citizens."""
    shipped = safe_load((SHIPPED / "plaju.yaml").read_text())
    policy = shipped | {"code": "loket", "unit_path": COUNTER, "standards": [SATISFIED]}
    await store.keep_policy(Work(prepared), StoredPolicy("loket@1", policy))
    return COUNTER


@pytest.fixture
def breaches(heard: Heard) -> Heard:
    async def read() -> list[StandardBreached]:
        return [fact for fact in await heard() if isinstance(fact, StandardBreached)]

    return read


async def test_what_citizens_say_breaches_a_standard_once_from_the_tenth_full_voice_on(
    counter: str, town: Any, deliver: Deliverer, breaches: Heard, said: Heard
) -> None:
    officer = await town.officer(counter)
    for _ in range(9):
        await deliver(town.voice(officer, 1))
    assert await breaches() == []

    await deliver(tenth := town.voice(officer, 1))

    (fact,) = await breaches()
    assert (fact.employee_id, fact.period, fact.policy) == (officer, NOVEMBER, "loket@1")
    assert (fact.standard, fact.measure, fact.at_least) == (SATISFIED["words"], "M", 60)
    assert fact.value < 60
    moved, breached = (await said())[-2:]
    assert moved["causation"] == breached["causation"], "said with the score that the fact moved"
    assert breached["version"] == moved["version"] + 1
    for rating in (*[4] * 30, *[1] * 40):
        await deliver(town.voice(officer, rating))
    assert await breaches() == [fact], "risen and fallen again"
    assert tenth.rating == 1


async def test_a_breach_by_a_report_reaches_the_employee_and_the_superior_and_nobody_else(
    town: Any, office: Any, http: httpx.AsyncClient, bearer: Bearer, breaches: Heard
) -> None:
    boss = await town.officer(name="Sari Atasan")
    officer = await town.officer(superior=boss)
    await office.agree(officer, period=NOVEMBER)
    await office.report(officer, "30", office.superior(boss))

    (fact,) = await breaches()
    assert (fact.measure, fact.at_least, fact.value) == ("K", 50, Decimal("30.3030"))
    own = f"/v1/scorecards/{officer}/attention"
    (below,) = (await http.get(own, headers=bearer("employee", officer, ()))).json()["below_standard"]
    assert (below["measure"], below["period"], below["policy"]) == ("K", NOVEMBER, "plaju@1")
    assert below["sentence"] == (
        "Capaian indikator paling sedikit 60% dari target: nilai K periode 2026-11 30,303, di bawah standar 50."
    )
    (listed,) = (await http.get("/v1/team/attention", headers=bearer("supervisor", boss, ()))).json()["items"]
    assert listed["below_standard"] == [below]
    assert (await http.get(own, headers=bearer("supervisor", new_id(), ()))).status_code == 404
    assert (await http.get(own, headers=bearer("hr", units=["/96.71"]))).status_code == 404

    await office.report(officer, "60", office.superior(boss))
    assert (await http.get(own, headers=bearer("hr"))).json()["below_standard"] == []
    assert await breaches() == [fact]


async def test_what_only_the_close_finds_is_said_with_the_close(town: Any, office: Any, breaches: Heard) -> None:
    boss = await town.officer()
    officer = await town.officer(superior=boss)
    office.now = datetime(2026, 11, 5, 2, tzinfo=UTC)
    await office.agree(officer, period=NOVEMBER)
    await office.report(officer, "30", office.superior(boss), on=date(2026, 11, 5))
    assert await breaches() == []
    office.now = datetime(2026, 12, 8, 2, tzinfo=UTC)

    await office.close(officer, NOVEMBER)

    assert [(one.measure, one.period) for one in await breaches()] == [("K", NOVEMBER)]


async def test_standards_are_public_and_a_draft_asks_for_them_within_bounds(
    http: httpx.AsyncClient, bearer: Bearer
) -> None:
    shown = {one["policy"]: one["standards"] for one in (await http.get("/v1/policies")).json()}
    assert [one["measure"] for one in shown["plaju@1"]] == ["K", "B"]
    assert shown["bengkulu@1"] == []
    shipped = safe_load((SHIPPED / "plaju.yaml").read_text())
    draft = shipped | {
        "version": 2, "effective_from": f"{datetime.now(UTC).year + 2}-01-01",
        "weights": {name: str(weight) for name, weight in shipped["weights"].items()},
    }  # fmt: skip

    async def write(*standards: dict[str, Any]) -> httpx.Response:
        headers = bearer("hr", units=["/16.71/plaju"]) | {"Idempotency-Key": new_id()}
        return await http.post("/v1/policies/drafts", json=draft | {"standards": list(standards)}, headers=headers)

    kept = await write(SATISFIED)
    assert (kept.status_code, kept.json()["content"]["standards"][0]["measure"]) == (201, "M"), kept.text
    for wrong, field in (
        ([SATISFIED | {"at_least": 101}], "at_least"),
        ([SATISFIED, SATISFIED | {"at_least": 50}], "standards"),
        ([SATISFIED | {"measure": "predikat"}], "measure"),
    ):
        refused = await write(*wrong)
        assert (refused.status_code, field in refused.text) == (422, True), refused.text
