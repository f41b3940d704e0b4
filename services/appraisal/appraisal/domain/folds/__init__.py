"""One pure function per event type: ``(card, event, policies) -> (card, effect)``.

A repeated event never reaches a fold; an event about a closed month is recorded whole and changes no closed score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kinara.contracts import Event
from kinara.contracts.feedback import (
    ComplaintOverdue,
    ComplaintReopened,
    ComplaintResolved,
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackReleased,
    FeedbackWithdrawn,
    ForumRecorded,
    ReferencePublished,
    SurveyAnswered,
    SurveyAnswerQuarantined,
    SurveyAnswerReleased,
    SurveyAnswerWithdrawn,
)
from kinara.contracts.personnel import (
    DisciplineImposed,
    DisciplineLifted,
    EmployeeChanged,
    EmployeePromoted,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
    UnitChanged,
)
from kinara.contracts.training import (
    EnrolmentCancelled,
    EnrolmentConfirmed,
    MentoringSessionHeld,
    TrainingCompleted,
)

from appraisal.domain.effects import Folded
from appraisal.domain.folds.complaints import count_overdue, count_reopening, count_resolution
from appraisal.domain.folds.feedback import count_feedback, count_survey
from appraisal.domain.folds.learning import credit_mentoring, credit_training, note_seat, release_seat
from appraisal.domain.folds.personnel import impose, lift, promote, register, separate, take_over_change, transfer
from appraisal.domain.folds.units import (
    UnitEffect,
    note_forum,
    note_reference,
    rename_unit,
    survey_unit,
    vote_on_unit,
)
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.units import UnitCard


def _kept_if_late(fold: Callable[..., Folded]) -> Callable[..., Folded]:
    """A fold that records a fact whole where it comes too late to count."""

    def fold_and_keep(card: Scorecard, event: Event, policies: Policies) -> Folded:
        changed, effect = fold(card, event, policies)
        if effect.get("late"):
            effect["fact"] = {"type": type(event).__name__, "data": event.model_dump_json()}
        return changed, effect

    return fold_and_keep


_FOLDS: Mapping[type[Event], Callable[..., Folded]] = {
    FeedbackReceived: count_feedback,
    FeedbackWithdrawn: count_feedback,
    FeedbackQuarantined: count_feedback,
    FeedbackReleased: count_feedback,
    SurveyAnswered: count_survey,
    SurveyAnswerWithdrawn: count_survey,
    SurveyAnswerQuarantined: count_survey,
    SurveyAnswerReleased: count_survey,
    ComplaintResolved: count_resolution,
    ComplaintReopened: count_reopening,
    ComplaintOverdue: count_overdue,
    TrainingCompleted: credit_training,
    EnrolmentConfirmed: note_seat,
    EnrolmentCancelled: release_seat,
    MentoringSessionHeld: credit_mentoring,
    EmployeeRegistered: register,
    EmployeeChanged: take_over_change,
    EmployeePromoted: promote,
    EmployeeTransferred: transfer,
    EmployeeSeparated: separate,
    DisciplineImposed: impose,
    DisciplineLifted: lift,
}
FOLDS = {event: _kept_if_late(fold) for event, fold in _FOLDS.items()}
"""Facts about an employee, folded into their scorecard."""

UNIT_FOLDS: Mapping[type[Event], Callable[..., tuple[UnitCard, UnitEffect]]] = {
    FeedbackReceived: vote_on_unit,
    FeedbackWithdrawn: vote_on_unit,
    FeedbackQuarantined: vote_on_unit,
    FeedbackReleased: vote_on_unit,
    SurveyAnswered: survey_unit,
    ForumRecorded: note_forum,
    ReferencePublished: note_reference,
    SurveyAnswerWithdrawn: survey_unit,
    SurveyAnswerQuarantined: survey_unit,
    SurveyAnswerReleased: survey_unit,
    UnitChanged: rename_unit,
}
"""Facts about a unit, folded into its card: where the event names no employee."""
