"""What is answered about talent and careers: boxes by year, successors for a post, the next steps, equal chances."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date

from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

from personnel.domain import merit
from personnel.domain.career_path import Step, next_steps
from personnel.domain.employee import Employee
from personnel.domain.levels import Level
from personnel.domain.merit import Merit
from personnel.domain.opportunity import Report, span_of
from personnel.domain.requirements import findings
from personnel.domain.succession import Plan, Successor, best
from personnel.domain.talent import TalentYear
from personnel.domain.tree import government_of
from personnel.store import EMPLOYEES, INCLUSIONS, PLANS, PROFILES, TALENTS, Inclusion

MOST_YEARS = 60


async def boxes(work: Work, scope: Scope, employee_id: str) -> tuple[Merit, list[TalentYear]]:
    """Somebody's boxes, oldest year first, and what performance is confirmed now."""
    employee = (await work.get(EMPLOYEES, employee_id, scope)).state
    found = await work.find(TALENTS, SYSTEM, {"employee_id": employee_id}, limit=MOST_YEARS)
    return (await _merits(work, [employee]))[employee_id], [one.state for one in found]


async def career_path(work: Work, scope: Scope, employee_id: str) -> tuple[Level | None, tuple[Step, ...]]:
    """Where somebody may go next, and what is missing."""
    employee = (await work.get(EMPLOYEES, employee_id, scope)).state
    known = (await _merits(work, [employee]))[employee_id]
    return next_steps(employee, known, day_of(work.now(), kemendagri_code(employee.province)))


async def disability(work: Work, scope: Scope, employee_id: str) -> Inclusion | None:
    """What BKPSDM has recorded of somebody inside the scope."""
    await work.get(EMPLOYEES, employee_id, scope)
    found = await work.find(INCLUSIONS, SYSTEM, {"_id": employee_id}, limit=1)
    return found[0].state if found else None


async def plans(work: Work, scope: Scope, after: str | None, limit: int) -> list[Plan]:
    """Posts for which successors are planned."""
    found = await work.find(PLANS, scope, {"_id": {"$gt": after or ""}}, limit=limit)
    return [one.state for one in found]


async def pool(work: Work, scope: Scope, plan_id: str, year: int) -> tuple[Plan, list[Successor]]:
    """The best successors for a post inside the scope, read page by page."""
    plan = (await work.get(PLANS, plan_id, scope)).state
    known: list[Successor] = []
    async for page in _talents(work, plan, year):
        known = best(known, await _successors(work, scope, plan, page))
    return plan, known


async def _talents(work: Work, plan: Plan, year: int) -> AsyncIterator[list[TalentYear]]:
    """Those of the post's government who are in its boxes."""
    government = Scope(paths=(government_of(plan.unit_path),), label="succession")
    for box in plan.boxes:
        after = ""
        while True:
            query = {"year": year, "box": box, "_id": {"$gt": after}}
            page = await work.find(TALENTS, government, query, limit=IDS_A_QUERY)
            if page:
                yield [one.state for one in page]
            if len(page) < IDS_A_QUERY:
                break
            after = page[-1].id


async def _successors(work: Work, scope: Scope, plan: Plan, page: Sequence[TalentYear]) -> list[Successor]:
    """Those of a page who are in service inside the reader's scope, each compared with what the post asks."""
    wanted = {"_id": {"$in": [one.employee_id for one in page]}, "status": "active"}
    people = {r.id: r.state for r in await work.find(EMPLOYEES, scope, wanted, limit=len(page), effects=False)}
    merits, asked = await _merits(work, list(people.values())), plan.requirements
    return [
        Successor(employee, one, findings(employee, merits[employee.id], asked, _today(work, employee)))
        for one in page
        if (employee := people.get(one.employee_id))
    ]


async def opportunity(work: Work, scope: Scope, period: str) -> Report:
    """Everybody in service inside the scope, counted in one pass: what is kept grows with the groups alone."""
    report, after = Report(span_of(period)), ""
    while True:
        query = {"status": "active", "_id": {"$gt": after}}
        page = await work.find(EMPLOYEES, scope, query, limit=IDS_A_QUERY, effects=False)
        people = [one.state for one in page]
        merits, stated = await _merits(work, people), await _disabilities(work, people)
        for one in people:
            report.count(one, merits[one.id], unit=_unit_of(one, scope), disability=stated.get(one.id))
        if len(page) < IDS_A_QUERY:
            return report
        after = page[-1].id


def _unit_of(employee: Employee, scope: Scope) -> str:
    """The unit next below the part of the tree that the reader is responsible for."""
    top = max((path for path in scope.paths if (employee.unit_path + "/").startswith(path + "/")), key=len, default="")
    return "/".join(employee.unit_path.split("/")[: top.count("/") + 2])


async def _merits(work: Work, people: Sequence[Employee]) -> dict[str, Merit]:
    """What is known of these, at most a page of them, whom a scope has let through."""
    query = {"_id": {"$in": [one.id for one in people]}}
    found = {r.id: r.state for r in await work.find(PROFILES, SYSTEM, query, limit=len(people) or 1, effects=False)}
    return {one.id: found.get(one.id) or merit.blank(one.id, kemendagri_code(one.province)) for one in people}


async def _disabilities(work: Work, people: Sequence[Employee]) -> dict[str, bool]:
    query = {"_id": {"$in": [one.id for one in people]}}
    return {r.id: r.state.disability for r in await work.find(INCLUSIONS, SYSTEM, query, limit=len(people) or 1)}


def _today(work: Work, employee: Employee) -> date:
    return day_of(work.now(), kemendagri_code(employee.province))
