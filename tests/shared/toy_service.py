"""The toy as a process of its own: ``uvicorn toy_service:create --factory``; it speaks as appraisal."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import toy
from fastapi import APIRouter, FastAPI
from fastapi.responses import StreamingResponse
from kinara.contracts import Id
from kinara.kit.app import Service, build
from kinara.kit.http import Body, WorkDep
from kinara.kit.identity import PublicScope
from kinara.kit.live import Live
from kinara.kit.settings import ServiceSettings
from pydantic import Field

router = APIRouter(prefix="/v1")
live = Live()


class Report(Body):
    """Progress as somebody reports it."""

    employee_id: Id
    amount: Annotated[int, Field(ge=0, le=100)] = 1


class Refusal(Exception):
    """Root of the toy's refusals."""


@router.post("/reports", status_code=202)
async def report(body: Report, work: WorkDep, _scope: PublicScope) -> dict[str, str]:
    """Accept a report; its fact's id is the receipt."""
    return {"id": await toy.report(work, body.employee_id, Decimal(body.amount))}


@router.get("/stream")
async def stream(work: WorkDep, _scope: PublicScope) -> StreamingResponse:
    """The ids of the toy's own facts, a line each, for as long as somebody listens."""
    return StreamingResponse(f"{fact.row['id']}\n" async for fact in live.listen(work.database, None))


@router.get("/broken")
async def broken(_scope: PublicScope) -> None:
    """Fail as a bug would, with a NIP in the message."""
    raise RuntimeError("no post for 198609262015051001")


def create() -> FastAPI:
    """The application."""
    return build(
        Service(
            name="appraisal",
            settings=ServiceSettings(),
            routers=[router],
            collections=[toy.TALLIES],
            refusal=Refusal,
            statuses={},
            inbox=toy.inbox,
            streams=[live],
        )
    )
