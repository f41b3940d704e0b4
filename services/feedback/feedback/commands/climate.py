"""Climate pulses: a unit asks its own people, who answer by one-time codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import Transaction, Work, command

from feedback.commands import codes
from feedback.commands.campaigns import unit_of
from feedback.commands.codes import Batch
from feedback.domain import campaign as rules
from feedback.domain import climate
from feedback.domain.campaign import Campaign, today_of
from feedback.store import CLIMATE_TALLIES, PULSES, SUBJECTS


async def announce(work: Work, scope: Scope, unit_id: str, name: str, days: tuple[date, date], staff: int) -> Campaign:
    """A unit will ask its own people: so many as its office says, and no more than serve there and below."""
    unit = (await work.get(SUBJECTS, unit_id, scope)).state
    serving = await work.count(SUBJECTS, SYSTEM, {"kind": "employee", "active": True, **below(unit.unit_path)})
    return await _announce(work, scope, unit_id, name, days, climate.staff_of(staff, serving))


@command
async def _announce(
    tx: Transaction, scope: Scope, unit_id: str, name: str, days: tuple[date, date], staff: int
) -> Campaign:
    unit = await unit_of(tx, scope, unit_id)
    made = rules.announce(new_id(), unit, name=name, days=days, population=staff, at=tx.now, by=scope.label)
    tx.save(PULSES, made)
    return made


@command
async def invite(tx: Transaction, scope: Scope, pulse_id: str, count: int, secret: bytes) -> Batch:
    """Give out so many codes, one for each who serves there."""
    pulse = await tx.load(PULSES, pulse_id, scope)
    tx.save(PULSES, rules.invite(pulse, count, today_of(pulse.province, tx.now)))
    return codes.hand_out(tx, pulse_id, count, secret)


@command
async def close(tx: Transaction, scope: Scope, pulse_id: str) -> Campaign:
    """End a pulse before its last day."""
    pulse = await tx.load(PULSES, pulse_id, scope)
    closed = rules.close(pulse, today_of(pulse.province, tx.now))
    tx.save(PULSES, closed)
    return closed


@command
async def answer(tx: Transaction, pulse_id: str, code: str, marks: Mapping[str, int]) -> None:
    """Count one answer; only the sums are kept."""
    pulse = await tx.load(PULSES, pulse_id, SYSTEM)
    known = await codes.read(tx, code)
    running = rules.admit(pulse, today_of(pulse.province, tx.now))
    blank = climate.blank_tally(running, new_id()[-1])
    found = await tx.find(CLIMATE_TALLIES, SYSTEM, {"_id": blank.id}, limit=1)
    tx.save(CLIMATE_TALLIES, climate.add(found[0] if found else blank, marks))
    tx.save(PULSES, running)  # so that one which comes while the pulse is closed is counted before, or refused
    await codes.spend(tx, known, "answer", opens=pulse_id)
