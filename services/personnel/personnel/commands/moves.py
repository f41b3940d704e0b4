"""What follows a unit to another place in the tree; those who work there follow by ``reorganisations``.

A signed result follows with its selection: what is signed of it names no path. Profiles are read with their employee.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kinara.kit.moves import Followers, Mover, bearer_of
from kinara.kit.work import Transaction

from personnel.domain.refusals import PlaceTaken
from personnel.domain.telling import Heard
from personnel.store import (
    APPLICATIONS,
    EMPLOYEES,
    OUTGOING,
    PLANS,
    PROMOTIONS,
    RENEWALS,
    SELECTIONS,
    TALENTS,
    UNITS,
)

APART = {
    "units": "bear their paths",
    "employees": "follow the tree, with a fact about each",
    "profiles": "are read with their employee",
}
"""Why other documents with a path are not moved here."""
MOVER = Mover(
    UNITS,
    [
        Followers(PROMOTIONS),
        Followers(RENEWALS),
        Followers(OUTGOING),
        Followers(SELECTIONS),
        Followers(APPLICATIONS),
        Followers(TALENTS),
        Followers(PLANS),
    ],
    awaited=[Followers(EMPLOYEES)],
)


async def refuse_taken(tx: Transaction, places: Mapping[str, str], field: str) -> None:
    """Refuse a unit (by id) at a path that another one has borne: what it left there would be taken for the new one's.

    The path of a unit of today is refused by the index.
    """
    for unit_id, path in places.items():
        other = await bearer_of(tx, UNITS, path)
        if other is not None and other.id != unit_id:
            raise PlaceTaken(
                f"Jalur {path} pernah dipakai unit {other.name}. Pakai kode lain, agar riwayatnya tidak tercampur.",
                field=field,
                detail="another unit has borne this path",
            )


async def placed_today(tx: Transaction, heard: Heard) -> Heard:
    """What was heard, at the path of today of the unit that it names: the word may be older than its move."""
    unit = await bearer_of(tx, UNITS, heard.unit_path)
    return heard if unit is None else replace(heard, unit_path=unit.unit_path)
