"""Jabatan: kinds of posts, managerial levels and functional levels, with the codes that SIASN uses for them.

Kinds by UU 20/2023 ps. 13-18 (manajerial; nonmanajerial: fungsional and pelaksana).
"""

from __future__ import annotations

import re
from typing import Literal

from kinara.contracts.personnel import JabatanKind

from personnel.domain.refusals import UnknownJabatan

ManagerialLevel = Literal["JPT UTAMA", "JPT MADYA", "JPT PRATAMA", "ADMINISTRATOR", "PENGAWAS"]
Jenjang = Literal["PM", "TR", "MH", "PY", "PT", "MU", "MA", "UT"]

ESELON: dict[str, tuple[str, ManagerialLevel | None]] = {
    "10": ("I.a", "JPT UTAMA"),
    "11": ("I.a", "JPT MADYA"),
    "12": ("I.b", "JPT MADYA"),
    "21": ("II.a", "JPT PRATAMA"),
    "22": ("II.b", "JPT PRATAMA"),
    "31": ("III.a", "ADMINISTRATOR"),
    "32": ("III.b", "ADMINISTRATOR"),
    "41": ("IV.a", "PENGAWAS"),
    "42": ("IV.b", "PENGAWAS"),
    "51": ("V.a", None),
    "52": ("V.b", None),
    "99": ("NON", None),
}
"""SIASN's eselon id to the old eselon and today's managerial level; none where the law knows no level any more."""

JENJANG: dict[Jenjang, str] = {
    "PM": "Pemula",
    "TR": "Terampil",
    "MH": "Mahir",
    "PY": "Penyelia",
    "PT": "Ahli Pertama",
    "MU": "Ahli Muda",
    "MA": "Ahli Madya",
    "UT": "Ahli Utama",
}
"""Functional levels: keterampilan PM to PY, keahlian PT to UT."""

JENIS_JABATAN = {"1": "Struktural", "2": "JF Tertentu", "3": "Rangkap", "4": "JF Umum"}
"""SIASN's jenisJabatan."""

_KIND_OF_JENIS: dict[str, JabatanKind] = {"1": "manajerial", "2": "fungsional", "4": "pelaksana"}
_LEVELS: dict[str, Jenjang] = {text.casefold(): code for code, name in JENJANG.items() for text in (code, name)}
_NAMED_LEVEL = re.compile(rf"\b({'|'.join(name.casefold() for name in JENJANG.values())})\b")


def kind_of(jenis_jabatan: str, eselon_id: str | None = None) -> JabatanKind:
    """The kind of post behind SIASN's ``jenisJabatan``.

    A structural post below pengawas (eselon V, non-eselon) counts as pelaksana, since UU 20/2023 knows no managerial
    level for it; a double post (rangkap) counts as managerial when it has an eselon of that kind, else as functional.
    """
    if jenis_jabatan not in JENIS_JABATAN:
        raise UnknownJabatan(
            f"Jenis jabatan '{jenis_jabatan[:20]}' tidak dikenal. Isi dengan 1 (struktural), 2 (fungsional), "
            "3 (rangkap) atau 4 (pelaksana).",
            field="jabatan_kind",
            detail="unknown SIASN jenisJabatan",
        )
    level = managerial_level(eselon_id) if eselon_id else None
    if jenis_jabatan == "3":
        return "manajerial" if level else "fungsional"
    if jenis_jabatan == "1" and eselon_id and level is None:
        return "pelaksana"
    return _KIND_OF_JENIS[jenis_jabatan]


def managerial_level(eselon_id: str) -> ManagerialLevel | None:
    """Today's managerial level of SIASN's eselon id, if there is one."""
    if eselon_id not in ESELON:
        raise UnknownJabatan(
            f"Kode eselon '{eselon_id[:20]}' tidak dikenal. Isi dengan {', '.join(ESELON)}.",
            field="jabatan_kind",
            detail="unknown SIASN eselon id",
        )
    return ESELON[eselon_id][1]


def jenjang_of(text: str) -> Jenjang | None:
    """The functional level stated by a code (``MU``), a name (``AHLI MUDA``) or inside a post's name."""
    plain = " ".join(text.casefold().split())
    if plain in _LEVELS:
        return _LEVELS[plain]
    named = _NAMED_LEVEL.search(plain)
    return _LEVELS[named.group()] if named else None
