"""Forums, proposals and commitments, which anybody may read, and what a public reference names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import PUBLIC
from kinara.kit.work import NotFound, Work

from feedback.domain.commitment import Commitment
from feedback.domain.forum import MOST_PROPOSALS, Forum, Proposal
from feedback.domain.subject import Subject
from feedback.store import COMMITMENTS, FORUMS, PROPOSALS, SUBJECTS, UNANSWERED, cited_at, units_below


async def unit(work: Work, unit_id: str) -> Subject:
    """A unit, for everybody."""
    found = await work.find(SUBJECTS, PUBLIC, {"_id": unit_id, "kind": "unit"}, limit=1)
    if not found:
        raise NotFound("units", unit_id)
    return found[0].state


async def forum(work: Work, forum_id: str) -> tuple[Forum, list[Proposal]]:
    """A forum with its proposals, those with the most support first."""
    known = (await work.get(FORUMS, forum_id, PUBLIC)).state
    found = await work.find(PROPOSALS, PUBLIC, {"forum_id": forum_id}, limit=MOST_PROPOSALS)
    return known, sorted((one.state for one in found), key=lambda one: -one.supports)


async def proposal(work: Work, proposal_id: str) -> Proposal:
    """One proposal."""
    return (await work.get(PROPOSALS, proposal_id, PUBLIC)).state


async def forums(work: Work, unit_id: str, before: str | None, limit: int) -> list[Forum]:
    """The forums of a unit and of the units below it, the last announced first."""
    return await _of_unit(work, FORUMS, unit_id, before, limit)


async def commitments(work: Work, unit_id: str, before: str | None, limit: int) -> list[Commitment]:
    """The commitments of a unit and of the units below it, the last made first."""
    return await _of_unit(work, COMMITMENTS, unit_id, before, limit)


async def commitment(work: Work, commitment_id: str) -> Commitment:
    """One commitment."""
    return (await work.get(COMMITMENTS, commitment_id, PUBLIC)).state


async def overdue(work: Work, unit_id: str, limit: int) -> list[Proposal]:
    """Proposals to a unit and those below it of which the answer is late, the longest first."""
    place = await unit(work, unit_id)
    today = day_of(work.now(), kemendagri_code(place.province))
    query = {**UNANSWERED, "due_on": {"$lt": today}}
    return sorted(await _below(work, PROPOSALS, place, query, ("due_on", 1), limit), key=lambda one: one.due_on)[:limit]


async def cited(work: Work, kind: str, id_: str) -> tuple[str, str]:
    """The unit of what a public reference names, and its title or words; none where they are hidden."""
    collection, query, words = cited_at(kind, id_)
    found = await work.find(collection, PUBLIC, query, limit=1)
    if not found:
        raise NotFound(collection.name, id_)
    state = found[0].state
    return state.unit_id, "" if getattr(state, "hidden", False) else getattr(state, words)


async def _of_unit(work: Work, collection: Any, unit_id: str, before: str | None, limit: int) -> list[Any]:
    place = await unit(work, unit_id)
    query = {"_id": {"$lt": before}} if before else {}
    found = await _below(work, collection, place, query, ("_id", -1), limit)
    return sorted(found, key=lambda one: one.id, reverse=True)[:limit]


async def _below(
    work: Work, collection: Any, place: Subject, query: Mapping[str, Any], sort: tuple[str, int], limit: int
) -> list[Any]:
    """What is said of a unit and of those that stand below it today, wherever they stood when it was said."""
    ids, found = [one.id for one in await units_below(work, place.unit_path)], list[Any]()
    for start in range(0, len(ids), IDS_A_QUERY):
        part = {**query, "unit_id": {"$in": ids[start : start + IDS_A_QUERY]}}
        found += [one.state for one in await work.find(collection, PUBLIC, part, sort=sort, limit=limit)]
    return found
