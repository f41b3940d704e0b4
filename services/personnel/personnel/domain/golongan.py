"""Golongan: the ranks of PNS with their pangkat, and the grades of PPPK.

PNS I/a to IV/e as in SIASN's reference data; PPPK I to XVII by Perpres 98/2020.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kinara.contracts.personnel import EmployeeKind

from personnel.domain.refusals import UnknownGolongan


@dataclass(frozen=True, slots=True)
class Golongan:
    """One rank or grade. ``order`` counts from the lowest of its kind and compares within that kind only."""

    code: str
    kind: EmployeeKind
    order: int
    siasn_id: str | None = None
    pangkat: str | None = None

    def is_higher_than(self, other: Golongan) -> bool:
        """Whether this ranks above ``other``; a PNS rank and a PPPK grade do not compare."""
        return self.kind == other.kind and self.order > other.order


_PNS_RANKS = (
    ("11", "I/a", "Juru Muda"),
    ("12", "I/b", "Juru Muda Tingkat I"),
    ("13", "I/c", "Juru"),
    ("14", "I/d", "Juru Tingkat I"),
    ("21", "II/a", "Pengatur Muda"),
    ("22", "II/b", "Pengatur Muda Tingkat I"),
    ("23", "II/c", "Pengatur"),
    ("24", "II/d", "Pengatur Tingkat I"),
    ("31", "III/a", "Penata Muda"),
    ("32", "III/b", "Penata Muda Tingkat I"),
    ("33", "III/c", "Penata"),
    ("34", "III/d", "Penata Tingkat I"),
    ("41", "IV/a", "Pembina"),
    ("42", "IV/b", "Pembina Tingkat I"),
    ("43", "IV/c", "Pembina Utama Muda"),
    ("44", "IV/d", "Pembina Utama Madya"),
    ("45", "IV/e", "Pembina Utama"),
)
_PPPK_GRADES = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
    *("X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"),
)

PNS = tuple(
    Golongan(code=code, kind="PNS", order=order, siasn_id=siasn_id, pangkat=pangkat)
    for order, (siasn_id, code, pangkat) in enumerate(_PNS_RANKS, start=1)
)
PPPK = tuple(Golongan(code=code, kind="PPPK", order=order) for order, code in enumerate(_PPPK_GRADES, start=1))

_BY_CODE = {(g.kind, g.code.upper()): g for g in (*PNS, *PPPK)}
_BY_SIASN_ID = {g.siasn_id: g for g in PNS}


def golongan_of(kind: EmployeeKind, text: str) -> Golongan:
    """The golongan written as ``III/c`` (PNS) or ``IX`` (PPPK), whatever its capitals and blanks."""
    known = _BY_CODE.get((kind, re.sub(r"\s", "", text).upper()))
    if known is None:
        expected = "I/a sampai IV/e" if kind == "PNS" else "I sampai XVII"
        raise UnknownGolongan(
            f"Golongan '{text[:20]}' tidak dikenal untuk {kind}. Isi dengan {expected}.",
            field="golongan",
            detail=f"unknown golongan for {kind}",
        )
    return known


def golongan_by_siasn_id(siasn_id: str) -> Golongan | None:
    """The PNS rank with SIASN's two-digit id, such as ``33`` for III/c."""
    return _BY_SIASN_ID.get(siasn_id)
