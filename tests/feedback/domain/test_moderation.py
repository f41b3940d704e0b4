"""What of words is shown: no person's numbers, no insults, nothing hidden; and who decided that."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from feedback.domain import feedback as rules
from feedback.domain import handling
from feedback.domain.complaint import Complaint
from feedback.domain.feedback import Feedback
from feedback.domain.moderation import NAME, Mask, moderate, parse_insults, parts_of
from feedback.domain.refusals import AlreadyModerated, ReasonMissing
from feedback.domain.service_levels import Clocks
from feedback.domain.subject import Subject

MASK = Mask(["goblok", "tolol", "dasar anjing"])


@pytest.fixture
def given(officer: Subject, at: datetime) -> Feedback:
    id_ = "0197a000-0000-7000-8000-0000000000f1"
    return rules.give(id_, officer, rating=1, text="Petugas goblok", secret=b"s", at=at)[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("NIP 198609262015051001 tidak ramah", "NIP [NIP disembunyikan] tidak ramah", id="NIP"),
        pytest.param("19860926 201505 1 001", "[NIP disembunyikan]", id="NIP as people write it"),
        pytest.param("NIK 1671-1412-0390-0003.", "NIK [NIK disembunyikan].", id="NIK"),
        pytest.param("hubungi 0812-3456-7890 ya", "hubungi [telepon disembunyikan] ya", id="telephone"),
        pytest.param("WA +62 812 3456 7890", "WA [telepon disembunyikan]", id="telephone abroad"),
        pytest.param("kantor (0711) 123456", "kantor [telepon disembunyikan]", id="telephone of a house"),
        pytest.param("ke siti.contoh+a@mail.example.go.id!", "ke [surel disembunyikan]!", id="e-mail"),
        pytest.param("bayar Rp 1.500.000 pada 2026-11-03 pukul 08.30", None, id="money, dates and times stay"),
        pytest.param("nomor antrean 0812 dan 14", None, id="short numbers stay"),
        pytest.param("12345678901234567890", None, id="twenty digits are neither"),
        pytest.param("GOBLOK sekali", "*** sekali", id="insult"),
        pytest.param("gooobloook", "***", id="drawn out"),
        pytest.param("g0bl0k t0l0l", "*** ***", id="lookalikes"),
        pytest.param("gob\u200dlok", "***", id="with a joiner inside"),
        pytest.param("dasar   anjing", "***", id="two words"),
        pytest.param("anjing liar di kantor", None, id="a dog is a dog"),
        pytest.param("menggoblokkan", None, id="inside another word"),
    ],
)
def test_what_names_a_person_or_insults_one_is_not_shown(text: str, shown: str | None) -> None:
    assert MASK.shown(text) == (shown if shown is not None else text)


def test_the_public_reads_no_name_of_an_officer(officer: Subject) -> None:
    names = parts_of([officer.name, "M. Ali Umar, S.Sos"])
    text = "Bu RANI contoh dan pak ali, bukan Budi"
    assert MASK.shown(text, names) == f"Bu {NAME} dan pak {NAME}, bukan Budi"
    assert MASK.shown(text) == text, "those who handle it do"
    assert "m" not in names, "an initial is no name"


def test_a_long_text_of_look_alikes_is_read_quickly() -> None:
    for text in ("0" * 2000, "0 " * 1000, "a@" * 1000, "gob" * 600, "+62 8" * 400, "x" * 2000):
        assert MASK.shown(text, frozenset({"rani"})) is not None


def test_hidden_words_are_kept_and_not_shown_and_the_rating_stays(given: Feedback, at: datetime) -> None:
    hidden, record = moderate("m1", given, "hide", reason="Fitnah", by="hr-1", at=at)
    assert (hidden.text, hidden.rating, hidden.trust) == (given.text, given.rating, given.trust)
    assert (MASK.seen(hidden).text, MASK.seen(given).text) == ("", "Petugas ***")
    assert (record.about, record.about_id, record.action, record.reason, record.by, record.at) == (
        "feedback", given.id, "hide", "Fitnah", "hr-1", at,
    )  # fmt: skip
    again, _ = moderate("m2", hidden, "show", reason="Keliru", by="oversight-1", at=at)
    assert again == given


def test_of_a_complaint_the_citizen_s_words_are_hidden_and_the_office_s_are_not(
    complaint: Complaint, officer: Subject, unit: Subject, clocks: Clocks, at: datetime
) -> None:
    verified, _ = handling.verify(complaint, level="normal", topic="waktu", by="hr", clocks=clocks, at=at)
    told, _, _ = handling.answer(
        verified, by="hr", officer_id=None, outcome="not_ours", words="Kata Rani: tolol", passed_to="0812 3456 7890",
        at=at,
    )  # fmt: skip
    told = replace(told, answers=(replace(told.answers[0], contest="goblok"),))

    hidden, record = moderate("m1", told, "hide", reason="Kasar", by="hr-1", at=at)

    assert record.about == "complaint"
    (shown,) = MASK.seen(told, parts_of([officer.name])).answers
    assert (shown.words, shown.passed_to, shown.contest) == (f"Kata {NAME}: ***", "[telepon disembunyikan]", "***")
    seen = MASK.seen(hidden)
    assert (seen.text, seen.answers[0].words, seen.answers[0].contest) == ("", "Kata Rani: ***", "")
    assert hidden.answers == told.answers, "kept"


def test_a_decision_changes_something_and_has_a_reason(given: Feedback, at: datetime) -> None:
    with pytest.raises(AlreadyModerated):
        moderate("m1", given, "show", reason="Sudah", by="hr-1", at=at)
    with pytest.raises(ReasonMissing):
        moderate("m1", given, "hide", reason="", by="hr-1", at=at)


@pytest.mark.parametrize("insults", [[], [""], [1]])
def test_a_list_without_words_is_refused(insults: list[object]) -> None:
    with pytest.raises(ValueError, match="insults"):
        parse_insults({"insults": insults})
