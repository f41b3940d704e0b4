"""An application to a selection: who stands behind it, what was checked, and what came of it.

Of somebody who is no employee only what the rules ask for is kept: the number that Panselnas has given them, birth
date (ties), sex and origin (the report on equal chances), category. No name, no NIK, no address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from kinara.contracts.personnel import Sex

from personnel.domain.day import Day
from personnel.domain.employee import Employee
from personnel.domain.finding import Finding
from personnel.domain.identity import application_id_of
from personnel.domain.refusals import InvalidSelection, SelectionNotOpen
from personnel.domain.scoring import MOST_TIU, MOST_TKP, MOST_TWK, Candidate, Category, Place, Skd
from personnel.domain.selection import MOST_APPLICATIONS, Selection


@dataclass(frozen=True, slots=True)
class Check:
    """The administrative check (seleksi administrasi): yes or no, why, by whom."""

    passed: bool
    why: str
    by: str
    on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Facts of the day of the application; the result and the report are about these, whatever changes later."""

    birth_date: Day
    sex: Sex
    origin: str
    """The unit below the government, or where a candidate from outside comes from."""
    disability: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One person's application."""

    id: str
    selection_id: str
    unit_path: str
    """Of the opening: the office that runs the selection sees it."""
    employee_id: str | None = None
    participant: str | None = None
    """Nomor peserta of a candidate who is no employee."""
    category: Category
    person: Person
    ipk: Decimal | None = None
    findings: tuple[Finding, ...] = ()
    """What the requirements came to on the day of the application, for the check."""
    filed_at: datetime
    check: Check | None = None
    skd: Skd | None = None
    withdrawn: bool = False
    """By the candidate before scoring; or service has ended before the result of an internal selection."""
    place: Place | None = None

    @property
    def passed(self) -> bool:
        """Whether the administrative check was passed, by somebody who still takes part."""
        return self.check is not None and self.check.passed and not self.withdrawn

    def candidate(self, code: str) -> Candidate:
        """What is known of them where the order is made."""
        return Candidate(
            code=code, category=self.category, birth_date=self.person.birth_date, skd=self.skd, ipk=self.ipk
        )


def origin_of(employee: Employee) -> str:
    """The unit next below the government."""
    return "/".join(employee.unit_path.split("/")[:3])


def file_application(
    selection: Selection,
    *,
    category: Category,
    person: Person,
    ipk: Decimal | None,
    now: datetime,
    today: date,
    employee_id: str | None = None,
    participant: str | None = None,
    findings: tuple[Finding, ...] = (),
) -> tuple[Selection, Application]:
    """Take an application: the selection counts it, so that two at a time follow one another.

    Nobody applies where they score: scorers are named when applications are over.
    """
    _refuse_untimely(selection, today)
    if not selection.seats.get(category):
        raise InvalidSelection(
            f"Tidak ada kursi untuk kategori {category}. Pilih salah satu: {', '.join(sorted(selection.seats))}.",
            field="category",
            detail="the selection has no seats in this category",
        )
    application = Application(
        id=application_id_of(selection.id, employee_id or participant or ""),
        selection_id=selection.id,
        unit_path=selection.unit_path,
        employee_id=employee_id,
        participant=participant,
        category=category,
        person=replace(person, disability=True) if category == "disabilitas" else person,
        ipk=ipk,
        findings=findings,
        filed_at=now,
    )
    return replace(selection, applications=selection.applications + 1), application


def check(selection: Selection, application: Application, given: Check) -> Application:
    """What the office has found; it may think again until scoring begins."""
    _refuse_after_filing(selection)
    return replace(application, check=given)


def record_skd(selection: Selection, application: Application, skd: Skd) -> Application:
    """What Panselnas reports of a candidate."""
    _refuse_after_filing(selection)
    if not selection.rules.thresholds:
        raise InvalidSelection("Seleksi ini tidak memakai SKD.", field="twk", detail="the selection has no SKD")
    if not (0 <= skd.twk <= MOST_TWK and 0 <= skd.tiu <= MOST_TIU and 0 <= skd.tkp <= MOST_TKP):
        raise InvalidSelection(
            f"Nilai SKD paling tinggi TWK {MOST_TWK}, TIU {MOST_TIU}, TKP {MOST_TKP}. Periksa nilainya.",
            field="twk",
            detail="marks beyond the scale of SKD",
        )
    return replace(application, skd=skd)


def withdraw(selection: Selection, application: Application) -> Application:
    """Somebody takes their application back."""
    _refuse_after_filing(selection)
    return replace(application, withdrawn=True)


def without_leavers(selection: Selection, application: Application, people: Mapping[str, Employee]) -> Application:
    """An internal post is for those who are still in service when it is decided."""
    employee = people.get(application.employee_id or "")
    left = selection.form == "internal" and (employee is None or employee.separation is not None)
    return replace(application, withdrawn=application.withdrawn or left)


def _refuse_untimely(selection: Selection, today: date) -> None:
    if selection.state != "open" or not selection.opens_on <= today <= selection.closes_on:
        raise SelectionNotOpen(
            f"Pendaftaran dibuka {selection.opens_on:%d-%m-%Y} sampai {selection.closes_on:%d-%m-%Y}.",
            field="selection_id",
            detail="applications are not taken on this day",
        )
    if selection.applications >= MOST_APPLICATIONS:
        raise SelectionNotOpen(
            f"Seleksi ini sudah menerima {MOST_APPLICATIONS} lamaran, yaitu batas satu seleksi. Hubungi BKPSDM untuk "
            "membuka seleksi tambahan.",
            field="selection_id",
            detail="no selection takes more applications",
        )


def _refuse_after_filing(selection: Selection) -> None:
    if selection.state != "open":
        raise SelectionNotOpen(
            "Penilaian sudah dimulai, sehingga berkas dan nilai SKD tidak dapat diubah lagi.",
            field="selection_id",
            detail=f"the selection is {selection.state}",
        )
