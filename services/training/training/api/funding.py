"""Money for training: a unit's budget of a year, what is bound, and which places it pays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Path, Query, Response
from kinara.contracts import Id, UnitPath
from kinara.kit.http import After, Body, Limit, Page, WorkDep, etag
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from training.commands import budgets as commands
from training.domain.budget import Budget, Lacking
from training.domain.enrolment import Enrolment, Status
from training.domain.session import FIRST_YEAR, LAST_YEAR
from training.queries import funding as queries

router = APIRouter(prefix="/v1", tags=["funding"])

HrScope = Annotated[Scope, allow(Role.HR)]
KeeperScope = Annotated[Scope, allow(Role.TRAINER, Role.HR)]
BooksScope = Annotated[Scope, allow(Role.TRAINER, Role.HR, Role.OVERSIGHT)]
PersonScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR, Role.HR, Role.OVERSIGHT)]
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]
AskedYear = Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR)]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2, strict=False, description="Rupiah.")]


class BudgetRequest(Body):
    """What a unit has for training in a year."""

    planned: Money


class BudgetView(BaseModel):
    """A unit's money: planned = reserved + spent + free."""

    unit_id: Id
    unit_path: UnitPath
    year: int
    planned: Decimal
    reserved: Decimal = Field(description="Bound by seats that were given.")
    spent: Decimal = Field(description="For completions, and for kept seats once the session was held.")
    free: Decimal

    @classmethod
    def of(cls, budget: Budget) -> Self:
        return cls.model_validate(budget, from_attributes=True)


class UseView(BaseModel):
    """What the budgets of a unit and everything below it come to."""

    budgets: int
    planned: Decimal
    reserved: Decimal
    spent: Decimal
    free: Decimal
    over: Decimal = Field(description="Bound beyond what was planned; 0.")


class PayerView(BaseModel):
    """The budget that pays for an employee's training."""

    year: int
    budget: BudgetView | None = Field(description="None where no budget is set up: what costs money waits for one.")


class PaidPlaceView(BaseModel):
    """A place that the budget pays, or that waits for its money."""

    id: Id
    session_id: Id
    employee_id: Id
    status: Status
    waits_for: Lacking | None
    amount: Decimal = Field(description="What the unit pays of its price.")
    spent: bool
    attended: list[date]

    @classmethod
    def of(cls, enrolment: Enrolment) -> Self:
        return cls.model_validate(enrolment, from_attributes=True)


@router.put("/units/{unit_id}/budgets/{year}")
async def set_budget(unit_id: Id, year: Year, body: BudgetRequest, scope: HrScope, work: WorkDep) -> BudgetView:
    """Set up a unit's budget, or change it; with more money the neediest who wait for it move up."""
    return BudgetView.of(await commands.set_budget(work, scope, unit_id, year, body.planned))


@router.get("/units/{unit_id}/budgets/{year}")
async def read_budget(unit_id: Id, year: Year, scope: BooksScope, work: WorkDep, response: Response) -> BudgetView:
    """A unit's budget of a year."""
    kept = await queries.budget(work, scope, unit_id, year)
    etag(response, kept.rev)
    return BudgetView.of(kept.state)


@router.get("/units/{unit_id}/budgets/{year}/places")
async def list_paid_places(
    unit_id: Id, year: Year, scope: BooksScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[PaidPlaceView]:
    """Where the money went, place by place."""
    found = await queries.paid_places(work, scope, unit_id, year, after, limit)
    return Page(items=[PaidPlaceView.of(e) for e in found], next=found[-1].id if len(found) == limit else None)


@router.get("/budgets")
async def list_budgets(
    year: AskedYear, scope: BooksScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[BudgetView]:
    """The budgets of a year."""
    found = await queries.list_budgets(work, scope, year, after, limit)
    return Page(items=[BudgetView.of(b) for b in found], next=found[-1].id if len(found) == limit else None)


@router.get("/budget-use")
async def read_budget_use(unit_path: UnitPath, year: AskedYear, scope: BooksScope, work: WorkDep) -> UseView:
    """What the budgets of a unit and everything below it come to in a year."""
    return UseView.model_validate(await queries.budget_use(work, scope, unit_path, year), from_attributes=True)


@router.get("/records/{employee_id}/budget/{year}")
async def read_payer(employee_id: Id, year: Year, scope: PersonScope, work: WorkDep) -> PayerView:
    """The budget that pays for one's own training, a report's, or that of somebody of the office's units."""
    budget = await queries.payer(work, scope, employee_id, year)
    return PayerView(year=year, budget=BudgetView.of(budget) if budget is not None else None)
