"""An employee's histories at SIASN, rw-golongan and rw-jabatan, added to the row that their core record made."""

from __future__ import annotations

from dataclasses import replace

from personnel.domain.career import Career, PostHeld, RankHeld
from personnel.siasn.client import SiasnClient
from personnel.siasn.mapping import post_history, rank_history
from personnel.siasn.rows import PostEntry, RankEntry, Row


async def with_histories(client: SiasnClient, row: Row) -> Row:
    """The row with the career that SIASN knows; entries that cannot be used are kept beside it, with the reason."""
    nip = row.profile.nip
    ranks, bad_ranks = rank_history(await client.rw_golongan(nip))
    posts, bad_posts = post_history(await client.rw_jabatan(nip))
    career = Career(tuple(_rank(entry) for entry in ranks), tuple(_post(entry) for entry in posts))
    return replace(row, career=career, unusable=(*row.unusable, *bad_ranks, *bad_posts))


def _rank(entry: RankEntry) -> RankHeld:
    return RankHeld(
        golongan=entry.golongan,
        since=entry.since,
        decree_number=entry.decree.number,
        promotion_kind=entry.decree.promotion_kind,
    )


def _post(entry: PostEntry) -> PostHeld:
    return PostHeld(
        jabatan=entry.jabatan,
        since=entry.since,
        unit_source_id=entry.unit_source_id,
        decree_number=entry.decree_number,
    )
