"""Every way in which the rules of programmes, sessions and places in them can say no.

Refusal
├── ProgrammeRefused
│   ├── InvalidProgramme
│   ├── UnknownCourseKind
│   ├── InvalidCompetency
│   ├── ProgrammeRetired
│   ├── ProgrammeElsewhere
│   └── UnitClosed
├── SessionRefused
│   ├── InvalidSession
│   ├── TooManyHours
│   ├── SessionNotOpen
│   ├── SessionStarted
│   ├── SessionNotOver
│   ├── SessionCancelled
│   └── SessionElsewhere
├── EnrolmentRefused
│   ├── LearnerUnknown
│   ├── LearnerInactive
│   ├── AlreadyEnrolled
│   ├── DaysTaken
│   ├── NotSeated
│   ├── EnrolmentClosed
│   └── NoSuchDay
└── CompletionRefused
    ├── AttendanceTooLow
    ├── CertificateMissing
    ├── CertificateUsed
    └── AlreadyCompleted
"""

from __future__ import annotations


class Refusal(Exception):
    """A rule's "no": what happened and what to do next, for the person who asked."""

    def __init__(self, message: str, *, field: str, detail: str) -> None:
        """``message`` is Indonesian, for people; ``field`` names what to correct; ``detail`` is for developers."""
        super().__init__(message)
        self.message = message
        self.field = field
        self.detail = detail


class ProgrammeRefused(Refusal):
    """Not a programme that can be offered."""


class InvalidProgramme(ProgrammeRefused):
    """A title, partner or number of hours that cannot be."""


class UnknownCourseKind(ProgrammeRefused):
    """SIASN would not take this kind of course."""


class InvalidCompetency(ProgrammeRefused):
    """Not a competency code, or none at all."""


class ProgrammeRetired(ProgrammeRefused):
    """The programme is no longer offered."""


class ProgrammeElsewhere(ProgrammeRefused):
    """The programme belongs to another part of the tree."""


class UnitClosed(ProgrammeRefused):
    """A closed unit offers nothing."""


class SessionRefused(Refusal):
    """The session does not allow what was asked."""


class InvalidSession(SessionRefused):
    """Dates, seats or place that cannot be."""


class TooManyHours(SessionRefused):
    """More hours than its days can hold."""


class SessionNotOpen(SessionRefused):
    """The session is not in the state that this step needs."""


class SessionStarted(SessionRefused):
    """Seats change hands until the first day is over."""


class SessionNotOver(SessionRefused):
    """The last day has not come yet."""


class SessionCancelled(SessionRefused):
    """The session did not take place."""


class SessionElsewhere(SessionRefused):
    """Another government hosts (and pays for) the session."""


class EnrolmentRefused(Refusal):
    """The enrolment does not allow what was asked."""


class LearnerUnknown(EnrolmentRefused):
    """No employee that personnel has announced, or none in the caller's reach."""


class LearnerInactive(EnrolmentRefused):
    """Seats are for employees in service."""


class AlreadyEnrolled(EnrolmentRefused):
    """One place for each employee."""


class DaysTaken(EnrolmentRefused):
    """Other places of the employee leave too few hours of the session's days."""


class NotSeated(EnrolmentRefused):
    """Whoever waits has no seat."""


class EnrolmentClosed(EnrolmentRefused):
    """The enrolment was cancelled or is completed."""


class NoSuchDay(EnrolmentRefused):
    """The session does not meet on that day, or the day is yet to come."""


class CompletionRefused(Refusal):
    """No certificate without learning, no hours without certificate."""


class AttendanceTooLow(CompletionRefused):
    """Too few of the session's days were attended."""


class CertificateMissing(CompletionRefused):
    """Hours count with a certificate number only."""


class CertificateUsed(CompletionRefused):
    """One certificate proves one person's learning."""


class AlreadyCompleted(CompletionRefused):
    """An enrolment is completed once."""
