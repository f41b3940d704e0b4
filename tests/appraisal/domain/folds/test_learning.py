"""Training and mentoring: hours offered and earned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from appraisal.domain.closing import close_period
from appraisal.domain.tallies import Learning
from kinara.contracts.training import EnrolmentConfirmed, MentoringSessionHeld, TrainingCompleted

D = Decimal


def test_hours_are_kept_by_what_they_are(say, blank, fold_all):
    card, effects = fold_all(blank, say(EnrolmentConfirmed), say(TrainingCompleted), say(MentoringSessionHeld))
    assert card.months["2026-11"].learning == Learning(offered=D(8), earned=D(8), mentoring=D(2))
    assert [effect["part"] for effect in effects] == ["L", "L", "L"]
    assert effects[1]["inputs"] == {"jp": 8, "title": "Pelayanan Publik Digital", "completed_on": "2026-11-04"}
    assert effects[2]["note"] == "Sesi mentoring sebagai mentee: 2 JP (paling banyak 6 JP setahun diperhitungkan)."


def test_without_an_offer_hours_do_not_count_against_anyone(say, blank, fold_all):
    card, _ = fold_all(blank, say(MentoringSessionHeld))
    assert card.scores["2026-11"].components["L"] is None


def test_an_offer_not_taken_up_counts(say, blank, fold_all):
    card, _ = fold_all(blank, say(EnrolmentConfirmed))
    assert card.scores["2026-11"].components["L"] == 0


def test_a_certificate_for_a_closed_month_counts_from_the_first_open_one(say, blank, fold_all, policies):
    card, _ = fold_all(blank, say(EnrolmentConfirmed))
    closed, _, _ = close_period(card, "2026-11", policies)
    after, (effect,) = fold_all(closed, say(TrainingCompleted, completed_on=date(2026, 11, 4)))
    assert effect["month"] == "2026-12"
    assert effect["inputs"]["completed_on"] == "2026-11-04"
    assert after.scores["2026-12"].components["L"] == D("83.3333")


def test_a_certificate_for_a_closed_year_is_only_recorded(say, blank, fold_all, policies):
    card, _ = fold_all(blank, say(EnrolmentConfirmed))
    for period in ("2026-11", "2026-12"):
        card, _, _ = close_period(card, period, policies)
    after, (effect,) = fold_all(card, say(TrainingCompleted))
    assert after == card
    assert effect["late"] is True
