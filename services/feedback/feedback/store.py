"""Feedback's collections: which state lives where, what is unique, and who owns it."""

from __future__ import annotations

from typing import Any

from kinara.kit.documents import Collection, Index

from feedback.domain import subject
from feedback.domain.feedback import Feedback
from feedback.domain.invitation import Draw
from feedback.domain.standing import Standing
from feedback.domain.subject import Subject
from feedback.domain.survey import Answer, Tally
from feedback.domain.ticket import Ticket

ONE_VOTE = Index(("ticket_id",), unique=True, only={"ticket_id": {"$type": "string"}})
"""One ticket, one vote: the index decides between two requests at the same moment."""

HELD = {"status": "quarantined"}
"""Indexed by themselves: voices that are not held cost these indexes nothing."""

SUBJECTS: Collection[Subject] = Collection(
    "subjects",
    Subject,
    about=("employee", "unit"),
    blank=subject.blank,
    indexes=(Index(("kind", "_id")), Index(("unit_id", "_id"))),
)
FEEDBACK: Collection[Feedback] = Collection(
    "feedback",
    Feedback,
    owner="employee_id",
    indexes=(
        ONE_VOTE,
        Index(("receipt",), unique=True),
        Index(("status", "_id"), only=HELD),
        Index(("burst", "_id"), only=HELD),
    ),
)
TICKETS: Collection[Ticket] = Collection(
    "tickets",
    Ticket,
    owner="employee_id",
    indexes=(Index(("code",), unique=True), Index(("unit_id", "issued_at"))),
)
STANDINGS: Collection[Standing] = Collection("standings", Standing, scoped=False)
"""One for a device and a subject, named by their hash; it says nothing of either."""
DRAWS: Collection[Draw] = Collection("draws", Draw, indexes=(Index(("unit_id", "month")),))
ANSWERS: Collection[Answer] = Collection("answers", Answer, owner="employee_id", indexes=(ONE_VOTE,))
TALLIES: Collection[Tally] = Collection("tallies", Tally, indexes=(Index(("unit_id", "period")),))

COLLECTIONS: tuple[Collection[Any], ...] = (
    SUBJECTS, FEEDBACK, TICKETS, STANDINGS, DRAWS, ANSWERS, TALLIES,
)  # fmt: skip
