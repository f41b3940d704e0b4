"""The published language: one module per speaking service, pydantic only."""

from kinara.contracts import appraisal, feedback, personnel, training
from kinara.contracts.event import Event, Id, Province, Subject, SubjectKind, UnitPath, events_of

ROOTS: dict[str, type[Event]] = {
    "personnel": personnel.PersonnelEvent,
    "feedback": feedback.FeedbackEvent,
    "training": training.TrainingEvent,
    "appraisal": appraisal.AppraisalEvent,
}


def events_said_by(service: str) -> tuple[type[Event], ...]:
    """Every event class the named service may publish."""
    return tuple(e for e in events_of(ROOTS[service]) if not e.__name__.startswith("_"))


__all__ = ["ROOTS", "Event", "Id", "Province", "Subject", "SubjectKind", "UnitPath", "events_of", "events_said_by"]
