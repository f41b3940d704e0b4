"""An employee (ASN) and what may happen to them: registration, change, promotion, transfer, separation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from kinara.contracts import Province
from kinara.contracts.personnel import (
    EmployeeChanged,
    EmployeePromoted,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
)

from personnel.domain.career import Career, RankHeld
from personnel.domain.day import Day
from personnel.domain.dossier import Dossier
from personnel.domain.jabatan import Jenjang
from personnel.domain.posting import Posting, Postings, begin
from personnel.domain.profile import PROFILE_FIELDS, Decree, Placement, Profile, SeparationReason
from personnel.domain.promotion import raised
from personnel.domain.refusals import AlreadySeparated, AlreadyThere, DateOutOfOrder, OwnSupervisor


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerNip:
    """A NIP that was valid before ``until``: a PPPK gets another one with another agency."""

    nip: str
    until: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """When and why service ended."""

    reason: SeparationReason
    on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee(Profile):
    """An employee as personnel knows them now, with the history that later questions need."""

    id: str
    province: Province
    unit_id: str
    unit_path: str
    postings: Postings
    previous_nips: tuple[FormerNip, ...] = ()
    status: Literal["active", "separated"] = "active"
    separation: Separation | None = None
    career: Career = field(default_factory=Career)
    dossier: Dossier = field(default_factory=Dossier)
    content_hash: str | None = None
    """Hash of the source's last record; the same hash again means that nothing has to be done."""
    row_digest: str | None = None
    """Digest of that record as it was written in its file: the same again need not even be read."""

    @property
    def supervisor_id(self) -> str | None:
        """The direct superior in the current posting."""
        return self.postings[-1].supervisor_id

    @property
    def nips(self) -> tuple[str, ...]:
        """The NIP and those before it."""
        return (self.nip, *(former.nip for former in self.previous_nips))


def register(
    employee_id: str, profile: Profile, placement: Placement, on: date, content_hash: str | None = None
) -> tuple[Employee, EmployeeRegistered]:
    """An employee is known from ``on``."""
    _refuse_own_supervisor(employee_id, placement.supervisor_id)
    employee = Employee(
        **{name: getattr(profile, name) for name in PROFILE_FIELDS},
        id=employee_id,
        province=placement.province,
        unit_id=placement.unit_id,
        unit_path=placement.unit_path,
        postings=(_posting(placement, profile.jabatan, on),),
        content_hash=content_hash,
    )
    return employee, EmployeeRegistered(**_facts(employee, on))


def change(
    employee: Employee, profile: Profile, on: date, content_hash: str | None = None
) -> tuple[Employee, EmployeeChanged | None]:
    """Take over what ``profile`` says differently; no event when nothing differs.

    Ranks may also go down here: the source corrects itself. Raising one by decision is ``promote``.
    """
    refuse_separated(employee)
    changed = tuple(name for name in PROFILE_FIELDS if getattr(employee, name) != getattr(profile, name))
    known = replace(employee, content_hash=content_hash or employee.content_hash)
    if not changed:
        return known, None
    known = replace(known, **{name: getattr(profile, name) for name in changed})
    if "nip" in changed:
        former = FormerNip(nip=employee.nip, until=on)
        known = replace(known, previous_nips=(*employee.previous_nips, former))
    if "jabatan" in changed:
        known = with_posting(known, replace(known.postings[-1], since=on, jabatan=known.jabatan))
    return known, changed_facts(known, on, *changed)


def promote(
    employee: Employee,
    to_golongan: str,
    on: date,
    decree: Decree,
    *,
    jabatan: str | None = None,
    jenjang: Jenjang | None = None,
) -> tuple[Employee, EmployeePromoted]:
    """Raise a PNS's rank from ``on`` (TMT), with a new post or functional level where the decision names one."""
    refuse_separated(employee)
    rank, present = raised(employee, to_golongan, on)
    promoted = replace(employee, golongan=rank.code, golongan_since=on, jenjang=jenjang or employee.jenjang)
    if jabatan and jabatan != employee.jabatan:
        promoted = replace(promoted, jabatan=jabatan, jabatan_since=on)
        promoted = with_posting(promoted, replace(promoted.postings[-1], since=on, jabatan=jabatan))
    given = RankHeld(golongan=rank.code, since=on, decree_number=decree.number, promotion_kind=decree.promotion_kind)
    promoted = replace(promoted, career=promoted.career.with_rank(given))
    return promoted, EmployeePromoted(
        **_place(promoted),
        employee_id=employee.id,
        from_golongan=present.code,
        to_golongan=rank.code,
        jabatan=promoted.jabatan,
        jenjang=promoted.jenjang,
        promotion_kind=decree.promotion_kind,
        decree_number=decree.number,
        effective_on=on,
    )


def transfer(
    employee: Employee, placement: Placement, on: date, jabatan: str | None = None
) -> tuple[Employee, EmployeeTransferred]:
    """Move to another unit from ``on``, perhaps to another post."""
    refuse_separated(employee)
    _refuse_own_supervisor(employee.id, placement.supervisor_id)
    if placement.unit_id == employee.unit_id:
        raise AlreadyThere(
            "Pegawai sudah ditempatkan di unit itu. Pilih unit tujuan yang lain.",
            field="unit_id",
            detail="transfer to the current unit",
        )
    post = jabatan or employee.jabatan
    moved = replace(
        employee,
        province=placement.province,
        unit_id=placement.unit_id,
        unit_path=placement.unit_path,
        jabatan=post,
        jabatan_since=on if post != employee.jabatan else employee.jabatan_since,
    )
    moved = with_posting(moved, _posting(placement, post, on))
    return moved, EmployeeTransferred(
        **_place(moved),
        employee_id=employee.id,
        from_unit_id=employee.unit_id,
        from_unit_path=employee.unit_path,
        to_unit_id=moved.unit_id,
        jabatan=post,
        supervisor_id=placement.supervisor_id,
        effective_on=on,
    )


def assign_supervisor(
    employee: Employee, supervisor_id: str | None, on: date, *, named: bool = False
) -> tuple[Employee, EmployeeChanged | None]:
    """Who is the direct superior from ``on``; no event when it is the same person.

    ``named`` says that a person decided it, so that the unit tree no longer does.
    """
    refuse_separated(employee)
    _refuse_own_supervisor(employee.id, supervisor_id)
    posting = replace(employee.postings[-1], since=on, supervisor_id=supervisor_id, superior_named=named)
    if supervisor_id == employee.supervisor_id:
        same = replace(posting, since=employee.postings[-1].since)
        return replace(employee, postings=(*employee.postings[:-1], same)), None
    led = with_posting(employee, posting)
    return led, changed_facts(led, on, "supervisor_id")


def separate(employee: Employee, reason: SeparationReason, on: date) -> tuple[Employee, EmployeeSeparated]:
    """Service ends on ``on``."""
    refuse_separated(employee)
    if on < employee.postings[-1].since:
        raise DateOutOfOrder(
            f"Tanggal berhenti {on:%d-%m-%Y} lebih awal dari penempatan terakhir. Periksa tanggal pada SK.",
            field="effective_on",
            detail="separation before the current posting began",
        )
    gone = replace(employee, status="separated", separation=Separation(reason=reason, on=on))
    return gone, EmployeeSeparated(**_place(gone), employee_id=employee.id, reason=reason, effective_on=on)


def with_posting(employee: Employee, posting: Posting) -> Employee:
    """With the posting that holds from its date on."""
    return replace(employee, postings=begin(employee.postings, posting))


def changed_facts(employee: Employee, on: date, *changed: str) -> EmployeeChanged:
    """Everything that others need to know of ``employee`` from ``on``, naming what differs."""
    return EmployeeChanged(**_facts(employee, on), changed=changed)


def _posting(placement: Placement, jabatan: str, since: date) -> Posting:
    return Posting(
        since=since,
        unit_id=placement.unit_id,
        unit_path=placement.unit_path,
        jabatan=jabatan,
        supervisor_id=placement.supervisor_id,
    )


def _place(employee: Employee) -> dict[str, Any]:
    return {"province": employee.province, "unit_path": employee.unit_path}


def _facts(employee: Employee, on: date) -> dict[str, Any]:
    return _place(employee) | {
        "employee_id": employee.id,
        "nip": employee.nip,
        "name": employee.name,
        "kind": employee.kind,
        "sex": employee.sex,
        "birth_year": employee.birth_date.year,
        "golongan": employee.golongan,
        "jabatan": employee.jabatan,
        "jabatan_kind": employee.jabatan_kind,
        "jenjang": employee.jenjang,
        "unit_id": employee.unit_id,
        "supervisor_id": employee.supervisor_id,
        "contract_ends_on": employee.dossier.contract and employee.dossier.contract.ends_on,
        "effective_on": on,
    }


def refuse_separated(employee: Employee) -> None:
    """Nothing about whose service has ended changes any more."""
    if employee.separation:
        raise AlreadySeparated(
            f"Pegawai sudah berhenti sejak {employee.separation.on:%d-%m-%Y}. Periksa status kepegawaiannya.",
            field="employee_id",
            detail="the employee is separated",
        )


def _refuse_own_supervisor(employee_id: str, supervisor_id: str | None) -> None:
    if employee_id == supervisor_id:
        raise OwnSupervisor(
            "Pegawai tidak dapat menjadi atasannya sendiri. Pilih atasan lain.",
            field="supervisor_id",
            detail="supervisor and employee are the same person",
        )
