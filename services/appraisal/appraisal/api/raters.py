"""HTTP in: how raters rate, for HR and oversight."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from fastapi import APIRouter
from kinara.kit.http import After, Limit, Page, WorkDep
from pydantic import BaseModel, Field

from appraisal.api.routes import OfficeScope
from appraisal.domain.components import shown
from appraisal.queries import raters as queries

router = APIRouter(prefix="/v1", tags=["appraisal"])


class RaterView(BaseModel):
    """How one superior marks behaviour."""

    rater_id: str
    ratings: int = Field(description="Ratings that count, one for each person and period.")
    mean: Decimal = Field(description="Of all marks, 1 to 5.")
    spread: Decimal | None = Field(description="Standard deviation of the marks; null where it is not known.")
    correction: Decimal = Field(description="What is taken off the next marks for leniency; below zero it is added.")

    @classmethod
    def of(cls, found: queries.Rating) -> Self:
        rater, spread = found.rater, found.rater.spread
        return cls(
            rater_id=rater.id,
            ratings=rater.ratings,
            mean=shown(rater.mean),
            spread=None if spread is None else shown(spread),
            correction=found.correction,
        )


@router.get("/raters")
async def list_raters(scope: OfficeScope, work: WorkDep, after: After = None, limit: Limit = 100) -> Page[RaterView]:
    """Superiors of the office's units who have rated three people or more; a page may be short and have a next."""
    found, place = await queries.raters(work, scope, after, limit)
    return Page(items=[RaterView.of(one) for one in found], next=place)
