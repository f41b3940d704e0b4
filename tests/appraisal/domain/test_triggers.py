"""Conditions of awards and coaching are data with one side each."""

from __future__ import annotations

from decimal import Decimal

import pytest
from appraisal.domain.refusals import InvalidPolicy
from appraisal.domain.triggers import Condition


@pytest.mark.parametrize("sides", [{}, {"at_least": Decimal(1), "below": Decimal(2)}], ids=["neither", "both"])
def test_a_condition_is_either_at_least_or_below(sides):
    with pytest.raises(InvalidPolicy) as refused:
        Condition("S", **sides)
    assert refused.value.field == "at_least"


def test_a_condition_holds_for_one_period_unless_it_says_more():
    condition = Condition("S", below=Decimal(60))
    assert (condition.for_periods, condition.for_working_days) == (1, None)
