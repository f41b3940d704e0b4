"""What personnel shows; a NIP in full only to BKPSDM and to whom it belongs, since it tells birth date and sex."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from kinara.contracts import Id, Province
from kinara.contracts.personnel import EmployeeKind, JabatanKind, Sex
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from personnel.domain.dossier import Education
from personnel.domain.employee import Employee
from personnel.domain.golongan import golongan_of
from personnel.domain.importing import ImportRun, Part, Reject, Source, State, rows_per_second
from personnel.domain.nip import mask_nip
from personnel.domain.posting import posting_on
from personnel.domain.profile import SeparationReason
from personnel.domain.unit import Unit


def may_see_nip(full: Scope, employee: Employee) -> bool:
    """Whether the NIP (and the birth date) is shown as it is."""
    return full.own == employee.id or full.covers(employee.unit_path)


class EmployeeView(BaseModel):
    """An employee; unit, post and superior as of a day where one is asked for."""

    id: Id
    nip: str = Field(description="18 digits, masked for all but BKPSDM and the employee.")
    name: str
    front_title: str | None
    back_title: str | None
    kind: EmployeeKind
    sex: Sex
    golongan: str
    pangkat: str | None
    golongan_since: date | None
    jabatan: str | None
    jabatan_kind: JabatanKind
    jenjang: str | None
    unit_id: Id | None
    unit_path: str | None
    supervisor_id: Id | None
    status: str
    as_of: date | None = Field(description="The day asked for; before the first posting nothing held.")

    @classmethod
    def of(cls, employee: Employee, full: Scope, on: date | None = None) -> Self:
        return cls(**_facts(employee, full, on))


def _facts(employee: Employee, full: Scope, on: date | None) -> dict[str, object]:
    held = employee.postings[-1] if on is None else posting_on(employee.postings, on)
    plain = ("id", "name", "front_title", "back_title", "kind", "sex", "golongan", "golongan_since")
    return {name: getattr(employee, name) for name in (*plain, "jabatan_kind", "jenjang", "status")} | {
        "nip": employee.nip if may_see_nip(full, employee) else mask_nip(employee.nip),
        "pangkat": golongan_of(employee.kind, employee.golongan).pangkat,
        "jabatan": held and held.jabatan,
        "unit_id": held and held.unit_id,
        "unit_path": employee.unit_path if on is None else held and held.unit_path,
        "supervisor_id": held and held.supervisor_id,
        "as_of": on,
    }


class PostingView(BaseModel):
    """Where somebody served from a day on, and under whom."""

    since: date
    unit_id: Id
    unit_path: str
    jabatan: str
    supervisor_id: Id | None
    superior_named: bool = Field(description="BKPSDM has named the superior, who does not follow from the unit tree.")


class RankView(BaseModel):
    """A rank held, with its decree."""

    golongan: str
    since: date
    decree_number: str
    promotion_kind: str


class PostView(BaseModel):
    """A post held, with its decree; as the source knows it."""

    jabatan: str
    since: date
    decree_number: str


class SeparationView(BaseModel):
    """How service ended."""

    reason: SeparationReason
    on: date


class ContractView(BaseModel):
    """The contract of a PPPK."""

    starts_on: date
    ends_on: date
    number: str


class EmployeeDetail(EmployeeView):
    """An employee with their history."""

    siasn_id: str | None
    birth_date: date | None = Field(description="Shown with the NIP only, which tells it as well.")
    postings: list[PostingView]
    ranks: list[RankView]
    posts: list[PostView]
    previous_nips: list[str]
    separation: SeparationView | None
    education: Education | None
    contract: ContractView | None = Field(description="Of a PPPK, where it is recorded.")

    @classmethod
    def of(cls, employee: Employee, full: Scope, on: date | None = None) -> Self:
        shown = may_see_nip(full, employee)
        more = {
            "siasn_id": employee.siasn_id,
            "birth_date": employee.birth_date if shown else None,
            "postings": [PostingView.model_validate(p, from_attributes=True) for p in employee.postings],
            "ranks": [RankView.model_validate(r, from_attributes=True) for r in employee.career.ranks],
            "posts": [PostView.model_validate(p, from_attributes=True) for p in employee.career.posts],
            "previous_nips": [former.nip if shown else mask_nip(former.nip) for former in employee.previous_nips],
            "education": employee.dossier.education,
            "contract": employee.dossier.contract
            and ContractView.model_validate(employee.dossier.contract, from_attributes=True),
            "separation": employee.separation
            and SeparationView.model_validate(employee.separation, from_attributes=True),
        }
        return cls(**_facts(employee, full, on), **more)


class UnitView(BaseModel):
    """A unit in its place in the tree."""

    id: Id
    code: str
    name: str
    parent_id: Id | None
    unit_path: str
    depth: int
    province: Province
    leader_id: Id | None
    active: bool
    source_id: str | None

    @classmethod
    def of(cls, unit: Unit) -> Self:
        return cls.model_validate(unit, from_attributes=True)


class ImportView(BaseModel):
    """How far an import has come. ``processed`` is the sum of the four outcomes, at every moment."""

    id: Id
    source: Source
    paths: list[str]
    file_name: str | None
    asked_by: str
    asked_at: datetime
    state: State
    why: str | None
    retry_at: datetime | None
    total: int | None = Field(description="Rows of the source, where that is known beforehand.")
    processed: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    rejected_by_reason: dict[str, int]
    units_changed: int
    units_rejected: int
    histories_rejected: int = Field(description="Entries of rank and post histories; their employees are good.")
    cancelled_by: str | None
    started_at: datetime | None
    ended_at: datetime | None
    rows_per_second: float

    @classmethod
    def of(cls, run: ImportRun, now: datetime) -> Self:
        plain = [name for name in cls.model_fields if hasattr(run, name)]
        outcomes = ("created", "updated", "unchanged", "rejected")
        return cls.model_validate(
            {name: getattr(run, name) for name in plain}
            | {name: getattr(run.tally, name) for name in outcomes}
            | {
                "processed": run.tally.rows,
                "rejected_by_reason": {counted.reason: counted.count for counted in run.reasons},
                "rows_per_second": rows_per_second(run, now),
            }
        )


class RejectView(BaseModel):
    """A record that could not be used, with enough of it to correct it."""

    part: Part
    number: int
    field: str | None
    reason: str
    detail: str
    raw: dict[str, str]

    @classmethod
    def of(cls, reject: Reject) -> Self:
        return cls.model_validate(reject, from_attributes=True)
