"""Where an employee has served: one entry for each unit, post and superior held from a date on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from personnel.domain.day import Day
from personnel.domain.refusals import DateOutOfOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What held from ``since`` until the next posting began."""

    since: Day
    unit_id: str
    unit_path: str
    """The unit's path when the posting began; it stays when the tree is rearranged later."""
    jabatan: str
    supervisor_id: str | None = None
    superior_named: bool = False
    """HR has named the superior, who then does not follow from the unit tree."""


Postings = tuple[Posting, ...]
"""Ascending by date, at most one a day."""


def posting_on(postings: Postings, day: date) -> Posting | None:
    """The posting that held on ``day``; none before the first began."""
    place = bisect_right(postings, day, key=lambda posting: posting.since)
    return postings[place - 1] if place else None


def begin(postings: Postings, posting: Posting) -> Postings:
    """Add the latest posting. One that begins on the day of the last replaces it: the last word of a day holds."""
    if not postings or posting.since > postings[-1].since:
        return (*postings, posting)
    if posting.since == postings[-1].since:
        return (*postings[:-1], posting)
    raise DateOutOfOrder(
        f"Tanggal {posting.since:%d-%m-%Y} lebih awal dari penempatan terakhir ({postings[-1].since:%d-%m-%Y}). "
        "Gunakan tanggal itu atau sesudahnya.",
        field="effective_on",
        detail="a posting begins before the current one",
    )
