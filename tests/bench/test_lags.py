"""Of which ratings the benchmark of latency knows when they were shown, and of which only until when."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from kinara.contracts import Province
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit.ids import new_id
from kinara.kit.outbox import row
from kinara.kit.stored import Document
from kinara.kit.work import Cause

from bench.lags import Lags, partition_of

EMPLOYEE, UNIT = new_id(), new_id()
NOTHING = Decimal("0.0001")
"""The trust of a voice that moves no score by a hundredth."""


def rating(version: int, mark: int = 4, trust: Decimal = Decimal(1), employee: str = EMPLOYEE) -> Document:
    event = FeedbackReceived(
        province=Province(code="16"), unit_path="/16.71/plaju", feedback_id=new_id(), employee_id=employee,
        unit_id=UNIT, rating=mark, trust=trust, given_at=datetime.now(UTC),
    )  # fmt: skip
    return row(event, id_=new_id(), version=version, at=datetime.now(UTC), cause=Cause(new_id()))


def lags(*ratings: Document) -> Lags:
    """Ratings committed at 1, 2, 3, … seconds."""
    found = Lags()
    found.committed.extend((each, float(at)) for at, each in enumerate(ratings, 1))
    return found


def test_a_rating_takes_from_its_commit_to_what_is_said_of_it() -> None:
    found = lags(rating(1))
    found.said.append((EMPLOYEE, 1, 1.25))
    assert found.take() == ([250.0], [250.0])


def test_ratings_of_one_batch_are_all_shown_by_what_is_said_of_the_last() -> None:
    found = lags(rating(1), rating(2), rating(3))
    found.said.append((EMPLOYEE, 3, 4.0))
    assert found.take() == 2 * ([3000.0, 2000.0, 1000.0],)


def test_when_a_rating_that_moves_no_score_was_shown_is_not_certain() -> None:
    found = lags(rating(1), rating(2, trust=NOTHING), rating(3))
    found.said.extend([(EMPLOYEE, 1, 1.5), (EMPLOYEE, 3, 9.0)])
    assert found.take() == ([500.0, 6000.0], [500.0, 7000.0, 6000.0])


def test_when_ratings_before_one_that_takes_the_score_back_were_shown_is_not_certain() -> None:
    found = lags(rating(1, 4), rating(2, 4), rating(3, 1), rating(4, 4))
    found.committed[2] = (rating(3, 1, trust=_that_takes_back(4)), 3.0)
    found.said.extend([(EMPLOYEE, 1, 1.5), (EMPLOYEE, 4, 9.0)])
    assert found.take() == ([500.0, 5000.0], [500.0, 7000.0, 6000.0, 5000.0])


def _that_takes_back(mark: int) -> Decimal:
    """The trust of a 1 that brings the mean of one 4 and a prior of 15 times 3.2 back after a second 4."""
    before = (15 * Decimal("3.2") + mark) / 16
    return ((mark - before) / (before - 1)).quantize(Decimal("0.0001"))


def test_a_rating_that_was_said_before_its_commit_was_answered_took_no_time() -> None:
    found = lags(rating(1))
    found.said.append((EMPLOYEE, 1, 0.5))
    assert found.take() == ([0.0], [0.0])


def test_what_was_taken_is_not_taken_again() -> None:
    found = lags(rating(1))
    found.said.append((EMPLOYEE, 1, 2.0))
    assert found.take() == ([1000.0], [1000.0])
    assert found.take() == ([], [])


@pytest.mark.parametrize("version", [2, 3])
def test_what_was_said_of_others_times_nobody(version: int) -> None:
    found = lags(rating(1), rating(2), rating(3))
    found.said.append((new_id(), version, 4.0))
    assert found.take() == ([], [])


def test_a_silent_rating_was_shown_with_the_next_of_its_partition_at_the_latest() -> None:
    beside = next(id_ for id_ in iter(new_id, "") if partition_of(id_) == partition_of(EMPLOYEE))
    apart = next(id_ for id_ in iter(new_id, "") if partition_of(id_) != partition_of(EMPLOYEE))
    silent = rating(2, trust=NOTHING)
    found = lags(rating(1), silent, rating(1, employee=apart), rating(1, employee=beside), rating(3))
    found.said.extend([(EMPLOYEE, 1, 1.5), (apart, 1, 3.25), (beside, 1, 4.5), (EMPLOYEE, 3, 9.0)])
    certain, at_most = found.take()
    assert (sorted(certain), sorted(at_most)) == ([250.0, 500.0, 500.0, 4000.0], [250.0, 500.0, 500.0, 2500.0, 4000.0])
