"""Every fact that appraisal listens to has its fold."""

from __future__ import annotations

from appraisal.domain.folds import FOLDS, UNIT_FOLDS
from kinara.contracts import feedback, personnel
from kinara.contracts.training import (
    EnrolmentCancelled,
    EnrolmentConfirmed,
    MentoringSessionHeld,
    TrainingCompleted,
)


def test_all_facts_about_employees_and_units_that_move_a_score_are_folded():
    employees = {
        feedback.FeedbackReceived,
        feedback.FeedbackWithdrawn,
        feedback.FeedbackQuarantined,
        feedback.FeedbackReleased,
        feedback.SurveyAnswered,
        feedback.SurveyAnswerWithdrawn,
        feedback.SurveyAnswerQuarantined,
        feedback.SurveyAnswerReleased,
        feedback.ComplaintResolved,
        feedback.ComplaintReopened,
        feedback.ComplaintOverdue,
        TrainingCompleted,
        EnrolmentConfirmed,
        EnrolmentCancelled,
        MentoringSessionHeld,
        personnel.EmployeeRegistered,
        personnel.EmployeeChanged,
        personnel.EmployeePromoted,
        personnel.EmployeeTransferred,
        personnel.EmployeeSeparated,
        personnel.DisciplineImposed,
        personnel.DisciplineLifted,
    }
    assert set(FOLDS) == employees
    published = {feedback.ForumRecorded, feedback.ReferencePublished}
    assert set(UNIT_FOLDS) - employees == {personnel.UnitChanged} | published
