"""What personnel answers: employees as of a date, the unit tree, merit profiles, imports, rejects, records for BKN."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.documents import Collection, Record
from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import NotFound, Work

from personnel.domain import merit
from personnel.domain.eligibility import Case, next_period, refuse_unpromotable, usual_kind
from personnel.domain.employee import Employee
from personnel.domain.golongan import golongan_of
from personnel.domain.importing import ImportRun, Reject
from personnel.domain.jabatan import Jenjang
from personnel.domain.merit import Merit
from personnel.domain.naming import is_place, listed_as, words_of
from personnel.domain.outgoing import KINDS, STATES, Kind, Outgoing, State
from personnel.domain.posting import posting_on
from personnel.domain.promotion import following_rank
from personnel.domain.proposal import Proposal
from personnel.domain.refusals import UnknownPlace
from personnel.domain.unit import Unit
from personnel.store import EMPLOYEES, IMPORTS, OUTGOING, PROFILES, REJECTS, UNITS

P = TypeVar("P", bound=Proposal)
NIP_DIGITS = 18
_PAGE = 500
_UNIT_PATH = re.compile(r"(/[A-Za-z0-9.\-]{1,40})+", re.ASCII)
_RUN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_REJECT = re.compile(r"(employee|unit|history)/[0-9]{9,}\.[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for; all that is given must hold."""

    name: str | None = None
    """Beginnings of words of the name, in any order."""
    nip: str | None = None
    """The whole NIP or its first digits."""
    unit_path: str | None = None
    """A unit, with everything below it."""
    status: str | None = None

    def filter(self) -> dict[str, Any] | None:
        """As a filter of the database, each part of which an index serves; None where nothing can be found."""
        found: dict[str, Any] = {}
        words = [f"^{word}" for word in words_of(self.name or "")]
        if self.name and not words:
            return None
        if len(words) == 1:
            found["words"] = {"$regex": words[0]}
        elif words:
            found["$and"] = [{"words": {"$regex": word}} for word in words]
        if self.nip:
            found["nip"] = self.nip if len(self.nip) == NIP_DIGITS else {"$regex": f"^{self.nip}"}
        if self.status:
            found["status"] = self.status
        return found


async def employee(work: Work, scope: Scope, employee_id: str) -> Record[Employee]:
    """One employee."""
    return await work.get(EMPLOYEES, employee_id, scope)


async def employees(work: Work, scope: Scope, search: Search, after: str | None, limit: int) -> list[Record[Employee]]:
    """Employees inside the scope, by name."""
    query = search.filter()
    if query is None:
        return []
    if after:
        _refuse_unless(is_place(after))
        query["listed_as"] = {"$gt": after}
    if search.unit_path:
        scope, query = _inside(scope, search.unit_path, query)
    return await work.find(EMPLOYEES, scope, query, sort=("listed_as", 1), limit=limit)


def _inside(scope: Scope, unit_path: str, query: dict[str, Any]) -> tuple[Scope, dict[str, Any]]:
    """The part of a scope that lies in a unit: fewer units, or those of one's own and one's reports who work there."""
    if scope.paths:
        return scope.narrowed(unit_path), query
    return scope, query | below(unit_path)


def place_in_list(employee: Employee) -> str:
    """Where a list of employees goes on after this one."""
    return listed_as(employee.name, employee.id)


async def profile(work: Work, scope: Scope, employee_id: str) -> tuple[Employee, Merit]:
    """An employee with what the other services have said about them."""
    known = (await work.get(EMPLOYEES, employee_id, scope)).state
    found = await work.find(PROFILES, SYSTEM, {"_id": employee_id}, limit=1)
    return known, found[0].state if found else merit.blank(employee_id, kemendagri_code(known.province))


async def promotion_case(
    work: Work, scope: Scope, employee_id: str, to_golongan: str | None, kind: str | None, on: date | None,
    jenjang: Jenjang | None = None,
) -> Case:  # fmt: skip
    """A promotion as the rules look at it: the next rank, of the usual kind, in the next period, unless stated; and
    to another functional level, where one is."""
    employee, evidence = await profile(work, scope, employee_id)
    refuse_unpromotable(employee)
    today = day_of(work.now(), kemendagri_code(employee.province))
    on = on or next_period(today)
    rank = golongan_of("PNS", to_golongan) if to_golongan else following_rank(employee)
    held = posting_on(employee.postings, on)
    above = await work.find(EMPLOYEES, SYSTEM, {"_id": held.supervisor_id}, limit=1) if held else []
    return Case(
        employee=employee, merit=evidence, to_golongan=rank.code, kind=kind or usual_kind(employee), on=on,
        today=today, superior=above[0].state if above else None, jenjang=jenjang,
    )  # fmt: skip


async def proposals(
    work: Work, collection: Collection[P], scope: Scope, employee_id: str | None, state: str | None,
    after: str | None, limit: int,
) -> list[Record[P]]:  # fmt: skip
    """Proposals about an employee who is inside the scope today, or about oneself and made in the office's units."""
    query = {"_id": {"$gt": after or ""}} | ({"state": state} if state else {})
    if employee_id is not None:
        await employee(work, scope, employee_id)
        scope, query = SYSTEM, query | {"employee_id": employee_id}
    return await work.find(collection, scope, query, limit=limit)


async def disciplined(
    work: Work, scope: Scope, running_on: date | None, after: str | None, limit: int
) -> list[Record[Employee]]:
    """Employees inside the scope with a measure that was left standing, or one that runs on or after a day."""
    query: dict[str, Any] = {"disciplined_until": {"$gte": running_on.isoformat() if running_on else "0"}}
    if after:
        _refuse_unless(is_place(after))
        query["listed_as"] = {"$gt": after}
    return await work.find(EMPLOYEES, scope, query, sort=("listed_as", 1), limit=limit)


async def unit(work: Work, scope: Scope, unit_id: str) -> Record[Unit]:
    """One unit."""
    return await work.get(UNITS, unit_id, scope)


async def units(work: Work, scope: Scope, path: str | None, after: str | None, limit: int) -> list[Unit]:
    """Units inside the scope, each before those below it; ``after`` is the path of the last."""
    _refuse_unless(not after or _UNIT_PATH.fullmatch(after))
    query = {"unit_path": {"$gt": after or ""}}
    inside = scope.narrowed(path) if path else scope
    found = await work.find(UNITS, inside, query, sort=("unit_path", 1), limit=limit)
    return [record.state for record in found]


async def import_run(work: Work, scope: Scope, run_id: str) -> ImportRun:
    """A run all of whose governments lie inside the scope."""
    run = (await work.get(IMPORTS, run_id, SYSTEM)).state
    if not run.lies_within(scope.covers):
        raise NotFound(IMPORTS.name, run_id)
    return run


async def import_runs(work: Work, scope: Scope, before: str | None, limit: int) -> tuple[list[ImportRun], str | None]:
    """Runs, newest first, and where the list goes on; runs that reach beyond the scope are left out."""
    _refuse_unless(not before or _RUN_ID.fullmatch(before))
    query = {"_id": {"$lt": before}} if before else {}
    found = [r.state for r in await work.find(IMPORTS, SYSTEM, query, sort=("_id", -1), limit=limit)]
    visible = [run for run in found if run.lies_within(scope.covers)]
    return visible, found[-1].id if len(found) == limit else None


async def rejects(work: Work, scope: Scope, run_id: str, after: str | None, limit: int) -> list[Reject]:
    """What a run could not use, in the order of its source."""
    await import_run(work, scope, run_id)
    _refuse_unless(not after or _REJECT.fullmatch(after))
    query = {"_id": {"$gt": f"{run_id}/{after or ''}", "$lt": f"{run_id}0"}}
    return [record.state for record in await work.find(REJECTS, SYSTEM, query, limit=limit)]


def place_in_rejects(reject: Reject) -> str:
    """Where a list of rejects goes on after this one."""
    return reject.id.partition("/")[2]


async def every_reject(work: Work, scope: Scope, run_id: str) -> AsyncIterator[list[Reject]]:
    """All rejects of a run, a page at a time."""
    page, after = await rejects(work, scope, run_id, None, _PAGE), ""
    while page:
        yield page
        after = place_in_rejects(page[-1])
        page = await rejects(work, scope, run_id, after, _PAGE) if len(page) == _PAGE else []


async def outgoings(
    work: Work, scope: Scope, asked: Mapping[str, str | None], after: str | None, limit: int
) -> list[Outgoing]:
    """Records for BKN inside the scope; of a state, a kind or an employee, where asked for."""
    _refuse_unless(not after or _RUN_ID.fullmatch(after))
    query: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    found = await work.find(OUTGOING, scope, query | ({"_id": {"$gt": after}} if after else {}), limit=limit)
    return [record.state for record in found]


async def outgoing_counts(work: Work, scope: Scope) -> dict[Kind, dict[State, int]]:
    """How many records of each kind are in each state."""
    return {
        kind: {state: await work.count(OUTGOING, scope, {"kind": kind, "state": state}) for state in STATES}
        for kind in KINDS
    }


def _refuse_unless(ours: object) -> None:
    """A page after a place that we never gave would be an arbitrary one."""
    if not ours:
        raise UnknownPlace(
            "Halaman ini tidak dikenal. Mulailah dari halaman pertama, lalu kirim `next` dari halaman sebelumnya.",
            field="after",
            detail="expected the `next` of the page before, as it was given",
        )
