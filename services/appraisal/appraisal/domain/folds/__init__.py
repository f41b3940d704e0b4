"""One pure function per event type: ``(card, event, policies) -> (card, effect)``.

A repeated event never reaches a fold; an event about a closed month is recorded and changes no closed score.
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
from appraisal.domain.folds.units import UnitEffect, rename_unit, survey_unit, vote_on_unit
from appraisal.domain.units import UnitCard

FOLDS: Mapping[type[Event], Callable[..., Folded]] = {
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
"""Facts about an employee, folded into their scorecard."""

UNIT_FOLDS: Mapping[type[Event], Callable[..., tuple[UnitCard, UnitEffect]]] = {
    FeedbackReceived: vote_on_unit,
    FeedbackWithdrawn: vote_on_unit,
    FeedbackQuarantined: vote_on_unit,
    FeedbackReleased: vote_on_unit,
    SurveyAnswered: survey_unit,
    SurveyAnswerWithdrawn: survey_unit,
    SurveyAnswerQuarantined: survey_unit,
    SurveyAnswerReleased: survey_unit,
    UnitChanged: rename_unit,
}
"""Facts about a unit, folded into its card: where the event names no employee."""
