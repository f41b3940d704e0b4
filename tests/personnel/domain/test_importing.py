"""An import run from request to end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnel.domain import importing
from personnel.domain.importing import FRUITLESS_STARTS, MOST_REASONS, OTHER_REASONS, ImportRun, Outcome, Reject, Tally
from personnel.domain.refusals import ImportEnded

AT = datetime(2026, 11, 1, tzinfo=UTC)
RUN = ImportRun(id="r", source="file", paths=("/16.71",), asked_by="hr", asked_at=AT)


def reject(reason: str, part: importing.Part = "employee") -> Reject:
    return Reject(id="x", run_id="r", part=part, number=1, field=None, reason=reason, detail="", raw={})


@given(st.lists(st.lists(st.sampled_from(get_args(Outcome)), max_size=5), max_size=5))
def test_rows_are_always_the_sum_of_their_outcomes(batches: list[list[Outcome]]) -> None:
    run, rows = RUN, 0
    for batch in batches:
        rows += len(batch)
        run = importing.advance(run, rows, batch, [])
        tally = run.tally
        assert tally.rows == rows == tally.created + tally.updated + tally.unchanged + tally.rejected


def test_reasons_are_counted_by_kind_not_by_row() -> None:
    rejects = [
        reject("nipBaru: NIP 1986••••••••••1001 tidak ditemukan di SIASN"),
        reject("nipBaru: NIP 1990••••••••••2001 tidak ditemukan di SIASN"),
        reject("unorId: unit 'ABC' tidak ada"),
        reject("golongan: bukan golongan", "history"),
    ]
    run = importing.advance(RUN, 3, ["rejected"] * 3, rejects)
    assert [(counted.reason, counted.count) for counted in run.reasons] == [
        ("nipBaru: NIP … tidak ditemukan di SIASN", 2),
        ("unorId: unit '…' tidak ada", 1),
    ]
    assert run.histories_rejected == 1


def test_a_summary_stays_short_whatever_is_wrong() -> None:
    letters = "abcdefghij"
    many = [reject(f"alasan {a}{b}") for a in letters for b in letters]
    run = importing.advance(RUN, 100, ["rejected"] * 100, many)
    assert len(run.reasons) == MOST_REASONS + 1
    assert run.reasons[-1] == importing.ReasonCount(OTHER_REASONS, 50)


def test_pauses_grow_until_a_step_forward() -> None:
    run, pauses = RUN, []
    for _ in range(8):
        run = importing.wait(run, "SIASN tidak menjawab", AT)
        assert run.retry_at is not None
        pauses.append(run.retry_at - AT)
    assert pauses[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert pauses[-1] == timedelta(minutes=15)
    begun = importing.start(run, AT)
    assert (begun.state, begun.why, begun.retry_at) == ("running", None, None)
    assert importing.advance(begun, 1, ["created"], []).pauses == 0


def test_a_run_that_never_gets_further_is_given_up() -> None:
    run = RUN
    for _ in range(FRUITLESS_STARTS):
        run = importing.start(run, AT)
        assert run.state == "running"
    assert importing.start(run, AT).state == "failed"
    forward = importing.advance(run, 1, ["created"], [])
    assert importing.start(forward, AT).state == "running"


def test_a_cancelled_run_ends_as_such_and_an_ended_one_cannot_be_cancelled() -> None:
    waiting = importing.wait(RUN, "SIASN tidak menjawab", AT)
    cancelled = importing.cancel(waiting, "hr")
    assert (cancelled.retry_at, cancelled.is_open) == (None, True)
    ended = importing.finish(cancelled, AT)
    assert (ended.state, ended.is_open) == ("cancelled", False)
    for over in (ended, importing.finish(RUN, AT), importing.fail(RUN, "rusak", AT)):
        with pytest.raises(ImportEnded):
            importing.cancel(over, "hr")


@pytest.mark.parametrize(
    ("ended", "speed"),
    [(None, 5.0), (AT + timedelta(seconds=4), 25.0), (AT, 0.0)],
    ids=["under way", "ended", "in no time"],
)
def test_speed_is_counted_from_the_start(ended: datetime | None, speed: float) -> None:
    run = replace(RUN, started_at=AT, ended_at=ended, tally=Tally(created=100))
    assert importing.rows_per_second(run, AT + timedelta(seconds=20)) == speed
    assert importing.rows_per_second(RUN, AT) == 0.0


def test_a_run_lies_within_a_scope_that_covers_all_it_may_write() -> None:
    both = replace(RUN, paths=("/16.71", "/17"))
    assert both.lies_within({"/16.71", "/17"}.__contains__)
    assert not both.lies_within({"/17"}.__contains__)
