"""Every way appraisal's rules can say no.

Refusal
├── UnknownProvince            the code is no province of Indonesia
├── InvalidPeriod              neither month, quarter nor year; or not a period the policy appraises
│   ├── PeriodNotBegun         nobody is rated for days to come
│   ├── PeriodNotOver          a period is closed after its last day
│   └── PeriodOver             nothing is agreed for days that have passed
├── PeriodClosed               the period was closed and no longer changes
├── EarlierPeriodOpen          periods are closed in their order
├── InvalidPolicy              a policy outside the legal bounds, or unreadable
├── PolicyAlreadyExists        the same version, or a second policy for one unit and date
├── PolicyAlreadyActive        a draft is activated once
├── PolicyTooLate              no policy weighs a period that has begun
├── PolicyNotTried             nobody is judged by a policy that was not simulated
├── UnitUnknown                personnel has not told of a unit at this path
├── NoPolicyInForce            no policy reaches the unit on that day
├── InvalidIndicator           an indicator that cannot be measured
├── UnknownField               the catalogue of indicators knows no such field
├── InvalidOutcome             an outcome that cannot be read, or a code that stands twice in a plan
│   ├── NoMainOutcome          a plan (SKP) without a main outcome
│   └── UnknownOutcome         the superior's agreed plan has no outcome of that code
├── SkpNotProposed             no proposal waits for the superior's word
├── TargetChangeNeedsReason    a target agreed or changed after a quarter of its period
├── IndicatorNotAgreed         progress on something that was never agreed
├── InvalidProgress            an amount that cannot be, or a day to come
├── ReportAlreadyMade          the same report twice
├── ReportNotFound             no report of that id waits for verification
├── ReportAnswered             what was verified or returned stays as it was seen
├── InvalidEvidence            no https link, or a file of a kind that is not accepted
├── TooMuchEvidence            a report has so many pieces, and no more
├── SelfVerification           nobody verifies or returns their own report
├── InvalidPanel               not so many people, not all of them of this government, or the superior among them
├── PanelExists                an employee has one panel for a period
├── PanelClosed                a panel that is closed takes no answers
├── InvalidBehaviourRating     not seven marks from 1 to 5
├── SelfRating                 nobody rates themselves
├── StillInShadow              a period that is only tried out has no consequences
├── NothingProposed            a period closed without both axes
├── DeviationNeedsReason       another predikat than proposed, or a decision given back, in silence
├── AlreadyDecided             a verdict is given once
├── NothingToSign              no decision waits for a second signer
├── OwnSignature               nobody signs their own decision
├── NotYetDecided              no objection to what nobody has decided
├── ObjectionTooLate           an objection after its fourteen days
├── ObjectionMade              one objection for each verdict
├── NoObjection                no objection waits
├── NotHeard                   an objection is decided when both sides were heard
├── DayToCome                  a meeting or hearing that has not been held
├── NotLatestClosed            only the latest closed period is opened again
├── CoachingNotWaiting         a case is opened once
├── CoachingNotOpen            meetings and evaluations belong to an open case
├── InvalidPlan                a plan outside its bounds, or marks that are none
├── PlanRunning                a case does not fail before its plan is over
├── AwardDecided               a nomination is decided once
├── DisciplineUnchecked        an award without a look at discipline
├── UnknownJenjang             no functional level has this code
├── UnknownPredikat            organisations have no predikat of this name
└── InvalidCuts                levels that no mark, or every mark, would reach
"""

from __future__ import annotations


class Refusal(Exception):
    """A rule said no: ``message`` is for the person (Indonesian), ``detail`` for the developer (English)."""

    def __init__(self, message: str, *, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.message = message
        self.detail = detail
        self.field = field


class UnknownProvince(Refusal):
    """The code is no province of Indonesia."""


class InvalidPeriod(Refusal):
    """Neither month, quarter nor year; or not a period that the unit's policy appraises."""


class PeriodNotBegun(InvalidPeriod):
    """The period has not begun: behaviour that nobody has seen yet cannot be rated."""


class PeriodNotOver(InvalidPeriod):
    """The period has not ended: nothing opens a closed one again, and what happens in the rest of it would be lost."""


class PeriodOver(InvalidPeriod):
    """The period has ended: a target is agreed before the work, not after it is known."""


class PeriodClosed(Refusal):
    """The period was closed: what is known later is an objection's or a correction's business."""


class EarlierPeriodOpen(Refusal):
    """An earlier period is still open: periods are closed in their order."""


class InvalidPolicy(Refusal):
    """The policy is unreadable, or leaves the bounds within which regions may choose."""


class PolicyAlreadyExists(Refusal):
    """This version exists, or another policy holds for the same unit from the same day."""


class PolicyAlreadyActive(Refusal):
    """The draft was activated before: its next version is a draft of its own."""


class PolicyTooLate(Refusal):
    """The first day of the draft has come or passed: weights never hold for days that have begun."""


class PolicyNotTried(Refusal):
    """No simulation of this draft has ended: nobody is judged by a policy that was not tried out."""


class UnitUnknown(Refusal):
    """No unit that personnel has told of lies at this path."""


class NoPolicyInForce(Refusal):
    """No policy, not even a national one, reaches the unit on that day."""


class InvalidIndicator(Refusal):
    """The indicator cannot be measured as described."""


class UnknownField(Refusal):
    """The catalogue has no indicators for a field (bidang) of that name."""


class InvalidOutcome(Refusal):
    """The outcomes of a plan cannot be read or told apart, or their indicators are too many."""


class NoMainOutcome(InvalidOutcome):
    """A plan has at least one main outcome (hasil kerja utama)."""


class UnknownOutcome(InvalidOutcome):
    """An outcome supports one that the superior's agreed plan does not have."""


class SkpNotProposed(Refusal):
    """No proposal waits for the superior's word: it was agreed, or sent back."""


class TargetChangeNeedsReason(Refusal):
    """A target is agreed, or changes, after a quarter of its period only with a written reason."""


class IndicatorNotAgreed(Refusal):
    """No such indicator was agreed for the period."""


class InvalidProgress(Refusal):
    """The amount cannot be counted, or was done on a day that has not come."""


class ReportAlreadyMade(Refusal):
    """A report of this id already waits for verification."""


class ReportNotFound(Refusal):
    """No report of this id waits for verification: unknown, verified already, or its period is closed."""


class ReportAnswered(Refusal):
    """The report was verified or returned, or its period is closed: its evidence stays as it was seen."""


class InvalidEvidence(Refusal):
    """The link is no https address, or the file none of the kinds that are accepted."""


class TooMuchEvidence(Refusal):
    """The report has as many pieces of evidence as a report may have."""


class SelfVerification(Refusal):
    """Nobody verifies or returns their own report."""


class InvalidPanel(Refusal):
    """Too few or too many are invited, somebody twice, a stranger, or the superior, who rates without a panel."""


class PanelExists(Refusal):
    """There is a panel for this employee and period: of two the difference could tell who said what."""


class PanelClosed(Refusal):
    """The panel is closed: what it shows no longer changes."""


class InvalidBehaviourRating(Refusal):
    """A behaviour rating is seven marks, one for each BerAKHLAK value, from 1 to 5."""


class SelfRating(Refusal):
    """Nobody rates their own behaviour."""


class StillInShadow(Refusal):
    """The unit only tries the policy out: its scores are shown and have no consequences."""


class NothingProposed(Refusal):
    """The period was closed without work results or without behaviour: the matrix proposes nothing."""


class DeviationNeedsReason(Refusal):
    """A decision that differs from the proposal, or gives a decision back, needs a written reason."""


class AlreadyDecided(Refusal):
    """The verdict was given: from here on only an objection changes it."""


class NothingToSign(Refusal):
    """No decision of this period waits for a second signature."""


class OwnSignature(Refusal):
    """The second signer is somebody else than who decided."""


class NotYetDecided(Refusal):
    """There is no verdict yet that could be objected to."""


class ObjectionTooLate(Refusal):
    """Objections are filed within fourteen days. Source: PP 30/2019 ps. 59."""


class ObjectionMade(Refusal):
    """This verdict was objected to before."""


class NoObjection(Refusal):
    """No objection to this verdict waits for a hearing or a decision."""


class NotHeard(Refusal):
    """An objection is decided after both sides were heard."""


class DayToCome(Refusal):
    """What is recorded as held lies in the future."""


class NotLatestClosed(Refusal):
    """Periods are opened again in the reverse order of their closing, and only within the year that runs."""


class CoachingNotWaiting(Refusal):
    """The coaching case is open or has ended."""


class CoachingNotOpen(Refusal):
    """The coaching case was not opened yet, or has ended."""


class InvalidPlan(Refusal):
    """A plan of coaching outside its bounds, or marks that are none."""


class PlanRunning(Refusal):
    """A case ends without success only once its plan is over."""


class AwardDecided(Refusal):
    """The nomination was granted or declined before."""


class DisciplineUnchecked(Refusal):
    """An award is granted only once running discipline is ruled out."""


class UnknownJenjang(Refusal):
    """No functional level has this code."""


class UnknownPredikat(Refusal):
    """No predikat of an organisation is called this."""


class InvalidCuts(Refusal):
    """The cuts of an axis do not make three levels of the marks 0 to 100."""
