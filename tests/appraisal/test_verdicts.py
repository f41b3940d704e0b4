"""Verdicts through the public door: confirmed, signed by a second person, objected to, decided for good; reopened."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from appraisal.store import SCORECARDS
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer
from kinara.kit.work import Work

Bearer = Callable[..., dict[str, str]]


def today() -> date:
    """The day in Palembang, which may be another one than when these tests began."""
    return day_of(utc_now(), "16")


LAST_DAY = today().replace(day=1) - timedelta(days=1)
PERIOD = f"{LAST_DAY:%Y-%m}"
AT = datetime(LAST_DAY.year, LAST_DAY.month, 10, 3, tzinfo=UTC)
BAIK, BUTUH_PERBAIKAN, KURANG, SANGAT_KURANG = 2, 3, 4, 5


class Office:
    """An officer of Plaju, their superior and the superior's superior, and the officer's last month, closed."""

    def __init__(self, http: httpx.AsyncClient, bearer: Bearer, people: list[str]) -> None:
        self.http = http
        self.officer, self.boss, self.chief = people
        self.me, self.appraiser, self.above = (
            bearer("employee", self.officer, ()),
            bearer("supervisor", self.boss, ()),
            bearer("supervisor", self.chief, ()),
        )
        self.hr = bearer("hr")
        self.path = f"/v1/scorecards/{self.officer}/periods/{PERIOD}"

    async def ask(self, step: str, body: dict[str, Any], who: dict[str, str], method: str = "POST") -> Any:
        """The answer to a step below the verdict."""
        headers = who | {"Idempotency-Key": new_id()}
        return await self.http.request(method, f"{self.path}/verdict{step}", json=body, headers=headers)

    async def close(self) -> httpx.Response:
        path = f"/v1/scorecards/{self.officer}/closings"
        return await self.http.post(path, json={"period": PERIOD}, headers=self.hr)

    async def see(self, who: dict[str, str]) -> Any:
        return (await self.http.get(f"{self.path}/verdict", headers=who)).json()


@pytest.fixture
async def office(town: Any, http: httpx.AsyncClient, bearer: Bearer, deliver: Deliverer, office: Any) -> Office:
    """A citizen was content with the officer, the superior with their behaviour: Baik is proposed."""
    chief = await town.officer(name="Kepala Dinas")
    boss = await town.officer(superior=chief, name="Kepala Seksi")
    officer = await town.officer(superior=boss)
    await deliver(town.voice(officer, 4, given_at=AT))
    office.now = AT
    await office.rate(officer, office.superior(boss), 3)
    made = Office(http, bearer, [officer, boss, chief])
    closed = await made.close()
    assert closed.status_code == 201, closed.text
    return made


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").rpartition(":")[2]


async def test_the_appraiser_confirms_what_the_matrix_proposed(office: Office, said: Any) -> None:
    proposed = await office.see(office.me)
    assert (proposed["state"], proposed["proposed"], proposed["predikat"]) == ("proposed", "Baik", None)

    answer = await office.ask("/confirmation", {}, office.appraiser)

    assert answer.status_code == 201, answer.text
    held = await office.see(office.me)
    assert (held["state"], held["predikat"], held["predikat_code"]) == ("confirmed", "Baik", BAIK)
    assert held["objection_until"] == (today() + timedelta(days=14)).isoformat()
    (fact,) = [row for row in await said() if row["type"].endswith("AppraisalConfirmed.v1")]
    assert fact["subject"] == f"employee/{office.officer}"
    told = json.loads(fact["data"])
    assert (told["hasil_kerja"], told["perilaku_kerja"]) in ((1, 2), (2, 1), (2, 2)), "one of the cells that give Baik"
    assert problem(await office.ask("/confirmation", {}, office.appraiser)) == (409, "already-decided")


async def test_who_is_not_the_appraiser_finds_nothing_to_confirm(
    office: Office, bearer: Bearer, everything: Any
) -> None:
    before = await everything()
    strangers = (office.above, bearer("supervisor", new_id(), ()), bearer("supervisor", office.officer, ()))
    for who in strangers:
        assert problem(await office.ask("/confirmation", {}, who)) == (404, "not-found")
    for who in (office.me, office.hr, bearer("oversight")):
        assert problem(await office.ask("/confirmation", {}, who)) == (403, "not-allowed")
    assert await everything() == before


async def test_a_far_decision_is_signed_by_the_superior_of_the_appraiser(office: Office, said: Any) -> None:
    far = {"predikat": KURANG, "reason": "Pelanggaran disiplin berat"}
    waiting = await office.ask("/confirmation", far, office.appraiser)
    assert waiting.json()["state"] == "to_sign"
    assert not [row for row in await said() if "AppraisalConfirmed" in row["type"]]
    listed = await office.http.get("/v1/verdicts?state=to_sign", headers=office.above)
    assert [one["employee_id"] for one in listed.json()["items"]] == [office.officer]
    assert problem(await office.ask("/signature", {"agrees": True}, office.appraiser)) == (404, "not-found")

    signed = await office.ask("/signature", {"agrees": True}, office.above)

    assert (signed.json()["state"], signed.json()["signed_by"]) == ("confirmed", office.chief)
    assert [row for row in await said() if "AppraisalConfirmed" in row["type"]]


async def test_an_objection_is_heard_and_decided_by_the_superior_of_the_appraiser(office: Office, said: Any) -> None:
    one_down = {"predikat": BUTUH_PERBAIKAN, "reason": "Target triwulan terlewat"}
    await office.ask("/confirmation", one_down, office.appraiser)
    filed = await office.ask("/objection", {"grounds": "Dua laporan belum dihitung"}, office.me)
    assert filed.json()["state"] == "objected", filed.text
    decision = {"predikat": BAIK, "reason": "Laporan terbukti"}
    assert problem(await office.ask("/objection/decision", decision, office.above)) == (409, "not-heard")
    hearing = {"held_on": today().isoformat(), "notes": "Kedua pihak hadir"}
    assert problem(await office.ask("/objection/hearing", hearing, office.appraiser)) == (404, "not-found")
    await office.ask("/objection/hearing", hearing, office.above)

    final = await office.ask("/objection/decision", decision, office.above)

    assert (final.json()["state"], final.json()["predikat"]) == ("final", "Baik")
    seen = await office.see(office.me)
    assert (seen["objection"]["before"], seen["objection"]["after"]) == ("Butuh Perbaikan", "Baik")
    (fact,) = [row for row in await said() if "ObjectionDecided" in row["type"]]
    assert fact["subject"] == f"employee/{office.officer}"
    assert problem(await office.ask("/objection", {"grounds": "Masih keberatan"}, office.me)) == (409, "objection-made")
    reopening = await office.http.post(
        f"{office.path}/reopening", json={"reason": "Ingin diubah lagi"}, headers=office.hr
    )
    assert problem(reopening) == (409, "already-decided"), "the decision is final"


async def test_hr_names_who_decides_where_the_superior_cannot(office: Office, town: Any, bearer: Bearer) -> None:
    acting = await town.officer(name="Pelaksana tugas")
    named = await office.ask(
        "/appraiser", {"appraiser_id": acting, "superior_id": office.chief}, office.hr, method="PUT"
    )
    assert named.status_code == 200, named.text
    assert problem(await office.ask("/confirmation", {}, office.appraiser)) == (404, "not-found")
    confirmed = await office.ask("/confirmation", {}, bearer("supervisor", acting, ()))
    assert confirmed.status_code == 201


async def test_a_period_is_opened_again_for_a_reason_and_closed_anew(
    office: Office, prepared: Database, town: Any, deliver: Deliverer, said: Any
) -> None:
    await office.ask("/confirmation", {}, office.appraiser)
    score = (await office.http.get(office.path, headers=office.hr)).json()
    explanation = (await office.http.get(f"{office.path}/explanation", headers=office.hr)).json()
    reason = {"reason": "Penilaian warga belum lengkap"}
    no_reason = await office.http.post(f"{office.path}/reopening", json={}, headers=office.hr)
    assert no_reason.status_code == 422

    reopened = await office.http.post(f"{office.path}/reopening", json=reason, headers=office.hr)

    assert reopened.status_code == 201, reopened.text
    assert [one["period"] for one in reopened.json()["scores"]] == [PERIOD]
    assert (await office.http.get(office.path, headers=office.hr)).json() == score, "as it was before the close"
    explained = (await office.http.get(f"{office.path}/explanation", headers=office.hr)).json()
    assert explained["components"] == explanation["components"]
    assert (await office.see(office.me))["state"] == "reopened"
    assert [row for row in await said() if "PeriodReopened" in row["type"]]

    await deliver(town.voice(office.officer, 1, given_at=AT))
    moved = (await office.http.get(office.path, headers=office.hr)).json()
    assert moved["components"]["M"] < score["components"]["M"], "facts count again"
    assert (await office.close()).status_code == 201
    assert (await office.http.get(office.path, headers=office.hr)).json()["score"] == moved["score"]
    assert (await office.see(office.me))["state"] == "proposed"
    card = await Work(prepared).get(SCORECARDS, office.officer, SYSTEM)
    assert (card.state.closed_through, card.state.scores) == (PERIOD, {})


async def test_only_the_latest_closed_period_is_opened_again(office: Office) -> None:
    path = f"/v1/scorecards/{office.officer}/periods"
    first = await office.http.post(f"{path}/{PERIOD}/reopening", json={"reason": "Salah tutup"}, headers=office.hr)
    again = await office.http.post(f"{path}/{PERIOD}/reopening", json={"reason": "Salah tutup"}, headers=office.hr)
    never = await office.http.post(f"{path}/2001-01/reopening", json={"reason": "Salah tutup"}, headers=office.hr)
    assert [first.status_code, again.status_code, never.status_code] == [201, 404, 404]
