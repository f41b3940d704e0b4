"""What is answered about selections: openings, applications, what scorers see, results."""

from __future__ import annotations

from dataclasses import dataclass

from kinara.kit.documents import Record
from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Work

from personnel.domain import selection as rules
from personnel.domain.application import Application
from personnel.domain.impact import Compared, Tally
from personnel.domain.selection import MOST_APPLICATIONS, MOST_SCORERS, Selection, Sheet
from personnel.domain.signing import candidate_code, is_sealed
from personnel.domain.tree import government_of
from personnel.store import APPLICATIONS, EMPLOYEES, SELECTIONS, SHEETS

STAGES = ("admitted", "selected")
DIVISIONS = ("sex", "origin", "disability")


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a result is the one that was signed."""

    signed: str
    recomputed: str
    sealed: bool
    places: bool
    """Whether the places that are stored are those that follow from the marks."""


async def _readable(work: Work, scope: Scope) -> Scope:
    """Openings are seen by the office of their units, and by every employee of their government."""
    own = scope.own or scope.reports_of
    found = await work.find(EMPLOYEES, SYSTEM, {"_id": own}, limit=1) if own else []
    governments = tuple(government_of(one.state.unit_path) for one in found if one.state.separation is None)
    return Scope(paths=(*scope.paths, *governments), label=scope.label)


async def selection(work: Work, scope: Scope, selection_id: str) -> Record[Selection]:
    """One opening."""
    return await work.get(SELECTIONS, selection_id, await _readable(work, scope))


async def selections(work: Work, scope: Scope, after: str | None, limit: int) -> list[Selection]:
    """Openings, oldest first."""
    found = await work.find(SELECTIONS, await _readable(work, scope), {"_id": {"$gt": after or ""}}, limit=limit)
    return [one.state for one in found]


async def applications(work: Work, scope: Scope, selection_id: str, after: str | None, limit: int) -> list[Application]:
    """Applications to an opening: all for the office, one's own for an employee."""
    await selection(work, scope, selection_id)
    query = {"selection_id": selection_id, "_id": {"$gt": after or ""}}
    return [one.state for one in await work.find(APPLICATIONS, scope, query, limit=limit)]


async def application(work: Work, scope: Scope, selection_id: str, application_id: str) -> Application:
    """One application."""
    found = (await work.get(APPLICATIONS, application_id, scope)).state
    if found.selection_id != selection_id:
        raise NotFound(APPLICATIONS.name, application_id)
    return found


async def to_score(
    work: Work, scope: Scope, selection_id: str, secret: bytes
) -> tuple[Selection, list[str], dict[str, Sheet]]:
    """What a scorer sees: the criteria, the codes of the candidates, and their own marks."""
    opening = (await work.get(SELECTIONS, selection_id, SYSTEM)).state
    if scope.who not in opening.scorers:
        raise NotFound(SELECTIONS.name, selection_id)
    coded = {candidate_code(secret, one.id): one for one in await _applications(work, selection_id)}
    query = {"selection_id": selection_id, "scorer_id": scope.who}
    mine = await work.find(SHEETS, SYSTEM, query, limit=MOST_APPLICATIONS)
    return opening, rules.codes_to_score(opening, coded), {one.state.code: one.state for one in mine}


async def ranking(work: Work, scope: Scope, selection_id: str, after: str | None, limit: int) -> list[Application]:
    """Everybody who was ranked, in the order of the codes, once the result holds."""
    decided = (await selection(work, scope, selection_id)).state
    if decided.signature is None:
        raise NotFound("results", selection_id)
    placed = [one for one in await _applications(work, selection_id) if one.place and one.place.code > (after or "")]
    return sorted(placed, key=lambda one: one.place.code if one.place else "")[:limit]


async def verify(work: Work, scope: Scope, selection_id: str, secret: bytes) -> Verified:
    """Decide again from what is stored, and compare with what was signed."""
    decided = (await work.get(SELECTIONS, selection_id, scope)).state
    if decided.signature is None:
        raise NotFound("results", selection_id)
    filed = await _applications(work, selection_id)
    coded = {one.place.code: one for one in filed if one.place}
    codes = rules.codes_to_score(decided, coded)
    sheets = rules.sheets_that_count(decided.counting, codes, await _sheets(work, selection_id))
    places = rules.outcome(decided, coded, sheets)
    digest = rules.result_digest(decided, filed, decided.counting, sheets, places)
    stored = tuple(coded[code].place for code in sorted(coded))
    return Verified(decided.signature.digest, digest, is_sealed(decided.signature, secret), stored == places)


async def impact(work: Work, scope: Scope, selection_id: str) -> dict[str, dict[str, Compared]]:
    """How groups of candidates fared in a decided selection, by stage and division."""
    decided = (await work.get(SELECTIONS, selection_id, scope)).state
    if decided.signature is None:
        raise NotFound("results", selection_id)
    tallies = {(stage, by): Tally() for stage in STAGES for by in DIVISIONS}
    for one in await _applications(work, selection_id):
        disability = one.person.disability
        groups = {
            "sex": one.person.sex,
            "origin": one.person.origin,
            "disability": "tidak tercatat" if disability is None else "ya" if disability else "tidak",
        }
        got = {"admitted": one.passed, "selected": bool(one.place and one.place.selected)}
        for (stage, by), tally in tallies.items():
            tally.count(groups[by], got=got[stage])
    return {stage: {by: tallies[stage, by].compared() for by in DIVISIONS} for stage in STAGES}


async def _applications(work: Work, selection_id: str) -> list[Application]:
    found = await work.find(APPLICATIONS, SYSTEM, {"selection_id": selection_id}, limit=MOST_APPLICATIONS)
    return [one.state for one in found]


async def _sheets(work: Work, selection_id: str) -> list[Sheet]:
    """Page by page: there may be nine for each candidate."""
    found: list[Sheet] = []
    after, most = "", MOST_APPLICATIONS * MOST_SCORERS
    while len(found) < most:
        query = {"selection_id": selection_id, "_id": {"$gt": after}}
        page = await work.find(SHEETS, SYSTEM, query, limit=IDS_A_QUERY * 5)
        if not page:
            break
        found, after = [*found, *(one.state for one in page)], page[-1].id
    return found
