"""What is read about reports: evidence, threads, how soon superiors answer, and what asks for attention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kinara.contracts.regions import day_of
from kinara.contracts.working_days import Calendar
from kinara.kit.documents import Record
from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Work

from appraisal.domain.answering import MEASURED, Answering, Submission, Words, answering
from appraisal.domain.attention import Attention, attention
from appraisal.domain.coaching import CoachingCase, late_cases
from appraisal.domain.evidence import Evidence, part_id
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.queries import TEAM_MOST, scorecard, team
from appraisal.store import CASES, EVIDENCE, EVIDENCE_PARTS, REPORTS, SCORECARDS, WORDS

MOST_WAITING = 10_000
"""Reports that are counted for the people of one answer; with more than that nobody counts any more."""
MOST_LOOKED_AT = 1_000
"""Employees that are looked at to fill one page of superiors."""


async def submission(work: Work, scope: Scope, employee_id: str, report_id: str) -> Submission:
    """A report of an employee whose card is in the scope."""
    return (await work.get(REPORTS, report_id, await _theirs(work, scope, employee_id))).state


async def evidence_of(work: Work, scope: Scope, employee_id: str, report_id: str) -> list[Evidence]:
    """The evidence of a report, oldest first."""
    await submission(work, scope, employee_id, report_id)
    theirs = Scope(own=employee_id, label=scope.label)
    return [record.state for record in await work.find(EVIDENCE, theirs, {"report_id": report_id})]


async def file_of(
    work: Work, scope: Scope, employee_id: str, report_id: str, evidence_id: str
) -> tuple[Evidence, bytes]:
    """A piece of evidence that is a file, and its bytes."""
    theirs = await _theirs(work, scope, employee_id)
    kept = (await work.get(EVIDENCE, evidence_id, theirs)).state
    if kept.report_id != report_id or kept.kind is None:
        raise NotFound(EVIDENCE.name, evidence_id)
    ids = [part_id(evidence_id, n) for n in range(kept.parts)]
    parts = await work.find(EVIDENCE_PARTS, SYSTEM, {"_id": {"$in": ids}}, limit=kept.parts)
    return kept, b"".join(part.state.content for part in parts)


async def thread(
    work: Work, scope: Scope, employee_id: str, report_id: str, after: str | None, limit: int
) -> list[Words]:
    """What both sides have written about a report, oldest first, page by page."""
    await submission(work, scope, employee_id, report_id)
    theirs = Scope(own=employee_id, label=scope.label)
    query = {"report_id": report_id, "_id": {"$gt": after or ""}}
    return [record.state for record in await work.find(WORDS, theirs, query, limit=limit)]


async def own_attention(
    work: Work, scope: Scope, policies: Policies, calendar: Calendar, employee_id: str
) -> Attention:
    """What about one employee asks for attention today."""
    record = await scorecard(work, scope, employee_id)
    return (await _attention(work, policies, calendar, [record]))[0]


async def team_attention(
    work: Work, scope: Scope, policies: Policies, calendar: Calendar, after: str | None, limit: int
) -> tuple[list[Attention], str | None]:
    """Those of a page of one's reports who ask for attention, and the place after which the next page begins."""
    found = await team(work, scope, after, limit)
    due = [one for one in await _attention(work, policies, calendar, found) if one.due]
    return due, found[-1].id if len(found) == limit else None


async def own_answering(work: Work, scope: Scope) -> Answering:
    """How the superior who asks answers."""
    return (await _answering(work, [scope.reports_of or scope.label]))[0]


async def answering_by_superior(
    work: Work, scope: Scope, after: str | None, limit: int
) -> tuple[list[Answering], str | None]:
    """Everybody inside the scope who has reports to answer, or had; and the place where the next page begins."""
    found: list[Answering] = []
    looked_at, place = 0, after or ""
    while looked_at < MOST_LOOKED_AT:
        people = await work.find(SCORECARDS, scope, {"_id": {"$gt": place}}, limit=IDS_A_QUERY)
        for one in await _answering(work, [record.id for record in people]):
            place = one.supervisor_id
            found += [one] if one.waiting or one.answered or one.lapsed else []
            if len(found) == limit:
                return found, place
        if len(people) < IDS_A_QUERY:
            return found, None
        looked_at += len(people)
    return found, place


async def _answering(work: Work, superiors: Sequence[str]) -> list[Answering]:
    """The figures of some superiors: of the reports of whoever serves under them today, and of what they settled."""
    now = work.now()
    led = await work.find(
        SCORECARDS, SYSTEM, {"person.supervisor_id": {"$in": list(superiors)}}, limit=TEAM_MOST * len(superiors)
    )
    leads = {r.id: r.state.person.supervisor_id for r in led if r.state.person and r.state.person.supervisor_id}
    waiting, done = defaultdict[str, list[Submission]](list), defaultdict[str, dict[str, Submission]](dict)
    for one in await _waiting(work, leads):
        waiting[leads[one.employee_id]].append(one)
    for who, when in (("answered_by", "answered_at"), ("supervisor_id", "settled_at")):
        query = {who: {"$in": list(superiors)}, when: {"$gte": now - MEASURED}}
        for record in await work.find(REPORTS, SYSTEM, query, limit=MOST_WAITING):
            done[getattr(record.state, who)][record.id] = record.state
    return [answering(id_, waiting[id_], list(done[id_].values()), now) for id_ in superiors]


async def _attention(
    work: Work, policies: Policies, calendar: Calendar, records: Sequence[Record[Scorecard]]
) -> list[Attention]:
    waiting = defaultdict[str, list[Submission]](list)
    for one in await _waiting(work, [record.id for record in records]):
        waiting[one.employee_id].append(one)
    due, now = defaultdict[str, list[CoachingCase]](list), work.now()
    for start in range(0, len(records), IDS_A_QUERY):
        ids = [record.id for record in records[start : start + IDS_A_QUERY]]
        for found in await work.find(CASES, SYSTEM, {"employee_id": {"$in": ids}, "state": "due"}, limit=TEAM_MOST):
            due[found.state.employee_id].append(found.state)
    days = {record.id: day_of(now, record.state.province) for record in records}
    late = {id_: late_cases(due[id_], day, calendar) for id_, day in days.items()}
    return [attention(r.state, waiting[r.id], days[r.id], policies, calendar, late[r.id]) for r in records]


async def _waiting(work: Work, employees: Iterable[str]) -> list[Submission]:
    """The reports of some employees that wait, oldest first."""
    ids, found = sorted(employees), list[Record[Submission]]()
    for start in range(0, len(ids), IDS_A_QUERY):
        query = {"employee_id": {"$in": ids[start : start + IDS_A_QUERY]}, "state": "waiting"}
        found += await work.find(REPORTS, SYSTEM, query, limit=MOST_WAITING)
    return [record.state for record in found]


async def _theirs(work: Work, scope: Scope, employee_id: str) -> Scope:
    """What belongs to an employee whose card is in the scope, wherever they served when it was made."""
    await scorecard(work, scope, employee_id)
    return Scope(own=employee_id, label=scope.label)
