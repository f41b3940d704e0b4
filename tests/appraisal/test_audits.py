"""Random audit through the public door: drawn at verification, read and decided by oversight, told to both sides."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from appraisal.commands import audits, closing, reports
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.store import AUDITS, REPORTS, shelf
from embedded.demo.callers import month_in
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

Bearer = Callable[..., dict[str, str]]
Everything = Callable[[], Awaitable[dict[str, Any]]]
PERIOD = month_in("/16.71")
TARGET = {"period": PERIOD, "name": "Berkas selesai", "unit": "berkas", "polarity": "max", "target": "100"}
TARGET |= {"weight": "1", "reason": "Dialog kinerja"}
WHY = {"reason": "Berkas tidak ditemukan di loket"}
LINK = "https://contoh.go.id/bukti"


@pytest.fixture
def lots(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Decides what the lot says from now on."""

    def fall(lot: str) -> None:
        monkeypatch.setattr(reports, "lot", lambda: Decimal(lot))

    fall("0")
    return fall


class Desk:
    """An officer, the superior and oversight, over HTTP."""

    def __init__(self, http: httpx.AsyncClient, bearer: Bearer, officer: str, superior: str) -> None:
        self.http, self.officer, self.superior = http, officer, superior
        self.me, self.boss = bearer("employee", officer, ()), bearer("supervisor", superior, ())
        self.oversight = bearer("oversight")

    async def post(self, path: str, body: Any, who: dict[str, str], **more: str) -> httpx.Response:
        return await self.http.post(f"/v1/{path}", json=body, headers={**who, **more})

    async def read(self, path: str, who: dict[str, str] | None = None) -> Any:
        answer = await self.http.get(f"/v1/{path}", headers=who or self.oversight)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def verified(self, amount: str = "10") -> str:
        """The id of a report of the officer's own that the superior has verified."""
        card = f"scorecards/{self.officer}/progress"
        made = await self.post(card, {"indicator": "berkas", "amount": amount, "link": LINK}, self.me)
        assert made.status_code == 201, made.text
        id_: str = made.json()["report_id"]
        verified = await self.post(f"{card}/{id_}/verification", {}, self.boss)
        assert verified.status_code == 200, verified.text
        return id_

    async def account(self, who: dict[str, str] | None = None) -> Any:
        told = await self.read(f"scorecards/{self.officer}/periods/{PERIOD}/explanation", who)
        return told["components"]["K"]


@pytest.fixture
async def desk(http: httpx.AsyncClient, bearer: Bearer, town: Any, lots: Any) -> Desk:
    superior = await town.officer(name="Sari Atasan")
    desk = Desk(http, bearer, await town.officer(superior=superior), superior)
    agreed = await http.put(f"/v1/scorecards/{desk.officer}/indicators/berkas", json=TARGET, headers=desk.boss)
    assert agreed.status_code == 200, agreed.text
    return desk


async def test_a_report_that_the_lot_falls_on_is_read_with_its_evidence_by_oversight(desk: Desk) -> None:
    id_ = await desk.verified()
    (listed,) = (await desk.read("audits?state=drawn"))["items"]
    told = await desk.read(f"audits/{id_}")
    assert {name: told[name] for name in listed} == listed
    assert (told["audit_id"], told["employee_id"], told["amount"], told["state"]) == (id_, desk.officer, "10", "drawn")
    assert (told["verified_by"], [one["link"] for one in told["evidence"]]) == (desk.superior, [LINK])
    assert (await desk.read("audits?state=rejected"))["items"] == []


async def test_a_report_that_the_lot_passes_by_is_not_audited(desk: Desk, lots: Any) -> None:
    lots("0.05")
    id_ = await desk.verified()
    assert (await desk.read("audits"))["items"] == []
    assert (await desk.http.get(f"/v1/audits/{id_}", headers=desk.oversight)).status_code == 404


async def test_what_a_superior_reports_needs_no_evidence_and_is_drawn_like_others(desk: Desk, bearer: Bearer) -> None:
    report = {"indicator": "berkas", "amount": "5"}
    for who in (desk.boss, bearer("integrator")):
        made = await desk.post(f"scorecards/{desk.officer}/progress", report, who)
        assert made.status_code == 201, made.text
    (drawn,) = (await desk.read("audits"))["items"]
    assert drawn["employee_id"] == desk.officer
    told = await desk.read(f"audits/{drawn['audit_id']}")
    assert (told["verified_by"], told["evidence"]) == (desk.superior, [])
    rejected = await desk.post(f"audits/{drawn['audit_id']}/rejection", WHY, desk.oversight)
    assert rejected.status_code == 201, rejected.text
    assert Decimal((await desk.account())["effects"][-1]["delta"]) < 0


async def test_a_self_report_that_nothing_shows_is_not_verified(desk: Desk) -> None:
    card = f"scorecards/{desk.officer}/progress"
    made = await desk.post(card, {"indicator": "berkas", "amount": "10"}, desk.me)
    path, before = f"{card}/{made.json()['report_id']}", await desk.account()
    refused = await desk.post(f"{path}/verification", {}, desk.boss)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kinara:problem:evidence-missing")
    assert "tautan" in refused.text
    assert await desk.account() == before, "it counts half as it did"
    assert (await desk.post(f"{path}/links", {"link": LINK}, desk.me)).status_code == 201
    assert (await desk.post(f"{path}/verification", {}, desk.boss)).status_code == 200


def test_lots_lie_between_nought_and_one_and_are_not_the_same() -> None:
    drawn = [reports.lot() for _ in range(200)]
    assert all(0 <= lot < 1 for lot in drawn)
    assert len(set(drawn)) > 150


async def test_a_rejected_report_counts_no_longer_and_both_sides_read_why(
    desk: Desk, prepared: Database, said: Any
) -> None:
    await desk.verified("3")
    id_ = await desk.verified("4")  # together not too much to count, also on the first day of a month
    before, facts = await desk.account(), len(await said())
    decided = await desk.post(f"audits/{id_}/rejection", WHY, desk.oversight)
    assert decided.status_code == 201, decided.text
    assert (decided.json()["state"], decided.json()["reason"]) == ("rejected", WHY["reason"])
    for who in (desk.me, desk.boss):
        after = await desk.account(who)
        *_, line = after["effects"]
        assert WHY["reason"] in line["note"]
        assert Decimal(line["delta"]) < 0
        assert Decimal(after["value"]) == Decimal(before["value"]) + Decimal(line["delta"])
        parts = [Decimal(after["opened_with"]), *(Decimal(one["delta"]) for one in after["effects"])]
        assert sum(parts) == Decimal(after["value"])
        thread = await desk.read(f"scorecards/{desk.officer}/progress/{id_}/thread", who)
        assert [(one["side"], one["words"]) for one in thread["items"]] == [("oversight", WHY["reason"])]
    (moved,) = (await said())[facts:]
    assert moved["type"] == "id.kinara.appraisal.ScoreUpdated.v1"
    assert (await Work(prepared).get(REPORTS, id_, SYSTEM)).state.state == "rejected"


async def test_a_confirmed_report_counts_as_before_and_both_sides_read_it(desk: Desk, effects: Any) -> None:
    id_ = await desk.verified("40")
    before = await desk.account()
    decided = await desk.post(f"audits/{id_}/confirmation", {"reason": "Sesuai bukti"}, desk.oversight)
    assert decided.status_code == 201, decided.text
    assert await desk.account() == before
    assert (await effects(desk.officer))[-1]["inputs"]["audit"] == "confirmed"
    thread = await desk.read(f"scorecards/{desk.officer}/progress/{id_}/thread", desk.me)
    assert [(one["side"], one["words"]) for one in thread["items"]] == [("oversight", "Sesuai bukti")]


@pytest.fixture
async def november(town: Any, office: Any, boss: str, lots: Any) -> Audited:
    """A report of November 2026 that was verified and drawn; it is the first of December."""
    id_ = await town.officer(superior=boss)
    await office.agree(id_, office.superior(boss), period="2026-11")
    report = await office.report(id_, "60")
    await office.verify(id_, report, office.superior(boss))
    office.now = datetime(2026, 12, 1, 3, tzinfo=UTC)
    return Audited(office, await shelf(office.database), id_, report)


@dataclass
class Audited:
    """A report under audit, and what people do about its period."""

    office: Any
    policies: Policies
    officer: str
    report: str

    async def reject(self) -> None:
        auditor = Scope(everything=True, label="auditor")
        await audits.reject(self.office.work, auditor, self.policies, self.report, "Tidak ditemukan")

    async def reopen(self) -> Scorecard:
        return await closing.reopen_period(
            self.office.work, SYSTEM, self.policies, self.officer, "2026-11", "Audit selesai"
        )


async def test_what_is_rejected_after_the_close_counts_once_the_period_is_open_again(
    november: Audited, effects: Any
) -> None:
    closed = await november.office.close(november.officer, "2026-11")
    await november.reject()
    *_, late = await effects(november.officer)
    assert (late["late"], late["deltas"]) == (True, {})
    opened = await november.reopen()
    assert closed.months["2026-11"].progress["berkas"].verified == 60
    assert opened.months["2026-11"].progress == {}
    *_, counted = await effects(november.officer)
    assert (counted["counts"], counted["ref"]) == (late["id"], november.report)
    assert sum(counted["deltas"]["2026-11"].values()) < 0


async def test_rejected_while_the_period_is_closed_it_counts_before_or_is_recorded_after(
    november: Audited, effects: Any
) -> None:
    closed, _ = await asyncio.gather(november.office.close(november.officer, "2026-11"), november.reject())
    (told,) = [row for row in await effects(november.officer) if row["inputs"].get("audit") == "rejected"]
    assert bool(closed.months["2026-11"].progress) == bool(told.get("late"))
    assert (await november.reopen()).months["2026-11"].progress == {}


async def test_an_audit_is_decided_once_even_by_two_at_once(desk: Desk) -> None:
    id_ = await desk.verified()
    answers = await asyncio.gather(*(desk.post(f"audits/{id_}/rejection", WHY, desk.oversight) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    again = await desk.post(f"audits/{id_}/confirmation", WHY, desk.oversight)
    assert (again.status_code, again.json()["type"]) == (409, "urn:kinara:problem:audit-decided")
    assert (await desk.account())["applies"] is False, "counted back once"


async def test_a_repeat_under_one_key_is_one_decision(desk: Desk, everything: Everything) -> None:
    id_, key = await desk.verified(), {"Idempotency-Key": new_id()}
    first = await desk.post(f"audits/{id_}/rejection", WHY, desk.oversight, **key)
    once = await everything()
    again = await desk.post(f"audits/{id_}/rejection", WHY, desk.oversight, **key)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert await everything() == once


async def test_neither_the_reporter_nor_the_verifier_audits_it_in_another_office(
    desk: Desk, bearer: Bearer, everything: Everything
) -> None:
    id_ = await desk.verified()
    before = await everything()
    for person in (desk.officer, desk.superior):
        refused = await desk.post(f"audits/{id_}/confirmation", WHY, bearer("oversight", person))
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:kinara:problem:own-audit")
    assert await everything() == before


async def test_oversight_elsewhere_and_everybody_else_finds_no_audit(
    desk: Desk, bearer: Bearer, everything: Everything
) -> None:
    id_ = await desk.verified()
    before, foreign = await everything(), bearer("oversight", units=["/96.71"])
    assert (await desk.read("audits", foreign))["items"] == []
    assert (await desk.http.get(f"/v1/audits/{id_}", headers=foreign)).status_code == 404
    assert (await desk.post(f"audits/{id_}/rejection", WHY, foreign)).status_code == 404
    for who in (desk.me, desk.boss, bearer("hr")):
        assert (await desk.http.get("/v1/audits", headers=who)).status_code == 403
        assert (await desk.post(f"audits/{id_}/rejection", WHY, who)).status_code == 403
    assert await everything() == before


async def test_a_finding_without_a_reason_is_refused(desk: Desk, everything: Everything) -> None:
    id_ = await desk.verified()
    before = await everything()
    for body in ({}, {"reason": " "}, {"reason": "x" * 501}):
        assert (await desk.post(f"audits/{id_}/rejection", body, desk.oversight)).status_code == 422
    assert await everything() == before


async def test_audits_are_listed_page_by_page(desk: Desk) -> None:
    ids = sorted([await desk.verified("1") for _ in range(3)])
    first = await desk.read("audits?limit=2")
    second = await desk.read(f"audits?limit=2&after={first['next']}")
    assert [one["audit_id"] for one in [*first["items"], *second["items"]]] == ids
    assert second["next"] is None


async def test_a_draft_says_how_much_its_region_audits(desk: Desk, bearer: Bearer, prepared: Database) -> None:
    draft = {
        "code": "audit-uji", "version": 1, "name": "Uji audit", "unit_path": "/16.71/plaju", "cadence": "monthly",
        "effective_from": "2099-01-01", "satisfaction": {"mean": "3.2"}, "audit_share": "0.2",
        "weights": {"K": "0.40", "M": "0.15", "A": "0.05", "L": "0.10", "B": "0.30"},
    }  # fmt: skip
    taken = await desk.post("policies/drafts", draft, bearer("hr"))
    assert taken.status_code == 201, taken.text
    assert taken.json()["content"]["audit_share"] == "0.2"
    refused = await desk.post("policies/drafts", draft | {"audit_share": "1.2"}, bearer("hr"))
    assert refused.status_code == 422
    assert await Work(prepared).find(AUDITS, SYSTEM, {}) == []
