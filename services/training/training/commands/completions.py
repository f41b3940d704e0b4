"""What every completion does, wherever it was earned: to the record, to the unit, and to the world."""

from __future__ import annotations

from collections.abc import Sequence

from kinara.contracts.training import TrainingCompleted
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction

from training.domain import record as records
from training.domain import unit as units
from training.domain.record import Record
from training.store import RECORDS, UNITS


async def count(
    tx: Transaction, learner: Record, event: TrainingCompleted, competencies: Sequence[str], level: int
) -> Record:
    """Count the hours, close what they cover, and say what was completed and attained."""
    counted, effect = records.count_completion(learner, event, competencies, level)
    tx.save(RECORDS, counted, effect=effect)
    for fact in (event, *records.attained(learner, event, competencies, level)):
        tx.publish(fact)
    for unit in (await tx.by_ids(UNITS, [learner.unit_id], SYSTEM)).values():
        covered = units.learnt_by_one_of(unit, event, competencies, level)
        if covered is not unit:
            tx.save(UNITS, covered, effect={"did": "needs covered", "completion": event.completion_id})
    return counted
