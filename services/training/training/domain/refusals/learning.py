"""Every way in which the rules of standards, rights, certificates and mentoring can say no.

Refusal
├── InvalidStandard
├── NoEntitlement
├── CertificateRefused
│   ├── InvalidCertificate
│   ├── CertificateDecided
│   ├── TooManyCertificates
│   └── OwnCertificate
└── MentoringRefused
    ├── UnfitPair
    ├── MentorFull
    ├── AlreadyMentored
    ├── MentoringState
    ├── InvalidMeeting
    ├── MeetingRecorded
    ├── NotYourTurn
    └── InvalidEvaluation
"""

from __future__ import annotations

from training.domain.refusals.places import Refusal


class InvalidStandard(Refusal):
    """Not a standard of competence."""


class NoEntitlement(Refusal):
    """No right to further training that can be used."""


class CertificateRefused(Refusal):
    """A certificate earned elsewhere does not count, or not yet."""


class InvalidCertificate(CertificateRefused):
    """Dates, hours, title or issuer that cannot be."""


class CertificateDecided(CertificateRefused):
    """It was verified or rejected already."""


class TooManyCertificates(CertificateRefused):
    """So many wait for verification already."""


class OwnCertificate(CertificateRefused):
    """Nobody verifies their own."""


class MentoringRefused(Refusal):
    """The mentoring does not allow what was asked."""


class UnfitPair(MentoringRefused):
    """The two cannot be mentor and mentee."""


class MentorFull(MentoringRefused):
    """The mentor has as many mentees as one can have."""


class AlreadyMentored(MentoringRefused):
    """The two have a mentoring in this competency that has not ended."""


class MentoringState(MentoringRefused):
    """The mentoring is not at this step."""


class InvalidMeeting(MentoringRefused):
    """A day or hours that cannot be."""


class MeetingRecorded(MentoringRefused):
    """The meeting of this day is recorded, or confirmed, already."""


class NotYourTurn(MentoringRefused):
    """It is for the other side to do."""


class InvalidEvaluation(MentoringRefused):
    """Marks that do not answer the statements."""
