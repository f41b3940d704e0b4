"""Who is senior to whom: by years of service, then by rank (reference §1a, 25: senior ASN mentor young ones; proposal).

Ranks are compared among PNS (I/a to IV/e) or among PPPK (I to XVII); those of the two kinds are not comparable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kinara.contracts.personnel import EmployeeKind

_APPOINTED = slice(8, 12)
"""A NIP begins with the day of birth; then comes the year of appointment, a PPPK's too."""
_FIRST, _LAST = 1950, 2999
_GROUPS = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
)  # fmt: skip


class Official(Protocol):
    """What seniority is told by."""

    @property
    def kind(self) -> EmployeeKind | None: ...
    @property
    def golongan(self) -> str | None: ...
    @property
    def in_service_since(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Seniority:
    """How one employee stands to another."""

    order: int
    """1 senior, 0 alike or not known, -1 junior."""
    why: str
    """Indonesian."""


def appointed_in(nip: str) -> int | None:
    """The year of appointment; None where the number does not say one."""
    digits = nip[_APPOINTED]
    return int(digits) if digits.isdecimal() and _FIRST <= int(digits) <= _LAST else None


def seniority(one: Official, other: Official) -> Seniority:
    """How the first stands to the second: by years of service; of two of one year, by rank."""
    since, others = one.in_service_since, other.in_service_since
    if since is None or others is None:
        return Seniority(0, "masa kerja belum diketahui")
    if since != others:
        word = "lebih lama" if since < others else "lebih singkat"
        return Seniority(1 if since < others else -1, f"masa kerja {abs(others - since)} tahun {word}")
    rank, others_rank = _rank(one.golongan), _rank(other.golongan)
    if one.kind != other.kind or rank is None or others_rank is None or rank == others_rank:
        return Seniority(0, "masa kerja sama")
    word = "lebih tinggi" if rank > others_rank else "lebih rendah"
    return Seniority(1 if rank > others_rank else -1, f"masa kerja sama, golongan {word}")


def _rank(golongan: str | None) -> tuple[int, str] | None:
    group, _, room = (golongan or "").partition("/")
    return (_GROUPS.index(group), room) if group in _GROUPS else None
