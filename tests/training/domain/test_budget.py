"""A unit's money: every rupiah is planned and in one place, and none is spent that is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from kinara.contracts import Province
from training.domain import budget as budgets
from training.domain.budget import Budget
from training.domain.funding import Share, of_unit
from training.domain.refusals import BudgetExhausted, InvalidBudget, UnitClosed
from training.domain.session import Session
from training.domain.unit import Unit

UNIT = Unit(id="u1", name="Dinas Contoh", province=Province(code="16"), unit_path="/16.71/plaju", active=True)
FULL = budgets.set_up(UNIT, 2026, Decimal(100))


def test_a_budget_is_of_a_unit_and_year_and_all_of_it_is_free() -> None:
    assert (FULL.id, FULL.unit_path, FULL.province) == ("2026/16.71/plaju", UNIT.unit_path, UNIT.province)
    assert (FULL.planned, FULL.reserved, FULL.spent, FULL.free) == (100, 0, 0, 100)
    with pytest.raises(UnitClosed):
        budgets.set_up(replace(UNIT, active=False), 2026, Decimal(100))


def test_money_is_reserved_to_the_last_rupiah_and_no_further() -> None:
    bound = budgets.reserve(FULL, Decimal(100))
    assert (bound.reserved, bound.free) == (100, 0)

    with pytest.raises(BudgetExhausted):
        budgets.reserve(bound, Decimal(1))
    assert budgets.reserve(bound, Decimal(0)) == bound


def test_what_was_reserved_is_released_or_spent() -> None:
    bound = budgets.reserve(FULL, Decimal(60))

    assert budgets.release(bound, Decimal(60)) == FULL
    spent = budgets.spend(bound, Decimal(60))
    assert (spent.reserved, spent.spent, spent.free) == (0, 60, 40)
    for booking in (budgets.release, budgets.spend):
        with pytest.raises(BudgetExhausted):
            booking(bound, Decimal(61))


def test_a_budget_never_gets_less_than_is_bound() -> None:
    bound = budgets.spend(budgets.reserve(FULL, Decimal(60)), Decimal(20))

    assert budgets.change(bound, Decimal(60)).free == 0
    assert budgets.change(bound, Decimal(200)).free == 140
    with pytest.raises(InvalidBudget) as refusal:
        budgets.change(bound, Decimal(59))
    assert refusal.value.field == "planned"


def test_the_nearest_budget_upwards_pays() -> None:
    town, own = replace(FULL, id="2026/16.71", unit_path="/16.71"), FULL
    both = {one.id: one for one in (town, own)}

    assert budgets.payers("/16.71/plaju/u1") == ["/16.71/plaju/u1", "/16.71/plaju", "/16.71"]
    assert budgets.payer(both, budgets.payers("/16.71/plaju/u1"), 2026) == own
    assert budgets.payer(both, budgets.payers("/16.71/dinkes"), 2026) == town
    assert budgets.payer(both, budgets.payers("/16.710"), 2026) is None
    assert budgets.payer(both, budgets.payers("/16.71/plaju"), 2027) is None


@pytest.mark.parametrize(
    ("seats", "free", "lacking"), [(1, 100, None), (1, 99, "money"), (0, 100, "seat"), (0, 99, "seat")]
)
def test_a_place_needs_a_seat_and_the_units_share_of_its_price(
    session: Session, seats: int, free: int, lacking: str | None
) -> None:
    shares = (Share(source="unit", amount=Decimal(100)), Share(source="partner", amount=Decimal(900)))
    priced = replace(session, seats=seats, price=Decimal(1000), shares=shares)

    assert budgets.lacks(priced, of_unit(shares), replace(FULL, planned=Decimal(free))) == lacking
    assert budgets.lacks(priced, of_unit(shares), None) == ("seat" if seats == 0 else "budget")
    assert budgets.lacks(priced, Decimal(0), None) == ("seat" if seats == 0 else None)


def test_the_books_of_a_year_are_those_of_the_government() -> None:
    assert budgets.books_id("/16.71/plaju/u1", 2027) == budgets.books_id("/16.71", 2027) == "2027/16.71"


def test_budgets_together_say_what_is_bound_and_that_nothing_is_over() -> None:
    other = budgets.spend(budgets.reserve(FULL, Decimal(30)), Decimal(10))

    use = budgets.use_of([FULL, other])

    assert (use.budgets, use.planned, use.reserved, use.spent, use.free, use.over) == (2, 200, 20, 10, 170, 0)
    assert budgets.use_of([replace(FULL, reserved=Decimal(130))]).over == 30
    assert budgets.use_of([]).planned == 0


BOOKINGS: list[Callable[[Budget, Decimal], Budget]] = [budgets.reserve, budgets.release, budgets.spend, budgets.change]


@given(some.lists(some.tuples(some.sampled_from(BOOKINGS), some.integers(0, 120)), max_size=30))
def test_whatever_is_booked_planned_is_reserved_and_spent_and_free(
    bookings: list[tuple[Callable[[Budget, Decimal], Budget], int]],
) -> None:
    budget = FULL
    for booking, amount in bookings:
        try:
            budget = booking(budget, Decimal(amount))
        except (BudgetExhausted, InvalidBudget):
            continue
        assert budget.planned == budget.reserved + budget.spent + budget.free
        assert min(budget.reserved, budget.spent, budget.free) >= 0
