"""What citizens say about a unit as such."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from appraisal.domain.folds import UNIT_FOLDS
from appraisal.domain.tallies import NO_VOTES
from appraisal.domain.units import UnitCard
from kinara.contracts import Province
from kinara.contracts.feedback import (
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackReleased,
    FeedbackWithdrawn,
    ForumRecorded,
    ReferencePublished,
    SurveyAnswered,
    SurveyAnswerQuarantined,
    SurveyAnswerReleased,
    SurveyAnswerWithdrawn,
)
from kinara.contracts.personnel import UnitChanged
from kinara.kit.ids import new_id

D = Decimal


@pytest.fixture
def fold_unit(policies):
    def _fold(*events):
        card, effects = UnitCard("u", "16", "/16.71/plaju"), []
        for event in events:
            card, effect = UNIT_FOLDS[type(event)](card, event, policies)
            effects.append(effect)
        return card, effects

    return _fold


def test_a_rating_of_a_unit_counts_on_its_card(say, fold_unit):
    card, (effect,) = fold_unit(say(FeedbackReceived, employee_id=None, rating=3, trust=D("0.5")))
    assert card.months["2026-11"].votes == NO_VOTES.plus(D("0.5"), 9)
    assert effect["inputs"] == {"rating": 3, "trust": D("0.5"), "weight": D("0.5")}
    assert effect["month"] == "2026-11"


@pytest.mark.parametrize(
    ("fate", "count"),
    [
        ([FeedbackReceived, FeedbackWithdrawn], 0),
        ([FeedbackReceived, FeedbackQuarantined], 0),
        ([FeedbackReceived, FeedbackQuarantined, FeedbackReleased], 1),
    ],
    ids=["withdrawn", "held", "released"],
)
def test_a_rating_of_a_unit_can_be_withdrawn_and_held(say, fold_unit, fate, count):
    card, _ = fold_unit(*[say(kind, employee_id=None) for kind in fate])
    assert card.months["2026-11"].votes.count == count


def test_a_survey_counts_in_all_nine_unsur_and_as_a_rating_of_people(say, fold_unit):
    answers = {f"u{n}": 1 + n % 4 for n in range(1, 10)}
    card, (effect,) = fold_unit(say(SurveyAnswered, employee_id=None, trust=D("0.5"), **answers))
    month = card.months["2026-11"]
    assert month.unsur == tuple(D("0.5") * answer for answer in answers.values())
    assert month.surveys == D("0.5")
    assert month.votes == NO_VOTES.plus(D("0.5"), answers["u3"] + answers["u6"] + answers["u7"])
    assert effect["inputs"]["unsur"] == list(answers.values())


@pytest.mark.parametrize(
    ("fate", "counts"),
    [
        ([SurveyAnswerQuarantined], False),
        ([SurveyAnswerQuarantined, SurveyAnswerReleased], True),
        ([SurveyAnswerQuarantined, SurveyAnswerReleased, SurveyAnswerQuarantined], False),
        ([SurveyAnswerQuarantined, SurveyAnswerWithdrawn], False),
        ([SurveyAnswerWithdrawn], False),
    ],
    ids=["held", "released", "held again", "upheld", "answered again"],
)
def test_a_survey_about_a_unit_can_be_held_and_withdrawn(say, fold_unit, fate, counts):
    card, effects = fold_unit(*[say(kind, employee_id=None) for kind in (SurveyAnswered, *fate)])
    month = card.months["2026-11"]
    assert (month.votes.count, month.surveys, month.unsur) == ((1, 1, (3,) * 9) if counts else (0, 0, (0,) * 9))
    assert sum(effect["inputs"]["weight"] for effect in effects) == month.surveys


def test_a_changed_unit_is_known_by_its_new_facts(say, fold_unit):
    card, (_, effect) = fold_unit(
        say(FeedbackReceived, employee_id=None), say(UnitChanged, unit_path="/16.71/plaju/loket", active=False)
    )
    assert (card.name, card.unit_path, card.active) == ("Seksi Pelayanan", "/16.71/plaju/loket", False)
    assert card.months["2026-11"].votes.count == 1
    assert effect["month"] is None


def test_a_unit_remembers_what_it_has_published_for_policies_to_cite(fold_unit):
    place = {"province": Province(code="16"), "unit_path": "/16.71/plaju", "unit_id": new_id()}
    forum, proposal, campaign = new_id(), new_id(), f"campaign:{new_id()}"
    at = datetime(2026, 11, 12, 2, tzinfo=UTC)
    recorded = ForumRecorded(
        **place, forum_id=forum, held_on=at.date(), attendance=9, proposals=1, recorded_at=at, proposal_ids=(proposal,)
    )
    told = ReferencePublished(**place, reference=campaign, published_at=at)
    card, (first, second) = fold_unit(recorded, told)
    assert card.references == (f"forum:{forum}", f"proposal:{proposal}", campaign)
    assert (first["ref"], first["inputs"], second["ref"]) == (forum, {"references": 2}, campaign)
    assert card.months == {}
