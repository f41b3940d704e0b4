"""From marks to the proposed predikat: two axes, nine cells, and the bands that the composite score stays within.

Sources: PermenPANRB 6/2022 (matrix), SIASN reference data (codes). The matrix does not compensate: no amount of output
lifts poor behaviour above Kurang. A proposal only; the appraiser (Pejabat Penilai Kinerja) decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

from kinara.contracts.appraisal import Predikat

from appraisal.domain.components import shown


class HasilKerja(Enum):
    """Work results against expectation; values are SIASN's codes, 1 is the best."""

    DI_ATAS_EKSPEKTASI = 1
    SESUAI_EKSPEKTASI = 2
    DI_BAWAH_EKSPEKTASI = 3


class PerilakuKerja(Enum):
    """Behaviour against expectation; values are SIASN's codes, 1 is the best. Equal to no code of the other axis."""

    DI_ATAS_EKSPEKTASI = 1
    SESUAI_EKSPEKTASI = 2
    DI_BAWAH_EKSPEKTASI = 3


PREDIKAT: Mapping[Predikat, str] = {
    Predikat.SANGAT_BAIK: "Sangat Baik",
    Predikat.BAIK: "Baik",
    Predikat.BUTUH_PERBAIKAN: "Butuh Perbaikan",
    Predikat.KURANG: "Kurang",
    Predikat.SANGAT_KURANG: "Sangat Kurang",
}
"""The predikat as people call them."""

ABOVE, AS_EXPECTED = Decimal("91.67"), Decimal("75.00")
"""Cuts of both axes: 110 % and 90 % of the target."""

BORDERLINE = Decimal("1.00")
"""Nearer to a cut than this, a person should look."""

_H, _P = HasilKerja, PerilakuKerja

MATRIX: dict[tuple[HasilKerja, PerilakuKerja], Predikat] = {
    (_H.DI_ATAS_EKSPEKTASI, _P.DI_ATAS_EKSPEKTASI): Predikat.SANGAT_BAIK,
    (_H.DI_ATAS_EKSPEKTASI, _P.SESUAI_EKSPEKTASI): Predikat.BAIK,
    (_H.DI_ATAS_EKSPEKTASI, _P.DI_BAWAH_EKSPEKTASI): Predikat.KURANG,
    (_H.SESUAI_EKSPEKTASI, _P.DI_ATAS_EKSPEKTASI): Predikat.BAIK,
    (_H.SESUAI_EKSPEKTASI, _P.SESUAI_EKSPEKTASI): Predikat.BAIK,
    (_H.SESUAI_EKSPEKTASI, _P.DI_BAWAH_EKSPEKTASI): Predikat.KURANG,
    (_H.DI_BAWAH_EKSPEKTASI, _P.DI_ATAS_EKSPEKTASI): Predikat.BUTUH_PERBAIKAN,
    (_H.DI_BAWAH_EKSPEKTASI, _P.SESUAI_EKSPEKTASI): Predikat.BUTUH_PERBAIKAN,
    (_H.DI_BAWAH_EKSPEKTASI, _P.DI_BAWAH_EKSPEKTASI): Predikat.SANGAT_KURANG,
}

BANDS: dict[Predikat, tuple[Decimal, Decimal]] = {
    Predikat.SANGAT_BAIK: (ABOVE, Decimal("100.00")),
    Predikat.BAIK: (AS_EXPECTED, Decimal("91.66")),
    Predikat.BUTUH_PERBAIKAN: (Decimal("58.33"), Decimal("74.99")),
    Predikat.KURANG: (Decimal("41.67"), Decimal("58.32")),
    Predikat.SANGAT_KURANG: (Decimal("0.00"), Decimal("41.66")),
}
"""Lowest and highest shown score of each predikat."""

_CUTS = tuple(low for low, _ in BANDS.values() if low)


def hasil_kerja(h: Decimal) -> HasilKerja:
    """The axis of work results for H, 0-100."""
    return HasilKerja(_level(h))


def perilaku_kerja(p: Decimal) -> PerilakuKerja:
    """The axis of behaviour for P, 0-100."""
    return PerilakuKerja(_level(p))


def _level(value: Decimal) -> int:
    value = shown(value)
    return 1 if value >= ABOVE else 2 if value >= AS_EXPECTED else 3


def propose(hasil: HasilKerja, perilaku: PerilakuKerja) -> Predikat:
    """The predikat that the nine-cell matrix gives. Source: PermenPANRB 6/2022."""
    return MATRIX[hasil, perilaku]


def proposed_cell(h: Decimal | None, p: Decimal | None) -> tuple[int, int] | None:
    """Both axes for H and P, as SIASN's codes; None until both are known."""
    return None if h is None or p is None else (_level(h), _level(p))


def cell_of(predikat: Predikat, proposed: tuple[int, int] | None) -> tuple[int, int] | None:
    """Both axes behind a decided predikat, as SIASN's codes: those of the proposal where they give it, else the only
    cell that does. None where a decision deviates and several cells would fit: a machine does not choose among them.
    """
    cells = [(hasil.value, perilaku.value) for (hasil, perilaku), given in MATRIX.items() if given == predikat]
    if proposed in cells:
        return proposed
    return cells[0] if len(cells) == 1 else None


def into_band(score: Decimal, predikat: Predikat) -> Decimal:
    """The shown score, moved to the edge of its predikat's band where it lies outside: never "88, Kurang"."""
    low, high = BANDS[predikat]
    return min(high, max(low, shown(score)))


def is_borderline(h: Decimal | None, p: Decimal | None, raw: Decimal, placed: Decimal) -> bool:
    """Whether H or P lies less than 1.0 from a cut of its axis, or the score from a cut of the bands.

    A score that had to be moved into its band (``placed`` differs from ``raw``) stands at an edge because of that, not
    because it was a close call, and does not count.
    """
    return (
        (h is not None and _near(h, (ABOVE, AS_EXPECTED)))
        or (p is not None and _near(p, (ABOVE, AS_EXPECTED)))
        or (raw == placed and _near(placed, _CUTS))
    )


def _near(value: Decimal, cuts: tuple[Decimal, ...]) -> bool:
    for cut in cuts:  # noqa: SIM110  # twice as quick as any(), and every fact that counts passes here
        if -BORDERLINE < value - cut < BORDERLINE:
            return True
    return False
