"""What is recorded holds at once, so nobody records what only holds from a later day; a source may well know it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from kinara.kit.ids import utc_now
from kinara.kit.scope import Scope
from kinara.kit.work import Work
from personnel.commands import employees
from personnel.domain.employee import Employee
from personnel.domain.profile import Decree, Profile
from personnel.domain.refusals import NotYetInForce
from personnel.domain.registration import stated
from siasn_stub.people import people
from siasn_stub.places import UNITS
from siasn_stub.records import ref_unor

Bearer = Callable[..., dict[str, str]]
NIGHT = datetime(2026, 3, 31, 16, tzinfo=UTC)
"""31 March, 23:00 in Palembang; 1 April, 01:00 in Sorong."""
SK = Decree(number="823/1", promotion_kind="101")


def said(nip: str = "198609262015051001", **facts: Any) -> Profile:
    known = {"name": "Rizki Saputra", "golongan": "III/b", "jabatan": "Penelaah", "jabatan_kind": "pelaksana"}
    return stated(nip=nip, **known | facts)


@dataclass
class Night:
    """BKPSDM of a government at work in that night: Rani in one unit, and another unit beside it."""

    work: Work
    scope: Scope
    rani: Employee
    chief: Employee
    other: Any

    def record(self, decision: str, on: date) -> Awaitable[Employee]:
        who = (self.work, self.scope, self.rani.id)
        if decision == "registration":
            return employees.register_employee(self.work, self.scope, said(), self.other.id, on)
        if decision == "correction":
            return employees.change_employee(*who, said(self.rani.nip, jabatan="Lurah"), on, None)
        if decision == "promotion":
            return employees.promote_employee(
                *who, "III/c", on, SK, jabatan=None, jenjang=None, issued_outside="SK lama"
            )
        if decision == "transfer":
            return employees.transfer_employee(*who, self.other.id, on, None)
        if decision == "separation":
            return employees.separate_employee(*who, "retired", on)
        return employees.assign_supervisor(*who, self.chief.id, on)


DECISIONS = ["registration", "correction", "promotion", "transfer", "separation", "superior"]


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize(
    ("root", "province", "today"),
    [("16.71", "16", date(2026, 3, 31)), ("96.71", "96", date(2026, 4, 1))],
    ids=["Palembang", "Sorong, where it is tomorrow already"],
)
async def test_a_decision_is_recorded_on_its_day_and_not_before(
    office: Any, decision: str, root: str, province: str, today: date
) -> None:
    office.scope = Scope(paths=(f"/{root}",), label="hr")
    top = await office.unit(root, province=province)
    rani, chief = await office.employee(top), await office.employee(top, "Kepala Contoh")
    night = Night(Work(office.database, now=lambda: NIGHT), office.scope, rani, chief, await office.unit("dinas", top))
    before = await office.everybody()
    with pytest.raises(NotYetInForce) as refused:
        await night.record(decision, today + timedelta(days=1))
    assert refused.value.field == "effective_on"
    assert await office.everybody() == before
    await night.record(decision, today)
    assert await office.everybody() != before


async def test_the_superior_of_today_sees_whoever_will_be_transferred_until_they_are(
    http: httpx.AsyncClient, office: Any, bearer: Bearer
) -> None:
    root = await office.unit("16.71")
    old, new = await office.employee(root, "Kepala Lama"), await office.employee(root, "Kepala Baru")
    here, there = await office.unit("a", root, old), await office.unit("b", root, new)
    rani = await office.employee(here)
    address = f"/v1/employees/{rani.id}"
    today = utc_now().date()  # in Palembang it is this day or already the next

    async def seen_by(superior: Employee) -> int:
        return (await http.get(address, headers=bearer("supervisor", superior.id))).status_code

    async def transferred(on: date) -> httpx.Response:
        body = {"unit_id": there.id, "effective_on": on.isoformat()}
        return await http.post(f"{address}/transfers", json=body, headers=bearer("hr"))

    early = await transferred(today + timedelta(days=2))
    assert (early.status_code, early.json()["type"]) == (422, "urn:kinara:problem:not-yet-in-force")
    assert early.json()["errors"][0]["field"] == "effective_on"
    assert "Catat keputusan ini pada tanggal itu atau sesudahnya." in early.text
    assert (await seen_by(old), await seen_by(new)) == (200, 404)
    assert (await transferred(today)).status_code == 201
    assert (await seen_by(old), await seen_by(new)) == (404, 200)


async def test_a_source_may_state_days_to_come(feed: Any) -> None:
    units = "".join(json.dumps(ref_unor(unit)) + "\n" for unit in UNITS)
    officer = next(
        p.record for p in people(180, seed=3)
        if p.flaw is None and p.record["jenisJabatanId"] == "4" and p.record["golRuangAkhir"] == "III/a"
    )  # fmt: skip
    soon = utc_now().date() + timedelta(days=200)
    later = {"tmtJabatan": f"{soon:%d-%m-%Y}", "tmtGolAkhir": f"{soon:%d-%m-%Y}"}
    registered = await feed.work_off(await feed.file(json.dumps(officer | later), units=units))
    assert registered.tally.created == 1
    raised = officer | later | {"golRuangAkhirId": "32", "golRuangAkhir": "III/b"}
    promoted = await feed.work_off(await feed.file(json.dumps(raised)))
    assert promoted.tally.updated == 1
    (now,) = (await feed.people()).values()
    assert (now.golongan, now.golongan_since) == ("III/b", soon)
    assert now.postings[-1].since <= utc_now().date() + timedelta(days=1)
