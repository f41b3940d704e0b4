"""What is said about an employee from outside: the facts a source states, a place in the tree, a decree."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeKind, JabatanKind, Sex

from personnel.domain.day import Day
from personnel.domain.jabatan import Jenjang
from personnel.domain.unit import Unit

SeparationReason: TypeAlias = Literal["retired", "resigned", "dismissed", "deceased", "contract_ended", "moved_agency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who somebody is and what they hold, as a source such as SIASN states it."""

    nip: str
    siasn_id: str | None
    name: str
    front_title: str | None
    back_title: str | None
    kind: EmployeeKind
    sex: Sex
    birth_date: Day
    golongan: str
    golongan_since: Day | None
    jabatan: str
    jabatan_kind: JabatanKind
    jenjang: Jenjang | None
    jabatan_since: Day | None


PROFILE_FIELDS = tuple(field.name for field in fields(Profile))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where somebody works and under whom."""

    province: Province
    unit_id: str
    unit_path: str
    supervisor_id: str | None

    @classmethod
    def at(cls, unit: Unit, supervisor_id: str | None) -> Placement:
        """A place in ``unit``."""
        return cls(province=unit.province, unit_id=unit.id, unit_path=unit.unit_path, supervisor_id=supervisor_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decree:
    """The decision (SK) behind a promotion; both are empty where the source does not state them."""

    number: str = ""
    promotion_kind: str = ""
    """SIASN's jenisKP: 101 reguler, 201 struktural, 202 jabatan fungsional, …"""
