"""Refusals about plans, progress, evidence and behaviour."""

from __future__ import annotations

from appraisal.domain.refusals.root import Refusal


class InvalidIndicator(Refusal):
    """The indicator cannot be measured as described."""


class UnknownField(Refusal):
    """The catalogue has no indicators for a field (bidang) of that name."""


class InvalidOutcome(Refusal):
    """The outcomes of a plan cannot be read or told apart, or their indicators are too many."""


class InnovationWithoutGoal(InvalidOutcome):
    """An innovation serves a goal: one of the policy's, where that names any."""


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


class EvidenceMissing(Refusal):
    """A self-report counts in full only once something shows what it speaks of."""


class TooMuchEvidence(Refusal):
    """The report has as many pieces of evidence as a report may have."""


class SelfVerification(Refusal):
    """Nobody verifies or returns their own report."""


class AuditDecided(Refusal):
    """The audit was confirmed or rejected before."""


class OwnAudit(Refusal):
    """Nobody audits what they have reported or verified themselves."""


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
