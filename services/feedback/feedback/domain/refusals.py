"""Every way in which feedback's rules can say no.

Refusal
├── SubjectInactive
├── SubjectUnknown
├── OfficerElsewhere
├── ThanksToNobody
├── TicketRefused
│   ├── TicketUnknown
│   ├── TicketMistyped
│   ├── TicketExpired
│   ├── TicketUsed
│   ├── TicketForAnother
│   └── InvalidService
├── InvalidRating
├── TextTooLong
├── ReceiptMistyped
├── ReceiptUnknown
├── KeyRefused
│   ├── KeyMistyped
│   └── WrongKey
├── AlreadyWithdrawn
├── QuarantineRefused
│   ├── NotQuarantined
│   ├── InvalidChoice
│   └── ReasonMissing
├── DrawRefused
│   ├── InvalidSpan
│   ├── InvalidSize
│   └── NothingToDraw
├── SurveyRefused
│   ├── InvalidAnswer
│   ├── InvalidPeriod
│   └── InvalidPopulation
├── TokenUnknown
├── TokenUsed
├── TokenForAnother
├── InvalidCampaign
├── CampaignNotRunning
├── TooManyInvited
├── InvalidForum
├── ForumRecordedAlready
├── ProposalAnswered
├── InvalidCommitment
├── CommitmentEnded
├── ComplaintRefused
│   ├── InvalidClass
│   ├── TooManyComplaints
│   ├── NotVerified
│   ├── AlreadyVerified
│   ├── AlreadyAssigned
│   ├── AlreadyAnswered
│   ├── NotAnswered
│   ├── AlreadySettled
│   ├── NotAssignedToYou
│   ├── WordsMissing
│   └── TooOftenReopened
└── AlreadyModerated
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


class SubjectInactive(Refusal):
    """The employee has left or the unit is closed."""


class SubjectUnknown(Refusal):
    """Nobody and no unit that personnel has announced."""


class OfficerElsewhere(Refusal):
    """An officer is named together with a unit that is not theirs."""


class ThanksToNobody(Refusal):
    """Thanks are for an officer, and none is named."""


class TicketRefused(Refusal):
    """A service ticket that cannot be issued, or gives no voice here."""


class TicketUnknown(TicketRefused):
    """A well-formed code that no ticket has."""


class TicketMistyped(TicketRefused):
    """The check character disagrees: a typing error, not an unknown ticket."""


class TicketExpired(TicketRefused):
    """The service lies too far back."""


class TicketUsed(TicketRefused):
    """One ticket, one voice."""


class TicketForAnother(TicketRefused):
    """The ticket proves a service by somebody else."""


class InvalidService(TicketRefused):
    """The service on the ticket has no usable name."""


class InvalidRating(Refusal):
    """A rating is a whole number from 1 to 4."""


class TextTooLong(Refusal):
    """More words than feedback keeps."""


class ReceiptMistyped(Refusal):
    """The check character disagrees: a typing error, not an unknown receipt."""


class ReceiptUnknown(Refusal):
    """A well-formed number that no feedback has."""


class KeyRefused(Refusal):
    """What was given does not open this receipt."""


class KeyMistyped(KeyRefused):
    """The check character disagrees: a typing error, not a wrong key."""


class WrongKey(KeyRefused):
    """A well-formed key, of another receipt."""


class ProofRefused(Refusal):
    """A token that vouches for nobody: expired, of another provider, or meant for somebody else."""


class AlreadyWithdrawn(Refusal):
    """Feedback is taken back once."""


class QuarantineRefused(Refusal):
    """Oversight's decision about held voices that cannot be taken."""


class NotQuarantined(QuarantineRefused):
    """The voice is not held, or no longer."""


class InvalidChoice(QuarantineRefused):
    """Neither voices nor a burst are named, or both."""


class ReasonMissing(QuarantineRefused):
    """A decision needs a reason that its citizen can read."""


class DrawRefused(Refusal):
    """Invitations that cannot be drawn."""


class InvalidSpan(DrawRefused):
    """The days to draw from are not in order, too many, or not over."""


class InvalidSize(DrawRefused):
    """Neither a share nor a count, or both."""


class NothingToDraw(DrawRefused):
    """No ticket of these days waits for an invitation."""


class ComplaintRefused(Refusal):
    """A step that a complaint cannot take."""


class InvalidClass(ComplaintRefused):
    """No class of complaints has this name."""


class TooManyComplaints(ComplaintRefused):
    """One address has lodged as many about a unit in this hour as it may."""


class NotVerified(ComplaintRefused):
    """The office has not verified it yet."""


class AlreadyVerified(ComplaintRefused):
    """A complaint is verified once."""


class AlreadyAssigned(ComplaintRefused):
    """It is with this officer already."""


class AlreadyAnswered(ComplaintRefused):
    """It waits for its citizen, or is settled."""


class NotAnswered(ComplaintRefused):
    """There is no answer to confirm or contest, or no longer."""


class AlreadySettled(ComplaintRefused):
    """It was confirmed, or the days to contest it are over."""


class NotAssignedToYou(ComplaintRefused):
    """Only the officer who has it answers."""


class WordsMissing(ComplaintRefused):
    """Something has to be said."""


class TooOftenReopened(ComplaintRefused):
    """It has been answered and contested too often to be solved here."""


class AlreadyModerated(Refusal):
    """The words are hidden already, or shown already."""


class SurveyRefused(Refusal):
    """The survey's arithmetic has nothing to stand on."""


class InvalidAnswer(SurveyRefused):
    """Not nine marks from 1 to 4."""


class InvalidPeriod(SurveyRefused):
    """Neither month, quarter nor year."""


class InvalidPopulation(SurveyRefused):
    """A number of people is not negative."""


class TokenUnknown(Refusal):
    """No invitation has this code."""


class TokenUsed(Refusal):
    """One code, one answer."""


class TokenForAnother(Refusal):
    """The code was given out for another unit, campaign or forum."""


class InvalidCampaign(Refusal):
    """Its days or its population make no campaign."""


class CampaignNotRunning(Refusal):
    """It has not begun, or has ended."""


class TooManyInvited(Refusal):
    """More invitations than people who were served."""


class InvalidForum(Refusal):
    """Its day, its minutes or its due date cannot be."""


class ForumRecordedAlready(Refusal):
    """The minutes are written: what was proposed and supported stands."""


class ProposalAnswered(Refusal):
    """The official answer is given once."""


class InvalidCommitment(Refusal):
    """Its due date or what it cites cannot be."""


class CommitmentEnded(Refusal):
    """It was kept or dropped; what was published stands."""
