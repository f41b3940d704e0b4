"""Who pays for a place: its price in whole rupiah, in shares that add up to it exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from training.domain.refusals import InvalidBudget, SharesUneven

Source = Literal["unit", "partner", "province", "centre", "participant"]
"""The learner's unit, whose budget it is; the partner that teaches; and others who give to it."""

FREE = Decimal(0)
MOST_RUPIAH = Decimal(10) ** 15
"""A thousand trillion: more than all of the state's money for training."""
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one source gives to each place, in rupiah."""

    source: Source
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A share as it is asked for: rupiah or percent."""

    source: Source
    amount: Decimal | None = None
    percent: Decimal | None = None


def rupiah(amount: Decimal, field: str) -> Decimal:
    """An amount of money; refuses what is no whole number of rupiah."""
    if not amount.is_finite() or not FREE <= amount <= MOST_RUPIAH or amount != amount.to_integral_value():
        raise InvalidBudget(
            "Jumlah uang harus dalam rupiah penuh, tidak negatif. Periksa jumlahnya.",
            field=field,
            detail=f"expected a whole number of rupiah from 0 to {MOST_RUPIAH}, got {amount}",
        )
    return amount.quantize(Decimal(1))


def share_out(price: Decimal, parts: Sequence[Part]) -> tuple[Share, ...]:
    """The shares of a price: all in rupiah, or all in percent; the unit pays everything where none are named.

    Percents are rounded down to whole rupiah, and what that leaves over is paid by the unit, or else by the first
    named: whatever is asked, the shares add up to the price (proposal).
    """
    if not parts:
        return (Share(source="unit", amount=price),) if price else ()
    if len({part.source for part in parts}) < len(parts):
        raise _uneven("Setiap sumber dana disebut satu kali.", "a source is named twice")
    if all(part.percent is None and part.amount is not None for part in parts):
        shares = tuple(Share(source=p.source, amount=rupiah(p.amount or FREE, "shares")) for p in parts)
        if total(shares) != price:
            raise _uneven(
                f"Jumlah bagian Rp{total(shares)} tidak sama dengan biaya Rp{price} per peserta.",
                f"the shares sum to {total(shares)}, the price is {price}",
            )
        return shares
    if any(part.percent is None or part.amount is not None for part in parts):
        raise _uneven("Tulis semua bagian dalam rupiah, atau semuanya dalam persen.", "rupiah and percent are mixed")
    return _by_percent(price, parts)


def total(shares: Iterable[Share]) -> Decimal:
    """What the shares come to."""
    return sum((share.amount for share in shares), FREE)


def of_unit(shares: Iterable[Share]) -> Decimal:
    """What the learner's own unit pays."""
    return total(share for share in shares if share.source == "unit")


def _by_percent(price: Decimal, parts: Sequence[Part]) -> tuple[Share, ...]:
    percents = [part.percent or FREE for part in parts]
    if min(percents) < 0 or sum(percents, FREE) != _WHOLE:
        raise _uneven(
            f"Jumlah bagian {sum(percents, FREE)}%, seharusnya tepat 100%.",
            f"the percents sum to {sum(percents, FREE)}, none of them below 0",
        )
    shares = [
        Share(source=part.source, amount=(price * percent / _WHOLE).to_integral_value(ROUND_FLOOR))
        for part, percent in zip(parts, percents, strict=True)
    ]
    last = next((at for at, share in enumerate(shares) if share.source == "unit"), 0)
    shares[last] = replace(shares[last], amount=shares[last].amount + price - total(shares))
    return tuple(shares)


def _uneven(message: str, detail: str) -> SharesUneven:
    return SharesUneven(f"{message} Periksa pembagian biayanya.", field="shares", detail=detail)
