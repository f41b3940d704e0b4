"""Held voices: what holds them, what oversight may decide, and what the facts say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from feedback.domain import answering, quarantine, receipt
from feedback.domain import feedback as rules
from feedback.domain import subject as subjects
from feedback.domain.answering import UNSUR, Answer
from feedback.domain.feedback import Feedback
from feedback.domain.guard import Proof
from feedback.domain.pace import FEWEST
from feedback.domain.quarantine import Burst
from feedback.domain.refusals import NotQuarantined, ReasonMissing
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket
from kinara.contracts.feedback import FeedbackReleased, FeedbackWithdrawn, SurveyAnswered, SurveyAnswerWithdrawn

ID = "0197a000-0000-7000-8000-0000000000f1"
KEY = receipt.key_of(ID, b"s")
BURST = Burst(id="burst", reason="Lonjakan")


def given(subject: Subject, at: datetime, ticket: Ticket | None = None) -> Feedback:
    return rules.give(ID, subject, rating=1, text="Lambat", ticket=ticket, secret=b"s", at=at)[0]


def crowd(subject: Subject, count: int, at: datetime, proof: Proof = "none") -> Subject:
    for _ in range(count):
        subject = subjects.hear(subject, weight=Decimal(0), cluster=None, at=at, proof=proof)
    return subject


def test_further_voices_of_an_hour_are_a_burst_that_says_what_it_is(officer: Subject, at: datetime) -> None:
    assert quarantine.burst_of(crowd(officer, FEWEST - 1, at), "none", at) is None

    burst = quarantine.burst_of(crowd(officer, FEWEST, at), "none", at)

    assert burst == Burst(
        id=f"{officer.id}/2026-11-14T03/tanpa-karcis",
        reason="Lonjakan: lebih dari 20 penilaian tanpa karcis dalam satu jam.",
    )


def test_a_flood_without_tickets_holds_up_nobody_who_was_served(officer: Subject, at: datetime) -> None:
    flooded = crowd(officer, 500, at)

    assert quarantine.burst_of(flooded, "ticket", at) is None
    stamped = quarantine.burst_of(crowd(flooded, FEWEST, at, "ticket"), "ticket", at)
    assert stamped is not None, "but tickets by the dozen are looked at, too"
    assert stamped.id.endswith("/karcis")


def test_verified_people_are_a_crowd_of_their_own(officer: Subject, at: datetime) -> None:
    flooded = crowd(officer, 500, at)

    assert quarantine.burst_of(flooded, "account", at) is None
    agreed = quarantine.burst_of(crowd(officer, FEWEST, at, "account"), "account", at)
    assert agreed is not None
    assert agreed.id.endswith("/akun-terverifikasi")
    assert quarantine.burst_of(crowd(officer, 500, at, "account"), "ticket", at) is None


def test_a_region_with_busy_counters_may_say_from_how_many_it_looks(officer: Subject, at: datetime) -> None:
    assert quarantine.burst_of(crowd(officer, 60, at), "none", at, 61) is None
    assert quarantine.burst_of(crowd(officer, 61, at), "none", at, 61) is not None


def test_a_held_voice_is_kept_with_its_words_and_says_why(officer: Subject, at: datetime) -> None:
    voice = given(officer, at)

    held, fact = quarantine.hold(voice, BURST)

    assert (held.status, held.burst, held.because, held.text) == ("quarantined", "burst", "Lonjakan", "Lambat")
    assert (fact.feedback_id, fact.trust, fact.given_at, fact.reason) == (ID, voice.trust, at, "Lonjakan")


def test_what_is_released_counts_with_the_weight_it_was_received_with(officer: Subject, at: datetime) -> None:
    held, held_fact = quarantine.hold(given(officer, at), BURST)
    decided_at = at + timedelta(days=2)

    released, fact = quarantine.decide(held, "release", reason="Pelayanan massal", at=decided_at)

    assert isinstance(fact, FeedbackReleased)
    assert fact.model_dump(exclude={"reason"}) == held_fact.model_dump(exclude={"reason"})
    assert (released.status, released.because, released.decided_at) == ("received", "Pelayanan massal", decided_at)
    counted, effect = subjects.follow_verdict(officer, fact)
    assert (counted.votes, counted.weight, effect["did"]) == (1, Decimal("0.2"), "counted")


def test_what_is_upheld_never_counts_and_readers_may_forget_it(officer: Subject, at: datetime) -> None:
    held, _ = quarantine.hold(given(officer, at), BURST)

    rejected, fact = quarantine.decide(held, "uphold", reason="Dikirim serentak", at=at)

    assert isinstance(fact, FeedbackWithdrawn)
    assert (fact.reason, rejected.status, rejected.because) == ("abuse", "rejected", "Dikirim serentak")
    assert subjects.follow_verdict(officer, fact)[0] == officer


def answered(subject: Subject, at: datetime) -> tuple[Answer, SurveyAnswered]:
    return answering.answer(ID, subject, dict.fromkeys(UNSUR, 1), at=at)


def test_ratings_and_answers_of_one_hour_are_one_crowd(officer: Subject, at: datetime) -> None:
    answer, _ = answered(officer, at)

    assert quarantine.burst_of(crowd(officer, FEWEST - 1, at), answer.proof, at) is None
    assert quarantine.burst_of(crowd(officer, FEWEST, at), answer.proof, at) is not None


def test_a_held_answer_repeats_what_it_undoes_and_counts_with_the_weight_it_came_with(
    officer: Subject, at: datetime
) -> None:
    answer, fact = answered(officer, at)

    held, held_fact = quarantine.hold_answer(answer, BURST)
    released, released_fact = quarantine.decide_answer(held, "release", reason="Pelayanan massal", at=at)
    rejected, rejected_fact = quarantine.decide_answer(held, "uphold", reason="Serentak", at=at)

    assert (held.status, held.burst, held.because) == ("quarantined", "burst", "Lonjakan")
    assert (released.status, released.because, released.decided_at) == ("received", "Pelayanan massal", at)
    assert (rejected.status, rejected.because) == ("rejected", "Serentak")
    assert isinstance(rejected_fact, SurveyAnswerWithdrawn)
    assert rejected_fact.reason == "abuse"
    same = [one.model_dump(exclude={"reason", "replaced_by"}) for one in (held_fact, released_fact, rejected_fact)]
    assert same == [fact.model_dump()] * 3


@pytest.mark.parametrize("status", ["received", "rejected", "withdrawn"])
def test_only_an_answer_that_is_held_is_decided_about(officer: Subject, at: datetime, status: rules.Status) -> None:
    with pytest.raises(NotQuarantined) as refusal:
        quarantine.decide_answer(replace(answered(officer, at)[0], status=status), "release", reason="Wajar", at=at)
    assert refusal.value.field == "answer_ids"


@pytest.mark.parametrize("status", ["received", "rejected", "withdrawn"])
def test_only_what_is_held_is_decided_about(officer: Subject, at: datetime, status: rules.Status) -> None:
    with pytest.raises(NotQuarantined):
        quarantine.decide(replace(given(officer, at), status=status), "release", reason="Wajar", at=at)


def test_a_decision_has_a_reason(officer: Subject, at: datetime) -> None:
    held, _ = quarantine.hold(given(officer, at), BURST)
    with pytest.raises(ReasonMissing):
        quarantine.decide(held, "release", reason="", at=at)


def test_a_held_voice_can_be_taken_back_and_so_can_the_words_of_a_rejected_one(officer: Subject, at: datetime) -> None:
    held, _ = quarantine.hold(given(officer, at), BURST)
    rejected, _ = quarantine.decide(held, "uphold", reason="Serentak", at=at)

    withdrawn, fact = rules.withdraw(held, key=KEY, at=at)
    gone, silent = rules.withdraw(rejected, key=KEY, at=at)

    assert (withdrawn.status, fact is not None) == ("withdrawn", True)
    assert (gone.status, gone.text, silent) == ("withdrawn", "", None)
