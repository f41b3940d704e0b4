"""What the decrees of a career say: the ranks held and the posts held, each from a date on."""

from __future__ import annotations

from dataclasses import dataclass

from personnel.domain.day import Day


@dataclass(frozen=True, slots=True, kw_only=True)
class RankHeld:
    """A golongan and the decision (SK) that gave it."""

    golongan: str
    since: Day
    decree_number: str = ""
    promotion_kind: str = ""
    """SIASN's jenisKP: 101 reguler, 201 struktural, 202 jabatan fungsional, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostHeld:
    """A jabatan and where it was held; the unit may be one that no longer exists, or another agency's."""

    jabatan: str
    since: Day
    unit_source_id: str | None = None
    """SIASN's unorId."""
    decree_number: str = ""


@dataclass(frozen=True, slots=True)
class Career:
    """Both histories, oldest first."""

    ranks: tuple[RankHeld, ...] = ()
    posts: tuple[PostHeld, ...] = ()

    def with_rank(self, rank: RankHeld) -> Career:
        """With a rank that was given; another word about the same rank replaces the earlier."""
        others = (held for held in self.ranks if held.golongan != rank.golongan)
        return Career(tuple(sorted((*others, rank), key=lambda held: held.since)), self.posts)

    def corrected_by(self, source: Career) -> Career:
        """What a source says, and of our own what it does not know (yet)."""
        golongan = {rank.golongan for rank in source.ranks}
        posts = {(post.jabatan, post.since) for post in source.posts}
        ranks = (*source.ranks, *(rank for rank in self.ranks if rank.golongan not in golongan))
        held = (*source.posts, *(post for post in self.posts if (post.jabatan, post.since) not in posts))
        return Career(
            tuple(sorted(ranks, key=lambda rank: rank.since)), tuple(sorted(held, key=lambda post: post.since))
        )
