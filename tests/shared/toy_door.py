"""A door of the toy with one of everything: keys, revisions, scopes, pages, and every way to fail."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx
import toy
from fastapi import APIRouter, Response
from kinara.contracts import Id
from kinara.kit.app import Service
from kinara.kit.documents import Collection
from kinara.kit.http import After, Body, Limit, Page, WorkDep, etag
from kinara.kit.identity import IssuerAway, PublicScope, Role, allow
from kinara.kit.issuer import token
from kinara.kit.mongo import Conflict, OutcomeUnknown, Taken
from kinara.kit.scope import Scope
from kinara.kit.settings import ServiceSettings
from kinara.kit.work import Transaction, command
from pydantic import Field
from pymongo.errors import AutoReconnect
from running import TOPICS
from toy import TALLIES, Tally

router = APIRouter(prefix="/v1")
HrScope = Annotated[Scope, allow(Role.HR)]


class Refusal(Exception):
    """Root of refusals, as services have it."""

    def __init__(self, message: str, *, field: str | None = None, detail: str = "") -> None:
        super().__init__(message)
        self.message, self.field, self.detail = message, field, detail


class TooLate(Refusal):
    """A refusal with a status of its own."""


class QuiteTooLate(TooLate):
    """One that shares the status of its parent."""


class Odd(Refusal):
    """One that the table does not name."""


class Note(Body):
    """A note on an employee's tally."""

    text: Annotated[str, Field(min_length=2, max_length=10)]
    weight: Annotated[int, Field(ge=1, le=4)] = 1
    kind: Literal["pujian", "keluhan"] = "pujian"


FAILURES: dict[str, Exception] = {
    "late": QuiteTooLate("Sudah lewat.", field="body.text", detail="too late"),
    "odd": Odd("Aneh."),
    "taken": Taken("nip"),
    "conflict": Conflict("tallies"),
    "unknown": OutcomeUnknown(),
    "away": AutoReconnect("gone"),
    "keyless": IssuerAway("no keys"),
    "bug": RuntimeError("no post for 198609262015051001"),
}


@command
async def annotate(tx: Transaction, employee: str, text: str, scope: Scope) -> Tally:
    """Put a note on a tally."""
    noted = dataclasses.replace(await tx.load(TALLIES, employee, scope), note=text)
    tx.save(TALLIES, noted)
    return noted


@router.post("/reports", status_code=201)
async def report(body: dict[str, Id], work: WorkDep, _scope: PublicScope) -> str:
    return await toy.report(work, body["employee_id"], Decimal(1))


@router.post("/notes/{employee}")
async def add_note(employee: Id, body: Note, work: WorkDep, scope: HrScope) -> str | None:
    return (await annotate(work, employee, body.text, scope)).note


@router.get("/tallies/{employee}")
async def tally(employee: Id, work: WorkDep, scope: HrScope, response: Response) -> str:
    record = await work.get(TALLIES, employee, scope)
    etag(response, record.rev)
    return record.state.id


@router.get("/tallies")
async def tallies(_scope: PublicScope, limit: Limit = 50, after: After = None) -> Page[int]:
    return Page(items=[limit], next=after)


@router.get("/failures/{name}")
async def fail(name: str, _scope: PublicScope) -> None:
    raise FAILURES[name]


def settings(folder: Path, **changed: Any) -> ServiceSettings:
    return ServiceSettings(topics=TOPICS, cells=("uji",), issuer_key=folder / "issuer.json", **changed)


def service(settings: ServiceSettings, *collections: Collection[Any]) -> Service:
    return Service(
        name="appraisal", settings=settings, routers=[router], collections=collections or (TALLIES,),
        refusal=Refusal, statuses={Refusal: 422, TooLate: 409}, inbox=toy.inbox,
    )  # fmt: skip


def bearer(folder: Path, *roles: Role, units: tuple[str, ...] = ("/16.71",)) -> dict[str, str]:
    return {"Authorization": "Bearer " + token(settings(folder), roles=roles, units=units)}


def problem(answer: httpx.Response, status: int, type_: str) -> dict[str, Any]:
    """The problem that an answer is; its shape is always the same."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-correlation-id"]
    said: dict[str, Any] = answer.json()
    assert said.keys() <= {"type", "title", "status", "detail", "errors"}
    assert (said["type"], said["status"]) == (f"urn:kinara:problem:{type_}", status)
    assert said["title"]
    return said
