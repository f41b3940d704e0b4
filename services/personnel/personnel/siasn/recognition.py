"""Telling a record that is written exactly as it was when it was last taken, without reading what it says.

Agencies export all their people every night, and few records differ from the night before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from personnel.siasn.rows import MAPPING_VERSION, Governments

_plainly = json.JSONEncoder(default=str, ensure_ascii=False).encode


def nobody(_digest: str) -> None:
    """The NIP of nobody: every record is read."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """Digests of records; what a record means depends on who reads it, and so do they."""

    salt: bytes
    nip_of: Callable[[str], str | None] = nobody
    """The NIP of whoever's record had this digest when it was last taken."""

    @classmethod
    def of(
        cls, governments: Governments, paths: Iterable[str] = (), nip_of: Callable[[str], str | None] = nobody
    ) -> Recognition:
        """For readers who know these governments and may write those below these roots."""
        known = sorted((named, government.code) for named, government in governments.items())
        return cls(blake2b(_plainly([MAPPING_VERSION, known, sorted(paths)]).encode()).digest(), nip_of)

    def digest(self, record: str | Mapping[str, object]) -> str:
        """Of a line, or of a sheet's row with its headings."""
        written = record if isinstance(record, str) else _plainly(record)
        return blake2b(written.encode("utf-8", "surrogatepass"), digest_size=16, key=self.salt).hexdigest()
