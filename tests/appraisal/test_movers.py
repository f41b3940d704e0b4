"""People who move between units that appraise differently: their periods overlap, and nothing of them is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from appraisal import store
from appraisal.commands import closing, rounds
from appraisal.queries import talent
from appraisal.store import CASES, CLOSED, VERDICTS, shelf
from kinara.contracts.appraisal import Predikat
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.regional import calendar_of
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

CALENDAR = calendar_of()
Bearer = Callable[..., dict[str, str]]
SORONG = "/96.71/dinkes"


def on(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 3, tzinfo=UTC)


class Mover:
    """An officer, whom citizens rate and superiors rate, and who moves."""

    def __init__(self, town: Any, office: Any, database: Database, id_: str) -> None:
        self.town, self.office, self.database, self.id = town, office, database, id_
        self.rater = new_id()

    async def works(self, month: int, rating: int = 4, mark: int = 3) -> None:
        """A citizen's voice and a superior's rating in a month."""
        await self.town.deliver(self.town.voice(self.id, rating, given_at=on(month, 5)))
        self.office.now = on(month, 20)
        await self.office.rate(self.id, Scope(everything=True, label=self.rater), mark)

    async def moves(self, path: str, day: date, superior: str | None = None) -> None:
        moved = self.town.transfer(self.id, path, superior)
        await self.town.deliver(moved.model_copy(update={"effective_on": day}))

    async def close(self, period: str, at: datetime) -> Any:
        self.office.now = at
        return await self.office.close(self.id, period)

    async def reopen(self, period: str, at: datetime) -> Any:
        self.office.now = at
        policies = await shelf(self.database)
        return await closing.reopen_period(self.office.work, SYSTEM, policies, self.id, period, "Salah hitung")

    async def verdict(self, period: str) -> Any:
        return (await Work(self.database).get(VERDICTS, f"{self.id}/{period}", SYSTEM)).state


@pytest.fixture
async def mover(town: Any, office: Any, prepared: Database) -> Mover:
    return Mover(town, office, prepared, await town.officer())


async def test_a_quarter_that_follows_a_month_closed_by_itself_is_opened_again_and_the_month_stays_closed(
    mover: Mover, prepared: Database
) -> None:
    await mover.works(4)
    await mover.close("2026-04", on(5, 2))
    april = (await Work(prepared).get(CLOSED, f"{mover.id}/2026-04", SYSTEM)).state.score
    await mover.moves(SORONG, date(2026, 5, 3))
    await mover.works(6)
    before = (await mover.close("2026-Q2", on(7, 2))).score

    card = await mover.reopen("2026-Q2", on(7, 3))

    assert (card.closed_through, set(card.scores)) == ("2026-04", {"2026-Q2"})
    assert (await mover.close("2026-Q2", on(7, 4))).score == before
    assert (await Work(prepared).get(CLOSED, f"{mover.id}/2026-04", SYSTEM)).state.score == april


async def test_the_year_of_a_mover_is_closed_and_read_from_all_its_periods(mover: Mover, prepared: Database) -> None:
    await mover.works(10)
    await mover.close("2026-10", on(11, 2))
    await mover.moves(SORONG, date(2026, 11, 15))
    await mover.works(12)
    await mover.close("2026-Q4", on(1, 2, 2027))
    year = await talent.year(Work(prepared), SYSTEM, mover.id, "2026")
    assert (year.result.months, year.result.predikat) == (3, (await mover.verdict("2026")).proposed)


async def test_the_year_proposed_is_the_year_read_also_for_who_moves_to_a_monthly_unit(
    mover: Mover, prepared: Database
) -> None:
    await mover.moves(SORONG, date(2026, 1, 1))
    for month, quarter, closes in ((2, "2026-Q1", 4), (5, "2026-Q2", 7), (8, "2026-Q3", 10)):
        await mover.works(month, 2, 1)
        await mover.close(quarter, on(closes, 2))
    await mover.moves("/16.71/plaju", date(2026, 10, 1))
    for month in (10, 11, 12):
        await mover.works(month, 4, 5)
        await mover.close(f"2026-{month}", on(month % 12 + 1, 2, 2026 + month // 12))
    proposed = (await mover.verdict("2026")).proposed
    year = await talent.year(Work(prepared), SYSTEM, mover.id, "2026")
    assert proposed == year.result.predikat != Predikat.BAIK

    card = await mover.reopen("2026-12", on(1, 3, 2027))
    assert "2026-02" in card.months, "hours and failed complaints of the year come back too"


async def test_who_moves_to_another_government_is_appraised_where_they_were(mover: Mover) -> None:
    await mover.works(10)
    await mover.moves(SORONG, date(2026, 11, 3))
    closed = await mover.close("2026-10", on(11, 8))
    verdict = await mover.verdict("2026-10")
    assert (closed.province, closed.unit_path) == (verdict.province, verdict.unit_path) == ("16", "/16.71/plaju")


async def test_a_gap_does_not_keep_an_earlier_period_from_being_opened_again(mover: Mover) -> None:
    await mover.works(9)
    await mover.close("2026-09", on(10, 2))
    await mover.works(11)
    await mover.close("2026-11", on(12, 2))
    await mover.reopen("2026-11", on(12, 3))
    card = await mover.reopen("2026-09", on(12, 4))
    assert (card.closed_through, sorted(card.scores)) == (None, ["2026-09", "2026-11"])


async def test_a_year_without_a_december_is_proposed_when_the_next_one_has_begun(
    mover: Mover, prepared: Database
) -> None:
    await mover.works(8)
    await mover.close("2026-08", on(9, 2))
    await rounds.work_off(prepared, lambda: on(1, 9, 2027), calendar=CALENDAR)
    assert (await mover.verdict("2026")).proposed == (await mover.verdict("2026-08")).proposed
    assert await Work(prepared).count(VERDICTS, SYSTEM, {"employee_id": mover.id}) == 2


async def test_a_case_goes_with_its_employee_to_the_new_superior(
    mover: Mover, town: Any, prepared: Database, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    old, new = [await town.officer(name=name) for name in ("Atasan lama", "Atasan baru")]
    await mover.moves("/16.71/plaju", date(2026, 10, 1), old)
    await mover.works(10, 1, 1)
    await mover.close("2026-10", on(11, 2))
    await mover.moves(SORONG, date(2026, 11, 3), new)
    (case,) = await Work(prepared).find(CASES, SYSTEM, {})
    seen = {}
    for name, id_ in (("old", old), ("new", new)):
        who = bearer("supervisor", id_, ())
        seen[name] = len((await http.get("/v1/coaching", headers=who)).json()["items"])
        plan = {"form": "bimbingan", "plan": "Pendampingan di loket", "days": 30}
        key = {"Idempotency-Key": new_id()}
        opened = await http.post(f"/v1/coaching/{case.id}/opening", json=plan, headers=who | key)
        seen[name + " opens"] = opened.status_code
    assert seen == {"old": 0, "old opens": 404, "new": 1, "new opens": 201}


async def test_a_period_that_was_only_tried_out_is_left_out_of_the_year(
    mover: Mover, prepared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "FRESH_S", 0)
    await mover.works(10, 1, 1)
    await mover.works(11, 4, 3)
    await mover.works(12, 4, 3)
    tried = (await prepared.find_one("policies", {"_id": "plaju@1"}) or {})["policy"]
    versions = {2: ("2026-10-01", True), 3: ("2026-11-01", False)}
    for version, (first, shadow) in versions.items():
        policy = tried | {"version": version, "effective_from": first, "shadow": shadow}
        await prepared["policies"].insert_one({"_id": f"plaju@{version}", "rev": 1, "said": 0, "policy": policy})
    for month in (10, 11, 12):
        await mover.works(month)
        await mover.close(f"2026-{month}", on(month % 12 + 1, 2, 2026 + month // 12))

    year, verdict = await talent.year(Work(prepared), SYSTEM, mover.id, "2026"), await mover.verdict("2026")

    assert (year.result.months, verdict.shadow) == (2, False)
    assert verdict.proposed == year.result.predikat == (await mover.verdict("2026-12")).proposed


async def test_nobody_stands_above_who_would_be_their_own_superior(mover: Mover, town: Any, prepared: Database) -> None:
    """Two who lead each other, as an acting head and a deputy may."""
    other = await town.officer(superior=mover.id)
    await mover.moves("/16.71/plaju", date(2026, 10, 1), other)
    await mover.works(10)
    await mover.close("2026-10", on(11, 2))
    verdict = await mover.verdict("2026-10")
    assert (verdict.appraiser_id, verdict.superior_id) == (other, None)
