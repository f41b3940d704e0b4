"""The predikat of a year from before Kinara, as the document of its evaluation states it, for promotion alone.

Source: the evaluasi kinerja tahunan of PermenPANRB 6/2022. That it counts only where Kinara has appraised nothing of
the year is a proposal.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kinara.contracts.appraisal import Predikat

from personnel.domain.appointment import appointed_on
from personnel.domain.day import refuse_not_yet_in_force
from personnel.domain.dossier import PriorPredikat
from personnel.domain.employee import Employee, refuse_separated
from personnel.domain.merit import Merit
from personnel.domain.promotion import refuse_pppk
from personnel.domain.refusals import InvalidPredikat

MOST_WORDS = 40
"""Of one employee, corrections among them."""


def record_prior_predikat(employee: Employee, merit: Merit, stated: PriorPredikat, today: date) -> Employee:
    """What the document states; a later word of a year corrects the earlier, which is kept."""
    refuse_separated(employee)
    refuse_pppk(employee)
    _refuse_year(employee, merit, stated.year, today)
    refuse_not_yet_in_force(stated.document_date, today, "document_date")
    if stated.document_date.year < stated.year:
        raise InvalidPredikat(
            f"Dokumen bertanggal sebelum tahun {stated.year} tidak dapat menetapkan predikat tahun itu.",
            field="document_date",
            detail="the document is dated before the year",
        )
    known = employee.dossier.prior_predikats
    holds = employee.dossier.prior_predikat(stated.year)
    if holds and replace(stated, by=holds.by, at=holds.at) == holds:
        return employee
    if len(known) >= MOST_WORDS:
        raise InvalidPredikat(
            f"Sudah {MOST_WORDS} kali predikat sebelum Kinara dicatat atau diperbaiki. Periksa dahulu dokumennya.",
            field="reason",
            detail="recorded too often",
        )
    return replace(employee, dossier=replace(employee.dossier, prior_predikats=(*known, stated)))


def decided(employee: Employee, merit: Merit, year: int) -> tuple[Predikat, bool] | None:
    """The predikat of a year that holds, and whether it is one from before Kinara; None where none is known."""
    if is_appraised(merit, year):
        here = merit.appraisals.get(str(year))
        return (here.confirmed, False) if here and here.confirmed else None
    prior = employee.dossier.prior_predikat(year)
    return (prior.predikat, True) if prior else None


def is_appraised(merit: Merit, year: int) -> bool:
    """Whether Kinara has heard of the year or any part of it, also where nothing is decided yet or any more."""
    return any(period[:4] == str(year) for period in merit.appraisals)


def _refuse_year(employee: Employee, merit: Merit, year: int, today: date) -> None:
    if not appointed_on(employee.nips).year <= year < today.year:
        raise InvalidPredikat(
            f"Tahun {year} belum berakhir, atau sebelum pengangkatan pegawai. Periksa tahunnya.",
            field="year",
            detail="expected a full year since the appointment",
        )
    if is_appraised(merit, year):
        raise InvalidPredikat(
            f"Tahun {year} dinilai di Kinara. Predikatnya ditetapkan oleh pejabat penilai.",
            field="year",
            detail="the year, or a part of it, is appraised here",
        )
