"""Feedback's collections: which state lives where, what is unique, who owns it; and what is read page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kinara.kit import regional
from kinara.kit.documents import Collection, Index
from kinara.kit.leases import LEASES
from kinara.kit.paths import LEFT
from kinara.kit.scans import scan
from kinara.kit.scope import SYSTEM, below
from kinara.kit.work import Work

from feedback.domain import subject
from feedback.domain.answering import Answer
from feedback.domain.campaign import Campaign
from feedback.domain.climate import ClimateTally
from feedback.domain.commitment import Commitment
from feedback.domain.complaint import Complaint
from feedback.domain.complaint_tally import ComplaintTally
from feedback.domain.edition import Edition, Figures, figures_id, root_of
from feedback.domain.feedback import Feedback
from feedback.domain.forum import Forum, Proposal
from feedback.domain.guard import month_of
from feedback.domain.invitation import Draw
from feedback.domain.lodging import Lodging
from feedback.domain.moderation import Mask, Moderation, parse_insults
from feedback.domain.publication import Publication
from feedback.domain.service_levels import Clocks, parse_clocks
from feedback.domain.standing import Standing
from feedback.domain.subject import Subject
from feedback.domain.survey import Tally
from feedback.domain.ticket import Ticket
from feedback.domain.token import Spent, Token

ONE_VOTE = Index(("ticket_id",), unique=True, only={"ticket_id": {"$type": "string"}})
"""One ticket, one vote: the index decides between two requests at the same moment."""

HELD = {"status": "quarantined"}
"""Indexed by themselves: voices that are not held cost these indexes nothing."""

UNANSWERED = {"state": "open"}
"""Proposals that wait for an official answer."""
RUNNING = {"running": True}
"""Complaints of which a clock runs, for the timekeeper; the others cost this index nothing."""

SUBJECTS: Collection[Subject] = Collection(
    "subjects",
    Subject,
    about=("employee", "unit"),
    blank=subject.blank,
    bears=lambda entry: entry.kind == "unit",
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
        Index(("unit_id", "given_at")),
    ),
)
TICKETS: Collection[Ticket] = Collection(
    "tickets",
    Ticket,
    owner="employee_id",
    indexes=(Index(("code",), unique=True), Index(("unit_id", "issued_at"))),
)
STANDINGS: Collection[Standing] = Collection("standings", Standing, scoped=False)
"""One for a person or device and a subject, named by their hash; it says nothing of either."""
LODGINGS: Collection[Lodging] = Collection("lodgings", Lodging, scoped=False)
"""One for an address, a unit and an hour, or a person, named by their hash; it leads to no complaint."""
DRAWS: Collection[Draw] = Collection("draws", Draw, indexes=(Index(("unit_id", "month")),))
ANSWERS: Collection[Answer] = Collection(
    "answers",
    Answer,
    owner="employee_id",
    indexes=(ONE_VOTE, Index(("status", "_id"), only=HELD), Index(("burst", "_id"), only=HELD)),
)
TALLIES: Collection[Tally] = Collection(
    "tallies",
    Tally,
    indexes=(Index(("unit_id", "period")), Index(("campaign_id",), only={"campaign_id": {"$type": "string"}})),
)
CAMPAIGNS: Collection[Campaign] = Collection("campaigns", Campaign, indexes=(Index(("unit_id", "_id")),))
PULSES: Collection[Campaign] = Collection("pulses", Campaign)
CLIMATE_TALLIES: Collection[ClimateTally] = Collection("climate_tallies", ClimateTally, indexes=(Index(("pulse_id",)),))
TOKENS: Collection[Token] = Collection("tokens", Token, scoped=False)
"""Named by their hashes alone."""
SPENT: Collection[Spent] = Collection("spent", Spent, scoped=False)
"""One code, one answer (and one vote for a proposal): its id says so. It stands beside no answer."""
FORUMS: Collection[Forum] = Collection("forums", Forum, indexes=(Index(("unit_id", "_id")),))
PROPOSALS: Collection[Proposal] = Collection(
    "proposals", Proposal, indexes=(Index(("forum_id", "_id")), Index(("unit_id", "due_on"), only=UNANSWERED))
)
COMMITMENTS: Collection[Commitment] = Collection("commitments", Commitment, indexes=(Index(("unit_id", "_id")),))
FIGURES: Collection[Figures] = Collection("figures", Figures)
"""What the public sees; named by what they are about and their month."""
CITED: Mapping[str, tuple[Collection[Any], str]] = {
    "forum": (FORUMS, "title"),
    "proposal": (PROPOSALS, "words"),
    "campaign": (CAMPAIGNS, "name"),
    "commitment": (COMMITMENTS, "promise"),
    "ikm": (FIGURES, "month"),
}
"""What a public reference, ``forum:<id>``, may name, and the field that says what it is about."""
COMPLAINTS: Collection[Complaint] = Collection(
    "complaints",
    Complaint,
    owner="employee_id",
    indexes=(
        Index(("receipt",), unique=True),
        Index(("due_at",), only=RUNNING),
        Index(("employee_id", "_id")),
        Index(("unit_id", "_id")),
        Index(("status", "_id"), only=HELD),
        Index(("burst", "_id"), only=HELD),
    ),
)
COMPLAINT_TALLIES: Collection[ComplaintTally] = Collection(
    "complaint_tallies", ComplaintTally, indexes=(Index(("unit_id", "period")),)
)
MODERATIONS: Collection[Moderation] = Collection("moderations", Moderation, indexes=(Index(("about_id", "_id")),))
EDITIONS: Collection[Edition] = Collection("editions", Edition, scoped=False)
PUBLICATIONS: Collection[Publication] = Collection(
    "publications", Publication, scoped=False, indexes=(Index(("due_at",)),)
)
"""How far each government is published; named by the path of its root."""

COLLECTIONS: tuple[Collection[Any], ...] = (
    SUBJECTS, FEEDBACK, TICKETS, STANDINGS, DRAWS, ANSWERS, TALLIES, CAMPAIGNS, TOKENS, SPENT, FORUMS, PROPOSALS,
    COMMITMENTS, EDITIONS, PUBLICATIONS, FIGURES, PULSES, CLIMATE_TALLIES, COMPLAINTS, COMPLAINT_TALLIES, MODERATIONS,
    LODGINGS, LEASES, LEFT,
)  # fmt: skip

UNITS_AT_ONCE = 100
"""Units of which the tallies are read in one query."""
PAGE = 500


async def tallies_below(work: Work, units: Sequence[Subject], months: Sequence[str]) -> AsyncIterator[Tally]:
    """The monthly tallies of these units."""
    for start in range(0, len(units), UNITS_AT_ONCE):
        ids = [one.id for one in units[start : start + UNITS_AT_ONCE]]
        async for tally in tallies(work, {"unit_id": {"$in": ids}, "period": {"$in": list(months)}}):
            yield tally


async def ratings_of(
    work: Work, units: Sequence[Subject], begins: datetime, ends: datetime
) -> AsyncIterator[tuple[str, int]]:
    """Unit and rating of each voice that proves something, counts and was given between two moments.

    Unit by unit in the order of time, as the index has them: the database looks at no other voice.
    """
    for unit in units:
        query = {"unit_id": unit.id, "given_at": {"$gte": begins, "$lt": ends}}
        async for voices in scan(work.database, FEEDBACK, SYSTEM, query, size=PAGE, by="given_at"):
            for voice in voices:
                if voice.state.status == "received" and voice.state.proof != "none":
                    yield voice.state.unit_id, voice.state.rating


async def complaints_of(work: Work, units: Sequence[Subject], month: str) -> AsyncIterator[ComplaintTally]:
    """The complaints about these units that came in a month, as they stand."""
    for start in range(0, len(units), UNITS_AT_ONCE):
        ids = [one.id for one in units[start : start + UNITS_AT_ONCE]]
        query = {"unit_id": {"$in": ids}, "period": month}
        for kept in await work.find(COMPLAINT_TALLIES, SYSTEM, query, limit=len(ids)):
            yield kept.state


async def first_heard(work: Work, units: Sequence[Subject]) -> str | None:
    """The month in which something was first said about these units; None where nothing was."""
    found: list[str] = []
    for start in range(0, len(units), UNITS_AT_ONCE):
        query = {"unit_id": {"$in": [one.id for one in units[start : start + UNITS_AT_ONCE]]}}
        for one in await work.find(TALLIES, SYSTEM, query, sort=("period", 1), limit=1):
            found.append(one.state.period)
        for voice in await work.find(FEEDBACK, SYSTEM, query, sort=("given_at", 1), limit=1):
            found.append(month_of(voice.state.given_at, voice.state.province))
        for sums in await work.find(COMPLAINT_TALLIES, SYSTEM, query, sort=("period", 1), limit=1):
            found.append(sums.state.period)
    return min(found, default=None)


async def governments(work: Work) -> list[Subject]:
    """Somebody, or a unit, of each government: one query each, since their paths lie behind each other."""
    found, after = list[Subject](), "/"
    while some := await work.find(SUBJECTS, SYSTEM, {"path": {"$gt": after}}, sort=("path", 1), limit=1, effects=False):
        found.append(some[0].state)
        after = below(root_of(some[0].state.unit_path))["path"]["$lt"]
    return found


async def units_below(work: Work, path: str) -> list[Subject]:
    """The units at and below a path, those that are closed too."""
    query, found = {"kind": "unit", **below(path)}, list[Subject]()
    while units := await work.find(
        SUBJECTS, SYSTEM, query | {"_id": {"$gt": found[-1].id if found else ""}}, limit=UNITS_AT_ONCE, effects=False
    ):
        found += [kept.state for kept in units]
    return found


async def tallies(work: Work, query: Mapping[str, Any]) -> AsyncIterator[Tally]:
    """Every tally that a query asks for."""
    after = ""
    while found := await work.find(TALLIES, SYSTEM, {**query, "_id": {"$gt": after}}, limit=PAGE):
        for kept in found:
            yield kept.state
        after = found[-1].id


_SHIPPED = Path(__file__).with_name("regional")


def clocks_of(folder: Path | None = None) -> Clocks:
    """Classes of complaints and the calendar: the region's own files where its folder has them, else the shipped."""
    classes = regional.read("complaint_classes.yaml", _SHIPPED, folder, "usual", "classes")
    return parse_clocks(classes, regional.calendar_of(folder))


def mask_of(folder: Path | None = None) -> Mask:
    """The mask with the region's own list of insults, or the shipped one."""
    return parse_insults(regional.read("insults.yaml", _SHIPPED, folder, "insults"))


def cited_at(kind: str, id_: str) -> tuple[Collection[Any], Mapping[str, Any], str]:
    """Where a public reference is kept: its collection, the query for it, and the field that says what it is about."""
    collection, words = CITED[kind]
    if kind == "ikm":
        about, _, month = id_.partition(":")
        return collection, {"_id": figures_id(about, month), "answers": {"$gt": 0}}, words
    return collection, {"_id": id_}, words
