"""What was decided about words, and whose names the public does not read in them."""

from __future__ import annotations

from collections.abc import Iterable

from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import Work

from feedback.domain.moderation import Mask, Moderation, Shown, parts_of
from feedback.store import MODERATIONS, SUBJECTS

MOST_OFFICERS = 2000
"""Of one unit, with everything below it, whose names are masked."""


async def list_moderations(
    work: Work, scope: Scope, about_id: str | None, after: str | None, limit: int
) -> list[Moderation]:
    """The decisions inside the scope, perhaps about one thing that was said, in the order in which they were taken."""
    query = {"_id": {"$gt": after or ""}, **({"about_id": about_id} if about_id else {})}
    return [kept.state for kept in await work.find(MODERATIONS, scope, query, limit=limit)]


async def names_in(work: Work, unit_id: str) -> frozenset[str]:
    """By what the officers of a unit and of those below it may be called, wherever it stands today."""
    place = (await work.get(SUBJECTS, unit_id, SYSTEM)).state
    query = {"kind": "employee", **below(place.unit_path)}
    found = await work.find(SUBJECTS, SYSTEM, query, limit=MOST_OFFICERS, effects=False)
    return parts_of(kept.state.name for kept in found)


async def for_the_public(work: Work, mask: Mask, one: Shown) -> Shown:
    """Something that was said as it is shown without an account: no name of anybody who serves in its unit or below."""
    return mask.seen(one, await names_in(work, one.unit_id))


async def all_for_the_public(work: Work, mask: Mask, many: Iterable[Shown]) -> list[Shown]:
    """A list of them; the names of each unit are read once."""
    said = list(many)
    names = {unit_id: await names_in(work, unit_id) for unit_id in {one.unit_id for one in said}}
    return [mask.seen(one, names[one.unit_id]) for one in said]
