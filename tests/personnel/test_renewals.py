"""Contracts of PPPK through the public door: recorded, renewed on the predikat of their period, or refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import AppraisalConfirmed, Predikat
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.testing import Deliverer

Bearer = Callable[..., dict[str, str]]
TODAY = day_of(utc_now(), "16")
AT = datetime(2026, 1, 20, 3, tzinfo=UTC)
RUNS = {
    "starts_on": f"{TODAY.year - 1}-03-01", "ends_on": (TODAY + timedelta(days=60)).isoformat(), "number": "PK/1",
}  # fmt: skip
RENEWED = {"ends_on": (TODAY + timedelta(days=400)).isoformat(), "number": "PK/2"}


class Desk:
    """BKPSDM at its desk: Sari, a PPPK of Palembang."""

    def __init__(self, http: httpx.AsyncClient, hr: dict[str, str], sari: Any) -> None:
        self.http, self.hr, self.sari = http, hr, sari

    async def keep(self, **change: str) -> httpx.Response:
        path = f"/v1/employees/{self.sari.id}/contract"
        return await self.http.put(path, json=RUNS | change, headers=self.hr)

    async def propose(self) -> httpx.Response:
        path = f"/v1/employees/{self.sari.id}/contract-renewals"
        return await self.http.post(path, json=RENEWED, headers=self.hr)

    async def decide(self, proposal: httpx.Response, how: str = "approval", **body: str) -> httpx.Response:
        usual = {"decree_number": "810/2"} if how == "approval" else {"reason": "Formasi dihapus"}
        path = f"/v1/contract-renewals/{proposal.json()['proposal_id']}/{how}"
        return await self.http.post(path, json=usual | body, headers=self.hr)


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").rpartition(":")[2]


@pytest.fixture
async def desk(http: httpx.AsyncClient, office: Any, bearer: Bearer) -> Desk:
    unit = await office.unit("16.71")
    nip, since = f"19900913{TODAY.year - 1}212014", date(TODAY.year - 1, 3, 1)
    return Desk(http, bearer("hr"), await office.employee(unit, "Sari Contoh", since, nip=nip, golongan="IX"))


@pytest.fixture
def judge(deliver: Deliverer, desk: Desk) -> Callable[..., Any]:
    async def confirm(period: str, predikat: Predikat = Predikat.BAIK) -> None:
        await deliver(
            AppraisalConfirmed(
                province=Province(code="16"), unit_path="/16.71", employee_id=desk.sari.id, period=period,
                proposed=predikat, confirmed=predikat, confirmed_by=new_id(), confirmed_at=AT,
            )
        )  # fmt: skip

    return confirm


async def test_a_contract_is_renewed_without_a_gap_on_the_predikat_of_its_period(
    desk: Desk, judge: Any, office: Any
) -> None:
    kept = await desk.keep()
    assert (kept.status_code, kept.json()["contract"]) == (200, RUNS), kept.text
    await judge(str(TODAY.year - 1))
    proposed = await desk.propose()
    assert proposed.status_code == 201, proposed.text
    assert [one["result"] for one in proposed.json()["findings"]] == ["met"]

    approved = await desk.decide(proposed)

    assert approved.status_code == 201, approved.text
    contract = (await office.now(desk.sari)).dossier.contract
    assert contract.starts_on == TODAY + timedelta(days=61)
    assert (contract.ends_on.isoformat(), contract.number) == (RENEWED["ends_on"], "PK/2")
    assert (await office.said(about=desk.sari.id))[1:] == ["EmployeeChanged", "EmployeeChanged"]


async def test_parallel_decisions_renew_once(desk: Desk, judge: Any, office: Any) -> None:
    await desk.keep()
    await judge(str(TODAY.year - 1))
    proposed = await desk.propose()
    answers = await asyncio.gather(*(desk.decide(proposed) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert (await office.said(about=desk.sari.id)).count("EmployeeChanged") == 2


async def test_a_poor_predikat_stops_a_renewal_and_an_unknown_one_needs_a_reason(desk: Desk, judge: Any) -> None:
    await desk.keep(ends_on=f"{TODAY.year}-12-31")
    unknown = await desk.propose()
    assert problem(await desk.propose()) == (409, "proposal-open")
    assert problem(await desk.decide(unknown)) == (422, "unknown-needs-reason")
    await judge(f"{TODAY.year}-Q1", Predikat.KURANG)
    assert problem(await desk.decide(unknown)) == (422, "unknown-needs-reason"), "a quarter is not the year"
    await judge(str(TODAY.year), Predikat.KURANG)
    assert problem(await desk.decide(unknown, reason="Sangat dibutuhkan")) == (409, "rule-not-met")
    refused = await desk.decide(unknown, "refusal", reason="Predikat kurang")
    assert (refused.json()["state"], refused.json()["reason"]) == ("refused", "Predikat kurang")
    listed = await desk.http.get("/v1/contract-renewals?state=refused", headers=desk.hr)
    assert [one["employee_id"] for one in listed.json()["items"]] == [desk.sari.id]


async def test_what_has_ended_or_was_never_recorded_is_not_renewed(desk: Desk, office: Any) -> None:
    assert problem(await desk.propose()) == (422, "contract-unknown")
    await desk.keep(ends_on=(TODAY - timedelta(days=1)).isoformat())
    assert problem(await desk.propose()) == (409, "contract-ended")
    await desk.keep()
    proposed = await desk.propose()
    await desk.keep(number="PK/1a")
    assert problem(await desk.decide(proposed, reason="Tetap")) == (409, "proposal-outdated")
    gone = {"reason": "contract_ended", "effective_on": TODAY.isoformat()}
    await desk.http.post(f"/v1/employees/{desk.sari.id}/separation", json=gone, headers=desk.hr)
    assert problem(await desk.decide(proposed, reason="Tetap")) == (409, "already-separated")
    assert problem(await desk.keep()) == (409, "already-separated")


async def test_a_pns_has_no_contract(http: httpx.AsyncClient, office: Any, bearer: Bearer) -> None:
    rani = await office.employee(await office.unit("16.71"))
    desk = Desk(http, bearer("hr"), rani)
    for answer in (await desk.keep(starts_on="2026-01-01"), await desk.propose()):
        assert problem(answer) == (422, "not-contracted")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_on": (TODAY + timedelta(days=2)).isoformat()}, "starts_on"),  # to come, also if midnight passes
        ({"starts_on": "2010-01-01"}, "starts_on"),
        ({"ends_on": "2010-01-01"}, "ends_on"),
        ({"number": ""}, "body.number"),
    ],
)
async def test_bad_input_is_answered_with_its_field(desk: Desk, change: dict[str, str], field: str) -> None:
    answer = await desk.keep(**change)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), answer.text


async def test_another_office_neither_sees_nor_decides_a_renewal(desk: Desk, bearer: Bearer) -> None:
    await desk.keep()
    proposed = await desk.propose()
    own = await desk.http.get("/v1/contract-renewals", headers=bearer("employee", desk.sari.id, ()))
    assert len(own.json()["items"]) == 1
    desk.hr = bearer("hr", None, ("/17",))
    for how in ("approval", "refusal"):
        assert problem(await desk.decide(proposed, how)) == (404, "not-found")
    assert (await desk.http.get("/v1/contract-renewals", headers=desk.hr)).json()["items"] == []
