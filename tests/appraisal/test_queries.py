"""What appraisal answers, on the real database: explanations that add up, teams, and what closed periods hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from appraisal import queries, store
from appraisal.domain.components import COMPONENTS
from kinara.contracts import feedback as fb
from kinara.kit.documents import PAGE
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.testing import Deliverer
from kinara.kit.work import NotFound, Work

NOVEMBER = "2026-11"


async def explained(database: Database, employee_id: str, scope: Scope = SYSTEM) -> queries.Explained:
    return await queries.explanation(Work(database), scope, await store.shelf(database), employee_id, NOVEMBER)


async def everything_happens(town: Any, office: Any, deliver: Deliverer, superior: str) -> str:
    """An officer about whom all that can move a score has been heard or done, more than a page of effects."""
    officer: str = await town.officer(superior=superior)
    asked = office.superior(superior)
    await office.agree(officer, asked, period=NOVEMBER)
    await office.verify(officer, await office.report(officer, "30"), asked)
    withdrawn = town.voice(officer, 1)
    same = withdrawn.model_dump(include={"feedback_id", "unit_id", "given_at"})
    seat = town.offer(officer, jp=24)
    await deliver(seat, withdrawn, town.completion(seat, jp=5), town.complaint(officer))
    await office.rate(officer, asked, 4)
    await deliver(
        town.voice(officer, 1, fb.FeedbackWithdrawn, **same, reason="citizen"),
        *(town.voice(officer, rating) for rating in (1, 2, 3, 4)),
        *(town.survey(officer, answer) for answer in (1, 2, 3, 4)),
        *(town.complaint(officer, fb.ComplaintOverdue, due_at=same["given_at"]) for _ in range(3)),
        town.mentoring(officer), town.promotion(officer),
    )  # fmt: skip
    await office.report(officer, "7")
    await office.rate(officer, asked, 2)
    return officer


async def test_every_component_is_the_sum_of_what_is_recorded_of_it(
    town: Any, office: Any, deliver: Deliverer, effects: Any, prepared: Database
) -> None:
    officer = await everything_happens(town, office, deliver, new_id())
    recorded = await effects(officer)
    assert len(recorded) > PAGE, "some of them stand on a full page of the ledger"

    found = await explained(prepared, officer)

    assert {part: account.total for part, account in found.accounts.items()} == dict(found.score.components)
    assert all(found.accounts[part].lines for part in COMPONENTS)
    told = [line.effect for part in COMPONENTS for line in found.accounts[part].lines]
    context = [row for row in recorded if NOVEMBER not in row["deltas"]]
    assert {row["type"] for row in context} <= {"EmployeeRegistered", "EmployeePromoted", "EnrolmentConfirmed"}
    assert {row["id"] for row in recorded} == {row["id"] for row in (*told, *context)}
    assert len({row["id"] for row in recorded}) == len(recorded), "nothing counted twice"


async def test_a_closed_period_stays_explained_as_it_was_closed(
    town: Any, office: Any, deliver: Deliverer, prepared: Database
) -> None:
    officer = await everything_happens(town, office, deliver, new_id())
    await deliver(town.offer(officer, jp=2))
    office.now = datetime(2026, 12, 2, tzinfo=UTC)
    closed = await office.close(officer, NOVEMBER)
    await deliver(town.voice(officer, 1))

    found = await explained(prepared, officer)

    assert found.score == closed.score
    assert "2 JP dihitung sebagai ditawarkan" in found.accounts["L"].lines[-1].note
    assert found.weighing.in_force == found.policy.weights
    assert {part: account.total for part, account in found.accounts.items()} == dict(closed.score.components)


async def test_where_nothing_has_happened_there_is_no_score_and_nothing_to_explain(
    town: Any, prepared: Database
) -> None:
    officer = await town.officer()
    kept = await queries.scorecard(Work(prepared), SYSTEM, officer)

    with pytest.raises(NotFound):
        await queries.score_of(Work(prepared), kept.state, NOVEMBER, SYSTEM)
    for scope in (SYSTEM, Scope(paths=("/96.71",))):
        with pytest.raises(NotFound):
            await explained(prepared, officer, scope)


async def test_a_team_is_ones_own_reports_page_by_page(town: Any, office: Any, prepared: Database) -> None:
    boss = await town.officer()
    lead = await town.officer(superior=boss)
    reports = sorted([lead, *[await town.officer(superior=boss) for _ in range(4)]])
    await town.officer(superior=lead)
    scope = office.superior(boss)

    first = await queries.team(Work(prepared), scope, None, 3)
    rest = await queries.team(Work(prepared), scope, first[-1].id, 3)

    assert [record.id for record in (*first, *rest)] == reports


async def test_cards_of_an_office_are_those_of_its_units_page_by_page(town: Any, prepared: Database) -> None:
    inside = sorted([await town.officer(path) for path in ("/16.71/plaju", "/16.71/plaju/u1", "/16.71/ilir")])
    await town.officer("/96.71")
    await town.officer("/16.710")
    scope = Scope(paths=("/16.71", "/16.71/plaju"), label="BKPSDM")

    first = await queries.scorecards(Work(prepared), scope, None, 2)
    rest = await queries.scorecards(Work(prepared), scope, first[-1].id, 2)

    assert [record.id for record in (*first, *rest)] == inside
    narrow = await queries.scorecards(Work(prepared), scope.narrowed("/16.71/plaju/u1"), None, 9)
    assert [record.state.unit_path for record in narrow] == ["/16.71/plaju/u1"]


async def test_the_score_is_shown_with_and_without_the_voices_that_are_held(
    town: Any, deliver: Deliverer, prepared: Database
) -> None:
    officer = await town.officer()
    angry, answer, gone = town.voice(officer, 1), town.survey(officer, 2), town.voice(officer, 1)
    await deliver(town.voice(officer, 4), angry, answer, gone)
    with_them = (await explained(prepared, officer)).score.components["M"]
    await deliver(held(gone), held(gone, fb.FeedbackWithdrawn, reason="citizen"))
    all_count = await explained(prepared, officer)
    assert all_count.held is None, "what was withdrawn is held no longer"
    await deliver(held(angry), held(answer, fb.SurveyAnswerQuarantined))

    without = await explained(prepared, officer)

    assert without.held is not None
    assert without.held.voices == 2
    assert without.held.satisfaction == all_count.score.components["M"]
    components = without.score.components
    assert components["M"] is not None
    assert components["M"] > without.held.satisfaction > (with_them or 0)
    await deliver(held(angry, fb.FeedbackReleased), held(answer, fb.SurveyAnswerReleased))
    assert (await explained(prepared, officer)).held is None


def held(said: Any, kind: Any = fb.FeedbackQuarantined, **facts: Any) -> Any:
    """What becomes of a voice: it is held, unless another kind of fact says otherwise."""
    facts |= {"reason": "burst"} if "Quarantined" in kind.__name__ else {}
    same = kind.model_fields.keys() - {"employee_id", "province", "unit_path", "reason"}
    return kind.model_validate(said.model_dump(include={"employee_id", "province", "unit_path", *same}) | facts)


async def test_how_raters_rate_is_read_by_the_office_once_they_have_rated_three_people(
    town: Any, office: Any, http: Any, bearer: Any
) -> None:
    lenient, stern = await town.officer(), await town.officer()
    for superior, marks in ((lenient, (5, 5, 3)), (stern, (2, 2))):
        for mark in marks:
            await office.rate(await town.officer(superior=superior), office.superior(superior), mark)

    async def read(who: Any) -> Any:
        return (await http.get("/v1/raters", headers=who)).json()["items"]

    (found,) = await read(bearer("hr"))
    assert (found["rater_id"], found["ratings"], found["mean"], found["spread"]) == (lenient, 3, "4.33", "0.94")
    assert float(found["correction"]) > 0
    assert await read(bearer("oversight")) == [found]
    assert await read(bearer("hr", units=["/96.71"])) == []
