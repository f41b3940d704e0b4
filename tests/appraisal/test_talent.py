"""What a year comes to: proposed with its last period, decided by the appraiser, and what is computed from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from appraisal.commands import organisations
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work

Bearer = Callable[..., dict[str, str]]
PLAJU = "/16.71/plaju"
YEAR = "2025"
MONTHS = [f"2026-{month:02d}" for month in (11, 12)]


@pytest.fixture
async def officer(town: Any, months: Any, prepared: Database) -> str:
    """An Ahli Muda who worked in the last two months of the year, which are closed."""
    id_: str = await town.officer(superior=months.boss)
    await town.deliver(town.promotion(id_))
    for period in MONTHS:
        await months.pass_(period, {id_: ("100", 4)})
    await organisations.rate_organisation(Work(prepared), SYSTEM, PLAJU, "2026", "Baik")
    return id_


@pytest.fixture
def ask(http: httpx.AsyncClient) -> Callable[..., Any]:
    async def _ask(method: str, path: str, who: dict[str, str], body: Any = None, **query: Any) -> httpx.Response:
        headers = who | ({"Idempotency-Key": new_id()} if method == "POST" else {})
        return await http.request(method, f"/v1{path}", json=body, params=query, headers=headers)

    return _ask


async def test_a_year_is_proposed_with_its_last_month_and_decided_like_any_period(
    officer: str, months: Any, ask: Any, bearer: Bearer, said: Any
) -> None:
    me, boss = bearer("employee", officer, ()), bearer("supervisor", months.boss, ())
    path = f"/scorecards/{officer}/years/2026"
    before = (await ask("GET", path, me)).json()
    assert (before["proposed"], before["predikat"]) == ("Baik", None)
    assert before["missing"] == [f"2026-{month:02d}" for month in range(1, 11)]

    confirmed = await ask("POST", f"/scorecards/{officer}/periods/2026/verdict/confirmation", boss, {})

    assert (confirmed.status_code, confirmed.json()["state"]) == (201, "confirmed"), confirmed.text
    assert (await ask("GET", path, me)).json()["predikat"] == "Baik"
    assert [row for row in await said() if "AppraisalConfirmed" in row["type"]]


async def test_a_year_whose_last_month_is_opened_again_is_open_too(officer: str, ask: Any, bearer: Bearer) -> None:
    hr = bearer("hr")
    reopened = await ask(
        "POST", f"/scorecards/{officer}/periods/2026-12/reopening", hr, {"reason": "Laporan tertinggal"}
    )
    assert reopened.status_code == 201, reopened.text
    verdict = (await ask("GET", f"/scorecards/{officer}/periods/2026/verdict", hr)).json()
    year = (await ask("GET", f"/scorecards/{officer}/years/2026", hr)).json()
    assert (verdict["state"], "2026-12" in year["missing"]) == ("reopened", True)


async def test_angka_kredit_counts_what_was_decided_by_coefficient_and_months(
    officer: str, months: Any, ask: Any, bearer: Bearer
) -> None:
    boss, path = bearer("supervisor", months.boss, ()), f"/scorecards/{officer}/years/2026/angka-kredit"
    assert (await ask("GET", path, boss)).json()["credits"] == [], "a proposal earns nothing"
    for period in (MONTHS[0], "2026"):
        await ask("POST", f"/scorecards/{officer}/periods/{period}/verdict/confirmation", boss, {})

    credits = (await ask("GET", path, boss)).json()["credits"]

    assert [(one["period"], one["jenjang"], Decimal(one["credit"])) for one in credits] == [
        ("2026", "MU", Decimal("4.17")), (MONTHS[0], "MU", Decimal("2.08")),
    ]  # fmt: skip


async def test_a_year_with_two_levels_is_credited_in_each_by_its_months(
    months: Any, town: Any, ask: Any, bearer: Bearer, said: Any, prepared: Database
) -> None:
    id_ = new_id()
    await organisations.rate_organisation(Work(prepared), SYSTEM, "/16.71", "2026", "Baik")
    await town.deliver(town.registration(id_, PLAJU, months.boss).model_copy(update={"jenjang": "PT"}))
    await town.deliver(town.promotion(id_).model_copy(update={"effective_on": date(2026, 12, 1)}))
    for period in MONTHS:
        await months.pass_(period, {id_: ("100", 4)})
    boss = bearer("supervisor", months.boss, ())

    await ask("POST", f"/scorecards/{id_}/periods/2026/verdict/confirmation", boss, {})

    facts = [json.loads(row["data"]) for row in await said() if "AngkaKreditCredited" in row["type"]]
    assert [(one["jenjang"], one["first_month"], one["last_month"], one["credit"]) for one in facts] == [
        ("PT", 11, 11, "1.04"), ("MU", 12, 12, "2.08"),
    ]  # fmt: skip
    shown = (await ask("GET", f"/scorecards/{id_}/years/2026/angka-kredit", boss)).json()["credits"]
    assert [(one["jenjang"], one["months"], one["credit"]) for one in shown] == [("PT", 1, "1.04"), ("MU", 1, "2.08")]


async def test_the_index_is_a_range_until_everything_is_known(officer: str, ask: Any, bearer: Bearer) -> None:
    path, hr = f"/scorecards/{officer}/years/2026/profesionalitas", bearer("hr")
    unknown = (await ask("GET", path, hr)).json()
    assert unknown["category"] is None
    assert unknown["missing"] == ["education", "seminar"], "discipline is what personnel tells"
    known = (await ask("GET", path, hr, education="S1", seminar=True, discipline="tidak pernah")).json()
    assert known["missing"] == []
    assert Decimal(known["index"]["lowest"]) == Decimal(known["index"]["highest"]) == Decimal("62.50")
    assert known["category"] == "Rendah"
    wrong = await ask("GET", path, hr, education="S4")
    assert (wrong.status_code, "education" in wrong.text) == (422, True)


@pytest.mark.parametrize(
    ("cuts", "potential", "box"), [("usual", "85", 8), ("kepka-41-2025", "85", 9), ("usual", "70", 5)]
)
async def test_the_talent_box_follows_from_the_year_and_the_potential_that_the_office_knows(
    officer: str, ask: Any, bearer: Bearer, cuts: str, potential: str, box: int
) -> None:
    path = f"/scorecards/{officer}/years/2026/talent-box"
    found = (await ask("GET", path, bearer("hr"), potential=potential, cuts=cuts)).json()
    assert (found["box"], found["succession_pool"]) == (box, box >= 7)
    unrated = await ask("GET", f"/scorecards/{officer}/years/{YEAR}/talent-box", bearer("hr"), potential=potential)
    assert unrated.status_code == 422


async def test_the_distribution_is_advice_once_the_organisation_is_rated(
    officer: str, months: Any, town: Any, ask: Any, bearer: Bearer
) -> None:
    hr, where = bearer("hr"), {"unit_path": PLAJU, "period": "2027-01"}
    people = {await town.officer(superior=months.boss): ("100", 4) for _ in range(10)}
    await months.pass_(where["period"], people)
    assert (await ask("GET", "/distribution", hr, **where)).status_code == 404
    wrong = await ask("PUT", "/organisation-predikat", hr, where | {"predikat": "Lumayan"})
    assert (wrong.status_code, "predikat" in wrong.text) == (422, True)
    rated = await ask("PUT", "/organisation-predikat", hr, where | {"predikat": "baik"})
    assert rated.json()["predikat"] == "Baik", rated.text

    advice = (await ask("GET", "/distribution", hr, **where)).json()

    assert (advice["people"], advice["applicable"], advice["kept"]) == (10, True, False)
    off = {finding["rule"]: finding["off"] for finding in advice["findings"]}
    assert off == {
        "Baik: lebih dari 50%": 0, "Baik: paling banyak 70%": 3, "Butuh Perbaikan dan/atau Kurang: harus ada": -1,
    }  # fmt: skip
    elsewhere = await ask("PUT", "/organisation-predikat", bearer("hr", units=["/96.71"]), where | {"predikat": "Baik"})
    assert elsewhere.status_code == 404


async def test_a_year_is_decided_once_the_organisation_has_its_predikat_and_shown_beside_it(
    months: Any, town: Any, ask: Any, bearer: Bearer
) -> None:
    officer = await town.officer(f"{PLAJU}/loket", superior=months.boss)
    colleagues = [await town.officer(superior=months.boss) for _ in range(9)]
    await months.pass_("2026-12", dict.fromkeys((officer, *colleagues), ("100", 4)))
    hr, boss, me = bearer("hr"), bearer("supervisor", months.boss, ()), bearer("employee", officer, ())
    path, month = (f"/scorecards/{officer}/periods/{period}/verdict" for period in ("2026", "2026-12"))
    early = await ask("POST", f"{path}/confirmation", boss, {})
    assert (early.status_code, early.json()["type"]) == (409, "urn:kinara:problem:organisation-first")
    assert "BKPSDM" in early.text
    unset = (await ask("GET", path, boss)).json()["organisation"]
    assert (unset["predikat"], "belum ditetapkan" in unset["note"]) == (None, True)
    decided = await ask("POST", f"{month}/confirmation", boss, {})
    assert (decided.status_code, decided.json()["organisation"]["predikat"]) == (201, None), "a month does not wait"

    for unit, predikat, period in (("/16.71", "Kurang", "2026"), (PLAJU, "Baik", "2026"), (PLAJU, "Istimewa", "2025")):
        where = {"unit_path": unit, "period": period, "predikat": predikat}
        assert (await ask("PUT", "/organisation-predikat", hr, where)).status_code == 200

    confirmed = await ask("POST", f"{path}/confirmation", boss, {})
    assert confirmed.status_code == 201, confirmed.text
    told = confirmed.json()["organisation"]
    assert (told["unit_path"], told["predikat"]) == (PLAJU, "Baik"), "the nearest that it belongs to"
    assert (told["distribution"]["people"], told["distribution"]["kept"]) == (10, False)
    own = (await ask("GET", path, me)).json()["organisation"]
    assert (own["predikat"], own["distribution"]) == ("Baik", None), "the others' predikat are not the employee's"


def credits(rows: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
    found = [json.loads(row["data"]) for row in rows if "AngkaKreditCredited" in row["type"]]
    return [(one["year"], one["predikat"], one["credit"]) for one in found]


async def test_a_year_that_is_decided_is_credited_in_the_same_transaction_and_again_when_an_objection_changes_it(
    officer: str, months: Any, town: Any, ask: Any, bearer: Bearer, said: Any
) -> None:
    hr, boss, chief = bearer("hr"), bearer("supervisor", months.boss, ()), await town.officer(name="Kepala Dinas")
    path = f"/scorecards/{officer}/periods/2026/verdict"
    await ask("PUT", f"{path}/appraiser", hr, {"appraiser_id": months.boss, "superior_id": chief})
    await ask("POST", f"/scorecards/{officer}/periods/{MONTHS[0]}/verdict/confirmation", boss, {})
    assert credits(await said()) == [], "a month earns by itself, and the year is what counts"

    down = {"predikat": 3, "reason": "Target akhir tahun terlewat"}
    assert (await ask("POST", f"{path}/confirmation", boss, down)).status_code == 201

    rows = await said()
    assert credits(rows) == [(2026, 3, "3.13")]
    kinds = [row["type"].split(".")[3] for row in rows if row["subject"].endswith(officer)]
    assert kinds[-2:] == ["AppraisalConfirmed", "AngkaKreditCredited"]
    me, above = bearer("employee", officer, ()), bearer("supervisor", chief, ())
    await ask("POST", f"{path}/objection", me, {"grounds": "Dua laporan belum dihitung"})
    today = day_of(utc_now(), "16").isoformat()
    await ask("POST", f"{path}/objection/hearing", above, {"held_on": today, "notes": "Kedua pihak hadir"})
    decision = {"predikat": 2, "reason": "Laporan terbukti"}
    decided = await ask("POST", f"{path}/objection/decision", above, decision)
    assert decided.status_code == 201, decided.text
    assert credits(await said()) == [(2026, 3, "3.13"), (2026, 2, "4.17")]


async def test_a_year_that_waits_for_its_second_signature_is_credited_with_it(
    officer: str, months: Any, town: Any, ask: Any, bearer: Bearer, said: Any
) -> None:
    hr, boss, chief = bearer("hr"), bearer("supervisor", months.boss, ()), await town.officer(name="Kepala Dinas")
    path = f"/scorecards/{officer}/periods/2026/verdict"
    await ask("PUT", f"{path}/appraiser", hr, {"appraiser_id": months.boss, "superior_id": chief})
    far = {"predikat": 4, "reason": "Pelanggaran berat"}
    assert (await ask("POST", f"{path}/confirmation", boss, far)).json()["state"] == "to_sign"
    assert credits(await said()) == []
    signed = await ask("POST", f"{path}/signature", bearer("supervisor", chief, ()), {"agrees": True})
    assert signed.status_code == 201, signed.text
    assert credits(await said()) == [(2026, 4, "2.08")]


async def test_the_index_counts_the_discipline_that_personnel_tells(
    officer: str, town: Any, ask: Any, bearer: Bearer
) -> None:
    path, hr = f"/scorecards/{officer}/years/2026/profesionalitas", bearer("hr")

    async def mark(**said: str) -> Decimal:
        found = (await ask("GET", path, hr, **said)).json()["disiplin"]
        assert found["lowest"] == found["highest"]
        return Decimal(found["lowest"])

    assert await mark() == 5
    measure = town.discipline(officer)
    await town.deliver(measure)
    assert await mark() == 2
    assert await mark(discipline="tidak pernah") == 2, "nobody talks a measure away"
    assert await mark(discipline="berat") == 1, "one from before personnel kept them"
    await town.deliver(town.lifting(measure))
    assert await mark() == 5
