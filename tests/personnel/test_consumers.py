"""What personnel hears from appraisal and training, each fact delivered twice, shown in the employee's profile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import (
    AngkaKreditCredited,
    AppraisalConfirmed,
    ObjectionDecided,
    PeriodReopened,
    Predikat,
    ScoreUpdated,
)
from kinara.contracts.training import TrainingCompleted
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.testing import Deliverer
from personnel.store import PROFILES

Bearer = Callable[..., dict[str, str]]
AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
WHERE: dict[str, Any] = {"province": Province(code="16"), "unit_path": "/16.71"}


@pytest.fixture
async def rani(office: Any) -> Any:
    return await office.employee(await office.unit("16.71"))


def scored(employee_id: str, period: str, score: str, predikat: Predikat | None) -> ScoreUpdated:
    return ScoreUpdated(
        **WHERE, employee_id=employee_id, period=period, policy="plaju@1", score=Decimal(score), predikat=predikat
    )


def confirmed(employee_id: str, period: str, proposed: Predikat, decided: Predikat) -> AppraisalConfirmed:
    return AppraisalConfirmed(
        **WHERE, employee_id=employee_id, period=period, proposed=proposed, confirmed=decided, confirmed_by=new_id(),
        confirmed_at=AT,
    )  # fmt: skip


def completed(employee_id: str, title: str, on: date) -> TrainingCompleted:
    return TrainingCompleted(
        **WHERE, employee_id=employee_id, completion_id=new_id(), enrolment_id=new_id(), programme_id=new_id(),
        title=title, partner="Universitas Contoh", jp=8, course_kind="4", certificate_number=f"C-{title}",
        completed_on=on,
    )  # fmt: skip


async def test_the_profile_shows_the_latest_score_of_each_period(
    http: httpx.AsyncClient, deliver: Deliverer, rani: Any, bearer: Bearer
) -> None:
    await deliver(
        scored(rani.id, "2026-10", "71.20", None),
        scored(rani.id, "2026-10", "83.40", Predikat.BAIK),
        scored(rani.id, "2026-11", "90.10", Predikat.BAIK),
    )
    profile = (await http.get(f"/v1/employees/{rani.id}/profile", headers=bearer("hr"))).json()
    assert (profile["name"], profile["golongan"]) == (rani.name, rani.golongan)
    assert [(a["period"], a["score"], a["proposed"], a["confirmed"]) for a in profile["appraisals"]] == [
        ("2026-10", "83.40", 2, None),
        ("2026-11", "90.10", 2, None),
    ]


async def test_a_confirmed_predikat_holds_until_an_objection_is_decided(
    http: httpx.AsyncClient, deliver: Deliverer, rani: Any, bearer: Bearer
) -> None:
    await deliver(scored(rani.id, "2026-Q3", "70.00", Predikat.BAIK))
    await deliver(confirmed(rani.id, "2026-Q3", Predikat.BAIK, Predikat.BUTUH_PERBAIKAN))
    address = f"/v1/employees/{rani.id}/profile"
    [result] = (await http.get(address, headers=bearer("hr"))).json()["appraisals"]
    assert (result["score"], result["proposed"], result["confirmed"]) == ("70.00", 2, 3)
    objection = ObjectionDecided(
        **WHERE, employee_id=rani.id, objection_id=new_id(), period="2026-Q3", before=Predikat.BUTUH_PERBAIKAN,
        after=Predikat.BAIK, decided_by=new_id(), decided_at=AT,
    )  # fmt: skip
    await deliver(objection)
    await deliver(scored(rani.id, "2026-Q3", "71.00", Predikat.BAIK))
    [result] = (await http.get(address, headers=bearer("hr"))).json()["appraisals"]
    assert (result["score"], result["confirmed"]) == ("71.00", 2), "a later score does not undo a decision"


async def test_courses_are_listed_once_each_oldest_first(
    http: httpx.AsyncClient, deliver: Deliverer, rani: Any, bearer: Bearer
) -> None:
    later, earlier = completed(rani.id, "B", date(2026, 9, 1)), completed(rani.id, "A", date(2026, 3, 1))
    await deliver(later, earlier)
    await deliver(later.model_copy(update={"certificate_number": "C-B2"}))
    courses = (await http.get(f"/v1/employees/{rani.id}/profile", headers=bearer("hr"))).json()["courses"]
    assert [(c["title"], c["certificate_number"], c["jp"]) for c in courses] == [("A", "C-A", 8), ("B", "C-B2", 8)]


def credited(employee_id: str, year: int, predikat: Predikat, credit: str) -> AngkaKreditCredited:
    return AngkaKreditCredited(
        **WHERE, employee_id=employee_id, year=year, jenjang="MU", months=12, predikat=predikat,
        credit=Decimal(credit), credited_at=AT,
    )  # fmt: skip


async def test_the_credit_of_a_year_is_replaced_by_a_later_word_about_it(
    http: httpx.AsyncClient, deliver: Deliverer, rani: Any, bearer: Bearer
) -> None:
    await deliver(credited(rani.id, 2025, Predikat.BAIK, "25.00"), credited(rani.id, 2024, Predikat.BAIK, "25.00"))
    await deliver(credited(rani.id, 2025, Predikat.SANGAT_BAIK, "37.50"))
    credits = (await http.get(f"/v1/employees/{rani.id}/profile", headers=bearer("hr"))).json()["credits"]
    assert [(c["year"], c["jenjang"], c["credit"]) for c in credits] == [(2024, "MU", "25.00"), (2025, "MU", "37.50")]


async def test_what_was_decided_on_a_period_that_is_opened_again_counts_no_more(
    http: httpx.AsyncClient, deliver: Deliverer, rani: Any, bearer: Bearer
) -> None:
    for period in ("2025-11", "2025-12", "2025"):
        await deliver(confirmed(rani.id, period, Predikat.BAIK, Predikat.BAIK))
    await deliver(credited(rani.id, 2025, Predikat.BAIK, "25.00"))
    reopened = PeriodReopened(**WHERE, employee_id=rani.id, period="2025-12", reason="Laporan", reopened_at=AT)
    await deliver(reopened)
    profile = (await http.get(f"/v1/employees/{rani.id}/profile", headers=bearer("hr"))).json()
    assert {a["period"]: a["confirmed"] for a in profile["appraisals"]} == {"2025": None, "2025-11": 2, "2025-12": None}
    assert profile["credits"] == []
    await deliver(reopened.model_copy(update={"period": "2025-11"}), credited(rani.id, 2025, Predikat.BAIK, "25.00"))
    profile = (await http.get(f"/v1/employees/{rani.id}/profile", headers=bearer("hr"))).json()
    assert len(profile["credits"]) == 1, "a month within the year says nothing of the year"


async def test_nothing_heard_is_an_empty_profile(http: httpx.AsyncClient, rani: Any, bearer: Bearer) -> None:
    profile = (await http.get(f"/v1/employees/{rani.id}/profile", headers=bearer("hr"))).json()
    assert (profile["appraisals"], profile["courses"]) == ([], [])


async def test_what_is_heard_of_somebody_not_known_yet_is_kept_for_them(deliver: Deliverer, office: Any) -> None:
    stranger = new_id()
    await deliver(scored(stranger, "2026-11", "80.00", Predikat.BAIK))
    kept = await office.work.get(PROFILES, stranger, office.scope)
    assert kept.state.appraisals["2026-11"].score == Decimal("80.00")


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.EMPLOYEE, True), (Role.SUPERVISOR, True), (Role.OVERSIGHT, True), (Role.INTEGRATOR, False)]
)
async def test_a_profile_is_read_by_whose_business_it_is(
    http: httpx.AsyncClient, rani: Any, bearer: Bearer, role: Role, sees: bool
) -> None:
    address = f"/v1/employees/{rani.id}/profile"
    answer = await http.get(address, headers=bearer(role, rani.id))
    assert answer.is_success == sees
    stranger = await http.get(address, headers=bearer(role, new_id(), ("/17",)))
    assert stranger.status_code == (404 if sees else 403)
