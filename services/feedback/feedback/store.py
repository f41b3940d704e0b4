"""Feedback's collections: which state lives where, what is unique, and who owns it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from kinara.kit.documents import Collection, Index
from kinara.kit.leases import LEASES

from feedback.domain import subject
from feedback.domain.complaint import Complaint
from feedback.domain.complaint_tally import ComplaintTally
from feedback.domain.feedback import Feedback
from feedback.domain.invitation import Draw
from feedback.domain.moderation import Mask, Moderation, parse_insults
from feedback.domain.service_levels import Clocks, parse_clocks
from feedback.domain.standing import Standing
from feedback.domain.subject import Subject
from feedback.domain.survey import Answer, Tally
from feedback.domain.ticket import Ticket
from feedback.domain.working_days import parse_calendar

ONE_VOTE = Index(("ticket_id",), unique=True, only={"ticket_id": {"$type": "string"}})
"""One ticket, one vote: the index decides between two requests at the same moment."""

HELD = {"status": "quarantined"}
"""Indexed by themselves: voices that are not held cost these indexes nothing."""

RUNNING = {"running": True}
"""Complaints of which a clock runs, for the timekeeper; the others cost this index nothing."""

SUBJECTS: Collection[Subject] = Collection(
    "subjects",
    Subject,
    about=("employee", "unit"),
    blank=subject.blank,
    indexes=(Index(("kind", "_id")), Index(("unit_id", "_id")), Index(("supervisor_id", "_id"))),
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
COMPLAINTS: Collection[Complaint] = Collection(
    "complaints",
    Complaint,
    owner="employee_id",
    indexes=(
        Index(("receipt",), unique=True),
        Index(("due_at",), only=RUNNING),
        Index(("employee_id", "_id")),
        Index(("unit_id", "_id")),
    ),
)
COMPLAINT_TALLIES: Collection[ComplaintTally] = Collection(
    "complaint_tallies", ComplaintTally, indexes=(Index(("unit_id", "period")),)
)
MODERATIONS: Collection[Moderation] = Collection("moderations", Moderation, indexes=(Index(("about_id", "_id")),))

COLLECTIONS: tuple[Collection[Any], ...] = (
    SUBJECTS, FEEDBACK, TICKETS, STANDINGS, DRAWS, ANSWERS, TALLIES, COMPLAINTS, COMPLAINT_TALLIES, MODERATIONS, LEASES,
)  # fmt: skip

_SHIPPED = Path(__file__).with_name("regional")


def clocks_of(folder: Path | None = None) -> Clocks:
    """Classes of complaints and the calendar: the region's own files where its folder has them, else the shipped."""
    calendar = parse_calendar(_data("holidays.yaml", folder))
    return parse_clocks(_data("complaint_classes.yaml", folder), calendar)


def mask_of(folder: Path | None = None) -> Mask:
    """The mask with the region's own list of insults, or the shipped one."""
    return parse_insults(_data("insults.yaml", folder))


def _data(name: str, folder: Path | None) -> Any:
    """A file that cannot be read stops the start."""
    own = folder / name if folder is not None else None
    return yaml.safe_load((own if own is not None and own.exists() else _SHIPPED / name).read_text("utf-8"))
