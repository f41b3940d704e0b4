"""Kenaikan pangkat: the rank to be given, and the decree as a personnel officer states it.

What SIASN says of its own decrees is taken as it is.
"""

from __future__ import annotations

import re
from datetime import date

from personnel.domain.golongan import PNS, Golongan, golongan_of
from personnel.domain.profile import Decree, Profile
from personnel.domain.refusals import DateOutOfOrder, NotPromotable, RankNotHigher, UnknownPromotionKind

PROMOTION_KINDS = {
    "101": "reguler",
    "201": "pilihan, jabatan struktural",
    "202": "pilihan, jabatan fungsional",
    "203": "pilihan, penyesuaian ijazah",
    "204": "pilihan, sedang tugas belajar",
    "205": "pilihan, selesai tugas belajar",
    "206": "pilihan, dipekerjakan atau diperbantukan di luar instansi induk",
    "207": "pilihan, penemuan baru",
    "208": "pilihan, prestasi luar biasa",
    "209": "pilihan, pejabat negara",
    "210": "pilihan, selama dipekerjakan atau diperbantukan",
    "211": "golongan dari pengadaan CPNS/PNS",
}
"""SIASN's jenisKP as far as public sources name them."""

_KIND = re.compile(r"[12][0-9]{2}", re.ASCII)
"""BKN adds kinds (1xx reguler, 2xx pilihan) without asking us, so a new one of these two groups is no mistake."""


def stated_decree(number: str, promotion_kind: str) -> Decree:
    """The decree, whose kind is one that SIASN has or could have."""
    if _KIND.fullmatch(promotion_kind) is None:
        raise UnknownPromotionKind(
            f"Jenis kenaikan pangkat '{promotion_kind[:20]}' tidak dikenal. Isi dengan kode jenisKP SIASN, misalnya "
            "101 (reguler), 201 (struktural), 202 (fungsional) atau 203 (penyesuaian ijazah).",
            field="promotion_kind",
            detail="expected SIASN's jenisKP: three digits, the first of them 1 or 2",
        )
    return Decree(number=number, promotion_kind=promotion_kind)


def raised(employee: Profile, to_golongan: str, on: date) -> tuple[Golongan, Golongan]:
    """The rank to be given from ``on`` and the present one; refused where that is no promotion."""
    refuse_pppk(employee)
    rank, present = golongan_of("PNS", to_golongan), golongan_of("PNS", employee.golongan)
    if not rank.is_higher_than(present):
        raise RankNotHigher(
            f"Golongan {rank.code} tidak lebih tinggi dari {present.code}. Periksa golongan pada SK.",
            field="golongan",
            detail=f"{rank.code} is not above {present.code}",
        )
    if employee.golongan_since and on < employee.golongan_since:
        raise DateOutOfOrder(
            f"TMT {on:%d-%m-%Y} lebih awal dari TMT golongan sekarang ({employee.golongan_since:%d-%m-%Y}). "
            "Periksa tanggal pada SK.",
            field="effective_on",
            detail="the promotion begins before the current rank did",
        )
    return rank, present


def refuse_pppk(employee: Profile) -> None:
    """A PPPK has a contract, which is renewed, and no kenaikan pangkat (UU 20/2023; Perpres 98/2020)."""
    if employee.kind == "PPPK":
        raise NotPromotable(
            "PPPK tidak mengenal kenaikan pangkat. Perbarui perjanjian kerjanya.",
            field="golongan",
            detail="PPPK have no kenaikan pangkat",
        )


def following_rank(employee: Profile) -> Golongan:
    """The rank one step above the present one; refused for who has reached the highest."""
    present = golongan_of("PNS", employee.golongan)
    if present.order == len(PNS):
        raise RankNotHigher(
            f"{present.code} adalah golongan tertinggi. Tidak ada kenaikan pangkat lagi.",
            field="golongan",
            detail="the highest rank is held",
        )
    return PNS[present.order]
