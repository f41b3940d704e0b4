"""What was decided about words, and whose names the public does not read in them."""

from __future__ import annotations

import time
from collections.abc import Iterable

from kinara.kit.scans import scan
from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import Work

from feedback.domain.moderation import Mask, Moderation, Shown, parts_of
from feedback.store import MODERATIONS, SUBJECTS

PAGE = 500
KEPT_S = 30.0
"""How long names are remembered: who is registered meanwhile is masked so much later."""
KEPT_UNITS = 100
"""Of which names are remembered; of more the one read longest ago is forgotten."""
_kept: dict[str, tuple[float, frozenset[str]]] = {}
"""By unit, when its names were read, and the names: every public page asks for the same few."""


async def list_moderations(
    work: Work, scope: Scope, about_id: str | None, after: str | None, limit: int
) -> list[Moderation]:
    """The decisions inside the scope, perhaps about one thing that was said, in the order in which they were taken."""
    query = {"_id": {"$gt": after or ""}, **({"about_id": about_id} if about_id else {})}
    return [kept.state for kept in await work.find(MODERATIONS, scope, query, limit=limit)]


async def names_in(work: Work, unit_id: str) -> frozenset[str]:
    """By what the officers of a unit and of those below it may be called, wherever it stands today; all of them."""
    if unit_id in _kept and time.monotonic() - _kept[unit_id][0] < KEPT_S:
        return _kept[unit_id][1]
    place = (await work.get(SUBJECTS, unit_id, SYSTEM)).state
    query, names = {"kind": "employee", **below(place.unit_path)}, set[str]()
    async for officers in scan(work.database, SUBJECTS, SYSTEM, query, size=PAGE, by="path"):
        names |= parts_of(kept.state.name for kept in officers)
    _kept.pop(unit_id, None)
    while len(_kept) >= KEPT_UNITS:
        _kept.pop(next(iter(_kept)))
    _kept[unit_id] = time.monotonic(), frozenset(names)
    return _kept[unit_id][1]


async def for_the_public(work: Work, mask: Mask, one: Shown) -> Shown:
    """Something that was said as it is shown without an account: no name of anybody who serves in its unit or below."""
    return mask.seen(one, await names_in(work, one.unit_id))


async def all_for_the_public(work: Work, mask: Mask, many: Iterable[Shown]) -> list[Shown]:
    """A list of them; the names of each unit are read once."""
    said = list(many)
    names = {unit_id: await names_in(work, unit_id) for unit_id in {one.unit_id for one in said}}
    return [mask.seen(one, names[one.unit_id]) for one in said]
