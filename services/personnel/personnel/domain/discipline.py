"""Hukuman disiplin: imposed by decree for a number of days, or withdrawn as if it had never been imposed.

Source: PP 94/2021 ps. 8 (ringan, sedang, berat). While one runs there is no promotion (reference §2.12) and no award
(reference §5.3); both are told by facts. A reprimand (ringan) has no length in law: that it bars as long as it is
recorded as running is a proposal (PerBKN 6/2022 ps. 55 is said to name sedang and berat only).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kinara.contracts.personnel import DisciplineImposed, DisciplineLifted

from personnel.domain.day import written, years_after
from personnel.domain.dossier import Level, Lift, Measure
from personnel.domain.employee import Employee, refuse_separated
from personnel.domain.refusals import (
    InvalidMeasure,
    MeasureKnown,
    MeasureLifted,
    MeasureUnknown,
    TooManyMeasures,
)

LONGEST_YEARS = 3
"""What PP 53/2010 ps. 7 knew at most (a rank lowered), under which measures may still be recorded; PP 94/2021 ps. 8
knows twelve months. PPPK have rules of their own."""
MOST = 50
"""Of one employee, who is dismissed long before."""


def impose(
    employee: Employee, *, measure_id: str, level: Level, decree_number: str, on: date, until: date, by: str
) -> tuple[Employee, DisciplineImposed]:
    """A measure runs from ``on`` to ``until``, both included; each decree is recorded once."""
    refuse_separated(employee)
    _refuse_absurd(on, until)
    known = employee.dossier.measures
    if any(one.decree_number == decree_number and one.lifted is None for one in known):
        raise MeasureKnown(
            f"Hukuman disiplin dengan SK {decree_number} sudah tercatat. Periksa daftar hukuman disiplinnya.",
            field="decree_number",
            detail="a measure by this decree stands already",
        )
    if len(known) >= MOST:
        raise TooManyMeasures(
            f"Sudah ada {MOST} hukuman disiplin tercatat untuk pegawai ini. Hubungi pengelola sistem.",
            field="employee_id",
            detail=f"{MOST} measures are recorded",
        )
    measure = Measure(
        id=measure_id, level=level, decree_number=decree_number, effective_on=on, ends_on=until, imposed_by=by
    )
    fact = DisciplineImposed(
        province=employee.province, unit_path=employee.unit_path, employee_id=employee.id, measure_id=measure_id,
        level=level, decree_number=decree_number, effective_on=on, ends_on=until,
    )  # fmt: skip
    return _having(employee, (*known, measure)), fact


def lift(employee: Employee, measure_id: str, *, reason: str, on: date, by: str) -> tuple[Employee, DisciplineLifted]:
    """A measure is withdrawn by a decision of ``on``, such as one on an appeal (banding administratif)."""
    found = next((one for one in employee.dossier.measures if one.id == measure_id), None)
    if found is None:
        raise MeasureUnknown(
            "Hukuman disiplin ini tidak tercatat pada pegawai tersebut. Pilih dari daftar hukuman disiplinnya.",
            field="measure_id",
            detail="the employee has no such measure",
        )
    if found.lifted is not None:
        raise MeasureLifted(
            f"Hukuman disiplin ini sudah dicabut pada {written(found.lifted.on)}.",
            field="measure_id",
            detail="lifted before",
        )
    if on < found.effective_on:
        raise InvalidMeasure(
            f"Tanggal pencabutan lebih awal dari berlakunya hukuman ({written(found.effective_on)}). Periksa "
            "tanggalnya.",
            field="effective_on",
            detail="lifted before it ran",
        )
    lifted = replace(found, lifted=Lift(reason=reason, on=on, by=by))
    measures = tuple(lifted if one.id == measure_id else one for one in employee.dossier.measures)
    fact = DisciplineLifted(
        province=employee.province, unit_path=employee.unit_path, employee_id=employee.id, measure_id=measure_id,
        reason=reason, effective_on=on,
    )  # fmt: skip
    return _having(employee, measures), fact


def _having(employee: Employee, measures: tuple[Measure, ...]) -> Employee:
    return replace(employee, dossier=replace(employee.dossier, measures=measures))


def _refuse_absurd(on: date, until: date) -> None:
    latest = years_after(on, LONGEST_YEARS)
    if not on <= until <= latest:
        raise InvalidMeasure(
            f"Hukuman disiplin berakhir antara hari berlakunya ({written(on)}) dan {written(latest)}. Periksa "
            "tanggalnya.",
            field="ends_on",
            detail=f"expected a last day between {on} and {latest}",
        )
