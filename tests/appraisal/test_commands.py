"""Appraisal's commands on the real database: what a card, its page of effects and the outbox hold afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from appraisal.domain import refusals
from appraisal.store import CLOSED, RATERS
from kinara.contracts.appraisal import Predikat, ProgressReported, ScoreUpdated
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
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

        reported, moved = await heard()
        assert isinstance(reported, ProgressReported)
        assert (reported.report_id, reported.amount, reported.verified) == (report_id, D(60), False)
        assert isinstance(moved, ScoreUpdated)
        assert (moved.period, moved.k, moved.previous_score) == (NOVEMBER, achieved("30"), None)
        first, second = await said()
        assert (first["version"], second["version"]) == (1, 2)
        assert [(row["id"], row["ref"]) for row in await effects(busy)][-1] == (first["id"], report_id)

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
    (said,) = await heard()
    assert (said.period, said.previous_score, said.score) == (NOVEMBER, None, D("7.58"))


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
