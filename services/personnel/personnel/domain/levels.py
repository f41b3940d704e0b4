"""Levels of posts: the functional ladders, the managerial one, and where a post of a given name stands.

Functional levels: PermenPANRB 1/2023. Managerial levels: UU 20/2023 ps. 13-18; which posts of a regency or city are
JPT pratama: PP 18/2016 ps. 95. Administrator and pengawas are from memory, and for a person to check. In a province
(ps. 94) the sekretaris daerah is JPT madya; here it is taken for JPT pratama.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from kinara.contracts.personnel import JabatanKind

from personnel.domain.jabatan import JENJANG, Jenjang

Level: TypeAlias = Literal["pelaksana", "pengawas", "administrator", "jpt_pratama"] | Jenjang

CALLED: Mapping[Level, str] = {
    **{jenjang: name for jenjang, name in JENJANG.items()},  # noqa: C416  # a wider key
    "pelaksana": "Pelaksana",
    "pengawas": "Pengawas",
    "administrator": "Administrator",
    "jpt_pratama": "JPT Pratama",
}

_MANAGERIAL: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("administrator", re.compile(r"\b(camat|sekretaris (dinas|badan|inspektorat|kecamatan)|inspektur pembantu)\b")),
    ("pengawas", re.compile(r"\b(lurah|kepala (seksi|sub ?bagian|sub ?bidang|upt\w*)|sekretaris (lurah|kelurahan))\b")),
    ("administrator", re.compile(r"\bkepala (bidang|bagian)\b")),
    (
        "jpt_pratama",
        re.compile(r"\b(kepala (dinas|badan|satuan)|inspektur|asisten|staf ahli|sekretaris (daerah|dprd))\b"),
    ),
)  # fmt: skip
"""The posts of a regency or city that name their level; the first that fits (proposal)."""


def level_of(kind: JabatanKind, jenjang: Jenjang | None, jabatan: str) -> Level | None:
    """The level of a post: stated for functional ones, told by the name of managerial ones; None where it is not."""
    if kind == "fungsional":
        return jenjang
    if kind == "pelaksana":
        return "pelaksana"
    plain = " ".join(jabatan.casefold().split())
    return next((level for level, named in _MANAGERIAL if named.search(plain)), None)
