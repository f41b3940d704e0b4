"""Who may have a place in a session at all: in service, of the government that hosts it, in time, and once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.refusals import (
    AlreadyEnrolled,
    DaysTaken,
    LearnerInactive,
    SessionElsewhere,
    SessionNotOpen,
    SessionStarted,
)
from training.domain.session import JP_A_DAY, Hours, Session, fit_together, gives_seats
from training.domain.unit import same_government


def refuse_unfit(session: Session, programme: Programme, learner: Record, on: date, elsewhere: Iterable[Hours]) -> None:
    """Refuse whom no place can be given, free or not."""
    if not learner.active:
        raise LearnerInactive(
            "Pegawai ini tidak bertugas lagi. Pilih pegawai yang masih bertugas.",
            field="employee_id",
            detail="the employee is not in service",
        )
    _refuse_elsewhere(session, learner)
    refuse_started(session, on)
    _refuse_enrolled(session, learner)
    _refuse_taken_days(session, programme, elsewhere)


def refuse_started(session: Session, on: date) -> None:
    """Refuse once seats change hands no more."""
    if session.state != "open":
        raise not_open(session)
    if not gives_seats(session, on):
        raise SessionStarted(
            f"Sesi sudah dimulai pada {session.starts_on:%d-%m-%Y}. Hubungi penyelenggara, atau pilih sesi lain.",
            field="session_id",
            detail=f"seats change hands until {session.starts_on}",
        )


def not_open(session: Session) -> SessionNotOpen:
    """The session is at another step."""
    return SessionNotOpen(
        "Sesi ini tidak sedang dibuka. Pilih sesi yang dibuka.",
        field="session_id",
        detail=f"expected an open session, this one is {session.state}",
    )


def _refuse_elsewhere(session: Session, learner: Record) -> None:
    if not same_government(session.unit_path, learner.unit_path):
        raise SessionElsewhere(
            "Sesi ini diselenggarakan pemerintah daerah lain. Pilih sesi di daerah Anda.",
            field="session_id",
            detail="the session's unit and the employee's unit have different roots",
        )


def _refuse_enrolled(session: Session, learner: Record) -> None:
    if learner.employee_id in session.seated or learner.employee_id in session.waiting:
        raise AlreadyEnrolled(
            "Pegawai ini sudah terdaftar pada sesi ini. Tidak ada lagi yang perlu dilakukan.",
            field="employee_id",
            detail="the employee has a seat or waits for one",
        )


def _refuse_taken_days(session: Session, programme: Programme, elsewhere: Iterable[Hours]) -> None:
    if not fit_together([*elsewhere, (programme.jp, session.meets_on)]):
        raise DaysTaken(
            f"Pegawai ini sudah terdaftar pada sesi lain di hari yang sama, dan sehari paling banyak {JP_A_DAY} JP. "
            "Pilih sesi lain, atau lepaskan dahulu tempat di sesi itu.",
            field="session_id",
            detail=f"with the employee's other places, {programme.jp} JP more exceed {JP_A_DAY} JP a day",
        )
