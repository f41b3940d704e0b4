"""An import run: what was asked, how far it has come, and what became of each row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from personnel.domain.refusals import ImportEnded

Source = Literal["file", "siasn"]
State = Literal["queued", "running", "waiting", "done", "cancelled", "failed"]
Outcome = Literal["created", "updated", "unchanged", "rejected"]
Part = Literal["employee", "unit", "history"]

OPEN: tuple[State, ...] = ("queued", "running", "waiting")
MOST_REASONS = 50
"""Kinds of rejections told apart in a run's summary; the rest is counted together."""
OTHER_REASONS = "Alasan lain"
FRUITLESS_STARTS = 5
"""Starts without a step forward after which a run is given up: its next row ends the process each time."""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Rows by outcome; their sum is the number of rows processed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        """Rows processed so far."""
        return self.created + self.updated + self.unchanged + self.rejected

    def plus(self, outcomes: Iterable[Outcome]) -> Tally:
        """With a batch's outcomes."""
        more = Counter(outcomes)
        return Tally(
            created=self.created + more["created"],
            updated=self.updated + more["updated"],
            unchanged=self.unchanged + more["unchanged"],
            rejected=self.rejected + more["rejected"],
        )


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many rows were rejected for a reason; what differs from row to row is left out of its text."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One record that could not be used, kept until a person has corrected it."""

    id: str
    run_id: str
    part: Part
    """Only rejected employees count as rows; a bad unit or history entry leaves its employees good."""
    number: int
    """Row of the file, or place in the list of NIPs or units, from 1."""
    field: str | None
    reason: str
    detail: str
    raw: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One import, from request to end."""

    id: str
    source: Source
    paths: tuple[str, ...]
    """Roots of the governments whose records it may write."""
    asked_by: str
    asked_at: datetime
    file: str | None = None
    """Name under which the uploaded file is kept, for as long as the run is open."""
    file_name: str | None = None
    """Its name at the uploader's."""
    units_file: str | None = None
    total: int | None = None
    """Rows of the source; of a file known when its first row is taken, and of a sheet with blank rows exactly at the
    end."""
    state: State = "queued"
    position: int = 0
    """Number of the last row processed."""
    tally: Tally = field(default_factory=Tally)
    reasons: tuple[ReasonCount, ...] = ()
    units_changed: int = 0
    units_rejected: int = 0
    histories_rejected: int = 0
    cancelled_by: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    why: str | None = None
    """Why it waits or has failed."""
    retry_at: datetime | None = None
    pauses: int = 0
    """Pauses since the last step forward."""
    starts: int = 0
    """Starts since the last step forward."""

    @property
    def is_open(self) -> bool:
        """Whether something remains to be done."""
        return self.state in OPEN

    def lies_within(self, covers: Callable[[str], bool]) -> bool:
        """Whether a scope covers everything that the run may write."""
        return all(covers(path) for path in self.paths)


def start(run: ImportRun, at: datetime) -> ImportRun:
    """A process takes the run up, for the first time or again."""
    if run.starts >= FRUITLESS_STARTS:
        why = f"Impor {FRUITLESS_STARTS} kali terhenti setelah baris {run.position}. Periksa baris sesudahnya."
        return fail(run, why, at)
    begun = run.started_at or at
    return replace(run, state="running", started_at=begun, why=None, retry_at=None, starts=run.starts + 1)


def advance(run: ImportRun, position: int, outcomes: Sequence[Outcome], rejects: Sequence[Reject]) -> ImportRun:
    """A batch is done, up to the row ``position``."""
    return replace(
        run,
        position=position,
        tally=run.tally.plus(outcomes),
        reasons=_counted(run.reasons, (r.reason for r in rejects if r.part == "employee")),
        histories_rejected=run.histories_rejected + sum(r.part == "history" for r in rejects),
        pauses=0,
        starts=0,
    )


def wait(run: ImportRun, why: str, at: datetime) -> ImportRun:
    """The source does not answer: go on later, with growing pauses."""
    pause = min(_FIRST_PAUSE * 2 ** min(run.pauses, 10), _LONGEST_PAUSE)
    return replace(run, state="waiting", why=why, retry_at=at + pause, pauses=run.pauses + 1, starts=0)


def finish(run: ImportRun, at: datetime) -> ImportRun:
    """Everything is done, or cancellation was asked for and is complete."""
    ended = replace(run, ended_at=at, why=None, retry_at=None)
    if run.cancelled_by:
        return replace(ended, state="cancelled")
    return replace(ended, state="done", total=run.tally.rows)


def fail(run: ImportRun, why: str, at: datetime) -> ImportRun:
    """It cannot go on; what was done stays done."""
    return replace(run, state="failed", ended_at=at, why=why, retry_at=None)


def cancel(run: ImportRun, by: str) -> ImportRun:
    """Stop after the batch under way; what was done stays done."""
    if not run.is_open:
        raise ImportEnded(
            "Impor ini sudah selesai. Tidak ada yang perlu dibatalkan.", field="id", detail=f"the run is {run.state}"
        )
    return replace(run, cancelled_by=by, retry_at=None)


def rows_per_second(run: ImportRun, now: datetime) -> float:
    """Speed since the start, pauses included."""
    if run.started_at is None:
        return 0.0
    seconds = ((run.ended_at or now) - run.started_at).total_seconds()
    return round(run.tally.rows / seconds, 1) if seconds > 0 else 0.0


def kind_of_reason(reason: str) -> str:
    """The reason without what differs from row to row: numbers, masked NIPs and quoted values."""
    return re.sub(r"[\d•]+", "…", re.sub(r"'[^']*'", "'…'", reason))


def _counted(known: tuple[ReasonCount, ...], reasons: Iterable[str]) -> tuple[ReasonCount, ...]:
    counts = {count.reason: count.count for count in known}
    for reason in reasons:
        kind = kind_of_reason(reason)
        if kind not in counts and len(counts) >= MOST_REASONS:
            kind = OTHER_REASONS
        counts[kind] = counts.get(kind, 0) + 1
    return tuple(ReasonCount(reason, count) for reason, count in counts.items())
