"""Training and mentoring: hours offered and earned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from appraisal.domain.tallies import Learning
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts.feedback import FeedbackReceived
from kinara.contracts.training import (
    EnrolmentCancelled,
    EnrolmentConfirmed,
    MentoringSessionHeld,
    TrainingCompleted,
)
from training.domain import record as records

D = Decimal
SESSION, OTHER = "5e000000-0000-4000-8000-000000000001", "5e000000-0000-4000-8000-000000000002"


def test_hours_are_kept_by_what_they_are(say, blank, fold_all):
    card, effects = fold_all(blank, say(EnrolmentConfirmed), say(TrainingCompleted), say(MentoringSessionHeld))
    assert card.months["2026-11"].learning == Learning(offered=D(8), earned=D(8), mentoring=D(2), sessions=(SESSION,))
    assert [effect["part"] for effect in effects] == ["L", "L", "L"]
    assert effects[1]["inputs"] == {
        "jp": 8,
        "jp_offered": 8,
        "title": "Pelayanan Publik Digital",
        "completed_on": "2026-11-04",
    }
    assert effects[2]["note"] == "Sesi mentoring sebagai peserta: 2 JP (paling banyak 6 JP setahun diperhitungkan)."


def test_who_guides_others_is_told_so(say, blank, fold_all):
    _, (effect,) = fold_all(blank, say(MentoringSessionHeld, role="mentor"))
    assert effect["note"].startswith("Sesi mentoring sebagai pembimbing: 2 JP")


def test_without_an_offer_hours_do_not_count_against_anyone(say, blank, fold_all):
    card, _ = fold_all(blank, say(MentoringSessionHeld))
    assert card.scores["2026-11"].components["L"] is None


def test_a_seat_alone_changes_no_score(say, blank, fold_all):
    before, _ = fold_all(blank, say(FeedbackReceived, rating=4))

    after, (effect,) = fold_all(before, say(EnrolmentConfirmed))

    assert (after.scores, after.months) == (before.scores, before.months)
    assert after.scores["2026-11"].components["L"] is None
    assert (effect["deltas"], effect["opened"], effect["before"]) == ({}, {}, effect["after"])
    assert effect["note"] == (
        "Kursi pelatihan Pelayanan Publik Digital dipastikan: 8 JP, dihitung setelah pelatihannya selesai."
    )


def test_a_seat_in_a_month_to_come_opens_no_period(say, blank, fold_all):
    card, _ = fold_all(blank, say(FeedbackReceived), say(EnrolmentConfirmed, starts_on=date(2027, 3, 1)))

    assert set(card.scores) == {"2026-11"}


def test_learning_counts_as_offered_and_as_earned_at_once(say, blank, fold_all):
    card, (_, effect) = fold_all(blank, say(EnrolmentConfirmed), say(TrainingCompleted))

    assert card.scores["2026-11"].components["L"] == D("90.9091")
    assert effect["opened"]["2026-11"]["L"] + effect["deltas"]["2026-11"]["L"] == D("90.9091")
    assert card.seats == {}


def test_a_session_of_two_years_is_offered_in_the_one_in_which_it_ends(say, blank, fold_all):
    seat = say(EnrolmentConfirmed, starts_on=date(2026, 12, 28), ends_on=date(2027, 1, 8))
    card, _ = fold_all(blank, seat, say(TrainingCompleted, completed_on=date(2027, 1, 8)))

    assert set(card.months) == {"2027-01"}
    assert (offered(card), card.scores["2027-01"].components["L"]) == (8, D(100))


def offered(card):
    """The hours on offer in the year."""
    return sum(month.learning.offered for month in card.months.values())


def test_a_seat_given_back_and_taken_again_is_one_offer(say, blank, fold_all):
    seat, back = say(EnrolmentConfirmed), say(EnrolmentCancelled, reason="participant")
    card, effects = fold_all(blank, seat, back, seat, back, seat, say(TrainingCompleted))

    assert offered(card) == 8
    assert card.scores["2026-11"].components["L"] == D("90.9091")
    assert [effect["inputs"].get("jp_offered") for effect in effects] == [0, 0, 0, 0, 0, 8]


@pytest.mark.parametrize(
    ("reason", "happened"),
    [
        ("participant", "Kursi pelatihan Pelayanan Publik Digital dilepas peserta"),
        ("session_called_off", "Sesi pelatihan Pelayanan Publik Digital dibatalkan"),
    ],
)
def test_a_seat_lost_leaves_nothing_behind(say, blank, fold_all, close, reason, happened):
    card, (*_, effect) = fold_all(blank, say(EnrolmentConfirmed), say(EnrolmentCancelled, reason=reason))

    assert card == blank
    assert effect["note"] == f"{happened}: tidak ada JP yang diperhitungkan."
    assert close(card, "2026-11")[1].score.components["L"] is None


def test_a_session_called_off_that_a_close_has_counted_is_taken_back_in_the_first_open_month(
    say, blank, fold_all, close
):
    card, _ = fold_all(blank, say(EnrolmentConfirmed))
    closed, _, _ = close(card, "2026-11")
    off = say(EnrolmentCancelled)

    after, effects = fold_all(closed, off, off)

    assert offered(closed) == 8
    assert [effect["inputs"]["jp_offered"] for effect in effects] == [-8, 0]
    assert effects[0]["month"] == "2026-12"
    assert effects[0]["note"] == (
        "Sesi pelatihan Pelayanan Publik Digital dibatalkan: 8 JP tidak lagi dihitung sebagai ditawarkan."
    )
    assert after.months["2026-11"] == closed.months["2026-11"]
    assert (offered(after), after.scores["2026-12"].components["L"]) == (0, None)


FATES = ("completed", "let pass", "given back", "called off")


@given(data=st.data())
def test_appraisal_never_asks_for_more_than_training_says_was_offered(data, say, blank, fold_all, close):
    told, fates = [], {session: data.draw(st.sampled_from(FATES)) for session in (SESSION, OTHER)}
    for session, fate in fates.items():
        facts = {"session_id": session, "enrolment_id": session, "jp": 8 if session == SESSION else 4}
        told.append(say(EnrolmentConfirmed, **facts))
        if fate == "completed":
            told.append(say(TrainingCompleted, enrolment_id=session, jp=facts["jp"]))
        elif fate != "let pass":
            reason = "participant" if fate == "given back" else "session_called_off"
            told.append(say(EnrolmentCancelled, reason=reason, **facts))

    record = records.blank(blank.employee_id, "16")
    for event in told:
        if isinstance(event, EnrolmentConfirmed | EnrolmentCancelled):
            follow = records.count_offer if isinstance(event, EnrolmentConfirmed) else records.follow_cancellation
            record, _ = follow(record, event)
    closed, _, _ = close(fold_all(blank, *told)[0], "2026-11")

    given_back = sum(8 if session == SESSION else 4 for session, fate in fates.items() if fate == "given back")
    assert offered(closed) == records.hours_of(record, 2026).offered - given_back


def test_a_certificate_for_a_closed_month_counts_from_the_first_open_one(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(EnrolmentConfirmed))
    closed, _, _ = close(card, "2026-11")
    after, (effect,) = fold_all(closed, say(TrainingCompleted, completed_on=date(2026, 11, 4)))
    assert (effect["month"], offered(after)) == ("2026-12", 8)
    assert effect["inputs"]["completed_on"] == "2026-11-04"
    assert after.scores["2026-12"].components["L"] == D("83.3333")


def test_a_certificate_for_a_closed_year_is_only_recorded(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(EnrolmentConfirmed))
    for period in ("2026-11", "2026-12"):
        card, _, _ = close(card, period)
    after, (effect,) = fold_all(card, say(TrainingCompleted))
    assert after == card
    assert effect["late"] is True
