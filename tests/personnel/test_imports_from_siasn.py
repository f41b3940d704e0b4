"""Imports over HTTP from the stub SIASN: histories, bad habits, outages, and a process that is killed in between."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from kinara.kit.identity import Role
from kinara.kit.outbox import OUTBOX
from personnel.commands.imports import runner
from personnel.domain.importing import ImportRun
from pydantic import SecretStr
from siasn_stub.people import people
from siasn_stub.places import UNITS

Bearer = Callable[..., dict[str, str]]
FLAWED = {person.nip: person.flaw for person in people(400)}
REJECTED = ("bad_nip", "bad_date", "missing_unit", "unknown_unit", "not_found")
SORONG = [unit for unit in UNITS if unit.government.code == "96.71"]


def good(nips: list[str]) -> int:
    return sum(FLAWED[nip] not in REJECTED for nip in nips)


def outcomes(run: ImportRun) -> tuple[int, int, int, int]:
    return run.tally.created, run.tally.updated, run.tally.unchanged, run.tally.rejected


async def said(feed: Any) -> list[str]:
    buckets = await feed.database.find(OUTBOX, {}, sort=[("_id", 1)])
    return [row["type"].split(".")[3] for bucket in buckets for row in bucket["rows"]]


async def test_a_government_comes_in_with_its_units_and_careers_through_every_bad_habit(feed: Any, siasn: Any) -> None:
    nips = siasn.nips("16.71")
    siasn.behave(html=0.02, empty=0.02, runtime_error=0.02, expired=0.01, mismatch=0.01)
    feed.settings = feed.settings.model_copy(update={"siasn_concurrency": 16})
    run = await feed.work_off(await feed.siasn("16.71", nips))
    assert (run.state, run.total) == ("done", len(nips))
    assert outcomes(run) == (good(nips), 0, 0, len(nips) - good(nips))
    assert {path.split("/")[1] for path in await feed.units()} == {"16.71"}
    assert len(await feed.units()) == sum(unit.government.code == "16.71" for unit in UNITS)
    for employee in (await feed.people()).values():
        assert employee.career.ranks[-1].golongan == employee.golongan
        assert employee.career.posts[-1].since == employee.jabatan_since
        assert employee.career.posts[-1].decree_number


async def test_the_second_pull_changes_nothing_and_asks_for_no_histories(feed: Any, siasn: Any) -> None:
    nips = siasn.nips("96.71")
    await feed.work_off(await feed.siasn("96.71", nips))
    before, announced = await feed.people(), await said(feed)
    siasn.behave()
    run = await feed.work_off(await feed.siasn("96.71", nips))
    asked = siasn.counts()["served"]["good"]
    assert outcomes(run) == (0, 0, good(nips), len(nips) - good(nips))
    assert (await feed.people(), await said(feed)) == (before, announced)
    assert asked <= len(nips) + 1, "one question a person, and one for the units"


async def test_a_promotion_comes_with_its_decree(feed: Any, siasn: Any) -> None:
    nips = siasn.nips("96.71")
    await feed.work_off(await feed.siasn("96.71", nips))
    pns = next(e for e in (await feed.people()).values() if e.kind == "PNS" and e.golongan != "IV/e")
    kept = {"golRuangAkhir": pns.golongan, "tmtGolAkhir": f"{pns.golongan_since:%d-%m-%Y}"}
    try:
        siasn.correct(pns.nip, golRuangAkhir="IV/e", tmtGolAkhir="01-11-2025")
        run = await feed.work_off(await feed.siasn("96.71", nips))
    finally:
        siasn.correct(pns.nip, **kept)
    now = (await feed.people())[pns.nip]
    assert outcomes(run)[:2] == (0, 1)
    assert (await said(feed))[-1] == "EmployeePromoted"
    assert (now.golongan, now.career.ranks[-1].golongan) == ("IV/e", "IV/e")
    assert now.career.ranks[-1].decree_number.startswith("823/2025/")


async def test_education_comes_in_and_sets_the_ceiling_of_a_promotion(
    http: httpx.AsyncClient, feed: Any, siasn: Any, bearer: Bearer
) -> None:
    nips = siasn.nips("96.71")
    await feed.work_off(await feed.siasn("96.71", nips))
    known = await feed.people()
    assert all(one.dossier.education for one in known.values())
    pns = next(e for e in known.values() if e.kind == "PNS" and e.golongan == "III/b" and e.jabatan_kind == "pelaksana")
    hr = bearer("hr", None, ("/96.71",))

    async def ceiling() -> str:
        answer = await http.get(f"/v1/employees/{pns.id}/promotion-eligibility", headers=hr)
        return str(next(one["result"] for one in answer.json()["findings"] if one["rule"] == "education"))

    kept = str(next(p.record["tkPendidikanTerakhirId"] for p in people(400) if p.nip == pns.nip))
    try:
        siasn.correct(pns.nip, tkPendidikanTerakhirId="20")
        await feed.work_off(await feed.siasn("96.71", nips))
        assert await ceiling() == "not_met", "a D1 leads to III/b"
        siasn.correct(pns.nip, tkPendidikanTerakhirId="40")
        run = await feed.work_off(await feed.siasn("96.71", nips))
        assert (outcomes(run)[1], await ceiling()) == (1, "met")
        recorded = await http.put(f"/v1/employees/{pns.id}/education", json={"education": "S2"}, headers=hr)
        assert recorded.is_success
        siasn.correct(pns.nip, gelarBelakang="S.Kom., M.Kom.")
        await feed.work_off(await feed.siasn("96.71", nips))
        assert (await feed.people())[pns.nip].dossier.education == "S2", "SIASN says nothing new"
        siasn.correct(pns.nip, tkPendidikanTerakhirId="77", tkPendidikanTerakhir="")
        run = await feed.work_off(await feed.siasn("96.71", nips))
        assert (outcomes(run)[1], run.histories_rejected) == (1, 1)
    finally:
        siasn.correct(pns.nip, tkPendidikanTerakhirId=kept, gelarBelakang=pns.back_title or "")


async def test_while_siasn_is_down_the_run_waits_and_goes_on_where_it_stood(feed: Any, siasn: Any) -> None:
    nips = siasn.nips("96.71")[:40]
    run = await feed.siasn("96.71", nips)
    siasn.behave(runtime_error=1.0, heal_after=10**6)
    waiting = await feed.work_off(run, siasn_attempts=2)
    assert (waiting.state, waiting.tally.rows, waiting.pauses) == ("waiting", 0, 1)
    assert waiting.retry_at > datetime.now(UTC)
    assert "SIASN" in waiting.why
    assert await feed.work_off(run) == waiting, "nobody asks before the pause is over"
    siasn.behave()
    done = await feed.work_off(await feed.hurry(run))
    assert (done.state, done.tally.rows, done.why) == ("done", 40, None)


async def test_an_outage_in_the_middle_keeps_what_came_before_it(
    feed: Any, siasn: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    nips = siasn.nips("96.71")
    assert len(nips) > 50, "more than are asked for while the first batch is taken, however long that takes"
    take_batch = runner.take_batch

    async def then_down(*arguments: Any) -> Any:
        taken = await take_batch(*arguments)
        if taken.position == 5:
            siasn.behave(runtime_error=1.0, heal_after=10**6)
        return taken

    monkeypatch.setattr(runner, "take_batch", then_down)
    run = await feed.siasn("96.71", nips)
    waiting = await feed.work_off(run, siasn_batch=5, siasn_concurrency=1, siasn_attempts=2)
    assert waiting.state == "waiting"
    assert 5 <= waiting.tally.rows == waiting.position < len(nips)
    siasn.behave()
    done = await feed.work_off(await feed.hurry(run))
    assert (done.state, done.tally.created + done.tally.rejected) == ("done", len(nips))


async def test_refused_credentials_make_the_run_wait_for_a_person(feed: Any, siasn: Any) -> None:
    run = await feed.siasn("96.71", siasn.nips("96.71")[:5])
    waiting = await feed.work_off(run, siasn_sso_password=SecretStr("salah"))
    assert waiting.state == "waiting"
    assert "Periksa kunci dan kata sandi" in waiting.why
    cancelled = await feed.cancel(run)
    done = await feed.work_off(cancelled, siasn_sso_password=SecretStr("salah"))
    assert (done.state, done.tally.rows) == ("cancelled", 0)


async def test_a_process_killed_after_each_batch_is_taken_over_without_loss(feed: Any, siasn: Any) -> None:
    nips = siasn.nips("96.71")[:30]
    run = await feed.siasn("96.71", nips)
    positions = []
    feed.settings = feed.settings.model_copy(update={"siasn_batch": 10})
    for _ in range(2):
        assert await feed.in_a_process(crash_at="import.after_batch") == -signal.SIGKILL
        positions.append((await feed.now(run)).position)
    assert positions == [10, 20]
    assert await feed.in_a_process() == 0
    done = await feed.now(run)
    assert (done.state, done.tally.rows, len(await feed.people())) == ("done", 30, good(nips))
    facts = await said(feed)
    assert (facts.count("EmployeeRegistered"), facts.count("UnitChanged")) == (good(nips), len(SORONG))


# through the public door


async def test_a_pull_is_asked_for_and_followed(
    http: httpx.AsyncClient, app: Any, feed: Any, siasn: Any, bearer: Bearer
) -> None:
    app.state.parts.service.settings = feed.settings
    nips = siasn.nips("96.71")[:20]
    headers = bearer(Role.INTEGRATOR, None, ("/96.71",))
    body = {"source": "siasn", "instansi": SORONG[0].government.id, "nips": nips}
    answer = await http.post("/v1/imports/siasn", json=body, headers=headers)
    assert (answer.status_code, answer.json()["total"]) == (202, 20), answer.text
    await feed.runner().work_off(feed.database)
    run = (await http.get(f"/v1/imports/{answer.json()['id']}", headers=headers)).json()
    assert (run["state"], run["processed"], run["units_changed"]) == ("done", 20, len(SORONG))


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"nips": ["123"]}, 422, "body.nips.0"),
        ({"nips": []}, 422, "body.nips"),
        ({"instansi": "17"}, 403, "instansi"),
        ({"source": "file"}, 422, "body.source"),
        ({"nips": "198609262015051001"}, 422, "body.nips"),
    ],
    ids=["no NIP", "nobody", "another government", "source", "no list"],
)
async def test_a_bad_request_names_its_field(
    http: httpx.AsyncClient, app: Any, feed: Any, siasn: Any, bearer: Bearer, change: Any, status: int, field: str
) -> None:
    app.state.parts.service.settings = feed.settings
    body = {"instansi": "96.71", "nips": ["198609262015051001"]} | change
    answer = await http.post("/v1/imports/siasn", json=body, headers=bearer(Role.INTEGRATOR, None, ("/96.71",)))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)


async def test_without_credentials_nothing_is_promised(http: httpx.AsyncClient, app: Any, bearer: Bearer) -> None:
    settings = app.state.parts.service.settings
    app.state.parts.service.settings = settings.model_copy(update={"siasn_apim_key": SecretStr("")})
    body = {"instansi": "16.71", "nips": ["198609262015051001"]}
    answer = await http.post("/v1/imports/siasn", json=body, headers=bearer(Role.INTEGRATOR))
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:kinara:problem:not-configured")
