"""Whom personnel knows already, held in memory for one run: a question to the database for each row would be slow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import SYSTEM, below
from kinara.kit.work import Work

from personnel.commands.places import MOST_UNITS, exactly
from personnel.domain.profile import Profile
from personnel.siasn.rows import Row
from personnel.store import EMPLOYEES, SEEN, UNITS, Seen

_SEEN = dict.fromkeys(("nip", "siasn_id", "content_hash", "status", "row_digest"), 1)


class Known:
    """Employees by SIASN's id and by NIP."""

    def __init__(self) -> None:
        self._by_id: dict[str, Seen] = {}
        self._by_siasn_id: dict[str, str] = {}
        self._by_nip: dict[str, str] = {}
        self._by_digest: dict[str, str] = {}

    def __iter__(self) -> Iterator[Seen]:
        return iter(self._by_id.values())

    def add(self, seen: Seen) -> None:
        """Remember, or remember anew."""
        before = self._by_id.get(seen.id)
        if before is not None and before.nip != seen.nip:
            self._by_nip.pop(before.nip, None)
        if before is not None and before.row_digest:
            self._by_digest.pop(before.row_digest, None)
        if seen.row_digest:
            self._by_digest[seen.row_digest] = seen.id
        self._by_id[seen.id] = seen
        self._by_nip[seen.nip] = seen.id
        if seen.siasn_id:
            self._by_siasn_id[seen.siasn_id] = seen.id

    def get(self, employee_id: str | None) -> Seen | None:
        """Who has this id."""
        return self._by_id.get(employee_id or "")

    def by_siasn_id(self, siasn_id: str | None) -> Seen | None:
        """Who has this id at SIASN."""
        return self.get(self._by_siasn_id.get(siasn_id or ""))

    def by_nip(self, nip: str) -> Seen | None:
        """Who has this NIP now."""
        return self.get(self._by_nip.get(nip))

    def by_row(self, row: Row) -> Seen | None:
        """Whom a row is about."""
        return self.by_siasn_id(row.profile.siasn_id) or self.by_nip(row.profile.nip)

    def nip_of(self, digest: str) -> str | None:
        """Whose record is written like this, if anybody's."""
        seen = self.get(self._by_digest.get(digest))
        return seen.nip if seen else None

    def lacks(self, row: Row) -> bool:
        """Whether a row says anything that is not known already."""
        seen = self.by_row(row)
        return seen is None or seen.content_hash != row.content_hash

    def is_written_otherwise(self, row: Row) -> bool:
        """Whether a row that says nothing new is written in another way than the last one."""
        seen = self.by_row(row)
        return seen is not None and row.digest not in (None, seen.row_digest)


async def load(work: Work, roots: Iterable[str]) -> Known:
    """Everybody in these governments, a unit at a time, and of each of them only what is compared.

    Whoever is missed, because their unit has just moved, is found when their row meets a unique index.
    """
    known = Known()
    for root in roots:
        for unit in await work.find(UNITS, SYSTEM, below(root), limit=MOST_UNITS):
            at = exactly(unit.state.unit_path)
            for d in await work.database.find(EMPLOYEES.name, at, projection=_SEEN, comment=f"scope:{SYSTEM.label}"):
                seen = d["_id"], d["nip"], d["siasn_id"], d["content_hash"], d["status"]
                known.add(Seen(*seen, d.get("row_digest")))  # those taken before there were digests have none
    return known


async def look_up(work: Work, profiles: Sequence[Profile]) -> list[Seen]:
    """Those of the profiles who are known anywhere; slow, and only for rows that met a unique index."""
    found: list[Seen] = []
    for field in ("nip", "siasn_id"):
        values = [value for profile in profiles if (value := getattr(profile, field))]
        for start in range(0, len(values), IDS_A_QUERY):
            query = {field: {"$in": values[start : start + IDS_A_QUERY]}}
            found += [record.state for record in await work.find(SEEN, SYSTEM, query, limit=IDS_A_QUERY)]
    return found
