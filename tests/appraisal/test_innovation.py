"""An innovation from the plan to the award: agreed for a goal of the policy, reached, nominated by rule, granted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from appraisal import store
from appraisal.commands import rounds
from appraisal.commands import skp as commands
from appraisal.domain.refusals import InnovationWithoutGoal
from appraisal.domain.skp import Indicator, Outcome, Skp
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.regional import calendar_of

CALENDAR = calendar_of()
Bearer = Callable[..., dict[str, str]]
SORONG, QUARTER, GOAL = "/96.71/dinkes", "2026-Q4", "Warga makin puas dengan pelayanan"
STEPS = Indicator(
    code="langkah", name="Titik layanan baru", unit="titik", aspect="kuantitas", polarity="max", target=Decimal(4),
    weight=Decimal("0.2"), periods=(QUARTER,),
)  # fmt: skip
WORK = replace(STEPS, code="berkas", name="Berkas selesai", unit="berkas", target=Decimal(100), weight=Decimal(1))
PLAN = Outcome(code="h1", kind="utama", text="Berkas selesai", indicators=(WORK,))
IDEA = Outcome(code="i1", kind="tambahan", text="Puskesmas keliling", indicators=(STEPS,), innovation=True, goal=GOAL)


class Quarter:
    """The last quarter in Sorong: a plan is agreed, work is done and seen, citizens speak, the quarter is closed."""

    def __init__(self, database: Database, town: Any, office: Any, boss: str) -> None:
        self.database, self.town, self.office, self.boss = database, town, office, boss

    async def propose(self, officer: str, *outcomes: Outcome) -> Skp:
        policies = await store.shelf(self.database)
        own = self.office.own(officer)
        return await commands.propose_skp(self.office.work, own, policies, officer, 2026, outcomes)

    async def pass_(self, officer: str, steps: str, *outcomes: Outcome) -> None:
        superior, policies = self.office.superior(self.boss), await store.shelf(self.database)
        self.office.now = datetime(2026, 10, 2, 2, tzinfo=UTC)
        await self.propose(officer, *outcomes)
        await commands.agree_skp(self.office.work, superior, policies, officer, 2026, None)
        self.office.now = datetime(2026, 12, 30, 2, tzinfo=UTC)
        for code, amount in (("berkas", "100"), ("langkah", steps)):
            await self.office.report(officer, amount, superior, code=code, on=date(2026, 12, 30))
        await self.office.rate(officer, superior, 4)
        for _ in range(12):
            await self.town.deliver(self.town.voice(officer, 4, given_at=self.office.now))

    async def close(self) -> None:
        await rounds.work_off(self.database, lambda: datetime(2027, 1, 9, 2, tzinfo=UTC), calendar=CALENDAR)


@pytest.fixture
async def quarter(prepared: Database, town: Any, office: Any) -> Quarter:
    return Quarter(prepared, town, office, await town.officer(SORONG, name="Sari Atasan"))


async def test_who_reached_an_agreed_innovation_is_nominated_and_a_person_grants_the_award(
    quarter: Quarter, town: Any, http: httpx.AsyncClient, bearer: Bearer, said: Any
) -> None:
    innovator, short, plain = [await town.officer(SORONG, superior=quarter.boss) for _ in range(3)]
    await quarter.pass_(innovator, "4", PLAN, IDEA)
    await quarter.pass_(short, "3", PLAN, IDEA)
    await quarter.pass_(plain, "9", PLAN, replace(IDEA, innovation=False))
    await quarter.close()

    hr = bearer("hr", units=["/96.71"])
    listed = (await http.get("/v1/awards?state=nominated", headers=hr)).json()["items"]
    (nominated,) = [one for one in listed if one["code"] == "inovasi"]

    assert (nominated["employee_id"], nominated["period"]) == (innovator, QUARTER)
    path, body = f"/v1/awards/{nominated['award_id']}/grant", {"decree": "SK/9/2027", "no_running_discipline": True}
    key = {"Idempotency-Key": new_id()}
    assert (await http.post(path, json=body, headers=bearer("hr", units=["/16.71"]) | key)).status_code == 404
    granted = await http.post(path, json=body, headers=hr | {"Idempotency-Key": new_id()})
    assert (granted.status_code, granted.json()["state"]) == (201, "granted"), granted.text
    (fact,) = [row for row in await said() if "AwardGranted" in row["type"]]
    assert "Penghargaan inovasi pelayanan" in fact["data"]


async def test_an_innovation_that_serves_none_of_the_policys_goals_is_refused_with_the_goals_to_choose_from(
    quarter: Quarter, town: Any, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    officer = await town.officer(SORONG, superior=quarter.boss)
    with pytest.raises(InnovationWithoutGoal, match="goals"):
        await quarter.propose(officer, PLAN, replace(IDEA, goal=None))
    shown = {one["policy"]: one["goals"] for one in (await http.get("/v1/policies")).json()}
    assert GOAL in shown["sorong@1"]
    indicator = {"code": "x", "name": "Titik", "unit": "titik", "aspect": "kuantitas", "polarity": "max"}
    outcome = {"code": "i1", "kind": "utama", "text": "Keliling", "innovation": True, "goal": "Sesuatu yang lain"}
    body = {"outcomes": [outcome | {"indicators": [indicator | {"target": "1", "weight": "1"}]}]}
    year = datetime.now(UTC).year + 1
    refused = await http.put(f"/v1/skp/{officer}/{year}", json=body, headers=bearer("employee", officer, ()))
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:kinara:problem:innovation-without-goal"
    assert GOAL in refused.text
