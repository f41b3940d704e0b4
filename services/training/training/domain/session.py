"""A session of a programme: its days, its seats, and the line of those who wait for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from kinara.contracts import Province

from training.domain.funding import FREE, Share
from training.domain.programme import Programme
from training.domain.refusals import (
    InvalidSession,
    ProgrammeRetired,
    SessionCancelled,
    SessionNotOpen,
    SessionNotOver,
    TooManyHours,
)
from training.domain.urgency import Urgency

State = Literal["planned", "open", "held", "cancelled"]
"""Planned: not yet announced. Open: seats are given. Held: it took place; seats and attendance stand."""

JP_A_DAY = 8
"""More than eight hours of 45 minutes in a day are not learning.

No session holds more, and nobody gets places that together ask for more: so the score's learning part, which has the
same cap, counts the hours of each certificate as they are.
"""

MOST_SEATS = 1000
FIRST_YEAR = 2020
"""The first whose sessions are entered here; an earlier one is a slip of the pen, or history for SIASN's records."""
LAST_YEAR = 2999
"""The last that a period of appraisal can name (``contracts/periods.py``): an hour on offer later counts nowhere."""
_LONGEST = timedelta(days=366)
_SATURDAY = 5

Hours = tuple[int, tuple[date, ...]]
"""So many JP, to be learnt on these days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run of a programme. ``seated`` and ``waiting`` are employee ids; of those who wait the neediest first."""

    id: str
    programme_id: str
    starts_on: date
    ends_on: date
    meets_on: tuple[date, ...]
    """The days of teaching, ascending; attendance is counted on these."""
    seats: int
    place: str | None
    """Where it meets; None for online."""
    province: Province
    unit_path: str
    state: State = "planned"
    seated: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    ranks: Mapping[str, Urgency] = field(default_factory=dict)
    """Why who waits stands where in the line, by employee, as of the last time that it was put in order."""
    price: Decimal = FREE
    """Of a place, in rupiah."""
    shares: tuple[Share, ...] = ()
    """Who pays it."""
    plan_id: str | None = None
    """The annual plan that it is a part of."""
    planned_by: str | None = None
    cleared: tuple[str, ...] = ()
    """Conflicts of interest in spite of which a second person has approved it."""
    to_settle: str | None = None
    """Once it was held or called off: enrolments before this id are yet to be settled; None when all are."""
    settled_at: datetime | None = None
    """When the last of them were, while some are left."""

    @property
    def full(self) -> bool:
        """Whether the next employee has to wait."""
        return len(self.seated) >= self.seats


def plan(
    session_id: str,
    programme: Programme,
    *,
    starts_on: date,
    ends_on: date,
    seats: int,
    place: str | None = None,
    meets_on: Iterable[date] | None = None,
    price: Decimal = FREE,
    shares: tuple[Share, ...] = (),
    plan_id: str | None = None,
    planned_by: str | None = None,
) -> Session:
    """A session from ``starts_on`` to ``ends_on``; it meets on ``meets_on``, else on its weekdays, else on all days."""
    _refuse_unfit(programme, seats)
    _refuse_range(starts_on, ends_on)
    days = _meeting_days(starts_on, ends_on, meets_on)
    _refuse_hours(programme, days)
    return Session(
        id=session_id,
        programme_id=programme.id,
        starts_on=starts_on,
        ends_on=ends_on,
        meets_on=days,
        seats=seats,
        place=" ".join(place.split()) or None if place else None,
        province=programme.province,
        unit_path=programme.unit_path,
        price=price,
        shares=shares,
        plan_id=plan_id,
        planned_by=planned_by,
    )


def _refuse_unfit(programme: Programme, seats: int) -> None:
    if not programme.active:
        raise ProgrammeRetired(
            f"Pelatihan {programme.title} sudah tidak ditawarkan. Pilih pelatihan lain.",
            field="programme_id",
            detail="the programme is retired",
        )
    if not 1 <= seats <= MOST_SEATS:
        raise InvalidSession(
            f"Jumlah kursi harus 1 sampai {MOST_SEATS}. Periksa kapasitasnya.",
            field="seats",
            detail=f"expected 1 to {MOST_SEATS}, got {seats}",
        )


def _refuse_hours(programme: Programme, days: Sequence[date]) -> None:
    if programme.jp > JP_A_DAY * len(days):
        needed = -(-programme.jp // JP_A_DAY)
        raise TooManyHours(
            f"{programme.jp} JP membutuhkan sedikitnya {needed} hari, paling banyak {JP_A_DAY} JP sehari. "
            "Tambah hari pelaksanaan.",
            field="ends_on",
            detail=f"{programme.jp} JP in {len(days)} days exceeds {JP_A_DAY} JP a day",
        )


def fit_together(asked: Iterable[Hours]) -> bool:
    """Whether one person can learn all these hours at no more than eight a day.

    Whoever needs their days whole comes first, then whoever has the fewest, and takes the earliest of them: a course of
    a day needs that day, one of weeks finds room around it.
    """
    left: defaultdict[date, int] = defaultdict(lambda: JP_A_DAY)
    for jp, days in sorted(asked, key=lambda hours: (hours[0] < JP_A_DAY * len(hours[1]), len(hours[1]), hours[1])):
        to_learn = jp
        for day in days:
            learnt = min(to_learn, left[day])
            left[day] -= learnt
            to_learn -= learnt
        if to_learn:
            return False
    return True


def open_seats(session: Session) -> Session:
    """Employees can enrol from now on."""
    if session.state != "planned":
        raise _wrong_state(session, "planned", "Pendaftaran hanya dapat dibuka untuk sesi yang masih direncanakan.")
    return replace(session, state="open")


def hold(session: Session, on: date) -> Session:
    """The session took place; nothing about seats and attendance changes any more, and nobody waits for it."""
    if session.state != "open":
        raise _wrong_state(session, "open", "Hanya sesi yang dibuka dapat dinyatakan terlaksana.")
    refuse_unfinished(session, on)
    return replace(session, state="held", waiting=(), ranks={})


def gives_seats(session: Session, on: date) -> bool:
    """Whether a seat may change hands: who comes on the first morning may still take an empty chair."""
    return session.state == "open" and on <= session.starts_on


def wait(session: Session, employee_id: str, urgency: Urgency) -> Session:
    """Somebody joins the waiting line, where their need puts them."""
    session = replace(session, waiting=(*session.waiting, employee_id))
    return put_in_order(session, {employee_id: urgency})


def put_in_order(session: Session, urgencies: Mapping[str, Urgency]) -> Session:
    """The waiting line by need, with what is known of it today."""
    ranks = {id_: {**session.ranks, **urgencies}.get(id_, Urgency()) for id_ in session.waiting}
    return replace(session, waiting=tuple(sorted(ranks, key=lambda id_: ranks[id_].key)), ranks=ranks)


def leave(session: Session, employee_id: str) -> Session:
    """Somebody has neither seat nor place in the line any more."""
    return replace(
        session,
        seated=tuple(i for i in session.seated if i != employee_id),
        waiting=tuple(i for i in session.waiting if i != employee_id),
        ranks={id_: urgency for id_, urgency in session.ranks.items() if id_ != employee_id},
    )


def place_of(session: Session, employee_id: str) -> int | None:
    """The place in the waiting line, 1 is next; None for whoever does not wait."""
    return session.waiting.index(employee_id) + 1 if employee_id in session.waiting else None


def why_there(session: Session, employee_id: str) -> str | None:
    """What put somebody at their place in the line; None for whoever does not wait."""
    return session.ranks.get(employee_id, Urgency()).reason if employee_id in session.waiting else None


def cancel(session: Session, completed: int = 0) -> Session:
    """The session does not take place; its enrolments are to be called off with it.

    Where certificates were ``completed``, it has taken place.
    """
    if completed:
        raise SessionNotOpen(
            "Sesi ini sudah terlaksana: ada sertifikat yang tercatat. Sesi seperti itu tidak dapat dibatalkan.",
            field="session_id",
            detail=f"{completed} completions are recorded",
        )
    if session.state not in ("planned", "open"):
        raise _wrong_state(session, "planned or open", "Sesi yang terlaksana atau sudah batal tidak dapat dibatalkan.")
    return replace(session, state="cancelled", seated=(), waiting=(), ranks={})


def refuse_unfinished(session: Session, on: date) -> None:
    """Refuse unless, on this day, the session's last day has come."""
    if session.state == "cancelled":
        raise SessionCancelled(
            "Sesi ini dibatalkan. Pilih sesi lain.",
            field="session_id",
            detail="the session was cancelled",
        )
    if on < session.ends_on:
        raise SessionNotOver(
            f"Sesi berakhir pada {session.ends_on:%d-%m-%Y}. Ulangi pada atau setelah tanggal itu.",
            field="session_id",
            detail=f"the session ends on {session.ends_on}",
        )


def _wrong_state(session: Session, expected: str, message: str) -> SessionNotOpen:
    return SessionNotOpen(
        f"{message} Periksa status sesi.",
        field="session_id",
        detail=f"expected a session that is {expected}, this one is {session.state}",
    )


def _refuse_range(starts_on: date, ends_on: date) -> None:
    if starts_on.year < FIRST_YEAR:
        raise InvalidSession(
            f"Sesi harus dimulai paling awal tahun {FIRST_YEAR}. Periksa tahunnya.",
            field="starts_on",
            detail=f"expected {FIRST_YEAR} or later, got {starts_on}",
        )
    if not timedelta(0) <= ends_on - starts_on <= _LONGEST:
        raise InvalidSession(
            "Tanggal selesai tidak boleh sebelum tanggal mulai dan paling lama setahun sesudahnya. Periksa tanggalnya.",
            field="ends_on",
            detail=f"expected {starts_on} or up to {_LONGEST.days} days later, got {ends_on}",
        )
    if ends_on.year > LAST_YEAR:
        raise InvalidSession(
            f"Sesi harus selesai paling lambat tahun {LAST_YEAR}. Periksa tahunnya.",
            field="ends_on",
            detail=f"expected a day until {LAST_YEAR}, got {ends_on}",
        )


def _meeting_days(starts_on: date, ends_on: date, given: Iterable[date] | None) -> tuple[date, ...]:
    every = [starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1)]
    if given is None:
        return tuple(day for day in every if day.weekday() < _SATURDAY) or tuple(every)
    chosen = tuple(sorted(set(given)))
    if not chosen or not set(chosen) <= set(every):
        raise InvalidSession(
            f"Hari pelaksanaan harus diisi, antara {starts_on:%d-%m-%Y} dan {ends_on:%d-%m-%Y}. Periksa tanggalnya.",
            field="meets_on",
            detail="expected at least one day, all of them within the session",
        )
    return chosen
