"""Invitations are drawn by lot: fair, repeatable by whoever has the seed, and not to be foreseen."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from feedback.domain import invitation
from feedback.domain.invitation import MOST_TICKETS, lot_of, responses, seed_of, size_of, span_of
from feedback.domain.refusals import InvalidSize, InvalidSpan, NothingToDraw
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket

ID = "0197a000-0000-7000-8000-0000000000d1"


def issued(ticket: Ticket, count: int) -> list[Ticket]:
    return [replace(ticket, id=f"{ticket.id[:-3]}{number:03x}") for number in range(count)]


@pytest.fixture
def draw(unit: Subject, at: datetime) -> Any:
    def of(pool: list[Ticket], **asked: Any) -> Any:
        usual = {"days": (at.date(), at.date()), "share": None, "count": 10, "secret": b"s", "at": at, "by": "hr"}
        return invitation.draw(asked.pop("draw_id", ID), unit, pool, **(usual | asked))

    return of


def test_a_draw_can_be_repeated_with_its_seed_in_whatever_order_the_tickets_come(draw: Any, ticket: Ticket) -> None:
    pool = issued(ticket, 200)
    made, drawn = draw(pool)

    random.Random(1).shuffle(pool)
    assert draw(pool) == (made, drawn)
    again = sorted((t.id for t in pool), key=lambda id_: lot_of(id_, bytes.fromhex(made.seed)))[:10]
    assert made.tickets == tuple(again)
    assert (made.pool, {t.invitation for t in drawn}) == (200, {ID})


def test_without_the_secret_a_draw_cannot_be_foreseen(draw: Any, ticket: Ticket) -> None:
    pool = issued(ticket, 200)
    tickets = draw(pool)[0].tickets

    assert draw(pool, secret=b"another")[0].tickets != tickets
    assert draw(pool, draw_id=ID[:-1] + "2")[0].tickets != tickets
    assert seed_of(ID, b"s") != seed_of(ID, b"t")


def test_every_ticket_has_the_same_chance(draw: Any, ticket: Ticket) -> None:
    pool, times = issued(ticket, 20), 2000
    drawn = Counter(id_ for number in range(times) for id_ in draw(pool, count=5, draw_id=str(number))[0].tickets)

    chi = sum((drawn[t.id] - times / 4) ** 2 / (times / 4) for t in pool)
    assert chi < 43.8, "χ² with 19 degrees of freedom, 0.1 %"


def test_who_has_answered_was_invited_or_is_too_late_is_not_drawn(draw: Any, ticket: Ticket, at: datetime) -> None:
    fresh, used, invited, old = issued(ticket, 4)
    late = replace(old, issued_at=at - timedelta(days=90))
    pool = [fresh, replace(used, used=True), replace(invited, invitation="before"), late]

    made, drawn = draw(pool)

    assert ([t.id for t in drawn], made.pool) == ([fresh.id], 1)
    with pytest.raises(NothingToDraw):
        draw(pool[1:])


@pytest.mark.parametrize(
    ("pool", "share", "count", "size"),
    [(200, "0.1", None, 20), (3, "0.1", None, 1), (9, None, 20, 9), (5000, "1", None, 500)],
    ids=["a tenth", "one of few", "no more than there are", "no more than a draw takes"],
)
def test_a_share_or_a_count_is_drawn(pool: int, share: str | None, count: int | None, size: int) -> None:
    assert size_of(pool, Decimal(share) if share else None, count) == size


@pytest.mark.parametrize(("share", "count"), [(None, None), (Decimal("0.1"), 3)], ids=["neither", "both"])
def test_what_is_wanted_must_be_said_once(share: Decimal | None, count: int | None) -> None:
    with pytest.raises(InvalidSize):
        size_of(10, share, count)


def test_the_days_are_those_of_the_region(unit: Subject, at: datetime) -> None:
    assert span_of(unit, date(2026, 11, 13), date(2026, 11, 14), at) == (
        datetime(2026, 11, 12, 17, tzinfo=UTC),
        datetime(2026, 11, 14, 17, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 14), date(2026, 11, 13)),
        (date(2026, 11, 14), date(2026, 11, 15)),
        (date(2026, 10, 1), date(2026, 11, 1)),
        (date.min, date.max),
        (date.min, date.min),
    ],
    ids=["backwards", "tomorrow", "too many", "for ever", "the first of all days"],
)
def test_days_that_cannot_be_are_refused(unit: Subject, at: datetime, first: date, last: date) -> None:
    with pytest.raises(InvalidSpan):
        span_of(unit, first, last, at)


def test_a_pool_that_is_too_large_asks_for_fewer_days(draw: Any, ticket: Ticket) -> None:
    with pytest.raises(InvalidSpan) as refusal:
        draw([ticket] * (MOST_TICKETS + 1))
    assert refusal.value.field == "last"


def test_the_response_rate_of_each_officer_is_shown(ticket: Ticket) -> None:
    tickets = [replace(ticket, employee_id=who, used=used) for who, used in
               [("b", True), ("b", False), ("b", False), (None, True), ("a", False)]]  # fmt: skip

    found = [(r.employee_id, r.drawn, r.answered, r.rate) for r in responses(tickets)]

    assert found == [
        (None, 1, 1, Decimal("1.0000")),
        ("a", 1, 0, Decimal("0.0000")),
        ("b", 3, 1, Decimal("0.3333")),
    ]
