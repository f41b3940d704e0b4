"""Appraisal's commands on the real database: what a card, its page of effects and the outbox hold afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from appraisal.domain import refusals
from appraisal.store import CLOSED, RATERS
from kinara.contracts.appraisal import Predikat, ProgressReported, ScoreUpdated, StandardBreached
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.testing import Deliverer
from kinara.kit.work import NotFound, Work

Rows = Callable[..., Awaitable[list[dict[str, Any]]]]
Heard = Callable[[], Awaitable[list[Any]]]
Everything = Callable[[], Awaitable[dict[str, Any]]]
NOVEMBER = "2026-11"
D = Decimal


@pytest.fixture
async def superior(town: Any) -> str:
    return await town.officer(name="Sari Atasan")


@pytest.fixture
async def officer(town: Any, superior: str) -> str:
    return await town.officer(superior=superior)


@pytest.fixture
async def busy(office: Any, officer: str, superior: str) -> str:
    """An officer with a target of a hundred documents."""
    await office.agree(officer, office.superior(superior), period=NOVEMBER)
    return officer


def achieved(done: str) -> Decimal:
    """K at the end of a period for so much done of a hundred."""
    return (100 * (D(done) + 10) / D(110) / D("1.2")).quantize(D("0.0001"))


class TestProgress:
    async def test_ones_own_report_counts_half_until_the_superior_has_verified_it(
        self, office: Any, card: Any, busy: str, superior: str
    ) -> None:
        report_id = await office.report(busy, "60")
        assert (await card(busy)).scores[NOVEMBER].components["K"] == achieved("30")

        await office.verify(busy, report_id, office.superior(superior))

        kept = await card(busy)
        assert kept.scores[NOVEMBER].components["K"] == achieved("60")
        assert kept.months[NOVEMBER].pending == {}

    async def test_what_somebody_else_reports_needs_no_verification(
        self, office: Any, card: Any, busy: str, superior: str
    ) -> None:
        for who in (office.superior(superior), Scope(paths=("/16.71",), label="e-kinerja")):
            await office.report(busy, "30", who)

        kept = await card(busy)
        assert (kept.scores[NOVEMBER].components["K"], kept.months[NOVEMBER].pending) == (achieved("60"), {})

    async def test_the_report_and_the_score_it_moved_are_said_with_the_state(
        self, office: Any, heard: Heard, said: Rows, effects: Rows, busy: str
    ) -> None:
        report_id = await office.report(busy, "60")

        reported, moved, breached = await heard()
        assert isinstance(reported, ProgressReported)
        assert (reported.report_id, reported.amount, reported.verified) == (report_id, D(60), False)
        assert isinstance(moved, ScoreUpdated)
        assert (moved.period, moved.k, moved.previous_score) == (NOVEMBER, achieved("30"), None)
        assert isinstance(breached, StandardBreached)
        assert (breached.measure, breached.value) == ("K", moved.k)
        first, *others = await said()
        assert (first["version"], [row["version"] for row in others]) == (1, [2, 3])
        assert [(row["id"], row["ref"]) for row in await effects(busy)][-1] == (first["id"], report_id)

    async def test_reporting_on_one_of_nine_indicators_only_is_not_rewarded(
        self, office: Any, card: Any, busy: str, superior: str
    ) -> None:
        for number in range(8):
            await office.agree(busy, office.superior(superior), code=f"berat-{number}", period=NOVEMBER)

        await office.report(busy, "999999999", office.superior(superior))

        assert (await card(busy)).scores[NOVEMBER].components["K"] == D("17.8451")

    async def test_work_done_on_the_thirtieth_and_reported_on_the_first_counts_in_november(
        self, office: Any, card: Any, heard: Heard, busy: str, superior: str
    ) -> None:
        office.now = datetime(2026, 12, 1, 2, tzinfo=UTC)

        report_id = await office.report(busy, "60", on=date(2026, 11, 30))
        await office.verify(busy, report_id, office.superior(superior))

        assert {period: score.components["K"] for period, score in (await card(busy)).scores.items()} == {
            NOVEMBER: achieved("60")
        }
        reported = next(fact for fact in await heard() if isinstance(fact, ProgressReported))
        assert (reported.period, reported.reported_at) == (NOVEMBER, office.now)
        with pytest.raises(refusals.InvalidProgress):
            await office.report(busy, on=date(2026, 12, 2))

    async def test_a_target_can_be_agreed_until_midnight_where_the_employee_serves(
        self, office: Any, town: Any, everything: Everything
    ) -> None:
        west, east = await town.officer(), await town.officer("/96.71/dinkes")
        office.now = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
        await office.agree(west, period="2026-12")
        before = await everything()

        with pytest.raises(refusals.PeriodOver) as refusal:
            await office.agree(east, period="2026-Q4")

        assert refusal.value.field == "period"
        assert await everything() == before

    async def test_a_report_is_verified_once(
        self, office: Any, everything: Everything, busy: str, superior: str
    ) -> None:
        report_id = await office.report(busy, "60")
        await office.verify(busy, report_id, office.superior(superior))
        before = await everything()

        with pytest.raises(refusals.ReportNotFound) as refusal:
            await office.verify(busy, report_id, office.superior(superior))

        assert refusal.value.field == "report_id"
        assert await everything() == before

    async def test_twenty_reports_at_once_all_count_in_versions_without_gaps(
        self, office: Any, card: Any, said: Rows, effects: Rows, busy: str
    ) -> None:
        reports = await asyncio.gather(*(office.report(busy) for _ in range(20)))

        kept = (await card(busy)).months[NOVEMBER]
        assert (kept.progress["berkas"].unverified, kept.pending.keys()) == (20, set(reports))
        assert {row["ref"] for row in await effects(busy)} >= set(reports)
        versions = [row["version"] for row in await said()]
        assert sorted(versions) == list(range(1, len(versions) + 1))


class TestBehaviour:
    async def test_with_results_and_behaviour_a_predikat_is_proposed_and_said(
        self, office: Any, heard: Heard, busy: str, superior: str
    ) -> None:
        await office.report(busy, "100", office.superior(superior))
        await office.rate(busy, office.superior(superior), 3)

        moved = (await heard())[-1]
        assert (moved.b, moved.predikat, moved.previous_predikat) == (D("83.33"), Predikat.BAIK, None)
        assert moved.previous_score == D("83.33")

    async def test_the_same_marks_again_move_nothing_and_nothing_is_said(
        self, office: Any, said: Rows, effects: Rows, officer: str, superior: str
    ) -> None:
        await office.rate(officer, office.superior(superior), 3)
        before = await said()

        await office.rate(officer, office.superior(superior), 3)

        assert await said() == before
        assert [row["part"] for row in await effects(officer)] == ["context", "B", "B"]

    async def test_a_lenient_rater_is_corrected_by_what_they_gave_before(
        self, office: Any, town: Any, effects: Rows, prepared: Database, officer: str, superior: str
    ) -> None:
        stern = await town.officer()
        others = [await town.officer(superior=stern), await town.officer(superior=superior)]
        await office.rate(others[0], office.superior(stern), 3)
        await office.rate(others[1], office.superior(superior), 5)

        await office.rate(officer, office.superior(superior), 5)

        assert (await effects(officer))[-1]["inputs"]["correction"] == D("0.0909")
        raters = {record.id: record.state for record in await Work(prepared).find(RATERS, SYSTEM, {})}
        assert {id_: (rater.ratings, rater.mean) for id_, rater in raters.items()} == {
            stern: (1, 3),
            superior: (2, 5),
            "/16.71": (3, D(91) / 21),
        }

    async def test_november_rated_on_the_first_of_december_is_november(
        self, office: Any, card: Any, prepared: Database, officer: str, superior: str
    ) -> None:
        """Rated again, it is still one rating of the rater for November."""
        for hour, mark in ((2, 1), (3, 3)):
            office.now = datetime(2026, 12, 1, hour, tzinfo=UTC)
            await office.rate(officer, office.superior(superior), mark, period=NOVEMBER)
        assert {period: score.p for period, score in (await card(officer)).scores.items()} == {NOVEMBER: D("83.33")}

        await office.rate(officer, office.superior(superior), 5)

        (rater,) = await Work(prepared).find(RATERS, SYSTEM, {"_id": superior})
        assert (rater.state.ratings, rater.state.mean) == (2, 4)
        closed = await office.close(officer, NOVEMBER)
        assert closed.score.p == D("83.33")
        with pytest.raises(refusals.PeriodClosed):
            await office.rate(officer, office.superior(superior), 5, period=NOVEMBER)

    async def test_nobody_rates_themselves_and_nothing_is_kept_of_the_attempt(
        self, office: Any, everything: Everything, officer: str
    ) -> None:
        before = await everything()

        with pytest.raises(refusals.SelfRating):
            await office.rate(officer, office.superior(officer), 5)

        assert await everything() == before


async def test_a_period_is_judged_a_last_time_when_it_is_closed_and_that_is_said(
    office: Any, card: Any, heard: Heard, prepared: Database, busy: str
) -> None:
    """A target that nobody reported on counts as not met."""
    office.now = datetime(2026, 12, 1, 2, tzinfo=UTC)
    assert (await card(busy)).scores[NOVEMBER].s is None

    closed = await office.close(busy, NOVEMBER)

    kept = (await Work(prepared).get(CLOSED, f"{busy}/{NOVEMBER}", SYSTEM)).state
    assert kept == closed
    assert (kept.score.s, (await card(busy)).closed_through) == (D("7.58"), NOVEMBER)
    said, breached = await heard()
    assert (said.period, said.previous_score, said.score) == (NOVEMBER, None, D("7.58"))
    assert (breached.period, breached.measure, breached.value) == (NOVEMBER, "K", D("7.5758"))


async def test_every_effect_of_a_command_says_who_had_it(
    office: Any, town: Any, deliver: Deliverer, effects: Rows, busy: str, superior: str
) -> None:
    """An employee by their id, an office by its account; what was heard by nobody."""
    boss = Scope(own=superior, reports_of=superior, label="akun-atasan")
    account = Scope(paths=("/16.71",), label="akun-bkpsdm")
    await office.verify(busy, await office.report(busy), boss)
    await office.rate(busy, boss)
    await office.report(busy, "1", account)
    await deliver(town.voice(busy))
    office.now = datetime(2026, 12, 1, 2, tzinfo=UTC)
    await office.close(busy, NOVEMBER, account)

    rows = await effects(busy)
    done = [row["by"] for row in rows if row["type"] == "command" or "by" in row]
    assert done[:5] == [superior, busy, superior, superior, "akun-bkpsdm"], (
        "agreed, reported, verified, rated, reported"
    )
    assert set(done[5:]) == {"akun-bkpsdm"}, "judged to the end, and closed"
    assert [row["part"] for row in rows if "by" not in row] == ["context", "M"], "registered, and rated by a citizen"


async def test_outside_ones_reach_there_is_no_card_to_change(
    office: Any, town: Any, everything: Everything, busy: str
) -> None:
    report_id = await office.report(busy)
    before = await everything()
    elsewhere = Scope(paths=("/96.71", "/16.7", "/16.71/plaju/u1"), label="BKPSDM Sorong")

    for scope in (elsewhere, office.superior(stranger := new_id()), office.own(stranger), Scope()):
        for attempt in (
            office.agree(busy, scope, period=NOVEMBER),
            office.report(busy, "1", scope),
            office.verify(busy, report_id, scope),
            office.rate(busy, scope),
            office.close(busy, NOVEMBER, scope),
        ):
            with pytest.raises(NotFound):
                await attempt
    assert await everything() == before
