"""What training says about places in sessions."""

from __future__ import annotations

from typing import Any, Literal

from kinara.contracts.training import EnrolmentCancelled, EnrolmentConfirmed, EnrolmentWaitlisted

from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.session import Session


def seat_given(enrolment_id: str, session: Session, programme: Programme, learner: Record) -> EnrolmentConfirmed:
    """The employee has a seat."""
    return EnrolmentConfirmed(**_seat(enrolment_id, session, programme, learner))


def seat_lost(
    enrolment_id: str,
    session: Session,
    programme: Programme,
    learner: Record,
    reason: Literal["participant", "session_called_off"],
) -> EnrolmentCancelled:
    """The employee's seat was given back, or there is no session to sit in."""
    return EnrolmentCancelled(**_seat(enrolment_id, session, programme, learner), reason=reason)


def place_in_line(enrolment_id: str, session: Session, learner: Record) -> EnrolmentWaitlisted:
    """The employee waits, where their need puts them."""
    return EnrolmentWaitlisted(
        province=learner.province,
        unit_path=learner.unit_path,
        employee_id=learner.employee_id,
        enrolment_id=enrolment_id,
        session_id=session.id,
        place=session.waiting.index(learner.employee_id) + 1,
    )


def _seat(enrolment_id: str, session: Session, programme: Programme, learner: Record) -> dict[str, Any]:
    return {
        "province": learner.province,
        "unit_path": learner.unit_path,
        "employee_id": learner.employee_id,
        "enrolment_id": enrolment_id,
        "session_id": session.id,
        "programme_id": programme.id,
        "title": programme.title,
        "jp": programme.jp,
        "starts_on": session.starts_on,
        "ends_on": session.ends_on,
    }
