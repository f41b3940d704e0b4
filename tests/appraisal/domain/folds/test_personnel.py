"""Who the card is about, and where they serve."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from appraisal.domain.discipline import Measure
from appraisal.domain.explanation import explain
from appraisal.domain.folds.personnel import transfer
from appraisal.domain.policy import Policies, Prior
from kinara.contracts import Province
from kinara.contracts.feedback import ComplaintOverdue, FeedbackReceived
from kinara.contracts.personnel import (
    DisciplineImposed,
    DisciplineLifted,
    EmployeeChanged,
    EmployeePromoted,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
)

D = Decimal
SORONG = {"province": Province(code="96"), "unit_path": "/96.71/dinkes"}


def test_a_registered_employee_is_known_and_posted(say, blank, fold_all):
    card, (effect,) = fold_all(blank, say(EmployeeRegistered))
    assert card.person is not None
    assert (card.person.golongan, card.person.jabatan_kind) == ("III/b", "pelaksana")
    assert card.postings == {"2026-01-01": "/16.71/plaju/pelayanan"}
    assert (effect["part"], effect["deltas"], effect["opened"]) == ("context", {}, {})
    assert effect["note"] == "Terdaftar sebagai Pengelola Layanan sejak 01-01-2026."


def test_feedback_that_came_before_the_registration_counts_under_the_registered_unit(say, blank, fold_all):
    card, effects = fold_all(blank, say(FeedbackReceived), say(EmployeeRegistered, **SORONG))
    assert set(card.scores) == {"2026-Q4"}
    assert card.scores["2026-Q4"].policy == "sorong@1"
    assert effects[-1]["opened"]["2026-Q4"]["M"] == card.scores["2026-Q4"].components["M"]
    assert (card.province, card.unit_path) == ("96", "/96.71/dinkes")


def test_changed_facts_replace_the_known_ones_and_keep_the_end_of_service(say, blank, fold_all):
    card, (*_, effect) = fold_all(
        blank,
        say(EmployeeRegistered),
        say(EmployeeSeparated),
        say(EmployeeChanged, name="Sari Wulandari Putri", effective_on=date(2026, 11, 1)),
    )
    assert card.person is not None
    assert (card.person.name, card.person.separated_on) == ("Sari Wulandari Putri", date(2026, 12, 31))
    assert card.postings == {"2026-01-01": "/16.71/plaju/pelayanan"}, "the same unit is no new posting"
    assert effect["inputs"]["changed"] == ["name"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param(("supervisor_id", "golongan_since"), "atasan langsung, TMT golongan", id="by their names"),
        pytest.param(("unit_id", "unit_path"), "unit kerja", id="one name for both"),
        pytest.param(("hobby", "jenjang"), "data lain, jenjang", id="a field without a name of its own"),
    ],
)
def test_changed_facts_are_told_in_words(say, blank, fold_all, changed, words):
    _, (effect,) = fold_all(blank, say(EmployeeChanged, changed=changed))
    assert effect["note"] == f"Data pegawai diperbarui: {words}."


def test_changed_facts_with_another_unit_are_a_posting(say, blank, fold_all):
    changed = say(EmployeeChanged, changed=("unit_id",), effective_on=date(2026, 12, 1), **SORONG)
    card, _ = fold_all(blank, say(EmployeeRegistered), changed)
    assert card.postings["2026-12-01"] == "/96.71/dinkes"


def test_changed_facts_about_somebody_unknown_make_them_known(say, blank, fold_all):
    card, _ = fold_all(blank, say(EmployeeChanged))
    assert card.person is not None
    assert card.postings == {"2026-01-01": "/16.71/plaju/pelayanan"}


def test_a_promotion_changes_golongan_post_and_level_and_no_score(say, blank, fold_all):
    card, (*_, effect) = fold_all(blank, say(EmployeeRegistered), say(FeedbackReceived), say(EmployeePromoted))
    assert card.person is not None
    assert (card.person.golongan, card.person.jabatan, card.person.jenjang) == ("III/c", "Analis Kebijakan", "MU")
    assert effect["deltas"] == {}
    assert effect["inputs"]["to_golongan"] == "III/c"
    assert effect["note"] == "Naik pangkat dari III/b ke III/c (SK 821.2/77/2026)."


def test_facts_about_somebody_not_yet_registered_wait_for_the_registration(say, blank, fold_all):
    card, effects = fold_all(blank, say(EmployeePromoted), say(EmployeeSeparated), say(EmployeeTransferred))
    assert card.person is None
    assert len(effects) == 3


def test_a_transfer_weighs_the_current_period_by_the_new_policy(say, blank_in_sorong, fold_all):
    voted = say(FeedbackReceived, rating=2, **SORONG)
    moved = say(
        EmployeeTransferred, from_unit_path="/96.71/dinkes", unit_path="/17/dinkes", province=Province(code="17")
    )
    card, (_, effect) = fold_all(blank_in_sorong, voted, moved)
    assert (card.province, card.unit_path) == ("17", "/17/dinkes")
    assert card.postings == {"0001-01-01": "/96.71/dinkes", "2026-11-10": "/17/dinkes"}
    assert card.scores["2026-Q4"].policy == "bengkulu@1"
    assert effect["inputs"] == {"from": "/96.71/dinkes", "to": "/17/dinkes", "effective_on": "2026-11-10"}
    assert effect["note"] == "Pindah ke unit lain sebagai Pengelola Layanan sejak 10-11-2026."


def test_a_transfer_to_a_unit_with_another_cadence_leaves_earlier_months_where_they_were(say, blank, fold_all):
    october = say(FeedbackReceived, given_at="2026-10-09T00:00:00Z")
    card, (*_, effect) = fold_all(blank, october, say(FeedbackReceived), say(EmployeeTransferred, **SORONG))
    assert {period: score.policy for period, score in card.scores.items()} == {
        "2026-10": "plaju@1",
        "2026-Q4": "sorong@1",
    }
    assert effect["opened"]["2026-Q4"]["M"] == card.scores["2026-Q4"].components["M"]


def test_a_transfer_to_a_policy_that_presumes_otherwise_is_explained(say, blank_in_sorong, fold_all, policies):
    bengkulu = policies.for_unit("/17", date(2026, 11, 1))
    stricter = replace(bengkulu, version=2, unit_path="/17/rsud", satisfaction=Prior(D("2.6"), D(15)))
    newer = Policies([*policies, stricter])
    card, effects = fold_all(blank_in_sorong, say(EmployeeRegistered, **SORONG), say(ComplaintOverdue))
    _, effect = transfer(card, say(EmployeeTransferred, unit_path="/17/rsud"), newer)
    assert effect["deltas"] == {"2026-Q4": {"M": D("58.3300") - D("79.8300")}}
    assert explain([*effects, effect], "2026-Q4")["M"].total == D("58.3300")


def test_an_older_posting_told_late_does_not_move_anyone_back(say, blank, fold_all):
    newer = say(EmployeeTransferred, effective_on=date(2026, 12, 1), **SORONG)
    older = say(EmployeeTransferred, effective_on=date(2026, 6, 1), unit_path="/16.71/plaju/umum")
    card, _ = fold_all(blank, say(EmployeeRegistered), newer, older)
    assert (card.unit_path, card.province) == ("/96.71/dinkes", "96")
    assert card.unit_on(date(2026, 7, 1)) == "/16.71/plaju/umum"


def test_a_transfer_dated_into_closed_months_leaves_them_closed(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(EmployeeRegistered), say(FeedbackReceived))
    closed, kept, _ = close(card, "2026-11")
    after, (effect,) = fold_all(closed, say(EmployeeTransferred, effective_on=date(2026, 11, 10), **SORONG))
    assert kept.score.policy == "plaju@1"
    assert after.scores == {}
    assert effect["deltas"] == {}


def test_a_separation_ends_service_and_keeps_what_was_achieved(say, blank, fold_all):
    card, (*_, effect) = fold_all(blank, say(EmployeeRegistered), say(FeedbackReceived), say(EmployeeSeparated))
    assert card.person is not None
    assert card.person.separated_on == date(2026, 12, 31)
    assert card.scores["2026-11"].components["M"] > D(79)
    assert effect["inputs"]["reason"] == "retired"
    assert effect["note"] == "Masa kerja berakhir pada 31-12-2026."


LONG_AGO = [date(1, 1, 1), date(206, 11, 1), date(1025, 3, 1), date(1899, 12, 31), date(1944, 1, 1), date(9999, 12, 31)]


@pytest.mark.parametrize("day", LONG_AGO, ids=str)
@pytest.mark.parametrize(
    "kind", [EmployeeRegistered, EmployeeChanged, EmployeePromoted, EmployeeTransferred, EmployeeSeparated]
)
def test_a_day_that_no_policy_reaches_becomes_context_and_opens_no_period(say, blank, fold_all, kind, day):
    before, _ = fold_all(blank, say(FeedbackReceived))

    card, (effect,) = fold_all(before, say(kind, effective_on=day))

    assert set(card.scores) == {"2026-11"}
    assert (effect["opened"], effect["inputs"]["effective_on"]) == ({}, day.isoformat())
    assert effect["period"] == effect["month"] == f"{day:%Y}".zfill(4) + f"-{day.month:02d}"


def test_who_has_a_day_long_ago_in_their_history_is_appraised_like_everybody(say, blank, fold_all, close):
    unit = {"unit_path": "/16.71/plaju/umum"}
    ancient = say(EmployeeRegistered, effective_on=date(206, 11, 1), **unit)
    card, (told, *_) = fold_all(blank, ancient, say(EmployeePromoted), say(FeedbackReceived, **unit))
    _, closed, _ = close(card, "2026-11")

    assert told["note"] == "Terdaftar sebagai Pengelola Layanan sejak 01-11-0206."
    assert card.postings == {"0206-11-01": "/16.71/plaju/umum"}
    assert (closed.unit_path, closed.score.policy) == ("/16.71/plaju/umum", "plaju@1")


def test_a_day_before_the_first_open_period_opens_none(say, blank, fold_all):
    card, (*_, effect) = fold_all(blank, say(FeedbackReceived), say(EmployeeChanged, effective_on=date(1946, 3, 1)))

    assert set(card.scores) == {"2026-11"}
    assert (effect["period"], effect["deltas"], effect["opened"]) == ("1946-Q1", {}, {})


def test_a_measure_is_kept_until_it_is_lifted_and_moves_no_score(say, blank, fold_all):
    imposed = say(DisciplineImposed)
    before, _ = fold_all(blank, say(FeedbackReceived))
    card, (effect,) = fold_all(before, imposed)
    assert card.discipline == {imposed.measure_id: Measure("sedang", date(2026, 11, 10), date(2027, 5, 9))}
    assert (card.scores, effect["deltas"], effect["opened"]) == (before.scores, {}, {})
    assert effect["note"] == "Hukuman disiplin berlaku 10-11-2026 sampai 09-05-2027."

    lifted, (effect,) = fold_all(card, say(DisciplineLifted))

    assert (lifted.discipline, lifted.scores) == ({}, before.scores)
    assert (effect["ref"], effect["note"]) == (imposed.measure_id, "Hukuman disiplin dicabut pada 01-12-2026.")


def test_feedback_after_a_measure_leaves_it_on_the_card(say, blank, fold_all):
    card, _ = fold_all(blank, say(DisciplineImposed), say(FeedbackReceived))
    assert len(card.discipline) == 1
