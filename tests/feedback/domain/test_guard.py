"""The cap of a cluster: voices of one address in one hour weigh together at most max(2, 10 % of the served)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from feedback.domain import answering
from feedback.domain import feedback as rules
from feedback.domain import subject as subjects
from feedback.domain.guard import CLUSTERS, NOTHING_HEARD, proof_of, weight_left, with_cluster, with_verified
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket
from hypothesis import given
from hypothesis import strategies as st

D = Decimal
ID = "0197a000-0000-7000-8000-0000000000f1"
MONTH = "2026-11"
AT = datetime.fromisoformat("2026-11-14T03:21:00+00:00")


def spoken(subject: Subject, at: datetime, cluster: str | None, ticket: Ticket | None = None) -> tuple[Subject, D]:
    """The subject after one more rating, and its weight."""
    given_, event = rules.give(ID, subject, rating=4, ticket=ticket, secret=b"s", at=at, cluster=cluster)
    heard = subjects.hear(subject, weight=given_.trust, cluster=cluster, at=at, proof=given_.proof)
    return subjects.count(heard, event)[0], event.trust


def weights(subject: Subject, count: int, at: datetime, cluster: str | None = "c") -> tuple[Subject, list[D]]:
    found = []
    for _ in range(count):
        subject, weight = spoken(subject, at, cluster)
        found.append(weight)
    return subject, found


def test_a_cluster_weighs_two_together_and_what_comes_then_weighs_nothing(officer: Subject, at: datetime) -> None:
    after, found = weights(officer, 50, at)

    assert found == [D("0.2")] * 10 + [D(0)] * 40
    assert (after.votes, after.weight) == (50, D(2))


def test_where_many_were_served_a_cluster_has_a_tenth_of_their_weight(
    officer: Subject, ticket: Ticket, at: datetime
) -> None:
    for _ in range(25):
        officer, weight = spoken(officer, at, None, ticket)
        assert weight == 1

    _, found = weights(officer, 14, at)

    assert found == [D("0.2")] * 12 + [D("0.1"), D(0)]


def test_another_cluster_and_the_next_hour_have_their_own_weight(officer: Subject, at: datetime) -> None:
    officer, _ = weights(officer, 11, at)

    assert weights(officer, 1, at, "other")[1] == [D("0.2")]
    assert weights(officer, 1, at + timedelta(hours=1))[1] == [D("0.2")]
    assert weights(officer, 1, at - timedelta(hours=1))[1] == [D(0)], "a clock that is late"


def test_where_nothing_is_known_of_the_sender_nothing_is_capped(officer: Subject, at: datetime) -> None:
    assert weights(officer, 30, at, None)[1] == [D("0.2")] * 30


def test_citizens_with_tickets_at_the_office_s_own_address_do_not_silence_each_other(
    officer: Subject, ticket: Ticket, at: datetime
) -> None:
    officer, _ = weights(officer, 20, at)
    for _ in range(30):
        officer, weight = spoken(officer, at, "c", ticket)
        assert weight == 1


def test_survey_answers_share_the_cap_with_ratings(officer: Subject, at: datetime) -> None:
    officer, _ = weights(officer, 9, at)
    found = []
    for _ in range(3):
        answer, _ = answering.answer(ID, officer, dict.fromkeys(answering.UNSUR, 4), at=at, cluster="c")
        officer = subjects.hear(officer, weight=answer.trust, cluster="c", at=at, proof=answer.proof)
        found.append(answer.trust)

    assert found == [D("0.2"), D(0), D(0)]


def test_the_weight_of_the_served_is_that_of_the_month(officer: Subject, ticket: Ticket, at: datetime) -> None:
    for _ in range(40):
        officer, _ = spoken(officer, at, None, ticket)

    assert weight_left(officer.guard, "c", at, MONTH) == 4
    assert weight_left(officer.guard, "c", at, "2026-12") == 2
    assert with_verified(officer.guard, D(1), "2026-12").verified == 1
    assert with_verified(officer.guard, D(-1), "2026-10") == officer.guard, "a month that is over"


def test_a_voice_with_a_ticket_that_is_taken_back_no_longer_widens_the_cap(
    officer: Subject, ticket: Ticket, at: datetime
) -> None:
    for _ in range(30):
        officer, _ = spoken(officer, at, None, ticket)
    key = rules.receipt.key_of(ID, b"s")
    given_, _ = rules.give(ID, officer, rating=4, ticket=ticket, secret=b"s", at=at)
    _, event = rules.withdraw(given_, key=key, at=at)
    assert event is not None

    assert subjects.uncount(officer, event)[0].guard.verified == 29


def test_a_flood_of_clusters_does_not_swell_the_record(officer: Subject, at: datetime) -> None:
    guard = officer.guard
    for number in range(5 * CLUSTERS):
        guard = with_cluster(guard, f"{number}", D("0.2"), at)

    assert len(guard.clusters) == CLUSTERS + 1
    assert weight_left(guard, "one more", at, MONTH) == 0, "who comes later shares one cluster"
    assert weight_left(guard, "7", at, MONTH) == D("1.8")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=80), st.integers(0, 60))
def test_no_cluster_ever_has_more_than_its_cap(voices: list[tuple[str, bool]], served: int) -> None:
    guard = replace(NOTHING_HEARD, month=MONTH, verified=D(served))
    given_: dict[str, Decimal] = {}
    for cluster, _ in voices:
        weight = min(D("0.2"), weight_left(guard, cluster, AT, MONTH))
        guard = with_cluster(guard, cluster, weight, AT)
        given_[cluster] = given_.get(cluster, D(0)) + weight

    assert all(total <= max(D(2), D(served) / 10) for total in given_.values())


@pytest.mark.parametrize("cluster", [None, "c"])
def test_the_weight_of_a_voice_is_never_negative(officer: Subject, at: datetime, cluster: str | None) -> None:
    assert all(weight >= 0 for weight in weights(officer, 40, at, cluster)[1])


def test_a_verified_person_is_not_capped_and_widens_the_cap_of_others(officer: Subject, at: datetime) -> None:
    officer, _ = weights(officer, 20, at)
    for _ in range(44):
        given_, event = rules.give(ID, officer, rating=4, secret=b"s", at=at, cluster="c", verified=True)
        assert (given_.trust, given_.proof) == (D("0.5"), "account")
        officer, _ = subjects.count(
            subjects.hear(officer, weight=given_.trust, cluster="c", at=at, proof=given_.proof), event
        )

    assert officer.guard.verified == 22
    assert weight_left(officer.guard, "c", at, MONTH) == D("0.2"), "a tenth of 22, of which 2 were given"


@pytest.mark.parametrize(
    ("served", "trust", "proof"),
    [(True, "1", "ticket"), (False, "0.5", "account"), (False, "0.2", "none"), (False, "0", "none")],
)
def test_what_a_voice_could_show_follows_from_what_is_kept(served: bool, trust: str, proof: str) -> None:
    assert proof_of(served=served, trust=D(trust)) == proof
