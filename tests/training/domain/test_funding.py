"""Who pays for a place: whatever is asked, the shares are the price."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from training.domain.funding import FREE, MOST_RUPIAH, Part, Share, of_unit, rupiah, share_out, total
from training.domain.refusals import InvalidBudget, SharesUneven

PRICE = Decimal(1_000_000)
SOURCES = ("unit", "partner", "province", "centre", "participant")


def in_rupiah(*parts: tuple[str, int]) -> list[Part]:
    return [Part(source=source, amount=Decimal(amount)) for source, amount in parts]  # type: ignore[arg-type]


def in_percent(*parts: tuple[str, str]) -> list[Part]:
    return [Part(source=source, percent=Decimal(percent)) for source, percent in parts]  # type: ignore[arg-type]


def test_the_unit_pays_everything_where_nobody_else_is_named() -> None:
    assert share_out(PRICE, []) == (Share(source="unit", amount=PRICE),)
    assert share_out(FREE, []) == ()


def test_shares_in_rupiah_are_taken_as_they_are() -> None:
    shares = share_out(PRICE, in_rupiah(("unit", 600_000), ("partner", 250_000), ("participant", 150_000)))

    assert [share.amount for share in shares] == [600_000, 250_000, 150_000]
    assert of_unit(shares) == 600_000


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(in_rupiah(("unit", 999_999)), id="a rupiah too few"),
        pytest.param(in_rupiah(("unit", 600_000), ("partner", 400_001)), id="a rupiah too many"),
        pytest.param(in_rupiah(("unit", 500_000), ("unit", 500_000)), id="a source twice"),
        pytest.param(in_percent(("unit", "60"), ("partner", "39.999999")), id="not quite 100 percent"),
        pytest.param(in_percent(("unit", "60"), ("partner", "40.000001")), id="just over 100 percent"),
        pytest.param(in_percent(("unit", "110"), ("partner", "-10")), id="a negative percent"),
        pytest.param(in_rupiah(("unit", 600_000)) + in_percent(("partner", "40")), id="rupiah and percent"),
        pytest.param([Part(source="unit")], id="neither"),
        pytest.param([Part(source="unit", amount=PRICE, percent=Decimal(100))], id="both"),
    ],
)
def test_shares_that_are_not_the_price_are_refused(parts: list[Part]) -> None:
    with pytest.raises(SharesUneven) as refusal:
        share_out(PRICE, parts)
    assert refusal.value.field == "shares"


def test_what_percents_leave_over_is_paid_by_the_unit_or_else_by_the_first() -> None:
    third = "33.333333"
    parts = in_percent(("partner", third), ("unit", "33.333334"), ("province", third))
    assert [share.amount for share in share_out(Decimal(100), parts)] == [33, 34, 33]

    without = in_percent(("partner", "50"), ("province", "50"))
    assert [share.amount for share in share_out(Decimal(101), without)] == [51, 50]


@given(
    price=some.integers(0, 10**12),
    weights=some.lists(some.integers(0, 10**6), min_size=1, max_size=5).filter(lambda weights: sum(weights) > 0),
)
def test_percents_that_sum_to_a_hundred_always_sum_to_the_price(price: int, weights: list[int]) -> None:
    percents = [Decimal(weight * 100 * 10**6 // sum(weights)) / 10**6 for weight in weights]
    percents[0] += Decimal(100) - sum(percents)
    parts = [Part(source=s, percent=p) for s, p in zip(SOURCES, percents, strict=False)]  # type: ignore[arg-type]

    shares = share_out(Decimal(price), parts)

    assert total(shares) == price
    assert all(share.amount >= 0 and share.amount == int(share.amount) for share in shares)


@pytest.mark.parametrize("amount", ["-1", "0.5", "NaN", "Infinity", str(MOST_RUPIAH + 1)])
def test_money_is_whole_rupiah(amount: str) -> None:
    with pytest.raises(InvalidBudget) as refusal:
        rupiah(Decimal(amount), "planned")
    assert refusal.value.field == "planned"


@pytest.mark.parametrize("amount", ["0", "1", "1500000.00", str(MOST_RUPIAH)])
def test_an_amount_is_kept_without_decimals(amount: str) -> None:
    assert str(rupiah(Decimal(amount), "planned")) == str(int(Decimal(amount)))
