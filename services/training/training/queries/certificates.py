"""Certificates earned elsewhere: somebody's own, and those that wait for the office."""

from __future__ import annotations

from typing import Any

from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

from training.domain.certificate import Certificate, State
from training.store import CERTIFICATES, RECORDS


async def certificates_of(
    work: Work, scope: Scope, employee_id: str, after: str | None, limit: int
) -> list[Certificate]:
    """The certificates that an employee has entered, in their order."""
    await work.get(RECORDS, employee_id, scope)
    query = {"employee_id": employee_id, "_id": {"$gt": after or ""}}
    return [kept.state for kept in await work.find(CERTIFICATES, SYSTEM, query, limit=limit)]


async def list_certificates(
    work: Work, scope: Scope, state: State | None, after: str | None, limit: int
) -> list[Certificate]:
    """Certificates that were entered in the units inside the scope."""
    query: dict[str, Any] = {"_id": {"$gt": after or ""}, **({"state": state} if state else {})}
    return [kept.state for kept in await work.find(CERTIFICATES, scope, query, limit=limit)]
