"""What appraisal hears, on the real database; every fact is delivered twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from appraisal.domain.units import UnitCard
from appraisal.store import SCORECARDS, UNITS
from kinara.contracts import Province
from kinara.contracts import feedback as fb
from kinara.contracts.personnel import UnitChanged
from kinara.contracts.training import EnrolmentCancelled
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer, raw
from kinara.kit.topics import Registry
from kinara.kit.work import NotFound, Work

Rows = Callable[..., Awaitable[list[dict[str, Any]]]]
Heard = Callable[[], Awaitable[list[Any]]]
NOVEMBER = "2026-11"
D = Decimal


async def unit_card(database: Database, unit_id: str) -> UnitCard:
    return (await Work(database).get(UNITS, unit_id, SYSTEM)).state


@pytest.mark.parametrize(
    ("fact", "component", "score"),
    [
        pytest.param(lambda t, id_: t.voice(id_, 4), "m", "81.61", id="feedback"),
        pytest.param(lambda t, id_: t.survey(id_, 1), "m", "74.93", id="survey"),
        pytest.param(lambda t, id_: t.complaint(id_), "a", "81.82", id="complaint solved in time"),
    ],
)
async def test_a_fact_moves_its_component_once_and_the_move_is_said(
    town: Any, deliver: Deliverer, effects: Rows, heard: Heard, said: Rows, fact: Any, component: str, score: str
) -> None:
    officer = await town.officer()

    await deliver(told := fact(town, officer))

    (moved,) = await heard()
    assert (moved.employee_id, moved.period, moved.score) == (officer, NOVEMBER, D(score))
    assert getattr(moved, component).quantize(D("0.01")) == D(score), "it is all that is known"
    registered, effect = await effects(officer)
    assert (registered["type"], effect["type"]) == ("EmployeeRegistered", type(told).__name__)
    assert (await said())[0]["causation"] == effect["id"], "said because of it"


FATE = (fb.SurveyAnswerQuarantined, fb.SurveyAnswerReleased, fb.SurveyAnswerQuarantined, fb.SurveyAnswerWithdrawn)


@pytest.mark.parametrize("about", ["officer", "unit"])
async def test_an_answer_that_is_held_released_held_again_and_rejected_counts_while_it_is_not_held(
    prepared: Database, town: Any, deliver: Deliverer, about: str
) -> None:
    officer = await town.officer() if about == "officer" else None
    told = {"answer_id": new_id(), "unit_id": new_id(), "reason": "abuse"}
    weights = []

    for kind in (fb.SurveyAnswered, *FATE):
        await deliver(town.survey(officer, kind=kind, **told))
        if officer:
            months = (await Work(prepared).get(SCORECARDS, officer, SYSTEM)).state.months
        else:
            months = (await unit_card(prepared, told["unit_id"])).months
        weights.append(months[NOVEMBER].votes.weight)

    assert weights == [1, 0, 1, 0, 0], "each fact came twice"
    assert months[NOVEMBER].votes.held == ()


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param(lambda t, id_: t.voice(id_, 4, trust=D(0)), id="a voice without weight"),
        pytest.param(lambda t, id_: t.transfer(id_, "/16.71/plaju/u2"), id="a move under the same policy"),
        pytest.param(lambda t, id_: t.complaint(id_, outcome="not_ours"), id="a complaint of another office"),
    ],
)
async def test_what_moves_no_score_is_recorded_and_nothing_is_said(
    town: Any, deliver: Deliverer, effects: Rows, said: Rows, fact: Any
) -> None:
    unscored, scored = await town.officer(), await town.officer()
    await deliver(town.voice(scored))
    before = await said()

    for officer in (unscored, scored):
        await deliver(told := fact(town, officer))
        assert (await effects(officer))[-1]["type"] == type(told).__name__

    assert await said() == before


async def test_hours_learned_move_the_score_of_who_does_the_work(town: Any, deliver: Deliverer, heard: Heard) -> None:
    officer = await town.officer()
    seat = town.offer(officer, jp=20)
    await deliver(seat, town.completion(seat, jp=5), town.mentoring(officer))
    assert await heard() == [], "hours alone give no score"
    await deliver(town.voice(officer, 4))
    slow = (await heard())[-1]

    more = town.offer(officer, jp=20)
    await deliver(more, town.completion(more, jp=20))

    learned = (await heard())[-1]
    assert (slow.l, learned.l) == (Decimal("31.8182"), 100)
    assert (learned.m, learned.previous_score) == (slow.m, slow.score)
    assert learned.score > slow.score


async def test_taking_a_seat_and_giving_it_back_moves_no_score_and_says_nothing(
    town: Any, deliver: Deliverer, said: Rows, card: Any
) -> None:
    officer = await town.officer()
    await deliver(town.voice(officer, 4))
    spoken, before = await said(), await card(officer)

    seat = town.offer(officer, jp=8)
    await deliver(seat)
    assert (await card(officer)).scores == before.scores
    await deliver(EnrolmentCancelled.model_validate(seat.model_dump() | {"reason": "participant"}))

    assert (await card(officer)) == before
    assert await said() == spoken


@pytest.mark.parametrize("day", [date(206, 1, 5), date(1944, 1, 1)], ids=str)
async def test_a_day_long_ago_in_somebodys_history_keeps_nothing_from_being_heard(
    town: Any, deliver: Deliverer, heard: Heard, day: date
) -> None:
    officer = await town.officer()

    await deliver(town.promotion(officer).model_copy(update={"effective_on": day}), town.voice(officer, 4))

    assert [move.period for move in await heard()] == ["2026-11"]


async def test_a_batch_says_one_move_for_each_period(town: Any, deliver: Deliverer, said: Rows, heard: Heard) -> None:
    first, second = await town.officer(), await town.officer()

    await deliver(
        town.voice(first, 4), town.voice(second, 1), town.voice(first, 1), town.survey(first, 3), town.offer(second)
    )

    assert sorted(move.employee_id for move in await heard()) == sorted([first, second])
    assert [row["version"] for row in await said()] == [1, 1]


async def test_a_voice_held_for_review_counts_again_when_it_is_released(
    town: Any, deliver: Deliverer, heard: Heard
) -> None:
    officer = await town.officer()
    angry = town.voice(officer, 1)
    same = angry.model_dump(include={"feedback_id", "unit_id", "given_at"})

    await deliver(town.voice(officer, 3))
    await deliver(angry)
    await deliver(town.voice(officer, 1, fb.FeedbackQuarantined, **same, reason="burst"))
    await deliver(town.voice(officer, 1, fb.FeedbackReleased, **same))

    without, angered, held, released = [move.score for move in await heard()]
    assert held == without > released == angered


async def test_a_score_is_weighed_by_the_nearest_policy_up_the_tree(
    town: Any, deliver: Deliverer, heard: Heard
) -> None:
    expected = {
        "/16.71/plaju": ("plaju@1", NOVEMBER),
        "/16.71/plaju/pelayanan/loket-3": ("plaju@1", NOVEMBER),
        "/16.71/plajuan": ("nasional@1", "2026-Q4"),
        "/16.71": ("nasional@1", "2026-Q4"),
        "/96.71/dinkes/puskesmas": ("sorong@1", "2026-Q4"),
        "/62.71/setda": ("palangkaraya@1", "2026-Q4"),
        "/17/dinas": ("bengkulu@1", "2026-Q4"),
        "/31.71/dinkes": ("nasional@1", "2026-Q4"),
    }
    officers = [await town.officer(path) for path in expected]

    await deliver(*(town.voice(officer) for officer in officers))

    assert {move.unit_path: (move.policy, move.period) for move in await heard()} == expected


async def test_a_transfer_changes_the_policy_and_the_superior(
    town: Any, deliver: Deliverer, card: Any, office: Any, prepared: Database
) -> None:
    before, after = new_id(), new_id()
    officer = await town.officer("/96.71/dinkes", superior=before)
    await deliver(town.voice(officer))

    await deliver(town.transfer(officer, "/62.71/setda", after))

    kept = await card(officer)
    assert (kept.unit_path, kept.scores["2026-Q4"].policy) == ("/62.71/setda", "palangkaraya@1")
    assert kept.months[NOVEMBER].votes.count == 1
    assert (await Work(prepared).get(SCORECARDS, officer, office.superior(after))).state == kept
    with pytest.raises(NotFound):
        await Work(prepared).get(SCORECARDS, officer, office.superior(before))


async def test_a_promotion_is_context_takes_nothing_away_and_is_not_said(
    town: Any, deliver: Deliverer, card: Any, said: Rows
) -> None:
    officer = await town.officer()
    await deliver(town.voice(officer))
    before, heard = await card(officer), await said()

    await deliver(town.promotion(officer))

    kept = await card(officer)
    assert (kept.person.golongan, kept.person.jabatan, kept.person.jenjang) == ("III/c", "Analis Kebijakan", "MU")
    assert (kept.scores, kept.months) == (before.scores, before.months)
    assert await said() == heard


async def test_a_voice_heard_before_the_registration_counts_where_the_officer_serves(
    town: Any, deliver: Deliverer, card: Any
) -> None:
    officer = new_id()
    town.places[officer] = "/16.71/plaju"
    await deliver(town.voice(officer))
    early = await card(officer)
    assert (early.person, early.unit_path, early.scores.keys()) == (None, "/16.71/plaju", {NOVEMBER})

    await deliver(town.registration(officer, "/96.71/dinkes"))

    kept = await card(officer)
    assert (kept.person.name, kept.unit_path, kept.scores["2026-Q4"].policy) == ("Rani", "/96.71/dinkes", "sorong@1")


async def test_what_names_only_a_unit_stands_on_the_units_card_and_moves_nobodys_score(
    town: Any, deliver: Deliverer, said: Rows, prepared: Database
) -> None:
    await town.officer()
    unit_id = new_id()
    place = {"province": Province(code="16"), "unit_path": "/16.71/plaju"}
    await deliver(UnitChanged.model_validate(place | {"unit_id": unit_id, "name": "Kecamatan Plaju"}))

    await deliver(town.voice(None, 2, unit_id=unit_id), town.survey(None, 3, unit_id=unit_id))

    kept = await unit_card(prepared, unit_id)
    month = kept.months[NOVEMBER]
    assert (kept.name, month.votes.count, month.surveys, set(month.unsur)) == ("Kecamatan Plaju", 2, 1, {D(3)})
    assert await said() == []


async def test_facts_that_overtook_one_another_count_once_and_in_order(
    town: Any, folder: Folder, registry: Registry, card: Any, effects: Rows, said: Rows
) -> None:
    officer = await town.officer()
    log = [raw(town.voice(officer, rating), version, registry) for version, rating in enumerate((4, 3, 2, 1), 1)]

    for batch in ([log[2]], [log[3], log[0]], log, [log[1]], log):
        await folder.take(folder.read(batch))

    assert (await card(officer)).months[NOVEMBER].votes.count == 4
    recorded = [row["inputs"]["rating"] for row in await effects(officer) if row["part"] == "M"]
    assert recorded == [4, 3, 2, 1]
    versions = [row["version"] for row in await said()]
    assert versions == list(range(1, len(versions) + 1))


async def test_a_fact_from_no_province_is_put_aside_and_others_still_count(
    town: Any, folder: Folder, registry: Registry, card: Any
) -> None:
    odd, officer = await town.officer(), await town.officer()
    nowhere = town.voice(odd).model_copy(update={"province": Province(code="99")})

    outcome = await folder.take(folder.read([raw(nowhere, 1, registry), raw(town.voice(officer), 1, registry)]))

    assert [type(incoming.problem).__name__ for incoming in outcome.dead] == ["UnknownProvince"]
    assert ((await card(odd)).months, (await card(officer)).months[NOVEMBER].votes.count) == ({}, 1)
