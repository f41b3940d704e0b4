"""A government that fuzzing may turn upside down, and what exists in it by the names that requests use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
import pytest
from embedded.demo.callers import Callers, today_in
from embedded.demo.feed import ENDED
from embedded.stack import STUB, Stack
from kinara.kit.identity import Role
from kinara.kit.issuer import token
from kinara.kit.testing import eventually

Ask = Callable[..., Any]
Row = dict[str, Any]
"""What a path or a body may name, by that name: together one employee and what is theirs, so that a request fits."""

ROOT = "/62.71"
"""Kota Palangka Raya, of which no other test speaks: fuzzing separates its people and calls its courses off."""
COURSE: Row = {"jp": 6, "course_kind": "4", "competencies": ["teknis.arsip"], "level": 2}
SHOWN: Row = {"code": "terbit", "name": "Dokumen terbit", "unit": "berkas", "aspect": "kuantitas", "polarity": "max"}
OUTCOME: Row = {"code": "h1", "kind": "utama", "text": "Dokumen kependudukan terbit"}
OUTCOME |= {"indicators": [SHOWN | {"target": "100", "weight": "1"}]}
FITTING: Row = {
    "province": ROOT[1:3], "golongan": "IV/e", "promotion_kind": "101", "birth_date": None,
    "code": "dokumen", "indicator": "dokumen", "meets_on": None, "target": "100", "weight": "0.5", "amount": "9",
    "outcomes": [OUTCOME], "field": "pengaduan", "seats": 2, **COURSE,
}  # fmt: skip
"""Values that a rule accepts where chance would hardly find one; those that lie in time are ``_of_today``."""


@pytest.fixture(scope="session")
def headers(stack: Stack) -> Callable[[str | None, Row], dict[str, str]]:
    """Who asks, by role: the row's employee, their superior, an office of the government, or anyone without a role."""

    @cache
    def signed(role: Role, person: str | None) -> str:
        return token(stack.settings(), roles=[role], employee=person, units=() if person else (ROOT,))

    def of(role: str | None, row: Row) -> dict[str, str]:
        person = {"employee": row["employee_id"], "supervisor": row["supervisor_id"]}.get(role or "")
        return {"Authorization": f"Bearer {signed(Role(role), person)}"} if role else {}

    return of


def _of_today() -> Row:
    """Days that fit, and the quarter in which its people report: its policy appraises by quarters.

    Looked up when they are needed, since a run may cross midnight on these clocks.
    """
    today = today_in(ROOT)
    day = today.isoformat()
    dated = dict.fromkeys(["day", "effective_on", "starts_on", "ends_on"], day)
    return dated | {"period": f"{today.year}-Q{(today.month + 2) // 3}", "year": str(today.year)}


@pytest.fixture(scope="session")
async def rows(stack: Stack, callers: Callers, post: Ask, heard: Ask) -> list[Row]:
    """A row for everybody with a superior, after the government's people have come in from the stub SIASN."""
    async with httpx.AsyncClient(base_url=stack.address(STUB)) as stub:
        government = next(g["id"] for g in (await stub.get("/stub/instansi")).json() if g["kodeCepat"] == ROOT[1:])
        *nips, spare = (await stub.get(f"/stub/instansi/{government}/nips")).json()
    run = await post("personnel", "/v1/imports/siasn", {"instansi": government, "nips": nips}, Role.INTEGRATOR)

    async def ended() -> bool:
        done = await callers.read("personnel", f"/v1/imports/{run['id']}", Role.INTEGRATOR)
        return done["state"] in ENDED

    await eventually(ended, within=60)
    cards = await heard(ROOT)
    root = next(u for u in await callers.pages("personnel", "/v1/units", path=ROOT) if u["unit_path"] == ROOT)
    shared = FITTING | _of_today()
    shared |= {"run_id": run["id"], "instansi": government, "nips": [spare], "nip": spare, "parent_id": root["id"]}
    led = [card for card in cards if card["supervisor_id"]]
    own = await asyncio.gather(*(_row(callers, post, card, shared, turn) for turn, card in enumerate(led)))
    return [shared | mine for mine in own]


async def _row(callers: Callers, post: Ask, card: Row, shared: Row, turn: int) -> Row:
    me, superior = card["employee_id"], card["supervisor_id"]
    employee = await callers.read("personnel", f"/v1/employees/{me}", Role.HR)
    unit = shared["parent_id"] if turn % 2 else employee["unit_id"]
    served = {"unit_id": unit, "employee_id": me, "service": "Penerbitan KTP"}
    ticket = await post("feedback", "/v1/tickets", served, Role.HR)
    given = await post("feedback", "/v1/feedback", {"employee_id": me, "rating": 3})
    return {
        "employee_id": me, "supervisor_id": superior, "leader_id": superior, "unit_id": unit,
        "period": f"{int(shared['year']) - 1}-Q4" if turn % 3 else shared["period"],  # one may be closed
        "nip": shared["nip"] if turn % 2 else employee["nip"],
        "unit_path": card["unit_path"], "path": card["unit_path"],
        "ticket": ticket["code"], "receipt": given["receipt"], "key": given["key"],
        "feedback_id": given["id"], "complaint_id": await _complaint(post, employee["unit_id"], me, turn % 3),
        "sla_class": "normal",
        "report_id": await _report(callers, post, me, superior, shared["period"]),
        **await _course(callers, post, me, unit, shared, 4 - turn % 5),
    }  # fmt: skip


async def _complaint(post: Ask, unit: str, me: str, steps: int) -> str:
    """A complaint about the employee's unit: so many steps on, from lodged to theirs."""
    path = f"/v1/complaints/{(await post('feedback', '/v1/complaints', {'unit_id': unit, 'text': 'Antre'}))['id']}"
    if steps > 0:
        await post("feedback", f"{path}/verification", {"sla_class": "normal", "topic": "waktu"}, Role.HR)
    if steps > 1:
        await post("feedback", f"{path}/assignment", {"employee_id": me}, Role.HR)
    return path.rpartition("/")[2]


async def _report(callers: Callers, post: Ask, me: str, superior: str, period: str) -> str:
    """An indicator is agreed, and progress on it reported."""
    card, name = f"/v1/scorecards/{me}", FITTING["code"]
    target = {"period": period, "name": "Dokumen selesai", "unit": "berkas", "polarity": "max"}
    target |= {"target": "100", "weight": "1", "reason": "Dialog kinerja"}
    headers = callers.bearer(Role.SUPERVISOR, superior)
    agreed = await callers.call("appraisal", "PUT", f"{card}/indicators/{name}", json=target, headers=headers)
    assert agreed.is_success, agreed.text
    reported = await post("appraisal", f"{card}/progress", {"indicator": name, "amount": "9"}, Role.EMPLOYEE, me)
    return str(reported["report_id"])


async def _course(callers: Callers, post: Ask, me: str, unit: str, shared: Row, steps: int) -> Row:
    """A programme with a session, and the employee's place in it: so many steps on, from planned to completed."""
    programme = {"unit_id": unit, "title": "Kearsipan", "partner": {"name": "Universitas Tiruan", "kind": "education"}}
    offered = await post("training", "/v1/programmes", programme | COURSE, Role.TRAINER)
    sessions = f"/v1/programmes/{offered['id']}/sessions"
    schedule = {name: shared[name] for name in ("starts_on", "ends_on", "seats")}
    session = await post("training", sessions, {"unit_id": unit} | schedule, Role.TRAINER)
    made = {"programme_id": offered["id"], "session_id": session["id"]}
    if steps > 0:
        await post("training", f"/v1/sessions/{session['id']}/opening", {}, Role.TRAINER)
    if steps > 1:
        seat = await post("training", f"/v1/sessions/{session['id']}/enrolments", {"employee_id": me}, Role.HR)
        made["enrolment_id"] = seat["id"]
    if steps > 2:
        attendance = f"/v1/enrolments/{seat['id']}/attendance/{shared['day']}"
        noted = await callers.call("training", "PUT", attendance, headers=callers.bearer(Role.TRAINER))
        assert noted.is_success, noted.text
    if steps > 3:
        proof = {"certificate_number": f"SERT/{me}"}
        await post("training", f"/v1/enrolments/{seat['id']}/completion", proof, Role.TRAINER)
    return made
