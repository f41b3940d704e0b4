"""What was decided about words, and whose names the public does not read in them."""

from __future__ import annotations

from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import Work

from feedback.domain.complaint import Complaint
from feedback.domain.moderation import Mask, Moderation, parts_of
from feedback.store import MODERATIONS, SUBJECTS

MOST_OFFICERS = 2000
"""Of one unit, with everything below it, whose names are masked."""


async def list_moderations(
    work: Work, scope: Scope, about_id: str | None, after: str | None, limit: int
) -> list[Moderation]:
    """The decisions inside the scope, perhaps about one rating or complaint, in the order in which they were taken."""
    query = {"_id": {"$gt": after or ""}, **({"about_id": about_id} if about_id else {})}
    return [kept.state for kept in await work.find(MODERATIONS, scope, query, limit=limit)]


async def for_the_public(work: Work, mask: Mask, one: Complaint) -> Complaint:
    """A complaint as it is shown without an account: no name of anybody who serves in its unit or below."""
    query = {"kind": "employee", **below(one.unit_path)}
    found = await work.find(SUBJECTS, SYSTEM, query, limit=MOST_OFFICERS, effects=False)
    return mask.seen(one, parts_of(kept.state.name for kept in found))
