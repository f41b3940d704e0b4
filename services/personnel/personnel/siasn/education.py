"""The highest education of a data-utama record, on the ladder that sets how far a kenaikan pangkat reguler goes."""

from __future__ import annotations

from collections.abc import Mapping

from personnel.domain.dossier import Education
from personnel.siasn.fields import Record, UnfitField

EDUCATION_COLUMNS = ("tkPendidikanTerakhirId", "tkPendidikanTerakhir")
_LEVELS: Mapping[str, tuple[Education, str]] = {
    "05": ("SD", "Sekolah Dasar"),
    "10": ("SMP", "SLTP"),
    "12": ("SMP kejuruan", "SLTP Kejuruan"),
    "15": ("SMA", "SLTA"),
    "17": ("SMA", "SLTA Kejuruan"),
    "18": ("SMA", "SLTA Keguruan"),
    "20": ("D1", "Diploma I"),
    "25": ("D2", "Diploma II"),
    "30": ("D3", "Diploma III/Sarjana Muda"),
    "35": ("D4", "Diploma IV"),
    "40": ("S1", "S-1/Sarjana"),
    "42": ("profesi", "Profesi"),
    "45": ("S2", "S-2"),
    "47": ("S2", "Spesialis"),
    "49": ("S3", "Subspesialis"),
    "50": ("S3", "S-3/Doktor"),
}
"""SIASN's tkPendidikan by id, as its clients have it (no specification is public). A specialist counts like an S2, the
lower of the two levels of Perpres 8/2012 ps. 5; that a subspecialist, whom it does not name, counts like an S3 is from
memory, and for a person to check."""
_BY_NAME: Mapping[str, Education] = {
    named.casefold(): education for education, name in _LEVELS.values() for named in (name, education)
}


def education_of(record: Record) -> Education | None:
    """The level by its id, else by its name; None where the record states neither."""
    code, name = (record.text(column) for column in EDUCATION_COLUMNS)
    if code is None and name is None:
        return None
    known = _LEVELS[code.zfill(2)][0] if code and code.zfill(2) in _LEVELS else _BY_NAME.get((name or "").casefold())
    if known is None:
        shown = (code or name or "")[:30]
        reason = f"{EDUCATION_COLUMNS[0]}: tingkat pendidikan '{shown}' tidak dikenal"
        raise UnfitField(EDUCATION_COLUMNS[0], reason, "unknown level of education")
    return known
