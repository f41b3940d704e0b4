"""A running stub seen from outside: its address, its people and its switches, for tests and the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class Stub:
    """The stub at ``url``."""

    url: str

    def is_ready(self) -> bool:
        """Whether it answers yet."""
        try:
            return httpx.get(f"{self.url}/stub/ready").is_success
        except httpx.TransportError:
            return False

    def behave(self, **habits: float) -> None:
        """These habits and no others, with all counts begun anew."""
        httpx.put(f"{self.url}/stub/habits", json=habits).raise_for_status()

    def expire_tokens(self) -> None:
        """All tokens handed out so far have expired."""
        httpx.post(f"{self.url}/stub/tokens/expire").raise_for_status()

    def correct(self, nip: str, **changes: str) -> None:
        """Change fields of somebody's data-utama."""
        httpx.patch(f"{self.url}/stub/people/{nip}", json=changes).raise_for_status()

    def counts(self) -> dict[str, Any]:
        """What it holds and what it has served."""
        counts: dict[str, Any] = httpx.get(f"{self.url}/stub/counts").json()
        return counts

    def written(self, kind: str) -> list[dict[str, Any]]:
        """The records of a kind, as they were written."""
        records: list[dict[str, Any]] = httpx.get(f"{self.url}/stub/written/{kind}").json()
        return records

    def enter(self, kind: str, **payload: Any) -> None:
        """An entry that somebody types at SIASN itself."""
        httpx.post(f"{self.url}/stub/written/{kind}", json=payload).raise_for_status()

    def forget_written(self) -> None:
        """Nothing was written yet."""
        httpx.delete(f"{self.url}/stub/written").raise_for_status()

    def instansi(self) -> dict[str, str]:
        """SIASN's id of each government, and its Kemendagri code."""
        return {entry["id"]: entry["kodeCepat"] for entry in httpx.get(f"{self.url}/stub/instansi").json()}

    def nips(self, code: str) -> list[str]:
        """Everybody of the government with this Kemendagri code."""
        found = next(key for key, known in self.instansi().items() if known == code)
        nips: list[str] = httpx.get(f"{self.url}/stub/instansi/{found}/nips").json()
        return nips
