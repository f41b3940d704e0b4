"""Targets set too low, through the public door: who sees how often they are overshot, and what of closed periods."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from appraisal.commands import closing
from appraisal.queries import overshooting
from appraisal.store import shelf
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM

PATH = "/v1/overshot-targets"
NOVEMBER = "2026-11"
NONE = {"judged": 0, "overshot": 0, "share": None, "running": 0}


@pytest.fixture
async def people(town: Any, office: Any) -> dict[str, str]:
    """A superior whose people overshoot every second target, another whose one does, and somebody elsewhere."""
    eager, other = await town.officer(name="Sari Atasan"), await town.officer("/16.71/plaju/u1", name="Budi Atasan")
    led = [await town.officer(superior=eager) for _ in range(5)]
    alone = await town.officer("/16.71/plaju/u1", superior=other)
    await town.officer("/96.71", superior=new_id())
    for n, id_ in enumerate([*led, alone]):
        for code, amount in (("berkas", "300"), ("surat", "90" if n < 5 else "300")):
            await office.agree(id_, code=code, period=NOVEMBER)
            await office.report(id_, amount, SYSTEM, code=code)
    return {"eager": eager, "other": other, "alone": alone, "first": led[0]}


@pytest.fixture
def read(http: httpx.AsyncClient, bearer: Any) -> Any:
    async def _read(role: str = "hr", *, units: Any = ("/16.71",), period: str = NOVEMBER, **asked: Any) -> Any:
        found = await http.get(PATH, params={"period": period} | asked, headers=bearer(role, units=list(units)))
        assert found.status_code == 200, found.text
        return found.json()

    return _read


async def test_the_office_reads_how_often_targets_are_overshot(people: dict[str, str], read: Any) -> None:
    told = await read()

    assert told["total"] == {"judged": 12, "overshot": 7, "share": "0.5833", "running": 12}
    assert told["superiors"] == {
        "items": [{"key": people["eager"], "judged": 10, "overshot": 5, "share": "0.5000", "running": 10}],
        "more": 0,
        "too_few": 1,
    }
    assert told["indicators"] == {"items": [], "more": 0, "too_few": 2}
    assert await read("oversight") == told


async def test_it_is_told_of_one_unit_or_of_one_superior(people: dict[str, str], read: Any) -> None:
    unit = await read(unit_path="/16.71/plaju/u1")
    assert (unit["total"]["judged"], unit["total"]["overshot"]) == (2, 2)
    led = await read(superior_id=people["eager"])
    assert (led["total"]["judged"], led["total"]["overshot"]) == (10, 5)
    assert led["superiors"]["too_few"] == 0
    nobody = await read(superior_id=people["eager"], unit_path="/16.71/plaju/u1")
    assert nobody["total"] == NONE


async def test_outside_the_units_of_the_office_there_is_nothing(people: dict[str, str], read: Any) -> None:
    for units, asked in ((("/96.71",), {}), (("/96.71",), {"unit_path": "/16.71/plaju"}), ((), {})):
        assert (await read(units=units, **asked))["total"] == NONE


async def test_units_within_units_count_nobody_twice(people: dict[str, str], read: Any) -> None:
    once = await read()
    assert await read(units=("/16.71/plaju/u1", "/16.71", "/16.71")) == once


async def test_a_closed_period_is_told_as_before_and_a_reopened_one_once(
    people: dict[str, str], prepared: Database, office: Any, read: Any
) -> None:
    before = await read()
    office.now = datetime(2026, 12, 2, 3, tzinfo=UTC)
    for id_ in (people["first"], people["alone"]):
        await office.close(id_, NOVEMBER)

    closed = await read()
    assert (closed["total"]["running"], before["total"]["running"]) == (8, 12)
    assert closed["total"] | {"running": 12} == before["total"]
    assert await read(period="2026-Q4") == closed | {"period": "2026-Q4"}
    assert await read(period="2026") == closed | {"period": "2026"}
    assert (await read(period="2026-10"))["total"] == NONE

    policies = await shelf(prepared)
    await closing.reopen_period(office.work, SYSTEM, policies, people["first"], NOVEMBER, "Data tertinggal")
    assert (await read())["total"] == closed["total"] | {"running": 10}


async def test_only_so_many_are_shown_and_the_rest_is_counted(
    people: dict[str, str], read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appraisal.domain.overshooting.FEWEST", 2)
    told = await read(limit=1)
    (first,) = told["superiors"]["items"]
    assert (first["key"], first["share"], told["superiors"]["more"]) == (people["other"], "1.0000", 1)
    assert [one["key"] for one in told["indicators"]["items"]] == ["berkas"]


async def test_what_one_answer_would_not_bear_is_refused(
    people: dict[str, str], http: httpx.AsyncClient, bearer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overshooting, "MOST_LOOKED_AT", 3)
    found = await http.get(PATH, params={"period": NOVEMBER}, headers=bearer("hr"))
    assert (found.status_code, found.json()["type"]) == (422, "urn:kinara:problem:too-much-asked")
    unknown = await http.get(PATH, params={"period": "2026-13"}, headers=bearer("hr"))
    assert (unknown.status_code, unknown.json()["type"]) == (422, "urn:kinara:problem:invalid-period")


@pytest.mark.parametrize("role", ["employee", "supervisor"])
async def test_others_do_not_read_it(http: httpx.AsyncClient, bearer: Any, role: str) -> None:
    found = await http.get(PATH, params={"period": NOVEMBER}, headers=bearer(role, new_id(), ()))
    assert found.status_code == 403
