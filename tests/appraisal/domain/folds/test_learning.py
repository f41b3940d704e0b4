"""Training and mentoring: hours offered and earned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from appraisal.domain.tallies import Learning
from hypothesis import given
from hypothesis import strategies as st
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
    assert effects[1]["inputs"] == {"jp": 8, "title": "Pelayanan Publik Digital", "completed_on": "2026-11-04"}
    assert effects[2]["note"] == "Sesi mentoring sebagai peserta: 2 JP (paling banyak 6 JP setahun diperhitungkan)."


def test_who_guides_others_is_told_so(say, blank, fold_all):
    _, (effect,) = fold_all(blank, say(MentoringSessionHeld, role="mentor"))
    assert effect["note"].startswith("Sesi mentoring sebagai pembimbing: 2 JP")


def test_without_an_offer_hours_do_not_count_against_anyone(say, blank, fold_all):
    card, _ = fold_all(blank, say(MentoringSessionHeld))
    assert card.scores["2026-11"].components["L"] is None


def test_an_offer_not_taken_up_counts(say, blank, fold_all):
    card, _ = fold_all(blank, say(EnrolmentConfirmed))
    assert card.scores["2026-11"].components["L"] == 0


def offered(card):
    """The hours on offer in the year."""
    return sum(month.learning.offered for month in card.months.values())


def test_a_seat_given_back_and_taken_again_is_one_offer(say, blank, fold_all):
    seat, back = say(EnrolmentConfirmed), say(EnrolmentCancelled, reason="participant")
    card, effects = fold_all(blank, seat, back, seat, back, seat, say(TrainingCompleted))

    assert offered(card) == 8
    assert card.scores["2026-11"].components["L"] == D("90.9091")
    assert [effect["inputs"].get("jp_offered") for effect in effects[:5]] == [8, 0, 0, 0, 0]
    assert [effect["note"] for effect in effects[1:3]] == [
        "Kursi pelatihan Pelayanan Publik Digital dilepas peserta: 8 JP tetap dihitung sebagai ditawarkan.",
        "Kursi pelatihan Pelayanan Publik Digital dipastikan lagi: jam sesi ini sudah diperhitungkan.",
    ]


def test_what_a_session_called_off_had_offered_counts_against_nobody(say, blank, fold_all):
    other = say(EnrolmentConfirmed, session_id=OTHER, jp=4)
    card, effects = fold_all(blank, say(EnrolmentConfirmed), other, say(EnrolmentCancelled))

    assert offered(card) == 4
    assert effects[2]["inputs"] == {"jp_offered": -8, "title": "Pelayanan Publik Digital", "starts_on": "2026-11-03"}
    assert effects[2]["note"] == (
        "Sesi pelatihan Pelayanan Publik Digital dibatalkan: 8 JP tidak lagi dihitung sebagai ditawarkan."
    )


def test_without_the_only_offer_learning_does_not_apply_again(say, blank, fold_all):
    card, _ = fold_all(blank, say(EnrolmentConfirmed), say(EnrolmentCancelled))

    assert card.scores["2026-11"].components["L"] is None


def test_who_gave_the_seat_back_is_not_asked_for_a_session_called_off_later(say, blank, fold_all):
    back = say(EnrolmentCancelled, reason="participant")
    card, _ = fold_all(blank, say(EnrolmentConfirmed), back, say(EnrolmentCancelled))

    assert offered(card) == 0


def test_an_offer_of_a_closed_month_is_withdrawn_in_the_first_open_one(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(EnrolmentConfirmed))
    closed, _, _ = close(card, "2026-11")
    off = say(EnrolmentCancelled)

    after, effects = fold_all(closed, say(EnrolmentConfirmed), off, off)

    assert [effect["month"] for effect in effects] == ["2026-12"] * 3
    assert after.months["2026-11"] == closed.months["2026-11"]
    assert [effect["inputs"]["jp_offered"] for effect in effects] == [0, -8, 0]
    assert (offered(after), after.scores["2026-12"].components["L"]) == (0, None)


@given(data=st.data())
def test_in_whatever_order_it_is_told_a_session_is_offered_once_or_not_at_all(data, say, blank, fold_all):
    off, back = say(EnrolmentCancelled), say(EnrolmentCancelled, reason="participant")
    told = data.draw(st.lists(st.sampled_from([say(EnrolmentConfirmed), off, back]), max_size=6))
    seats = [say(EnrolmentConfirmed), say(EnrolmentConfirmed, session_id=OTHER, jp=4)]

    card, _ = fold_all(blank, *data.draw(st.permutations([*told, *seats])))

    assert offered(card) == (4 if off in told else 12)


@given(data=st.data())
def test_appraisal_and_training_agree_on_what_was_offered(data, say, blank, fold_all):
    turns = st.lists(st.sampled_from([SESSION, OTHER]), max_size=8)
    told, seated = [], set()
    for session in data.draw(turns):
        facts = {"session_id": session, "jp": 8 if session == SESSION else 4}
        left = session in seated
        told.append(
            say(EnrolmentCancelled, reason="participant", **facts) if left else say(EnrolmentConfirmed, **facts)
        )
        seated ^= {session}
    told += [say(EnrolmentCancelled, session_id=s, jp=8) for s in data.draw(st.sets(st.just(SESSION)))]

    record = records.blank(blank.employee_id, "16")
    for event in told:
        follow = records.count_offer if isinstance(event, EnrolmentConfirmed) else records.follow_cancellation
        record, _ = follow(record, event)

    assert offered(fold_all(blank, *told)[0]) == records.hours_of(record, 2026).offered


def test_a_certificate_for_a_closed_month_counts_from_the_first_open_one(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(EnrolmentConfirmed))
    closed, _, _ = close(card, "2026-11")
    after, (effect,) = fold_all(closed, say(TrainingCompleted, completed_on=date(2026, 11, 4)))
    assert effect["month"] == "2026-12"
    assert effect["inputs"]["completed_on"] == "2026-11-04"
    assert after.scores["2026-12"].components["L"] == D("83.3333")


def test_a_certificate_for_a_closed_year_is_only_recorded(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(EnrolmentConfirmed))
    for period in ("2026-11", "2026-12"):
        card, _, _ = close(card, period)
    after, (effect,) = fold_all(card, say(TrainingCompleted))
    assert after == card
    assert effect["late"] is True
