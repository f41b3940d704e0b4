"""How far a session that is over, or off, is settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter
from training.domain import enrolment as places
from training.domain import session as sessions
from training.domain import settling
from training.domain.enrolment import Enrolment
from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.session import Session

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def place(session: Session, programme: Programme, employee: Callable[[int], Record]) -> Enrolment:
    return places.enrol(str(UUID(int=10)), session, programme, employee(1), date(2026, 11, 1))[1]


def test_it_goes_from_the_latest_to_the_first(session: Session, place: Enrolment) -> None:
    off = settling.begin(sessions.cancel(session), NOW)
    earlier = replace(place, id=str(UUID(int=9)))
    assert off.to_settle is not None
    assert off.to_settle > place.id > earlier.id

    left = settling.go_on(off, [place, earlier], 2, NOW + timedelta(seconds=1))
    assert (left.to_settle, left.settled_at) == (earlier.id, NOW + timedelta(seconds=1))
    for last in ([], [place]):
        done = settling.go_on(left, last, 2, NOW)
        assert (done.state, done.to_settle, done.settled_at) == ("cancelled", None, None)


def test_how_far_it_is_comes_back_as_it_was(session: Session) -> None:
    off, shape = settling.begin(session, NOW), TypeAdapter[Any](Session)
    assert shape.validate_python(shape.dump_python(off)) == off


def test_a_place_in_a_session_that_is_off_takes_no_days_though_it_is_not_settled_yet(
    session: Session, place: Enrolment
) -> None:
    assert places.takes_days(place, session, date(2026, 11, 1))
    assert not places.takes_days(place, sessions.cancel(session), date(2026, 11, 1))
