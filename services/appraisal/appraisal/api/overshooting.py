"""HTTP in: how often targets are overshot, for HR and oversight."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Query
from kinara.contracts import Id, UnitPath
from kinara.contracts.appraisal import Period
from kinara.kit.http import Limit, WorkDep
from pydantic import BaseModel, Field

from appraisal.api.routes import OfficeScope, PeriodText
from appraisal.domain.overshooting import FEWEST, Groups, Overshooting, Overshot
from appraisal.queries import overshooting as queries

router = APIRouter(prefix="/v1", tags=["appraisal"])


class CountView(BaseModel):
    """How often it happened."""

    judged: int = Field(description="Indicators judged, one for each person and period.")
    overshot: int = Field(description="Those of them whose achievement c would be above 1.2 were it not capped.")
    share: Decimal | None = Field(description="Overshot of judged; null where nothing was judged.")
    running: int = Field(description="Those judged in periods still open: by the pace so far, early figures jump.")

    @classmethod
    def of(cls, count: Overshooting) -> Self:
        return cls.model_validate(count, from_attributes=True)


class GroupView(CountView):
    """One superior's people, or one indicator."""

    key: str | None = Field(description="The superior's id, null for who has none; or the indicator's code.")


class GroupsView(BaseModel):
    """Superiors, or indicators."""

    items: list[GroupView] = Field(description="The highest share first.")
    more: int = Field(description="How many follow after these.")
    too_few: int = Field(description=f"How many are left out, since fewer than {FEWEST} indicators were judged.")

    @classmethod
    def of(cls, groups: Groups[str] | Groups[str | None], limit: int) -> Self:
        found = groups.conspicuous
        items = [GroupView(key=key, **CountView.of(count).model_dump()) for key, count in found[:limit]]
        return cls(items=items, more=len(found) - len(items), too_few=groups.too_few)


class OvershotView(BaseModel):
    """How often targets are overshot: a reason to ask how they are agreed, and no proof."""

    period: Period
    total: CountView
    superiors: GroupsView
    indicators: GroupsView

    @classmethod
    def of(cls, period: Period, report: Overshot, limit: int) -> Self:
        return cls(
            period=period,
            total=CountView.of(report.total),
            superiors=GroupsView.of(report.superiors, limit),
            indicators=GroupsView.of(report.indicators, limit),
        )


@router.get("/overshot-targets")
async def read_overshot_targets(
    scope: OfficeScope,
    work: WorkDep,
    period: Annotated[PeriodText, Query(description="Month, quarter or year, with all periods within it.")],
    unit_path: UnitPath | None = None,
    superior_id: Annotated[Id | None, Query(description="Only those whom this superior led.")] = None,
    limit: Limit = 100,
) -> OvershotView:
    """Targets set too low: how often c is above 1.2 in the office's units, by superior and by indicator."""
    report = await queries.overshot(work, scope, period, unit_path=unit_path, superior_id=superior_id)
    return OvershotView.of(period, report, limit)
