"""Trainers: registered, appointed to sessions, retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from training.commands.enrolments import hours_elsewhere
from training.commands.learners import learner_of
from training.commands.teaching import days_taught, teachings_of
from training.domain import trainer as trainers
from training.domain.refusals import TrainerUnknown
from training.domain.session import Hours
from training.domain.trainer import Teaching, Trainer
from training.store import PARTNERS, PROGRAMMES, RECORDS, SESSIONS, TEACHINGS, TRAINERS


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is to teach a session, and on which of its days; None for all."""

    trainer_id: str
    days: Sequence[date] | None = None


@command
async def register_employee(tx: Transaction, scope: Scope, employee_id: str) -> Trainer:
    """An employee can teach from now on; who teaches already goes on."""
    trainer = trainers.of_government(await learner_of(tx, scope, employee_id))
    await tx.find(TRAINERS, SYSTEM, {"_id": employee_id}, limit=1)
    tx.save(TRAINERS, trainer)
    return trainer


@command
async def register_partners(tx: Transaction, scope: Scope, partner_id: str, name: str) -> Trainer:
    """Somebody of a partner's can teach its programmes."""
    trainer = trainers.of_partner(new_id(), await tx.load(PARTNERS, partner_id, scope), name)
    tx.save(TRAINERS, trainer)
    return trainer


@command
async def retire_trainer(tx: Transaction, scope: Scope, trainer_id: str) -> Trainer:
    """Let somebody teach nothing new."""
    trainer = trainers.retire(await tx.load(TRAINERS, trainer_id, scope))
    tx.save(TRAINERS, trainer)
    return trainer


@command
async def appoint_trainers(tx: Transaction, scope: Scope, session_id: str, wanted: Sequence[Wanted]) -> list[Teaching]:
    """Say who teaches a session, in place of whoever was to; each of them is nowhere else on their days."""
    session = await tx.load(SESSIONS, session_id, scope)
    programme = await tx.load(PROGRAMMES, session.programme_id, SYSTEM)
    trainers.refuse_named_twice([one.trainer_id for one in wanted])
    before = {teaching.trainer_id: teaching for teaching in await teachings_of(tx, session_id)}
    await tx.by_ids(TEACHINGS, (trainers.teaching_id(session_id, one.trainer_id) for one in wanted), SYSTEM)
    appointed = []
    for one in wanted:
        trainer = await _trainer(tx, scope, one.trainer_id)
        elsewhere = await _elsewhere(tx, trainer, session_id)
        appointed.append(trainers.appoint(session, programme, trainer, one.days, elsewhere))
        tx.save(TRAINERS, trainer)  # two sessions that want somebody at this moment meet here
    for teaching in [*(trainers.end(left) for left in before.values()), *appointed]:
        tx.save(TEACHINGS, teaching)
    tx.save(SESSIONS, session)  # and who calls it off
    return appointed


async def _trainer(tx: Transaction, scope: Scope, trainer_id: str) -> Trainer:
    found = await tx.find(TRAINERS, scope, {"_id": trainer_id}, limit=1)
    if not found:
        raise TrainerUnknown(
            "Pengajar ini tidak dikenal, atau bukan dalam kewenangan Anda. Daftarkan dahulu, atau pilih pengajar lain.",
            field="trainer_id",
            detail="expected a registered trainer inside the caller's scope",
        )
    return found[0]


async def _elsewhere(tx: Transaction, trainer: Trainer, session_id: str) -> list[Hours]:
    """Where else somebody is; an employee, whose places and certificates count too, is met at their record."""
    if trainer.partner_id is not None:
        return await days_taught(tx, trainer.id, besides=session_id)
    tx.save(RECORDS, await tx.load(RECORDS, trainer.id, SYSTEM))
    return await hours_elsewhere(tx, trainer.id, besides=session_id)
