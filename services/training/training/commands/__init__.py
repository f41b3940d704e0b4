"""What training can be asked to do, by subject: programmes and their sessions, and places in them."""

from training.commands.ending import cancel_session, close_session
from training.commands.enrolments import Accepted, Place, accept_completion, cancel_enrolment, enrol, note_attendance
from training.commands.sessions import (
    Course,
    Schedule,
    approve_session,
    offer_programme,
    open_session,
    plan_session,
    retire_programme,
)

__all__ = [
    "Accepted",
    "Course",
    "Place",
    "Schedule",
    "accept_completion",
    "approve_session",
    "cancel_enrolment",
    "cancel_session",
    "close_session",
    "enrol",
    "note_attendance",
    "offer_programme",
    "open_session",
    "plan_session",
    "retire_programme",
]
