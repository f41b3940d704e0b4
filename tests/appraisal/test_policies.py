"""Policies: written as drafts, tried out on what was recorded, activated from a period to come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from appraisal import store
from appraisal.commands import closing, simulations, skp
from appraisal.commands.simulations import Simulator, work_off
from appraisal.domain.skp import Indicator, Outcome
from appraisal.store import SIMULATIONS
from embedded.stack import Stack
from kinara.contracts import Province
from kinara.contracts.appraisal import PolicyActivated
from kinara.contracts.personnel import UnitChanged
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.testing import eventually
from kinara.kit.work import Transaction
from pymongo import MongoClient
from yaml import safe_dump, safe_load

Bearer = Callable[..., dict[str, str]]
PLAJU, PERIOD = "/16.71/plaju", "2026-11"
NEXT_YEAR = date(datetime.now(UTC).year + 2, 1, 1)
"""Some year to come, wherever it is midnight."""
WEIGHTS = {"K": "0.25", "M": "0.40", "A": "0.05", "L": "0.10", "B": "0.20"}


def draft(**changes: Any) -> dict[str, Any]:
    """A draft for Plaju that weighs what citizens say more than what was done."""
    usual = {
        "code": "plaju", "version": 2, "name": "Plaju, rancangan", "unit_path": PLAJU, "cadence": "monthly",
        "effective_from": str(NEXT_YEAR), "weights": WEIGHTS, "satisfaction": {"mean": "3.2", "strength": "15"},
        "awards": [{
            "code": "pegawai-bulan-ini", "title": "Pegawai bulan ini", "every": "month", "top_share": "0.05",
            "all_of": [{"measure": "S", "at_least": "88"}],
        }],
        "coaching": [{"words": "Nilai di bawah 60.", "all_of": [{"measure": "S", "below": "60"}]}],
    }  # fmt: skip
    return usual | changes


class Desk:
    """The office that writes policies, over HTTP."""

    def __init__(self, http: httpx.AsyncClient, database: Database, bearer: Bearer, mongo_url: str) -> None:
        self.http, self.database, self.mongo_url = http, database, mongo_url
        self.headers = bearer(Role.HR, units=[PLAJU])

    async def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> httpx.Response:
        key = {"Idempotency-Key": new_id()}
        return await self.http.post(f"/v1{path}", json=body, headers=(headers or self.headers) | key)

    async def write(self, **changes: Any) -> httpx.Response:
        return await self.post("/policies/drafts", draft(**changes))

    async def ask(self, ref: str = "plaju@2", **changes: Any) -> httpx.Response:
        return await self.post(f"/policies/drafts/{ref}/simulations", {"period": PERIOD} | changes)

    async def try_out(self, ref: str = "plaju@2", **changes: Any) -> dict[str, Any]:
        """The result of a simulation."""
        asked = await self.ask(ref, **changes)
        assert asked.status_code == 202, asked.text
        await work_off(self.database)
        answer = await self.http.get(f"/v1/simulations/{asked.json()['id']}", headers=self.headers)
        return answer.json()  # type: ignore[no-any-return]

    async def activate(self, ref: str = "plaju@2") -> httpx.Response:
        return await self.post(f"/policies/drafts/{ref}/activation")


@pytest.fixture
def desk(http: httpx.AsyncClient, prepared: Database, bearer: Bearer, servers: Stack) -> Desk:
    return Desk(http, prepared, bearer, servers.mongo_url)


@pytest.fixture
async def unit(town: Any) -> str:
    """Plaju as personnel has told of it: its id."""
    id_ = new_id()
    place = {"province": Province(code="16"), "unit_path": PLAJU}
    await town.deliver(UnitChanged(**place, unit_id=id_, name="Kecamatan Plaju", parent_id=None, leader_id=None))
    return id_


@pytest.fixture
async def officers(town: Any, office: Any) -> list[str]:
    """Three officers: one works much and is not liked, one is liked and works little, of one nothing is known."""
    found = [await town.officer(f"{PLAJU}/u{n}") for n in range(3)]
    for id_, amount, rating in ((found[0], "110", 2), (found[1], "60", 4)):
        await office.agree(id_, period=PERIOD)
        await office.verify(id_, await office.report(id_, amount))
        await office.rate(id_, Scope(everything=True, own=new_id()), mark=4)
        await town.deliver(*[town.voice(id_, rating) for _ in range(30)])
    return found


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


async def test_a_draft_is_kept_and_weighs_nobody(desk: Desk, officers: list[str], everything: Any) -> None:
    before = await everything()
    written = await desk.write()
    listed = (await desk.http.get("/v1/policies/drafts", headers=desk.headers)).json()["items"]
    assert written.status_code == 201, written.text
    assert [(d["policy"], d["effective_from"], d["activated_at"]) for d in listed] == [
        ("plaju@2", str(NEXT_YEAR), None)
    ]
    after = await everything()
    assert {name for name in after if after[name] != before[name]} == {store.DRAFTS.name}
    assert "plaju@2" not in {p["policy"] for p in (await desk.http.get("/v1/policies")).json()}


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"weights": WEIGHTS | {"K": "0.20", "M": "0.45"}}, 422, "weights.K"),
        ({"weights": WEIGHTS | {"M": "0.39"}}, 422, "weights"),
        ({"weights": {"K": "1"}}, 422, "body.weights.M"),
        ({"effective_from": "2027-01-15"}, 422, "effective_from"),
        ({"version": 1}, 409, "version"),
        ({"awards": [{"code": "x-1", "title": "Abc", "every": "month", "all_of": [{"measure": "S"}]}]}, 422, None),
        ({"satisfaction": {"mean": "5"}}, 422, "satisfaction.mean"),
        ({"surprise": 1}, 422, "body.surprise"),
        ({"awards": draft()["awards"] * 2}, 422, "awards"),
        ({"coaching": draft()["coaching"] * 2}, 422, "coaching"),
    ],
    ids=[
        "bound",
        "sum",
        "missing",
        "mid-month",
        "exists",
        "half a condition",
        "prior",
        "unknown field",
        "one award twice",
        "one rule twice",
    ],
)
async def test_a_draft_outside_the_bounds_is_refused_by_its_field_and_leaves_nothing(
    desk: Desk, everything: Any, changes: dict[str, Any], status: int, field: str | None
) -> None:
    before = await everything()
    answer = await desk.write(**changes)
    assert answer.status_code == status, answer.text
    if field is not None:
        assert field in answer.text
    assert await everything() == before


async def test_only_the_office_of_a_unit_writes_policies_for_it(desk: Desk, bearer: Bearer) -> None:
    statuses = []
    for headers in (
        bearer(Role.HR, units=["/96.71"]),
        bearer(Role.SUPERVISOR, employee=new_id()),
        bearer(Role.OVERSIGHT, units=[PLAJU]),
    ):
        statuses.append((await desk.post("/policies/drafts", draft(), headers)).status_code)
    await desk.write()
    elsewhere = bearer(Role.HR, units=["/96.71"])
    statuses.append((await desk.post("/policies/drafts/plaju@2/activation", None, elsewhere)).status_code)
    seen = await desk.http.get("/v1/policies/drafts", headers=elsewhere)
    assert (statuses, seen.json()["items"]) == ([404, 403, 403, 404], [])


async def test_a_simulation_says_who_would_move_and_changes_nothing(
    desk: Desk, officers: list[str], everything: Any
) -> None:
    await desk.write()
    before = await everything()
    told = await desk.try_out(training_cost="1500000")
    after = await everything()
    changed = {name for name in after if after[name] != before[name]}
    assert changed - {"leases"} == {SIMULATIONS.name, store.DRAFTS.name}, "and the draft says that it was tried"
    assert (told["state"], told["looked_at"], told["total"], told["why"]) == ("done", 3, 3, None)
    result = told["result"]
    assert (result["employees"], result["better"], result["worse"]) == (2, 1, 1)
    assert (result["transition"]["2"]["3"], result["transition"]["3"]["2"]) == (1, 1)
    assert Decimal(result["mean_change"]) != 0
    assert result["groups"]["sex"]["of"]["F"] == {
        "employees": 2, "judged_before": 2, "judged_after": 2, "before": 1, "after": 1,
    }  # fmt: skip


@pytest.fixture
async def cards_of_all_kinds(officers: list[str], town: Any, office: Any, prepared: Database) -> dict[str, str]:
    """Officers by what became of their November: what came late counts only where it was opened again."""
    policies = await store.shelf(prepared)
    open_, closed, _ = officers
    reopened, left, came = [await town.officer(f"{PLAJU}/u3") for _ in range(3)]
    await town.deliver(town.transfer(came, "/16.71/dinkes").model_copy(update={"effective_on": date(2026, 1, 5)}))
    for id_, rating in ((reopened, 4), (left, 3), (came, 2)):
        await town.deliver(*[town.voice(id_, rating) for _ in range(12)])
        await office.rate(id_, Scope(everything=True, own=new_id()), mark=3)
    await town.deliver(town.transfer(came, f"{PLAJU}/u4").model_copy(update={"effective_on": date(2026, 11, 15)}))
    office.now = datetime(2026, 12, 2, tzinfo=UTC)
    for id_ in (closed, reopened, left):
        await office.close(id_, PERIOD)
    await town.deliver(*[town.voice(id_, 1) for id_ in (closed, reopened)])
    await closing.reopen_period(office.work, SYSTEM, policies, reopened, PERIOD, "Suara tertinggal")
    await town.deliver(town.transfer(left, "/16.71/dinkes").model_copy(update={"effective_on": date(2026, 12, 1)}))
    return {"open": open_, "closed": closed, "reopened": reopened, "left": left, "came": came}


async def test_the_active_policy_simulated_gives_the_live_scores(
    desk: Desk, cards_of_all_kinds: dict[str, str], bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Person by person, as the door tells of them: open and closed periods, movers, and what was opened again."""
    active = next(p for p in await store.shelf(desk.database) if p.ref == "plaju@1")
    same = {"weights": {name: str(weight) for name, weight in active.weights.items()}, "coaching": [], "awards": []}
    lines = dict[str, Any]()
    real = simulations._add

    def watched(summary: Any, trial: Any, page: Any) -> None:
        lines.update({line.employee_id: line for one in page if (line := trial.line(one)) is not None})
        real(summary, trial, page)

    monkeypatch.setattr(simulations, "_add", watched)
    await desk.write(**same)
    result = (await desk.try_out())["result"]
    assert (result["employees"], result["moved"], Decimal(result["mean_change"])) == (5, 0, 0)

    assert lines.keys() == set(cards_of_all_kinds.values())
    for kind, id_ in cards_of_all_kinds.items():
        path = f"/v1/scorecards/{id_}/periods/{PERIOD}"
        live = (await desk.http.get(path, headers=bearer(Role.OVERSIGHT))).json()
        assert live["policy"] == "plaju@1", kind
        for side in (lines[id_].before, lines[id_].after):
            told = (side.score, side.predikat, side.borderline)
            assert told == (Decimal(live["score"]), live["predikat_code"], live["borderline"]), kind


async def test_awards_are_simulated_with_the_gates_of_a_round(
    desk: Desk, officers: list[str], town: Any, office: Any
) -> None:
    """Discipline as personnel has told of it, and two wins running; what the draft leaves out is not asked for."""
    award = {"code": "semua", "title": "Semua yang baik", "grants": "award", "every": "month"}
    award["all_of"] = [{"measure": "S", "at_least": "60"}]
    await desk.write(awards=[award])

    async def after() -> tuple[list[str], int]:
        (found,) = (await desk.try_out())["result"]["awards"]["after"]
        return found["employees"], found["barred"]

    good = (await after())[0]
    assert good
    await town.deliver(town.discipline(good[0]))
    assert await after() == (good[1:], 1)


async def test_a_running_quarter_is_simulated_with_the_targets_of_all_its_months(
    desk: Desk, officers: list[str], office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A monthly unit's card carries those of the months begun; a quarterly draft judges the whole quarter."""
    officer, own = officers[2], office.own(officers[2])
    policies, boss = await store.shelf(desk.database), Scope(everything=True, own=new_id())
    office.now = datetime(2026, 11, 2, tzinfo=UTC)
    one = Indicator(
        code="dok", name="Dokumen", unit="berkas", aspect="kuantitas", polarity="max", target=Decimal(100),
        weight=Decimal(1),
    )  # fmt: skip
    plan = (Outcome(code="h1", kind="utama", text="Dokumen terbit", indicators=(one,)),)
    await skp.propose_skp(office.work, own, policies, officer, 2026, plan)
    await skp.agree_skp(office.work, boss, policies, officer, 2026, None)
    seen = list[Any]()
    real = simulations._add
    monkeypatch.setattr(
        simulations, "_add", lambda summary, trial, page: (seen.extend(page), real(summary, trial, page))
    )
    monkeypatch.setattr(simulations, "utc_now", lambda: datetime(2026, 11, 20, tzinfo=UTC))
    await desk.write(cadence="quarterly", awards=[], coaching=[])
    assert (await desk.try_out(period="2026-Q4"))["state"] == "done"
    (history,) = (one for one in seen if one.employee_id == officer)
    assert [month for month, kept in sorted(history.months.items()) if "dok" in kept.targets] == ["2026-11", "2026-12"]


async def test_a_closed_month_is_simulated_like_an_open_one(
    desk: Desk, officers: list[str], office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.write()
    open_ = (await desk.try_out())["result"]
    office.now = datetime(2026, 12, 2, tzinfo=UTC)
    for id_ in officers[:2]:
        await office.close(id_, PERIOD)
    monkeypatch.setattr(simulations, "PAGE", 1)
    closed = await desk.try_out()
    assert closed["result"] == open_
    assert closed["looked_at"] == 3


async def test_closed_months_of_others_and_people_who_have_moved_since_do_not_change_the_result(
    desk: Desk, officers: list[str], office: Any, town: Any, prepared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.write()
    open_ = (await desk.try_out())["result"]
    office.now = datetime(2026, 12, 2, tzinfo=UTC)
    for id_ in officers[:2]:
        await office.close(id_, PERIOD)
    (kept, *_) = await prepared.find("closed_periods", {}, sort=[("_id", 1)])
    others = [kept | {"_id": f"{min(officers)[:-1]}{n:04x}/{PERIOD}", "employee_id": "x"} for n in range(30)]
    await prepared["closed_periods"].insert_many(others)
    monkeypatch.setattr(simulations, "MOST_PERIODS", 1)
    moved = town.transfer(officers[0], "/16.71/dinkes")
    await town.deliver(moved.model_copy(update={"effective_on": date(2026, 12, 1)}))
    assert (await desk.try_out())["result"] == open_


async def test_a_simulation_on_nobody_is_no_trial(desk: Desk, officers: list[str], unit: str) -> None:
    await desk.write()
    told = await desk.try_out(period="1950-01")
    assert (told["state"], told["result"]["employees"]) == ("done", 0)
    assert problem(await desk.activate()) == (409, "policy-not-tried")


async def test_a_simulation_that_a_rule_refuses_has_failed_with_its_reason(
    desk: Desk, officers: list[str], prepared: Database
) -> None:
    """Long before there was any policy."""
    await desk.write()
    told = await desk.try_out(period="1944-12")
    assert (told["state"], told["why"].partition(" yang")[0]) == ("failed", "Belum ada kebijakan")
    assert (await prepared.find_one(SIMULATIONS.name, {"_id": told["id"]}) or {})["starts"] == 1


async def test_an_activated_draft_is_not_written_over(desk: Desk, unit: str) -> None:
    await desk.write()
    await desk.try_out()
    await desk.activate()
    again = await desk.write(name="Plaju, lain")
    listed = (await desk.http.get("/v1/policies/drafts", headers=desk.headers)).json()["items"]
    assert again.status_code == 409
    assert [(draft["activated_at"] is not None, draft["content"]["name"]) for draft in listed] == [
        (True, "Plaju, rancangan")
    ]


async def test_a_code_belongs_to_the_unit_that_has_a_policy_of_it(desk: Desk, bearer: Bearer) -> None:
    await desk.write(code="milik-plaju")
    elsewhere = bearer(Role.HR, units=["/96.71"])
    theirs = [draft(code=code, unit_path="/96.71/dinkes") for code in ("milik-plaju", "nasional")]
    answers = [await desk.post("/policies/drafts", body, elsewhere) for body in theirs]
    assert [(answer.status_code, "code" in answer.text) for answer in answers] == [(409, True)] * 2


async def test_a_shipped_policy_that_excludes_a_region_s_own_is_not_taken(
    prepared: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = safe_load((store.SHIPPED / "plaju.yaml").read_text()) | {"version": 2}
    (tmp_path / "plaju.yaml").write_text(safe_dump(data))
    monkeypatch.setattr(store, "SHIPPED", tmp_path)
    await store.ship_policies(prepared)
    store.shelf._kept.clear()
    assert "plaju@2" not in {policy.ref for policy in await store.shelf(prepared)}


async def test_a_simulation_of_a_period_that_the_draft_does_not_appraise_is_refused(desk: Desk) -> None:
    await desk.write()
    answers = [await desk.ask(period=period) for period in ("2026-Q4", "November", "2026-13", "2099-12")]
    assert [(a.status_code, "period" in a.text) for a in answers] == [(422, True)] * 3 + [(409, True)]
    assert (await desk.ask("plaju@9")).status_code == 404


async def test_a_simulation_that_was_cut_off_begins_again(desk: Desk, officers: list[str], prepared: Database) -> None:
    await desk.write()
    asked = (await desk.ask()).json()["id"]
    await prepared[SIMULATIONS.name].update_one({"_id": asked}, {"$set": {"state": "running", "looked_at": 400}})
    running = asyncio.create_task(Simulator().run(prepared))
    found = await eventually(lambda: done(prepared, asked), within=20)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (found["looked_at"], found["result"]["employees"]) == (3, 2)


async def done(database: Database, run_id: str) -> dict[str, Any] | None:
    return await database.find_one(SIMULATIONS.name, {"_id": run_id, "state": "done"})


async def test_a_draft_is_activated_once_it_was_tried_out_and_holds_from_its_first_day_on(
    desk: Desk, officers: list[str], unit: str, said: Callable[[], Awaitable[list[dict[str, Any]]]]
) -> None:
    await desk.write()
    await desk.try_out()
    activated = await desk.activate()
    assert activated.status_code == 201, activated.text
    assert activated.json()["activated_at"] is not None
    (fact,) = [row for row in await said() if row["type"] == PolicyActivated.type()]
    told = PolicyActivated.model_validate_json(fact["data"])
    assert (told.unit_id, told.policy, told.effective_from, told.unit_path) == (unit, "plaju@2", NEXT_YEAR, PLAJU)
    store.shelf._kept.clear()
    for day, policy in ((NEXT_YEAR - timedelta(days=1), "plaju@1"), (NEXT_YEAR, "plaju@2")):
        held = await desk.http.get("/v1/policies/in-force", params={"unit_path": f"{PLAJU}/u1", "day": str(day)})
        assert held.json()["policy"] == policy
    assert problem(await desk.activate()) == (409, "policy-already-active")


async def test_nobody_is_judged_by_a_policy_that_was_not_tried_out_as_it_stands(desk: Desk, unit: str) -> None:
    await desk.write()
    untried = await desk.activate()
    await desk.try_out()
    await desk.write(name="Plaju, diubah")
    changed = await desk.activate()
    assert [problem(answer) for answer in (untried, changed)] == [(409, "policy-not-tried")] * 2


async def test_no_policy_weighs_a_period_that_has_begun(desk: Desk, unit: str) -> None:
    today = datetime.now(UTC).date()
    await desk.write(effective_from=str(today.replace(day=1)))
    await desk.try_out()
    answer = await desk.activate()
    assert (answer.status_code, "effective_from" in answer.text) == (422, True)


async def test_a_policy_for_a_unit_that_nobody_has_told_of_is_not_activated(desk: Desk) -> None:
    await desk.write()
    await desk.try_out()
    answer = await desk.activate()
    assert (answer.status_code, "unit_path" in answer.text) == (422, True)


async def test_of_drafts_for_one_day_only_one_is_activated_though_all_are_at_once(
    desk: Desk, unit: str, prepared: Database
) -> None:
    codes = [f"plaju-{letter}" for letter in "abcd"]
    for code in codes:
        await desk.write(code=code)
        await desk.try_out(f"{code}@2")
    answers = await asyncio.gather(*(desk.activate(f"{code}@2") for code in codes))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    store.shelf._kept.clear()
    held = await store.shelf(prepared)
    assert len([policy for policy in held if policy.effective_from == NEXT_YEAR]) == 1


async def test_two_policies_that_cannot_hold_together_are_not_both_activated_though_at_once(
    desk: Desk, unit: str, town: Any, prepared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unit turns quarterly in April, and one below it starts anew by months in the middle of that quarter."""
    place = {"province": Province(code="16"), "unit_path": f"{PLAJU}/u1"}
    await town.deliver(UnitChanged(**place, unit_id=new_id(), name="Seksi", parent_id=unit, leader_id=None))
    above = {"cadence": "quarterly", "effective_from": str(NEXT_YEAR.replace(month=4))}
    below = {"code": "u1", "version": 1, "unit_path": f"{PLAJU}/u1", "effective_from": str(NEXT_YEAR.replace(month=5))}
    await desk.write(**above)
    await desk.write(**below)
    await desk.try_out(period="2026-Q4")
    await desk.try_out("u1@1")
    both, real, looked = asyncio.Event(), Transaction.find, []

    async def when_both_have_looked(tx: Any, collection: Any, *args: Any, **options: Any) -> Any:
        found = await real(tx, collection, *args, **options)
        if collection is store.POLICIES:
            looked.append(found)
            if len(looked) == 2:
                both.set()
            await both.wait()
        return found

    monkeypatch.setattr(Transaction, "find", when_both_have_looked)
    answers = await asyncio.gather(desk.activate(), desk.activate("u1@1"))
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    store.shelf._kept.clear()
    assert len(list(await store.shelf(prepared))) == len(list(store.SHIPPED.glob("*.yaml"))) + 1


async def test_a_process_that_has_lost_a_simulation_to_another_writes_nothing_more(
    desk: Desk, officers: list[str], prepared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lost its lease without noticing: the other has begun anew, and gone further."""
    await desk.write()
    asked = (await desk.ask()).json()["id"]
    real, taken_over = simulations._add, {"starts": 2, "looked_at": 2, "state": "running"}

    def slowly(*told: Any) -> None:
        with MongoClient[Any](servers_url) as client:
            client[prepared.name][SIMULATIONS.name].update_one({"_id": asked}, {"$set": taken_over, "$inc": {"rev": 1}})
        real(*told)

    servers_url = desk.mongo_url
    monkeypatch.setattr(simulations, "_add", slowly)
    await work_off(prepared)
    left = await prepared.find_one(SIMULATIONS.name, {"_id": asked})
    assert left is not None
    assert {name: left[name] for name in taken_over} == taken_over


async def test_a_simulation_that_ends_the_process_each_time_is_given_up(
    desk: Desk, officers: list[str], prepared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a bug")

    await desk.write()
    asked = (await desk.ask()).json()["id"]
    with monkeypatch.context() as patched:
        patched.setattr(simulations, "_add", broken)
        for _ in range(simulations.MOST_STARTS):
            with pytest.raises(RuntimeError):
                await work_off(prepared)
    await work_off(prepared)
    told = (await desk.http.get(f"/v1/simulations/{asked}", headers=desk.headers)).json()
    assert (told["state"], "3 kali terhenti" in told["why"]) == ("failed", True)


async def test_a_policy_is_judged_by_its_own_goals_with_the_input_that_asked_for_it(
    prepared: Database, months: Any, town: Any, http: httpx.AsyncClient, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "FRESH_S", 0)
    before = (await prepared.find_one("policies", {"_id": "plaju@1"}) or {})["policy"]
    goals = [
        {"words": "Capaian rata-rata naik", "measure": "K", "at_least": "83", "cites": ["topic:waktu"]},
        {"words": "Nilai rata-rata naik", "measure": "S", "at_least": "99"},
        {"words": "Aduan tertangani", "measure": "A", "at_least": "90"},
    ]
    second = before | {"version": 2, "effective_from": "2026-11-01", "goals": goals}
    await prepared["policies"].insert_one({"_id": "plaju@2", "rev": 1, "said": 0, "policy": second})
    id_ = await town.officer(superior=months.boss)
    await months.pass_("2026-10", {id_: ("50", 4)})
    await months.pass_("2026-11", {id_: ("100", 4)})
    query = "/v1/policies/plaju@2/evaluation?before=2026-10&after=2026-11"

    told = (await http.get(query, headers=bearer(Role.HR))).json()

    work, score, complaints = told["goals"]
    assert (work["people_before"], work["people_after"], work["reached"]) == (1, 1, True)
    assert Decimal(work["before"]) < 60 < Decimal(work["after"])
    assert work["cites"] == ["topic:waktu"]
    assert score["reached"] is False
    assert (complaints["after"], complaints["reached"]) == (None, None)
    elsewhere = await http.get(query, headers=bearer(Role.HR, units=["/96.71"]))
    assert elsewhere.status_code == 404
