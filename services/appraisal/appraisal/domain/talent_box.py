"""Talent boxes: performance by potential, nine boxes, and what is advised for the people in each.

Source: PermenPANRB 3/2020 (amended by 20/2025, which was not seen) and its annex. The annex itself was not at hand:
boxes and treatments are as the published software of several regional governments prints them, all alike. A box is
advice to the talent committee, which decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from kinara.contracts.appraisal import Predikat

from appraisal.domain.components import HUNDRED, ZERO, shown
from appraisal.domain.rating import ABOVE, AS_EXPECTED
from appraisal.domain.refusals import InvalidCuts

SUCCESSION_FROM = 7
"""Boxes 7 to 9 are the succession pool (kelompok rencana suksesi)."""


class Kinerja(Enum):
    """The axis of performance, 1 the best. Equal to no level of the other axis."""

    DI_ATAS_EKSPEKTASI = 1
    SESUAI_EKSPEKTASI = 2
    DI_BAWAH_EKSPEKTASI = 3


class Potensi(Enum):
    """The axis of potential, 1 the best. Equal to no level of the other axis."""

    TINGGI = 1
    MENENGAH = 2
    RENDAH = 3


@dataclass(frozen=True, slots=True)
class Cuts:
    """From which mark, 0-100, the highest and the middle level of each axis begin."""

    kinerja: tuple[Decimal, Decimal]
    potensi: tuple[Decimal, Decimal]

    def __post_init__(self) -> None:
        for axis, (high, middle) in (("kinerja", self.kinerja), ("potensi", self.potensi)):
            if not ZERO < middle < high <= HUNDRED:
                raise InvalidCuts(
                    f"Batas sumbu {axis} harus 0 < menengah < tinggi <= 100, bukan {middle} dan {high}.",
                    detail=f"the cuts {high} and {middle} do not make three levels",
                    field=axis,
                )


_80_60 = (Decimal(80), Decimal(60))
USUAL = Cuts((ABOVE, AS_EXPECTED), _80_60)
"""Performance is cut as H and P are: 110 % and 90 % of the target; a predikat Baik is *sesuai ekspektasi*. For
potential no source gives cuts; those of Kepka BKN 41/2025 are taken."""
KEPKA_41_2025 = Cuts(_80_60, _80_60)
"""The reading in use with Kepka BKN 41/2025: a plain Baik is *di atas ekspektasi*. Not seen in the decree itself."""

MARKS: Mapping[Predikat, Decimal] = {
    Predikat.SANGAT_BAIK: Decimal(100),
    Predikat.BAIK: Decimal(80),
    Predikat.BUTUH_PERBAIKAN: Decimal(60),
    Predikat.KURANG: Decimal(40),
    Predikat.SANGAT_KURANG: Decimal(20),
}
"""The mark of a predikat, where no mark 0-100 is known."""

_K, _P = Kinerja, Potensi
MATRIX: Mapping[tuple[Kinerja, Potensi], int] = {
    (_K.DI_ATAS_EKSPEKTASI, _P.RENDAH): 4,
    (_K.DI_ATAS_EKSPEKTASI, _P.MENENGAH): 7,
    (_K.DI_ATAS_EKSPEKTASI, _P.TINGGI): 9,
    (_K.SESUAI_EKSPEKTASI, _P.RENDAH): 2,
    (_K.SESUAI_EKSPEKTASI, _P.MENENGAH): 5,
    (_K.SESUAI_EKSPEKTASI, _P.TINGGI): 8,
    (_K.DI_BAWAH_EKSPEKTASI, _P.RENDAH): 1,
    (_K.DI_BAWAH_EKSPEKTASI, _P.MENENGAH): 3,
    (_K.DI_BAWAH_EKSPEKTASI, _P.TINGGI): 6,
}

TREATMENTS: Mapping[int, str] = {
    9: "Dipromosikan dan dipertahankan; masuk kelompok rencana suksesi instansi atau nasional; diberi penghargaan.",
    8: "Dipertahankan; masuk kelompok rencana suksesi instansi; rotasi atau perluasan jabatan; bimbingan kinerja.",
    7: (
        "Dipertahankan; masuk kelompok rencana suksesi instansi; rotasi atau pengayaan jabatan; "
        "pengembangan kompetensi; tugas belajar."
    ),
    6: "Penempatan yang sesuai; bimbingan kinerja; konseling kinerja.",
    5: "Penempatan yang sesuai; bimbingan kinerja; pengembangan kompetensi.",
    4: "Rotasi; pengembangan kompetensi.",
    3: "Bimbingan kinerja; konseling kinerja; pengembangan kompetensi; penempatan yang sesuai.",
    2: "Bimbingan kinerja; pengembangan kompetensi; penempatan yang sesuai.",
    1: "Diproses sesuai dengan ketentuan peraturan perundang-undangan.",
}
"""What is advised for each box."""


@dataclass(frozen=True, slots=True)
class TalentBox:
    """Where somebody stands among the nine boxes; 9 is the best."""

    number: int
    kinerja: Kinerja
    potensi: Potensi

    @property
    def treatment(self) -> str:
        """What is advised, in Indonesian."""
        return TREATMENTS[self.number]

    @property
    def in_succession_pool(self) -> bool:
        """Whether people of this box may be planned as successors."""
        return self.number >= SUCCESSION_FROM


def talent_box(kinerja: Decimal, potensi: Decimal, cuts: Cuts = USUAL) -> TalentBox:
    """The box of two marks, 0-100, compared with the cuts as they are shown; ``MARKS`` has the mark of a predikat."""
    levels = Kinerja(_level(kinerja, cuts.kinerja)), Potensi(_level(potensi, cuts.potensi))
    return TalentBox(MATRIX[levels], *levels)


def _level(mark: Decimal, cuts: tuple[Decimal, Decimal]) -> int:
    high, middle = cuts
    value = shown(mark)
    return 1 if value >= high else 2 if value >= middle else 3
