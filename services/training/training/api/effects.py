"""What trainings changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter
from kinara.contracts import Id
from kinara.kit.http import WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from training import queries
from training.domain.effect import Effect

router = APIRouter(prefix="/v1", tags=["effects"])

EffectScope = Annotated[Scope, allow(Role.HR, Role.TRAINER, Role.OVERSIGHT)]


class EffectView(BaseModel):
    """Scores of three months before and after a training, against comparable people who did not take part.

    Where fewer than five are measured or compared with, there is a caveat, and no figures: they would be somebody's.
    """

    n: int = Field(description="Participants that are measured.")
    change: Decimal | None = Field(description="Mean change of their scores.")
    comparables: int = Field(description="People of the same government, kind of post and band of scores before.")
    change_of_comparables: Decimal | None
    difference: Decimal | None = Field(description="What the training changed beyond what changed anyway.")
    alone: int = Field(description="Participants whom nobody can be compared with.")
    caveat: str | None

    @classmethod
    def of(cls, effect: Effect) -> Self:
        return cls.model_validate(effect, from_attributes=True)


@router.get("/programmes/{programme_id}/effect")
async def read_effect(programme_id: Id, scope: EffectScope, work: WorkDep) -> EffectView:
    """What a programme changed among the employees of the caller's units."""
    return EffectView.of(await queries.effect_of(work, scope, [programme_id]))


@router.get("/partners/{partner_id}/effect")
async def read_effect_of_partner(partner_id: Id, scope: EffectScope, work: WorkDep) -> EffectView:
    """What a partner's programmes changed together, among the employees of the caller's units."""
    return EffectView.of(await queries.effect_of_partner(work, scope, partner_id))
