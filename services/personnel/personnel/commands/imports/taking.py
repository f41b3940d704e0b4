"""What one row does: whom it is about, and what follows from the difference between it and what is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from kinara.contracts.personnel import PersonnelEvent
from kinara.contracts.regions import day_of, kemendagri_code

from personnel.commands.imports.known import Known
from personnel.domain.appointment import appointed_on
from personnel.domain.day import written
from personnel.domain.employee import Employee, register, separate
from personnel.domain.identity import employee_id_of
from personnel.domain.importing import Outcome
from personnel.domain.nip import mask_nip
from personnel.domain.observation import observe
from personnel.domain.profile import Decree, Placement, Profile
from personnel.domain.tree import Tree
from personnel.domain.unit import Unit
from personnel.siasn.fields import UnfitField
from personnel.siasn.rows import Row
from personnel.store import Seen

Effect = tuple[Outcome, Employee | None, tuple[PersonnelEvent, ...]]
"""The outcome; the employee to save, if any; the facts to publish."""

_TMT = {"tmtJabatan": "jabatan_since", "tmtGolAkhir": "golongan_since"}
_LONGEST_AHEAD = timedelta(days=366)
"""How early SIASN may know of a decision; what lies beyond is a slip of the pen."""


@dataclass(slots=True)
class Here:
    """What is known while a batch is taken."""

    paths: tuple[str, ...]
    """Roots of the governments that the run may write."""
    tree: Tree
    known: Known
    employees: dict[str, Employee]
    """Those whom the batch's rows may change."""
    now: datetime
    learned: Known = field(default_factory=Known)
    """Whom earlier rows of this batch have created or changed."""

    def who(self, profile: Profile) -> Seen | None:
        """Whom a row is about; refused where its two identities point to two people."""
        same_id = self.learned.by_siasn_id(profile.siasn_id) or self.known.by_siasn_id(profile.siasn_id)
        same_nip = self.learned.by_nip(profile.nip) or self.known.by_nip(profile.nip)
        if same_nip is not None and same_nip.siasn_id not in (None, profile.siasn_id):
            reason = f"NIP {mask_nip(profile.nip)} sudah tercatat dengan id SIASN lain; salah satu harus diperbaiki"
            raise UnfitField("nipBaru", f"nipBaru: {reason}", "the NIP belongs to somebody with another SIASN id")
        if same_id is not None and same_nip is not None and same_id.id != same_nip.id:
            reason = f"NIP {mask_nip(profile.nip)} sudah tercatat pada pegawai lain; salah satu harus diperbaiki"
            raise UnfitField("nipBaru", f"nipBaru: {reason}", "the SIASN id and the NIP belong to two records")
        return same_id or same_nip

    def learn(self, employee: Employee) -> None:
        """Later rows of the batch see what this one has done."""
        self.employees[employee.id] = employee
        self.learned.add(Seen.of(employee))


def take(here: Here, row: Row) -> Effect:
    """Take one row; ``UnfitField`` or a domain's refusal says why it cannot be taken."""
    _refuse_other_government(f"/{row.government.code}", here.paths)
    seen = here.who(row.profile)
    if seen is not None and seen.content_hash == row.content_hash:
        return "unchanged", _rewritten(here, seen, row), ()
    today = day_of(here.now, kemendagri_code(row.government.province))
    if seen is None:
        return _register(here, row, today)
    employee = here.employees[seen.id]
    if not any(f"{employee.unit_path}/".startswith(f"{path}/") for path in here.paths):
        reason = "pegawai tercatat pada instansi lain; mintalah instansi itu memindahkannya dahulu"
        raise UnfitField("nipBaru", f"nipBaru: {reason}", "the employee works outside the governments of this run")
    if row.separated_as is not None:
        return _separate(employee, row, today)
    return _observe(here, employee, row, today)


def _register(here: Here, row: Row, today: date) -> Effect:
    if row.separated_as is not None:
        reason = "kedudukanPnsId: pegawai sudah berhenti dan belum pernah tercatat; tidak ada yang didaftarkan"
        raise UnfitField("kedudukanPnsId", reason, "already separated and not known")
    _refuse_absurd_days(row, [row.profile.nip], today)
    unit = _unit(here.tree, row)
    employee_id = employee_id_of(row.profile.siasn_id or row.profile.nip)
    placement = Placement.at(unit, here.tree.superior(employee_id, unit))
    since = row.profile.jabatan_since
    on = since if since is not None and since < today else today
    employee, event = register(employee_id, row.profile, placement, on, row.content_hash)
    return "created", _with_source(employee, row), (event,)


def _separate(employee: Employee, row: Row, today: date) -> Effect:
    if employee.separation is not None:
        return "unchanged", None, ()
    assert row.separated_as is not None  # noqa: S101  # the caller looked
    gone, event = separate(employee, row.separated_as, max(today, employee.postings[-1].since))
    return "updated", replace(gone, content_hash=row.content_hash, row_digest=row.digest), (event,)


def _observe(here: Here, employee: Employee, row: Row, today: date) -> Effect:
    _refuse_absurd_days(row, [row.profile.nip, *employee.nips], today)
    unit = _unit(here.tree, row)
    named = employee.postings[-1].superior_named and employee.unit_id == unit.id
    superior = employee.supervisor_id if named else here.tree.superior(employee.id, unit)
    on = max(today, employee.postings[-1].since)
    decree = _decree(row)
    observed, events = observe(employee, row.profile, Placement.at(unit, superior), on, row.content_hash, decree)
    return "updated", _with_source(observed, row), events


def _refuse_absurd_days(row: Row, nips: Iterable[str], today: date) -> None:
    """A TMT before the appointment or in a far future, which facts would carry on; histories announce nothing."""
    first, last = appointed_on(nips), today + _LONGEST_AHEAD
    for name, field_ in _TMT.items():
        day = getattr(row.profile, field_)
        if day is not None and not first <= day <= last:
            expected = f"diharapkan antara pengangkatan menurut NIP ({written(first)}) dan {written(last)}"
            reason = f"{name}: {written(day)} tidak mungkin, {expected}; perbaiki tanggal itu di SIASN atau pada berkas"
            raise UnfitField(name, reason, "before the appointment that the NIP tells, or more than a year ahead")


def _rewritten(here: Here, seen: Seen, row: Row) -> Employee | None:
    """Who is to be recognised by this record next time, if it is written otherwise than the last one."""
    employee = here.employees.get(seen.id)
    if employee is None or row.digest in (None, employee.row_digest):
        return None
    return replace(employee, row_digest=row.digest)


def _with_source(employee: Employee, row: Row) -> Employee:
    career = employee.career if row.career is None else employee.career.corrected_by(row.career)
    dossier = employee.dossier.with_siasn_education(row.education)
    return replace(employee, career=career, dossier=dossier, row_digest=row.digest)


def _decree(row: Row) -> Decree:
    """The decision that gave the present rank, where the histories tell."""
    ranks = row.career.ranks if row.career is not None else ()
    found = [rank for rank in ranks if rank.golongan == row.profile.golongan]
    return Decree(number=found[-1].decree_number, promotion_kind=found[-1].promotion_kind) if found else Decree()


def _unit(tree: Tree, row: Row) -> Unit:
    named = row.unit_source_id or ""
    unit = tree.by_source(named)
    if unit is None or not unit.active:
        reason = f"unorId: unit '{named[:40]}' tidak ada dalam susunan unit; impor unitnya dahulu"
        raise UnfitField("unorId", reason, "unknown or closed unit")
    return unit


def _refuse_other_government(path: str, paths: tuple[str, ...]) -> None:
    if path not in paths:
        reason = f"instansiKerjaId: instansi {path[1:]} di luar permintaan impor ini"
        raise UnfitField("instansiKerjaId", reason, "a government that this run may not write")
