"""What each kind of operation must leave behind: facts, and the document that its answer names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of command of one service."""

    service: str
    says: tuple[str, ...] = ()
    """Facts that it says, each once."""
    may: frozenset[str] = frozenset()
    """Facts that it may say beside them."""
    keeps: tuple[str, str] | None = None
    """Collection, and the field of the answer that is the id of its document there."""


_SCORES = frozenset({"ScoreUpdated", "StandardBreached"})

KINDS: dict[str, Kind] = {
    "unit": Kind("personnel", ("UnitChanged",), frozenset(), ("units", "id")),
    "leader": Kind("personnel", ("UnitChanged",), frozenset({"EmployeeChanged"})),
    "registration": Kind("personnel", ("EmployeeRegistered",), frozenset(), ("employees", "id")),
    "change": Kind("personnel", ("EmployeeChanged",)),
    "promotion": Kind("personnel", ("EmployeePromoted",)),
    "transfer": Kind("personnel", ("EmployeeTransferred",)),
    "import": Kind("personnel", (), frozenset({"EmployeeRegistered", "EmployeeChanged", "UnitChanged"})),
    "feedback": Kind("feedback", ("FeedbackReceived",), frozenset({"FeedbackQuarantined"}), ("feedback", "id")),
    "withdrawal": Kind("feedback", ("FeedbackWithdrawn",)),
    "survey": Kind("feedback", ("SurveyAnswered",), frozenset({"SurveyAnswerQuarantined"}), ("answers", "id")),
    "programme": Kind("training", (), frozenset(), ("programmes", "id")),
    "session": Kind("training", (), frozenset(), ("sessions", "id")),
    "opening": Kind("training"),
    "enrolment": Kind("training", ("EnrolmentConfirmed",), frozenset(), ("enrolments", "id")),
    "attendance": Kind("training"),
    "completion": Kind("training", ("TrainingCompleted",), frozenset({"CompetencyAttained"})),
    "cancellation": Kind("training", ("EnrolmentCancelled",)),
    "target": Kind("appraisal", (), _SCORES),
    "report": Kind("appraisal", ("ProgressReported",), _SCORES),
    "verification": Kind("appraisal", (), _SCORES),
    "behaviour": Kind("appraisal", (), _SCORES),
}
"""Reads are operations too, of the kind ``read``; they leave nothing."""

BACKGROUND = frozenset({"EmployeeRegistered", "EmployeeChanged", "UnitChanged"})
"""Facts that personnel says by itself: of imports, and of people who follow the unit tree."""
