"""The decree of a promotion as a personnel officer states it. What SIASN says of its own decrees is taken as it is."""

from __future__ import annotations

import re

from personnel.domain.profile import Decree
from personnel.domain.refusals import UnknownPromotionKind

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
