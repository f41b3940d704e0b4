"""Giving feedback, and taking it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from feedback.domain import feedback as rules
from feedback.domain import receipt
from feedback.domain.feedback import LONGEST_TEXT, Feedback
from feedback.domain.refusals import (
    AlreadyWithdrawn,
    InvalidRating,
    KeyMistyped,
    SubjectInactive,
    TextTooLong,
    TicketUsed,
    WrongKey,
)
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket, redeem
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts import Subject as EventSubject

ID = "0197a000-0000-7000-8000-0000000000f1"
SECRET = b"a secret of the service"
KEY = receipt.key_of(ID, SECRET)


def give(subject: Subject, at: datetime, **change: object) -> Feedback:
    arguments: dict[str, object] = {"rating": 4, "secret": SECRET, "at": at}
    return rules.give(ID, subject, **arguments | change)[0]  # type: ignore[arg-type]


def test_a_ticketed_rating_of_an_officer_is_published_without_the_words(
    officer: Subject, ticket: Ticket, at: datetime
) -> None:
    given_, event = rules.give(ID, officer, rating=4, text="Cepat.", ticket=ticket, secret=SECRET, at=at)

    assert (given_.rating, given_.text, given_.status) == (4, "Cepat.", "received")
    assert (given_.ticket_id, given_.trust) == (ticket.id, Decimal("1.0"))
    assert event.subject == EventSubject("employee", officer.id)
    assert (event.rating, event.trust, event.has_text, event.given_at) == (4, Decimal("1.0"), True, at)
    assert (event.unit_id, event.unit_path, event.province) == (ticket.unit_id, ticket.unit_path, ticket.province)
    assert "Cepat" not in event.model_dump_json()


def test_a_rating_of_a_unit_is_about_the_unit(unit: Subject, at: datetime) -> None:
    _, event = rules.give(ID, unit, rating=2, secret=SECRET, at=at)

    assert event.subject == EventSubject("unit", unit.id)
    assert (event.trust, event.has_text) == (Decimal("0.2"), False)


@pytest.mark.parametrize("rating", [-1, 0, 5, 100])
def test_a_rating_is_from_one_to_four(officer: Subject, at: datetime, rating: int) -> None:
    with pytest.raises(InvalidRating) as refusal:
        give(officer, at, rating=rating)
    assert refusal.value.field == "rating"


def test_who_is_gone_cannot_be_rated(officer: Subject, at: datetime) -> None:
    with pytest.raises(SubjectInactive):
        give(replace(officer, active=False), at)


def test_a_used_ticket_gives_no_second_voice(officer: Subject, ticket: Ticket, at: datetime) -> None:
    with pytest.raises(TicketUsed):
        give(officer, at, ticket=redeem(ticket, officer, at))


def test_the_receipt_stores_the_hash_of_the_key_only(officer: Subject, at: datetime) -> None:
    given_ = give(officer, at)

    assert given_.receipt == receipt.number_of(ID, at)
    assert given_.key_hash == receipt.key_hash_of(KEY)
    assert KEY not in repr(given_)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Cepat \n", "Cepat"),
        ("baris\r\nbaris\rbaris", "baris\nbaris\nbaris"),
        ("a\tb", "a b"),
        ("a\x00b\x1b[31mc\x7f\x85", "ab[31mc"),
        ("abc\u202edcba\u2066x\ufeff", "abcdcbax"),
        ("a\ud800b", "ab"),
        ("👩\u200d💼", "👩\u200d💼"),
        ("cafe\u0301", "café"),
        ("cafe\u200b\u0301", "café"),
        ("\x00\n\x07", ""),
    ],
    ids=[
        "ends",
        "line ends",
        "tab",
        "control",
        "bidi",
        "surrogate",
        "joined emoji",
        "one form",
        "one form after cleaning",
        "nothing left",
    ],
)
def test_what_cannot_be_seen_is_stripped_from_the_words(officer: Subject, at: datetime, typed: str, kept: str) -> None:
    assert give(officer, at, text=typed).text == kept


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert rules.clean(rules.clean(text)) == rules.clean(text)


@given(st.text(max_size=200))
def test_clean_words_can_always_be_stored(text: str) -> None:
    assert rules.clean(text).encode().decode() == rules.clean(text)


def test_the_words_are_counted_after_cleaning(officer: Subject, at: datetime) -> None:
    assert LONGEST_TEXT == 2000
    assert len(give(officer, at, text="x" * LONGEST_TEXT + "\x00\n").text) == LONGEST_TEXT

    with pytest.raises(TextTooLong) as refusal:
        give(officer, at, text="x" * (LONGEST_TEXT + 1))
    assert refusal.value.field == "text"


def test_feedback_is_taken_back_with_its_key(officer: Subject, ticket: Ticket, at: datetime) -> None:
    given_, received = rules.give(ID, officer, rating=1, text="Lambat.", ticket=ticket, secret=SECRET, at=at)
    later = at + timedelta(hours=1)

    withdrawn, event = rules.withdraw(given_, key=KEY, at=later)

    assert (withdrawn.status, withdrawn.withdrawn_at, withdrawn.text) == ("withdrawn", later, "")
    assert event is not None
    assert (event.reason, event.replaced_by) == ("citizen", None)
    assert event.model_dump(exclude={"reason", "replaced_by"}) == received.model_dump(exclude={"has_text"})


def test_feedback_is_taken_back_once(officer: Subject, at: datetime) -> None:
    withdrawn, _ = rules.withdraw(give(officer, at), key=KEY, at=at)

    with pytest.raises(AlreadyWithdrawn):
        rules.withdraw(withdrawn, key=KEY, at=at)


def test_another_key_takes_nothing_back(officer: Subject, at: datetime) -> None:
    other = receipt.key_of("another feedback", SECRET)

    with pytest.raises(WrongKey):
        rules.withdraw(give(officer, at), key=other, at=at)
    with pytest.raises(KeyMistyped):
        rules.withdraw(give(officer, at), key=KEY[:-1], at=at)


def test_a_wrong_key_does_not_learn_that_feedback_was_withdrawn(officer: Subject, at: datetime) -> None:
    withdrawn, _ = rules.withdraw(give(officer, at), key=KEY, at=at)

    with pytest.raises(WrongKey):
        rules.withdraw(withdrawn, key=receipt.key_of("another feedback", SECRET), at=at)


def test_the_key_is_verified_as_people_type_it(officer: Subject, at: datetime) -> None:
    assert rules.verify_key(give(officer, at), KEY.lower().replace("-", " "))
    assert not rules.verify_key(give(officer, at), receipt.key_of("another feedback", SECRET))
