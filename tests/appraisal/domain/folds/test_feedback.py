"""Citizens' ratings: counted by trust, taken back, held and released."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from appraisal.domain.tallies import NO_VOTES
from kinara.contracts.feedback import (
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackReleased,
    FeedbackWithdrawn,
    SurveyAnswered,
    SurveyAnswerQuarantined,
    SurveyAnswerReleased,
    SurveyAnswerWithdrawn,
)

D = Decimal
VOTE = NO_VOTES.plus(D(1), 12)
R, W, Q, L = FeedbackReceived, FeedbackWithdrawn, FeedbackQuarantined, FeedbackReleased
OF_ANSWERS = {R: SurveyAnswered, W: SurveyAnswerWithdrawn, Q: SurveyAnswerQuarantined, L: SurveyAnswerReleased}


@pytest.mark.parametrize(
    ("fate", "counts"),
    [
        pytest.param([R], True, id="received"),
        pytest.param([R, W], False, id="withdrawn"),
        pytest.param([R, Q], False, id="held"),
        pytest.param([R, Q, Q], False, id="held twice is held once"),
        pytest.param([R, Q, L], True, id="released"),
        pytest.param([R, L], True, id="released without having been held"),
        pytest.param([R, Q, L, Q, L], True, id="held and released again"),
        pytest.param([R, Q, W], False, id="withdrawn while held"),
        pytest.param([R, Q, L, W], False, id="withdrawn after release"),
    ],
)
def test_a_rating_counts_once_unless_withdrawn_or_held(say, blank, fold_all, fate, counts):
    card, effects = fold_all(blank, *[say(kind) for kind in fate])
    votes = card.months["2026-11"].votes
    assert (votes.weight, votes.thirds, votes.count) == ((D(1), D(12), 1) if counts else (D(0), D(0), 0))
    assert bool(votes.held) is (fate[-1] is Q)
    assert sum(effect["inputs"]["weight"] for effect in effects) == votes.weight
    assert (card.scores["2026-11"].components["M"] is not None) is counts


@pytest.mark.parametrize(
    ("fate", "counts"),
    [
        pytest.param([R, Q], False, id="held"),
        pytest.param([R, Q, Q], False, id="held twice is held once"),
        pytest.param([R, Q, L], True, id="released"),
        pytest.param([R, Q, L, L], True, id="released twice is released once"),
        pytest.param([R, Q, L, Q], False, id="held again"),
        pytest.param([R, Q, W], False, id="upheld"),
        pytest.param([R, W], False, id="answered again"),
    ],
)
def test_an_answer_counts_once_unless_withdrawn_or_held(say, blank, fold_all, fate, counts):
    card, effects = fold_all(blank, *[say(OF_ANSWERS[kind]) for kind in fate])
    votes = card.months["2026-11"].votes
    assert (votes.weight, votes.thirds, votes.count) == ((D(1), D(9), 1) if counts else (D(0), D(0), 0))
    assert bool(votes.held) is (fate[-1] is Q)
    assert sum(effect["inputs"]["weight"] for effect in effects) == votes.weight
    assert (card.scores["2026-11"].components["M"] is not None) is counts


def test_the_note_says_what_happened_to_the_answer(say, blank, fold_all):
    _, effects = fold_all(blank, *[say(OF_ANSWERS[kind], trust=D("0.2")) for kind in (R, Q, L)])
    said = "Survei kepuasan memberi nilai 3 dari 4 (bobot 0,2)"
    assert [effect["note"] for effect in effects] == [
        f"{said}.", f"{said}, ditahan untuk diperiksa tim pengawas.", f"{said}, dinyatakan sah oleh tim pengawas.",
    ]  # fmt: skip


def test_a_rating_weighs_by_its_trust_to_four_decimals(say, blank, fold_all):
    card, _ = fold_all(blank, say(FeedbackReceived, trust=D("0.12345678")))
    assert card.months["2026-11"].votes.weight == D("0.1235")


def test_two_angry_votes_do_not_ruin_an_officer(say, blank, fold_all):
    card, _ = fold_all(blank, say(FeedbackReceived, rating=1), say(FeedbackReceived, rating=1))
    assert card.scores["2026-11"].components["M"] == D("70.5768"), "IKM 73.5, not 25"


def test_a_rating_counts_in_the_local_month_it_was_given_in(say, blank, fold_all):
    card, _ = fold_all(blank, say(FeedbackReceived, given_at=datetime(2026, 11, 30, 17, tzinfo=UTC)))
    assert list(card.months) == ["2026-12"]


def test_a_survey_rates_the_officer_by_three_of_nine_unsur(say, blank, fold_all):
    answers = {"u1": 1, "u2": 1, "u3": 4, "u4": 1, "u5": 1, "u6": 3, "u7": 3, "u8": 1, "u9": 1}
    card, (effect,) = fold_all(blank, say(SurveyAnswered, trust=D("0.5"), **answers))
    assert card.months["2026-11"].votes == NO_VOTES.plus(D("0.5"), 10)
    assert effect["inputs"] == {"u3": 4, "u6": 3, "u7": 3, "trust": D("0.5"), "thirds": 10, "weight": D("0.5")}
    assert effect["note"] == "Survei kepuasan memberi nilai 3,33 dari 4 (bobot 0,5)."


@pytest.mark.parametrize(
    ("kind", "word"),
    [(R, "diterima"), (W, "ditarik kembali"), (Q, "ditahan"), (L, "dinyatakan sah")],
)
def test_the_note_says_what_happened_to_the_rating(say, blank, fold_all, kind, word):
    _, (effect,) = fold_all(blank, say(kind))
    assert f"bernilai 4 dari 4 (bobot 1) {word}" in effect["note"]
