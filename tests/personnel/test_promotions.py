"""Promotion through the public door: each rule told, a proposal frozen, decided once, and never against a rule."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import AngkaKreditCredited, AppraisalConfirmed, Predikat
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.testing import Deliverer

Bearer = Callable[..., dict[str, str]]
AT = datetime(2026, 1, 20, 3, tzinfo=UTC)
TODAY = day_of(utc_now(), "16")
TMT = TODAY.replace(day=1)
YEARS = (TMT.year - 2, TMT.year - 1)
WHERE: dict[str, Any] = {"province": Province(code="16"), "unit_path": "/16.71/plaju"}


class Desk:
    """BKPSDM at its desk: Rani, a pelaksana of Plaju, and what is asked about her."""

    def __init__(self, http: httpx.AsyncClient, deliver: Deliverer, hr: dict[str, str], rani: Any) -> None:
        self.http, self.deliver, self.hr, self.rani = http, deliver, hr, rani

    async def judge(self, predikat: Predikat = Predikat.BAIK, years: tuple[int, ...] = YEARS) -> None:
        """The appraiser's word on these years."""
        for year in years:
            await self.deliver(
                AppraisalConfirmed(
                    **WHERE, employee_id=self.rani.id, period=str(year), proposed=predikat, confirmed=predikat,
                    confirmed_by=new_id(), confirmed_at=AT,
                )
            )  # fmt: skip

    async def study(self, education: str = "S1") -> None:
        path = f"/v1/employees/{self.rani.id}/education"
        assert (await self.http.put(path, json={"education": education}, headers=self.hr)).is_success

    async def look(self, who: dict[str, str] | None = None, **query: str) -> httpx.Response:
        path = f"/v1/employees/{self.rani.id}/promotion-eligibility"
        return await self.http.get(path, params=query, headers=who or self.hr)

    async def findings(self, **query: str) -> dict[str, str]:
        answer = (await self.look(**query)).json()
        return {one["rule"]: one["result"] for one in answer["findings"]}

    async def propose(self, **change: Any) -> httpx.Response:
        body = {"effective_on": TMT.isoformat(), "promotion_kind": "101"} | change
        path = f"/v1/employees/{self.rani.id}/promotion-proposals"
        return await self.http.post(path, json=body, headers=self.hr)

    async def decide(self, proposal: httpx.Response, how: str = "approval", **body: Any) -> httpx.Response:
        usual = {"decree_number": "823/1/2026"} if how == "approval" else {"reason": "Predikat belum lengkap"}
        path = f"/v1/promotion-proposals/{proposal.json()['proposal_id']}/{how}"
        return await self.http.post(path, json=usual | body, headers=self.hr)


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").rpartition(":")[2]


@pytest.fixture
async def plaju(office: Any) -> Any:
    unit = await office.unit("plaju", await office.unit("16.71"))
    return await office.lead(unit, await office.employee(unit, "Camat Plaju"))


@pytest.fixture
async def desk(http: httpx.AsyncClient, deliver: Deliverer, office: Any, plaju: Any, bearer: Bearer) -> Desk:
    rani = await office.employee(plaju, golongan_since=date(2020, 4, 1))
    return Desk(http, deliver, bearer("hr"), rani)


async def test_eligibility_answers_each_rule_with_why_and_what_is_missing(desk: Desk) -> None:
    answer = await desk.look()
    found = answer.json()
    assert answer.status_code == 200, answer.text
    assert (found["from_golongan"], found["to_golongan"], found["promotion_kind"]) == ("III/b", "III/c", "101")
    assert found["effective_on"] >= TODAY.isoformat()
    assert found["result"] == "unknown"
    unknown = {one["rule"]: one["missing"] for one in found["findings"] if one["result"] == "unknown"}
    assert set(unknown) == {"predikat", "education"}
    assert all(unknown.values())
    assert [one["rule"] for one in found["no_longer_asked"]] == ["superior_rank"]
    year = date.fromisoformat(found["effective_on"]).year  # the next one, in December
    await desk.judge(years=(year - 2, year - 1))
    await desk.study()
    assert (await desk.look()).json()["result"] == "met"
    await desk.judge(Predikat.KURANG, (year - 2,))
    assert (await desk.findings())["predikat"] == "not_met", "a later word replaces the earlier"


async def test_eligibility_is_read_by_whose_business_it_is_and_tells_superiors_no_measure(
    desk: Desk, bearer: Bearer
) -> None:
    measure = {
        "level": "berat", "decree_number": "800/1", "effective_on": (TODAY - timedelta(days=3)).isoformat(),
        "ends_on": (TODAY + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    await desk.http.post(f"/v1/employees/{desk.rani.id}/discipline", json=measure, headers=desk.hr)
    seen = await desk.look(bearer("supervisor", desk.rani.supervisor_id, ()))
    assert {one["rule"]: one["result"] for one in seen.json()["findings"]}["discipline"] == "not_met"
    assert "berat" not in seen.text
    assert "800/1" not in seen.text
    assert (await desk.look(bearer("employee", desk.rani.id, ()))).status_code == 200
    assert (await desk.look(bearer("employee", new_id(), ()))).status_code == 404
    assert (await desk.look(bearer("hr", None, ("/17",)))).status_code == 404


async def test_a_functional_post_is_asked_for_its_credit(
    http: httpx.AsyncClient, deliver: Deliverer, office: Any, bearer: Bearer
) -> None:
    unit = await office.unit("16.71")
    since = date(TMT.year - 3, 1, 1)
    facts = {"golongan": "III/c", "jabatan": "Perawat Ahli Muda", "jabatan_kind": "fungsional", "jenjang": "MU"}
    nurse = await office.employee(unit, golongan_since=since, **facts)
    desk = Desk(http, deliver, bearer("hr"), nurse)
    assert (await desk.findings())["angka_kredit"] == "unknown"
    for year in range(since.year, TMT.year):
        credited = AngkaKreditCredited(
            **WHERE, employee_id=nurse.id, year=year, jenjang="MU", months=12, predikat=Predikat.SANGAT_BAIK,
            credit=Decimal("37.5") if year > since.year else Decimal("12.5"), credited_at=AT,
        )  # fmt: skip
        await deliver(credited)
    on = {"on": TMT.isoformat()}
    assert (await desk.findings(**on))["angka_kredit"] == "not_met", "87.5 of 100"
    await deliver(credited.model_copy(update={"year": since.year, "credit": Decimal("25")}))
    found = (await desk.look(**on)).json()
    assert found["promotion_kind"] == "202"
    assert {one["rule"]: one["result"] for one in found["findings"]}["angka_kredit"] == "met"


async def test_no_level_and_no_functional_kind_is_proposed_past_the_rules(desk: Desk) -> None:
    await desk.judge()
    await desk.study()
    proposed = await desk.propose(promotion_kind="202", jenjang="UT")
    bars = {one["rule"] for one in proposed.json()["findings"] if one["result"] == "not_met"}
    assert bars == {"angka_kredit", "jenjang"}
    assert problem(await desk.decide(proposed, reason="Mendesak")) == (409, "rule-not-met")


async def test_an_approved_proposal_promotes_through_the_rule_of_every_promotion(
    desk: Desk, office: Any, bearer: Bearer
) -> None:
    await desk.judge()
    await desk.study()
    proposed = await desk.propose()
    assert (proposed.status_code, proposed.json()["state"]) == (201, "open"), proposed.text
    assert {one["result"] for one in proposed.json()["findings"]} == {"met"}
    assert problem(await desk.propose()) == (409, "proposal-open")

    approved = await desk.decide(proposed)

    assert (approved.status_code, approved.json()["state"]) == (201, "approved"), approved.text
    now = await office.now(desk.rani)
    assert (now.golongan, now.golongan_since, now.career.ranks[-1].decree_number) == ("III/c", TMT, "823/1/2026")
    assert (await office.said(about=desk.rani.id))[-1] == "EmployeePromoted"
    assert problem(await desk.decide(proposed)) == (409, "proposal-decided")
    assert problem(await desk.decide(proposed, "refusal")) == (409, "proposal-decided")
    mine = await desk.http.get("/v1/promotion-proposals", headers=bearer("employee", desk.rani.id, ()))
    assert [one["decree_number"] for one in mine.json()["items"]] == ["823/1/2026"]


async def test_parallel_decisions_give_one_promotion(desk: Desk, office: Any) -> None:
    await desk.judge()
    await desk.study()
    proposed = await desk.propose()
    answers = await asyncio.gather(*(desk.decide(proposed) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert (await office.said(about=desk.rani.id)).count("EmployeePromoted") == 1


async def test_a_measure_and_an_approval_at_the_same_moment_are_never_both_unaware(desk: Desk, office: Any) -> None:
    await desk.judge()
    await desk.study()
    proposed = await desk.propose()
    measure = {
        "level": "ringan", "decree_number": "800/1", "effective_on": TODAY.isoformat(),
        "ends_on": (TODAY + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    path = f"/v1/employees/{desk.rani.id}/discipline"
    approved, imposed = await asyncio.gather(desk.decide(proposed), desk.http.post(path, json=measure, headers=desk.hr))
    assert imposed.status_code == 201
    facts = (await office.said(about=desk.rani.id))[1:]
    if approved.is_success:
        assert facts == ["EmployeePromoted", "DisciplineImposed"]
    else:
        assert (problem(approved), facts) == ((409, "rule-not-met"), ["DisciplineImposed"])


async def test_parallel_proposals_leave_one_open(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.propose() for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    listed = await desk.http.get("/v1/promotion-proposals?state=open", headers=desk.hr)
    assert len(listed.json()["items"]) == 1


async def test_a_rule_that_is_not_met_is_not_decided_away_and_the_refusal_keeps_why(desk: Desk, office: Any) -> None:
    await desk.judge(Predikat.KURANG)
    proposed = await desk.propose()
    said = await office.said()
    approved = await desk.decide(proposed, reason="Tetap disetujui pimpinan")
    assert problem(approved) == (409, "rule-not-met")
    assert "Predikat" in approved.json()["title"] + approved.text
    await desk.judge(Predikat.BAIK)
    assert problem(await desk.decide(proposed)) == (409, "rule-not-met"), "a proposal is frozen"
    refused = await desk.decide(proposed, "refusal", reason="Predikat kurang")
    assert (refused.json()["state"], refused.json()["reason"]) == ("refused", "Predikat kurang")
    assert await office.said() == said
    assert (await desk.propose()).status_code == 201, "a new one finds what holds now"
    path = f"/v1/promotion-proposals?employee_id={desk.rani.id}"
    kept = (await desk.http.get(path, headers=desk.hr)).json()["items"]
    assert [(one["state"], one["reason"]) for one in kept] == [("refused", "Predikat kurang"), ("open", None)]


async def test_what_is_unknown_needs_a_reason(desk: Desk, office: Any) -> None:
    await desk.judge()
    proposed = await desk.propose()
    silent = await desk.decide(proposed)
    assert (problem(silent), silent.json()["errors"][0]["field"]) == ((422, "unknown-needs-reason"), "reason")
    approved = await desk.decide(proposed, reason="Ijazah S1 dilampirkan pada berkas usulan")
    assert (approved.status_code, approved.json()["reason"]) == (201, "Ijazah S1 dilampirkan pada berkas usulan")
    assert (await office.now(desk.rani)).golongan == "III/c"


async def test_a_measure_imposed_after_the_proposal_stops_it(desk: Desk) -> None:
    await desk.judge()
    await desk.study()
    proposed = await desk.propose()
    measure = {
        "level": "ringan", "decree_number": "800/1", "effective_on": TODAY.isoformat(),
        "ends_on": (TODAY + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    path = f"/v1/employees/{desk.rani.id}/discipline"
    imposed = await desk.http.post(path, json=measure, headers=desk.hr)
    assert problem(await desk.decide(proposed)) == (409, "rule-not-met")
    lifting = f"{path}/{imposed.json()['measures'][0]['measure_id']}/lifting"
    await desk.http.post(lifting, json={"reason": "Salah orang", "effective_on": TODAY.isoformat()}, headers=desk.hr)
    assert (await desk.decide(proposed)).status_code == 201


async def test_a_rank_given_by_the_other_door_makes_a_proposal_outdated(desk: Desk) -> None:
    await desk.judge()
    await desk.study()
    proposed = await desk.propose()
    direct = {
        "golongan": "III/c", "effective_on": TMT.isoformat(), "decree_number": "823/9", "promotion_kind": "101",
    }  # fmt: skip
    path = f"/v1/employees/{desk.rani.id}/promotions"
    assert (await desk.http.post(path, json=direct, headers=desk.hr)).status_code == 201
    assert problem(await desk.decide(proposed)) == (409, "proposal-outdated")


async def test_the_other_door_asks_the_rules_too_and_keeps_what_they_found(desk: Desk) -> None:
    person = f"/v1/employees/{desk.rani.id}"
    measure = {
        "level": "ringan", "decree_number": "800/1", "effective_on": TODAY.isoformat(),
        "ends_on": (TODAY + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    assert (await desk.http.post(f"{person}/discipline", json=measure, headers=desk.hr)).status_code == 201
    decree = {
        "golongan": "III/c", "effective_on": TMT.isoformat(), "decree_number": "823/9", "promotion_kind": "101",
    }  # fmt: skip
    barred = await desk.http.post(f"{person}/promotions", json=decree, headers=desk.hr)
    assert problem(barred) == (409, "rule-not-met")
    assert barred.json()["errors"][0]["field"] == "issued_outside"
    assert "hukum" in barred.text
    assert (await desk.http.get(person, headers=desk.hr)).json()["golongan"] == "III/b"
    query = {"employee_id": desk.rani.id}
    listed = await desk.http.get("/v1/promotion-proposals", params=query, headers=desk.hr)
    assert listed.json()["items"] == []

    outside = decree | {"issued_outside": "SK Presiden, terbit sebelum hukuman"}
    given = await desk.http.post(f"{person}/promotions", json=outside, headers=desk.hr)
    assert (given.status_code, given.json()["golongan"]) == (201, "III/c"), given.text
    [kept] = (await desk.http.get("/v1/promotion-proposals", params=query, headers=desk.hr)).json()["items"]
    assert (kept["state"], kept["reason"], kept["decree_number"]) == ("approved", outside["issued_outside"], "823/9")
    assert {one["rule"]: one["result"] for one in kept["findings"]}["discipline"] == "not_met"


async def test_a_correction_raises_no_rank(desk: Desk) -> None:
    known = {
        "nip": desk.rani.nip, "name": desk.rani.name, "jabatan": desk.rani.jabatan, "jabatan_kind": "pelaksana",
        "effective_on": TODAY.isoformat(),
    }  # fmt: skip
    path = f"/v1/employees/{desk.rani.id}"
    raised = await desk.http.put(path, json=known | {"golongan": "III/c"}, headers=desk.hr)
    assert (raised.status_code, raised.json()["errors"][0]["field"]) == (422, "golongan")
    lowered = await desk.http.put(path, json=known | {"golongan": "III/a"}, headers=desk.hr)
    assert (lowered.status_code, lowered.json()["golongan"]) == (200, "III/a")


async def test_a_rank_is_given_once_its_day_has_come(desk: Desk) -> None:
    await desk.judge()
    await desk.study()
    next_month = (TMT + timedelta(days=32)).replace(day=1)
    proposed = await desk.propose(effective_on=next_month.isoformat())
    assert proposed.status_code == 201
    early = await desk.decide(proposed, reason="Lebih awal lebih baik")
    assert problem(early) == (422, "not-yet-in-force")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"golongan": "V/a"}, "golongan"),
        ({"promotion_kind": "abc"}, "promotion_kind"),
        ({"effective_on": (TODAY + timedelta(days=400)).isoformat()}, "effective_on"),
        ({"effective_on": "1999-01-01"}, "effective_on"),
        ({"gaji": "1"}, "body.gaji"),
    ],
)
async def test_bad_input_is_answered_with_its_field(desk: Desk, change: dict[str, str], field: str) -> None:
    answer = await desk.propose(**change)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), answer.text


async def test_a_pppk_and_who_has_left_are_told_why(
    http: httpx.AsyncClient, deliver: Deliverer, office: Any, plaju: Any, desk: Desk
) -> None:
    contracted = await office.employee(plaju, "Sari Contoh", nip="199009132025212014", golongan="IX")
    told = Desk(http, deliver, desk.hr, contracted)
    for answer in (await told.look(), await told.propose()):
        assert problem(answer) == (422, "not-promotable")
        assert "PPPK tidak mengenal kenaikan pangkat" in answer.text
    gone = {"reason": "retired", "effective_on": TODAY.isoformat()}
    await http.post(f"/v1/employees/{desk.rani.id}/separation", json=gone, headers=desk.hr)
    assert problem(await desk.look()) == problem(await desk.propose()) == (409, "already-separated")


async def test_another_office_neither_sees_nor_decides_a_proposal(desk: Desk, bearer: Bearer) -> None:
    proposed = await desk.propose()
    desk.hr = bearer("hr", None, ("/17",))
    for how in ("approval", "refusal"):
        assert problem(await desk.decide(proposed, how)) == (404, "not-found")
    assert (await desk.http.get("/v1/promotion-proposals", headers=desk.hr)).json()["items"] == []
    path = f"/v1/promotion-proposals?employee_id={desk.rani.id}"
    assert (await desk.http.get(path, headers=desk.hr)).status_code == 404
