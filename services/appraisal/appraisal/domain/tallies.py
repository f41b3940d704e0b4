"""What a month remembers: sums and latest values, so that the order in which events arrive does not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer

from appraisal.domain.components import ZERO, Polarity

Ids = Annotated[tuple[str, ...], PlainSerializer(list, return_type=list[str])]
"""Sorted ids; a list where it is stored."""
SevenMarks = Annotated[tuple[int, ...], PlainSerializer(list, return_type=list[int])]
"""Marks for the seven BerAKHLAK values in their order; a list where they are stored."""


def with_id(ids: Ids, new: str) -> Ids:
    """The sorted ids and one more."""
    return tuple(sorted({*ids, new}))


def without_id(ids: Ids, gone: str) -> Ids:
    """The ids but one."""
    return tuple(one for one in ids if one != gone)


@dataclass(frozen=True, slots=True)
class Votes:
    """Ratings weighted by trust ω. Ratings are kept in thirds of a point (a survey's is the mean of three unsur)."""

    weight: Decimal = ZERO
    """Σω"""
    thirds: Decimal = ZERO
    """Σω·3x"""
    weight_squares: Decimal = ZERO
    """Σω²"""
    thirds_squares: Decimal = ZERO
    """Σω·(3x)²"""
    count: int = 0
    held: Ids = ()
    """Feedback in quarantine: it was counted, was taken out, and may come back or be withdrawn while it is out."""

    def plus(self, weight: Decimal, thirds: int) -> Votes:
        """One vote more."""
        weighted = weight * thirds
        return Votes(
            self.weight + weight,
            self.thirds + weighted,
            self.weight_squares + weight * weight,
            self.thirds_squares + weighted * thirds,
            self.count + 1,
            self.held,
        )

    def minus(self, weight: Decimal, thirds: int) -> Votes:
        """One vote less."""
        weighted = weight * thirds
        return Votes(
            self.weight - weight,
            self.thirds - weighted,
            self.weight_squares - weight * weight,
            self.thirds_squares - weighted * thirds,
            self.count - 1,
            self.held,
        )


NO_VOTES = Votes()


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints handled, and those solved within the SLA and not reopened."""

    handled: int = 0
    solved: int = 0
    """May be negative in a month: a reopening is booked when it becomes known, in a month that is still open."""
    failed: Ids = ()
    """Complaints that can no longer count as solved: overdue, late, without a solution, or reopened."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat in a session that is neither completed nor over: until then its hours are asked of nobody."""

    session_id: str
    title: str
    jp: int
    ends_on: date
    """The session's last day."""


@dataclass(frozen=True, slots=True)
class Learning:
    """Hours of learning in JP (45 minutes)."""

    offered: Decimal = ZERO
    """Of seats completed or let pass. May be negative in a month: what was counted is taken back in an open one."""
    earned: Decimal = ZERO
    mentoring: Decimal = ZERO
    sessions: Ids = ()
    """Sessions whose hours were counted as offered: each is one offer."""
    called_off: Ids = ()
    """Sessions whose hours were taken back, since the seat was lost after all."""

    def plus(self, more: Learning) -> Learning:
        """These hours and more."""
        return Learning(
            self.offered + more.offered,
            self.earned + more.earned,
            self.mentoring + more.mentoring,
            tuple(sorted({*self.sessions, *more.sessions})),
            tuple(sorted({*self.called_off, *more.called_off})),
        )


@dataclass(frozen=True, slots=True)
class Target:
    """An indicator as agreed for a period."""

    name: str
    unit: str
    polarity: Polarity
    target: Decimal
    weight: Decimal
    innovation: str | None = None
    """Code of the outcome that it shows, where that is agreed as an innovation."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Reported on an indicator: amounts done (``max``) or levels measured (``min``), verified and not."""

    verified: Decimal = ZERO
    verified_count: int = 0
    unverified: Decimal = ZERO
    unverified_count: int = 0
    reported_on: date | None = None
    """Day of the latest report: the pace is judged as of then, so that a score needs no clock."""

    def plus(self, amount: Decimal, *, verified: bool, on: date) -> Progress:
        """One report more."""
        latest = max(self.reported_on, on) if self.reported_on else on
        if verified:
            return replace(
                self, verified=self.verified + amount, verified_count=self.verified_count + 1, reported_on=latest
            )
        return replace(
            self, unverified=self.unverified + amount, unverified_count=self.unverified_count + 1, reported_on=latest
        )

    def verifying(self, amount: Decimal) -> Progress:
        """One report moved from the unverified to the verified ones."""
        return replace(
            self,
            verified=self.verified + amount,
            verified_count=self.verified_count + 1,
            unverified=self.unverified - amount,
            unverified_count=self.unverified_count - 1,
        )

    def without(self, amount: Decimal, *, verified: bool = False) -> Progress:
        """One report less."""
        if verified:
            return replace(self, verified=self.verified - amount, verified_count=self.verified_count - 1)
        return replace(self, unverified=self.unverified - amount, unverified_count=self.unverified_count - 1)


@dataclass(frozen=True, slots=True)
class Report:
    """A self-report that waits for verification."""

    indicator: str
    amount: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class BehaviourRating:
    """One rater's latest marks for the seven BerAKHLAK values, and what was taken off for leniency."""

    marks: SevenMarks
    correction: Decimal
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class Month:
    """All that counts in one month of one employee."""

    votes: Votes = NO_VOTES
    complaints: Complaints = Complaints()
    learning: Learning = Learning()
    targets: Mapping[str, Target] = field(default_factory=dict)
    progress: Mapping[str, Progress] = field(default_factory=dict)
    pending: Mapping[str, Report] = field(default_factory=dict)
    """Unverified reports by id."""
    ratings: Mapping[str, BehaviourRating] = field(default_factory=dict)
    """Behaviour ratings by rater."""
    paced_on: date | None = None
    """Day up to which the pace of every indicator was last judged, reports or not."""
    thanks: int = 0
    """How many of those whose voices count have also thanked the employee; it weighs nothing."""

    def voted(self, votes: Votes) -> Month:
        """The month with other votes. Written out, since most facts are ratings and `replace` takes thrice as long."""
        return Month(
            votes,
            self.complaints,
            self.learning,
            self.targets,
            self.progress,
            self.pending,
            self.ratings,
            self.paced_on,
            self.thanks,
        )

    def progressed(self, indicator: str, left: Progress) -> Month:
        """The month with this progress on an indicator, which is forgotten where no report is left."""
        others = {code: progress for code, progress in self.progress.items() if code != indicator}
        reported = left.verified_count or left.unverified_count
        return replace(self, progress=others | {indicator: left} if reported else others)

    def remains(self) -> Month:
        """What a closed month leaves behind: hours count all year, and a failed complaint stays failed."""
        return Month(learning=self.learning, complaints=Complaints(failed=self.complaints.failed))


BLANK = Month()


def votes_together(votes: Sequence[Votes]) -> Votes:
    """The votes of several months together."""
    if len(votes) == 1:
        return votes[0]
    return Votes(
        sum((v.weight for v in votes), ZERO),
        sum((v.thirds for v in votes), ZERO),
        sum((v.weight_squares for v in votes), ZERO),
        sum((v.thirds_squares for v in votes), ZERO),
        sum(v.count for v in votes),
    )
