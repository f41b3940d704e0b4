"""What personnel says: who works where, since when, in which rank and post."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from kinara.contracts.event import Event, Id, UnitPath

EmployeeKind = Literal["PNS", "PPPK"]
Sex = Literal["M", "F"]
JabatanKind = Literal["manajerial", "fungsional", "pelaksana"]


class PersonnelEvent(Event):
    """Root of personnel's events."""

    service: ClassVar[str] = "personnel"


class _EmployeeFacts(PersonnelEvent):
    """The employee as others need to know them; no family, health or financial data."""

    employee_id: Id
    nip: str = Field(description="18 digits; changes for a PPPK who changes agency, hence an attribute only.")
    name: str = Field(description="Full name without academic titles.")
    kind: EmployeeKind = Field(description="PNS, or PPPK with a contract.")
    sex: Sex = Field(description="M male, F female, as in SIASN.")
    birth_year: int = Field(description="For age-band statistics; the full date stays in personnel.")
    golongan: str = Field(description="PNS: I/a to IV/e. PPPK: I to XVII.")
    jabatan: str = Field(description="Name of the post held.")
    jabatan_kind: JabatanKind = Field(description="Group of posts that the post belongs to (UU 20/2023).")
    jenjang: str | None = Field(default=None, description="Functional level code (PM TR MH PY PT MU MA UT), if any.")
    unit_id: Id
    supervisor_id: Id | None = Field(default=None, description="Direct superior on the effective date.")
    contract_ends_on: date | None = Field(default=None, description="PPPK: last day of the contract, where known.")
    effective_on: date = Field(description="First day on which these facts hold.")


class EmployeeRegistered(_EmployeeFacts):
    """An employee is known from now on."""


class EmployeeChanged(_EmployeeFacts):
    """Facts about an employee changed; carries all of them and names the ones that differ."""

    changed: tuple[str, ...] = Field(description="Names of the fields that differ from the previous fact.")


class EmployeePromoted(PersonnelEvent):
    """A rank (and perhaps a post) was raised by decision."""

    employee_id: Id
    from_golongan: str = Field(description="Rank before, e.g. III/b.")
    to_golongan: str = Field(description="Rank after, e.g. III/c.")
    jabatan: str = Field(description="Post held after the promotion.")
    jenjang: str | None = Field(default=None, description="Functional level after the promotion; sets the credit rate.")
    promotion_kind: str = Field(description="SIASN jenisKP: 101 reguler, 201 struktural, 202 jabatan fungsional, …")
    decree_number: str = Field(description="Nomor SK.")
    effective_on: date = Field(description="TMT: the date from which the rank holds.")


class EmployeeTransferred(PersonnelEvent):
    """An employee moved to another unit; ``unit_path`` is the new one."""

    employee_id: Id
    from_unit_id: Id
    from_unit_path: UnitPath = Field(description="Path of the unit left, as it was on that day.")
    to_unit_id: Id
    jabatan: str = Field(description="Post held in the new unit.")
    supervisor_id: Id | None = Field(default=None, description="Direct superior in the new unit.")
    effective_on: date = Field(description="First day in the new unit.")


class EmployeeSeparated(PersonnelEvent):
    """Service ended."""

    employee_id: Id
    reason: Literal["retired", "resigned", "dismissed", "deceased", "contract_ended", "moved_agency"] = Field(
        description="Why; moved_agency means a new employer outside this government."
    )
    effective_on: date = Field(description="First day out of service.")


class DisciplineImposed(PersonnelEvent):
    """A disciplinary measure (hukuman disiplin) runs; awards and promotion wait until it has ended."""

    employee_id: Id
    measure_id: Id
    level: Literal["ringan", "sedang", "berat"] = Field(description="Its level (PP 94/2021 ps. 8).")
    decree_number: str = Field(description="Nomor SK.")
    effective_on: date = Field(description="First day on which it runs.")
    ends_on: date = Field(description="Last day on which it runs.")


class DisciplineLifted(PersonnelEvent):
    """A disciplinary measure was withdrawn, as if it had never been imposed."""

    employee_id: Id
    measure_id: Id
    reason: str = Field(description="Why, e.g. the decision on an appeal (banding administratif).")
    effective_on: date = Field(description="Day of the decision.")


class UnitChanged(PersonnelEvent):
    """A unit was created, renamed, moved, given a leader or closed. ``unit_path`` is its path from now on."""

    unit_id: Id
    name: str = Field(description="Full name from now on.")
    parent_id: Id | None = Field(default=None, description="None for the root of a government (instansi).")
    leader_id: Id | None = Field(default=None, description="Employee who leads the unit.")
    active: bool = Field(default=True, description="False once the unit is closed.")


class CandidateSelected(PersonnelEvent):
    """A selection ended and named the person for a post."""

    employee_id: Id
    selection_id: Id
    jabatan: str = Field(description="Post that the selection was for.")
    unit_id: Id = Field(description="Unit of that post.")
    rank: int = Field(ge=1, description="Place in the final order.")
    decided_on: date
