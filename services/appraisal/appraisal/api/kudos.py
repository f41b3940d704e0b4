"""HTTP in: thanks from citizens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from fastapi import APIRouter, Query
from kinara.contracts import Id
from kinara.contracts.regions import day_of
from kinara.kit.http import WorkDep
from pydantic import BaseModel, Field

from appraisal import queries
from appraisal.api.routes import CardScope

router = APIRouter(prefix="/v1", tags=["kudos"])


class KudosView(BaseModel):
    """How many citizens have thanked an employee in a year. It weighs nothing in any score."""

    employee_id: Id
    year: int
    total: int
    by_month: dict[str, int] = Field(description="Months without thanks are left out.")

    @classmethod
    def of(cls, employee_id: str, year: int, by_month: Mapping[str, int]) -> Self:
        return cls(employee_id=employee_id, year=year, total=sum(by_month.values()), by_month=dict(by_month))


@router.get("/scorecards/{employee_id}/kudos")
async def read_kudos(
    employee_id: Id, scope: CardScope, work: WorkDep, year: Annotated[int | None, Query(ge=2000, le=2100)] = None
) -> KudosView:
    """Thanks from citizens in a year, this one unless another is named, month by month; their words are not told."""
    card = (await queries.scorecard(work, scope, employee_id)).state
    asked = year or day_of(work.now(), card.province).year
    return KudosView.of(employee_id, asked, await queries.kudos(work, card, asked))
