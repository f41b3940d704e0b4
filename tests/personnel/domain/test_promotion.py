"""The decree of a promotion as it is typed."""

from __future__ import annotations

import pytest
from personnel.domain.profile import Decree
from personnel.domain.promotion import PROMOTION_KINDS, stated_decree
from personnel.domain.refusals import UnknownPromotionKind


@pytest.mark.parametrize("kind", [*PROMOTION_KINDS, "212"])
def test_a_kind_of_siasn_is_taken_and_so_is_one_that_bkn_may_add(kind: str) -> None:
    assert stated_decree("823/1", kind) == Decree(number="823/1", promotion_kind=kind)


@pytest.mark.parametrize("kind", ["999", "x", "", "1", "1011", "301", "101\n", "١٠١"])
def test_any_other_kind_is_refused_with_examples(kind: str) -> None:
    with pytest.raises(UnknownPromotionKind) as refused:
        stated_decree("823/1", kind)
    assert refused.value.field == "promotion_kind"
    assert "misalnya 101 (reguler)" in refused.value.message
