"""A place in a session, from the seat or the waiting line through attendance to the certificate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from kinara.contracts import Province
from kinara.contracts.training import EnrolmentConfirmed, EnrolmentWaitlisted, TrainingCompleted

from training.domain.admission import not_open, refuse_started, refuse_unfit
from training.domain.announcement import place_in_line, seat_given
from training.domain.budget import Budget, Lacking, lacks
from training.domain.funding import FREE, of_unit
from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.refusals import (
    AlreadyCompleted,
    AttendanceTooLow,
    CertificateMissing,
    EnrolmentClosed,
    NoSuchDay,
    NotSeated,
)
from training.domain.session import (
    Hours,
    Session,
    gives_seats,
    leave,
    refuse_unfinished,
    wait,
)
from training.domain.urgency import urgency_of

Status = Literal["confirmed", "waiting", "cancelled", "completed"]

LEAST_ATTENDANCE = Decimal("0.8")
"""Share of the session's meeting days that a certificate needs."""

_LONGEST_NUMBER = 100
_LACKING: Mapping[Lacking, str] = {
    "seat": "Kursi sesi ini sudah penuh. Kursi yang kosong diberikan menurut kebutuhan.",
    "money": "Sisa anggaran pelatihan unit tidak cukup. Tempat diberikan menurut kebutuhan begitu ada sisa.",
    "budget": "Anggaran pelatihan unit untuk tahun sesi ini belum ditetapkan. Tempat diberikan menurut kebutuhan "
    "setelah anggaran ditetapkan.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """One employee's place in one session."""

    id: str
    session_id: str
    programme_id: str
    employee_id: str
    province: Province
    unit_path: str
    status: Status
    attended: tuple[date, ...] = ()
    """Meeting days attended, ascending."""
    completion_id: str | None = None
    certificate_number: str | None = None
    waits_for: Lacking | None = None
    amount: Decimal = FREE
    """What the learner's unit pays for the place, in rupiah."""
    budget_id: str | None = None
    """Whose money it takes, or waits for; None where it costs nothing, or no budget is set up yet."""
    entitled: bool = False
    """Whether a right to further training is used for it: then its government pays before its unit does."""
    spent: bool = False
    """Whether that money is spent; until then it is reserved while there is a seat."""

    @property
    def reserves(self) -> bool:
        """Whether money is bound for it that is not spent."""
        return self.status == "confirmed" and self.budget_id is not None and not self.spent

    @property
    def why_waiting(self) -> str | None:
        """What has to come before there is a seat; Indonesian, for who waits."""
        return _LACKING[self.waits_for] if self.waits_for is not None else None


def enrol(
    enrolment_id: str,
    session: Session,
    programme: Programme,
    learner: Record,
    on: date,
    elsewhere: Iterable[Hours] = (),
    budget: Budget | None = None,
    *,
    entitled: bool = False,
) -> tuple[Session, Enrolment, EnrolmentConfirmed | EnrolmentWaitlisted]:
    """A seat if there is one and money for it, else a place in the waiting line, by need.

    ``elsewhere`` are the hours of the employee's places in other sessions, also of those they wait for: whoever gets a
    seat from the line has the days for it. ``budget`` is the one that pays for the employee; without one, a place that
    costs their unit something waits until it is set up.
    """
    refuse_unfit(session, programme, learner, on, elsewhere)
    enrolment = Enrolment(
        id=enrolment_id,
        session_id=session.id,
        programme_id=programme.id,
        employee_id=learner.employee_id,
        province=learner.province,
        unit_path=learner.unit_path,
        status="confirmed",
        entitled=entitled,
    )
    enrolment = paid_by(enrolment, budget, session)
    lacking = lacks(session, enrolment.amount, budget)
    if not lacking and enrolment.amount and budget is not None and budget.in_steps:
        lacking = "money"
    if lacking:
        enrolment = replace(enrolment, status="waiting", waits_for=lacking)
        session = wait(session, learner.employee_id, urgency_of(learner, programme, enrolment.id, entitled=entitled))
        return session, enrolment, place_in_line(enrolment.id, session, learner)
    session = replace(session, seated=(*session.seated, learner.employee_id))
    return session, enrolment, seat_given(enrolment.id, session, programme, learner)


def paid_by(enrolment: Enrolment, budget: Budget | None, session: Session) -> Enrolment:
    """The place with who pays the unit's share of its price."""
    amount = of_unit(session.shares)
    return replace(enrolment, amount=amount, budget_id=budget.id if budget is not None and amount else None)


def cancel(enrolment: Enrolment, session: Session, on: date) -> tuple[Session, Enrolment]:
    """The employee gives the place back; ``waiting.move_up`` says who gets the seat. Who waits may always leave."""
    _refuse_closed(enrolment)
    if enrolment.status != "waiting":
        refuse_started(session, on)
    return leave(session, enrolment.employee_id), replace(enrolment, status="cancelled", waits_for=None)


def call_off(enrolment: Enrolment) -> Enrolment:
    """The session was cancelled, and this place with it; or it was held, and this one never became a seat."""
    _refuse_closed(enrolment)
    return replace(enrolment, status="cancelled", waits_for=None)


def attend(enrolment: Enrolment, session: Session, day: date, today: date) -> Enrolment:
    """The employee was there on a meeting day; saying so twice changes nothing."""
    _refuse_closed(enrolment)
    _refuse_unseated(enrolment)
    if session.state != "open":
        raise not_open(session)
    if day not in session.meets_on or day > today:
        raise NoSuchDay(
            f"Kehadiran {day:%d-%m-%Y} tidak dapat dicatat. Pilih hari pelaksanaan sesi yang sudah berlangsung.",
            field="day",
            detail="the session does not meet on that day, or the day is yet to come",
        )
    return replace(enrolment, attended=tuple(sorted({*enrolment.attended, day})))


def complete(
    enrolment: Enrolment,
    session: Session,
    programme: Programme,
    learner: Record,
    *,
    completion_id: str,
    certificate_number: str,
    on: date,
) -> tuple[Enrolment, TrainingCompleted]:
    """Learning ended with a certificate, entered on day ``on``; the hours count on the session's last day."""
    if enrolment.status == "completed":
        raise AlreadyCompleted(
            f"Sertifikat sudah dicatat dengan nomor {enrolment.certificate_number}. Periksa nomornya.",
            field="enrolment_id",
            detail="an enrolment is completed once",
        )
    _refuse_closed(enrolment)
    _refuse_unseated(enrolment)
    refuse_unfinished(session, on)
    _refuse_absent(enrolment, session)
    number = _certificate_number(certificate_number)
    completed = replace(
        enrolment, status="completed", completion_id=completion_id, certificate_number=number,
        spent=enrolment.budget_id is not None,
    )  # fmt: skip
    return completed, TrainingCompleted(
        province=learner.province,
        unit_path=learner.unit_path,
        employee_id=enrolment.employee_id,
        completion_id=completion_id,
        enrolment_id=enrolment.id,
        programme_id=programme.id,
        title=programme.title,
        partner=programme.partner.name,
        jp=programme.jp,
        course_kind=programme.course_kind,
        certificate_number=number,
        completed_on=session.ends_on,
    )


def _refuse_closed(enrolment: Enrolment) -> None:
    if enrolment.status in ("cancelled", "completed"):
        raise EnrolmentClosed(
            "Pendaftaran ini sudah dibatalkan atau selesai. Daftar kembali pada sesi yang dibuka.",
            field="enrolment_id",
            detail=f"the enrolment is {enrolment.status}",
        )


def _refuse_unseated(enrolment: Enrolment) -> None:
    if enrolment.status == "waiting":
        raise NotSeated(
            "Pegawai ini masih dalam daftar tunggu. Tunggu sampai mendapat kursi, atau pilih sesi lain.",
            field="enrolment_id",
            detail="whoever waits has no seat",
        )


def attended_enough(enrolment: Enrolment, session: Session) -> bool:
    """Whether a certificate may follow."""
    return len(enrolment.attended) >= LEAST_ATTENDANCE * len(session.meets_on)


def takes_days(enrolment: Enrolment, session: Session, on: date) -> bool:
    """Whether the place keeps the session's days: no more once no seat, or no certificate, can come of it."""
    if session.state == "cancelled":
        return False
    if enrolment.status == "waiting":
        return gives_seats(session, on)
    missed = enrolment.status == "confirmed" and session.state == "held" and not attended_enough(enrolment, session)
    return enrolment.status != "cancelled" and not missed


def settle(enrolment: Enrolment) -> Enrolment:
    """The session was held: a kept seat is paid, whoever came and whether or not a certificate follows."""
    return replace(enrolment, spent=True) if enrolment.reserves else enrolment


def _refuse_absent(enrolment: Enrolment, session: Session) -> None:
    if not attended_enough(enrolment, session):
        raise AttendanceTooLow(
            f"Hadir {len(enrolment.attended)} dari {len(session.meets_on)} hari, kurang dari {LEAST_ATTENDANCE:.0%}. "
            "Periksa daftar hadir, atau ikuti sesi berikutnya.",
            field="enrolment_id",
            detail=f"expected at least {LEAST_ATTENDANCE} of {len(session.meets_on)} meeting days",
        )


def _certificate_number(text: str) -> str:
    number = " ".join(text.split())
    if not 0 < len(number) <= _LONGEST_NUMBER:
        raise CertificateMissing(
            f"Nomor sertifikat harus diisi, paling panjang {_LONGEST_NUMBER} huruf. Salin dari sertifikat.",
            field="certificate_number",
            detail=f"expected 1 to {_LONGEST_NUMBER} characters, got {len(number)}",
        )
    return number
