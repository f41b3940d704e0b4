"""The five components of a score as formulas: numbers in, a mark from 0 to 100 out.

The scale is that of PP 30/2019 divided by 1.2: a target met is 83.33, 110 % of it 91.67, 90 % of it 75.
Formulas are exact to 28 digits and do not round. Rounding, always half-up, happens in two places: a component is
stored with four decimals (`mark`), everything composed of stored components is shown with two (`shown`).
Changes between stored marks therefore add up exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Component = Literal["K", "M", "A", "L", "B"]
"""K indicators (kinerja), M satisfaction (masyarakat), A complaints (aduan), L learning, B behaviour (BerAKHLAK)."""

COMPONENTS: tuple[Component, ...] = ("K", "M", "A", "L", "B")

NAMES: Mapping[Component, str] = {
    "K": "Hasil kerja (indikator)",
    "M": "Kepuasan masyarakat",
    "A": "Penanganan pengaduan",
    "L": "Pembelajaran",
    "B": "Perilaku kerja (BerAKHLAK)",
}
"""The components as people call them."""

Polarity = Literal["max", "min"]
"""Whether more of the indicator is better (services given) or less (days to issue)."""

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
CAP = Decimal("1.2")
"""Achievement beyond 120 % of a target earns nothing more."""
SMOOTHING = Decimal("0.1")
"""κ: a tenth of the target is presumed done on pace, so that day three of thirty with nothing done is not a zero."""
UNVERIFIED = Decimal("0.5")
"""What a self-report counts until someone has verified it."""
SOLVED_PRIOR, HANDLED_PRIOR = Decimal(8), Decimal(10)
"""Beta(8, 2): an officer starts as if eight of ten complaints had been solved in time."""
YEARLY_HOURS = Decimal(20)
"""JP a year to which every PNS has a right (PP 11/2017 jo PP 17/2020 ps. 203(4)); for PPPK the same is a proposal."""
MENTORING_HOURS = Decimal(6)
"""JP a year that mentoring can count for, in both roles together."""
LENIENCY_TRUST = Decimal(10)
"""How many ratings it takes until half of a rater's measured leniency is corrected."""

Points = tuple[tuple[Decimal, Decimal], ...]


def _points(*pairs: tuple[str, str]) -> Points:
    return tuple((Decimal(x), Decimal(y)) for x, y in pairs)


IKM_POINTS = _points(("25", "0"), ("65", "58.33"), ("76.61", "75"), ("88.31", "91.67"), ("100", "100"))
"""IKM to mark, so that mutu D, C, B, A (PermenPANRB 14/2017) fall into the bands of the predikat."""
BARS_POINTS = _points(("1", "0"), ("2", "58.33"), ("3", "83.33"), ("4", "91.67"), ("5", "100"))
"""Behaviour rating 1-5 to mark: 3 is behaviour as expected."""

_STORED, _SHOWN = Decimal("0.0001"), Decimal("0.01")


def mark(value: Decimal) -> Decimal:
    """A component as stored: four decimals, half-up."""
    return value.quantize(_STORED, ROUND_HALF_UP)


def shown(value: Decimal) -> Decimal:
    """A score as shown and compared with cuts: two decimals, half-up, which also closes the gaps between bands."""
    return value.quantize(_SHOWN, ROUND_HALF_UP)


def piecewise(x: Decimal, points: Points) -> Decimal:
    """Piecewise-linear map through the points; constant outside them."""
    (left, low), *rest = points
    if x <= left:
        return low
    for right, high in rest:
        if x <= right:
            return low + (high - low) * (x - left) / (right - left)
        left, low = right, high
    return low


def attainment_rising(done: Decimal, target: Decimal, elapsed: Decimal) -> Decimal:
    """c of a higher-is-better indicator as it is: the amount done against the part of the target due by now."""
    return (done + SMOOTHING * target) / (target * (elapsed + SMOOTHING))


def attainment_falling(level: Decimal, target: Decimal, evidence: Decimal = ONE) -> Decimal:
    """c of a lower-is-better indicator as it is: the measured level against the target.

    ``evidence`` is the mean weight of the measurements (1 verified, 0.5 not); the less there is, the nearer to the
    target the level is presumed.
    """
    return 2 - (evidence * level + SMOOTHING * target) / (target * (evidence + SMOOTHING))


def achievement(attainment: Decimal) -> Decimal:
    """c as it counts, 0-1.2."""
    return min(CAP, max(ZERO, attainment))


def indicators(achievements: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """K from (weight, c) pairs; weights are normalised to one. None without any."""
    total = mass = ZERO
    for weight, achievement in achievements:
        total += weight * achievement
        mass += weight
    return HUNDRED * total / (CAP * mass) if mass else None


def shrunk_mean(weighted: Decimal, weight: Decimal, prior_mean: Decimal, strength: Decimal) -> Decimal:
    """Mean rating x̃ on 1-4 as if ``strength`` votes of ``prior_mean`` had been cast before: few votes move little."""
    return (weighted + strength * prior_mean) / (weight + strength)


def satisfaction(mean: Decimal) -> Decimal:
    """M from a mean rating on 1-4, by way of the IKM = 25 · mean (PermenPANRB 14/2017)."""
    return piecewise(25 * mean, IKM_POINTS)


def complaints(solved: int, handled: int) -> Decimal:
    """A from complaints handled and those of them solved within the SLA and not reopened."""
    return max(ZERO, HUNDRED * (solved + SOLVED_PRIOR) / (handled + HANDLED_PRIOR))


def hours_required(offered: Decimal, months: int) -> Decimal:
    """JP due after so many months of the year: never more than was offered, so that a short budget punishes nobody."""
    return min(YEARLY_HOURS, offered) * months / 12


def learning(earned: Decimal, required: Decimal) -> Decimal | None:
    """L from JP earned against JP due; None where nothing was offered."""
    return HUNDRED * min(CAP, earned / required) / CAP if required else None


def leniency_correction(bias: Decimal, ratings: int) -> Decimal:
    """What to take off a rater's marks: their mean distance from other raters, trusted as their ratings grow."""
    return bias * ratings / (ratings + LENIENCY_TRUST)


def behaviour(mean: Decimal) -> Decimal:
    """B from the mean behaviour rating on 1-5, after correction."""
    return piecewise(mean, BARS_POINTS)
