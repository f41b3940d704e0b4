"""HTTP in: the IKM of a unit, in full for who may see it, as published for everybody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self

from fastapi import APIRouter
from kinara.contracts import Id
from kinara.kit.http import WorkDep
from kinara.kit.identity import PublicScope
from pydantic import BaseModel, Field

from feedback.api.routes import Period, ReaderScope
from feedback.domain.subject import Subject
from feedback.domain.survey import Change, Result
from feedback.queries import ikm, publication

router = APIRouter(prefix="/v1", tags=["ikm"])


class ChangeView(BaseModel):
    """How a result differs from the one before."""

    ikm: Decimal
    nrr: dict[str, Decimal]

    @classmethod
    def of(cls, change: Change | None) -> Self | None:
        return None if change is None else cls(ikm=change.ikm, nrr=dict(change.nrr))


class IkmView(BaseModel):
    """The satisfaction index of a unit and period."""

    unit_id: Id
    unit: str
    period: str
    answers: int
    result: Result | None = Field(description="None while nobody has answered, or as long as it is not published.")
    change: ChangeView | None = Field(description="Since the month, quarter or year before; None without one.")
    through: str | None = Field(
        default=None, description="For the public: the last month in it. Months are published when they are over."
    )
    due_on: date | None = Field(
        default=None, description="For the public: when the next month of it is published; None where all are."
    )


@router.get("/units/{unit_id}/ikm")
async def read_ikm(unit_id: Id, scope: ReaderScope, work: WorkDep, period: Period) -> IkmView:
    """The IKM of a unit and everything below it."""
    found = await ikm.unit_ikm(work, unit_id, period, scope)
    return IkmView(
        unit_id=found.unit.id, unit=found.unit.name, period=period, answers=found.answers, result=found.result,
        change=ChangeView.of(found.change),
    )  # fmt: skip


@router.get("/public/units/{unit_id}/ikm")
async def read_public_ikm(unit_id: Id, _: PublicScope, work: WorkDep, period: Period) -> IkmView:
    """The IKM as the public sees it: months that are over, from ten answers on, none to be found by subtraction."""
    return published_ikm(*await publication.unit_figures(work, unit_id, period))


def published_ikm(unit: Subject, found: publication.Published, change: Change | None) -> IkmView:
    """The published part of an IKM."""
    return IkmView(
        unit_id=unit.id, unit=unit.name, period=found.period, answers=found.answers or 0, result=found.result,
        change=ChangeView.of(change), through=found.through, due_on=found.due_on,
    )  # fmt: skip
