"""The days that trainers have given."""

from __future__ import annotations

from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction

from training.domain import trainer as trainers
from training.domain.session import Hours
from training.domain.trainer import MOST_TRAINERS, Teaching
from training.store import TEACHINGS, TRAINERS

MOST_TEACHINGS = 1000
"""Of somebody, the latest by their days: a day is given once, so more lie years apart."""


async def days_taught(tx: Transaction, trainer_id: str, besides: str | None = None) -> list[Hours]:
    """The days that somebody gives to sessions, perhaps to others than this one; of most people none."""
    if not await tx.find(TRAINERS, SYSTEM, {"_id": trainer_id}, limit=1):
        return []
    given = {"trainer_id": trainer_id, "ended": False}
    found = await tx.find(TEACHINGS, SYSTEM, given, sort=("last_day", -1), limit=MOST_TEACHINGS)
    return [teaching.hours for teaching in found if teaching.session_id != besides]


async def teachings_of(tx: Transaction, session_id: str) -> list[Teaching]:
    """Who teaches a session, and when."""
    return await tx.find(TEACHINGS, SYSTEM, {"session_id": session_id, "ended": False}, limit=MOST_TRAINERS)


async def end_teaching(tx: Transaction, session_id: str) -> None:
    """Nobody teaches the session any more: its trainers have their days back."""
    for teaching in await teachings_of(tx, session_id):
        tx.save(TEACHINGS, trainers.end(teaching))
