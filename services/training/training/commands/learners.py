"""Whom a command is about: an employee or a unit inside the caller's scope."""

from __future__ import annotations

from kinara.kit.scope import Scope
from kinara.kit.work import NotFound, Transaction

from training.domain.record import Record
from training.domain.refusals import LearnerUnknown
from training.domain.unit import Unit
from training.store import RECORDS, UNITS


async def learner_of(tx: Transaction, scope: Scope, employee_id: str) -> Record:
    """The employee's record, if the caller may see it; one answer for unknown and out of reach."""
    found = await tx.find(RECORDS, scope, {"_id": employee_id}, limit=1)
    if not found or not found[0].known:
        raise LearnerUnknown(
            "Pegawai ini tidak dikenal, atau bukan dalam kewenangan Anda. Periksa pegawai yang dipilih.",
            field="employee_id",
            detail="expected an employee that personnel has announced, inside the caller's scope",
        )
    return found[0]


async def unit_of(tx: Transaction, scope: Scope, unit_id: str) -> Unit:
    """The unit whose document a command is about; ``If-Match`` is about that document, not about the unit."""
    found = await tx.find(UNITS, scope, {"_id": unit_id}, limit=1)
    if not found:
        raise NotFound(UNITS.name, unit_id)
    return found[0]
