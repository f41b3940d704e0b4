"""What the stub holds: its people and units as ready answers, its tokens, its moods and what it has served."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from .habits import Habits, Moods
from .people import Person, people
from .places import UNITS
from .posts import PNS_RANKS
from .records import ref_unor, rw_golongan, rw_jabatan
from .tokens import Desk
from .writes import Ledger


class Registry:
    """One stub's whole state."""

    def __init__(self, people: int, seed: int, habits: Habits) -> None:
        self.moods = Moods(habits, seed)
        self.apim, self.sso = Desk("apim"), Desk("sso")
        self.served: Counter[str] = Counter()
        self.persons = _by_nip(people, seed)
        self.ledger = Ledger()
        self.nips_by_id = {str(p.record.get("id") or p.record.get("Id")): nip for nip, p in self.persons.items()}
        self._bodies: dict[str, bytes] = {}
        self._units = [ref_unor(unit) for unit in UNITS]

    def data_utama(self, nip: str) -> bytes | None:
        """The ready answer, made once."""
        if nip not in self._bodies:
            person = self._person(nip)
            if person is None:
                return None
            self._bodies[nip] = _ok(person.record)
        return self._bodies[nip]

    def rw_golongan(self, nip: str) -> bytes | None:
        """The history of ranks."""
        person = self._person(nip)
        return _ok(rw_golongan(_well_keyed(person.record))) if person else None

    def rw_jabatan(self, nip: str) -> bytes | None:
        """The history of posts."""
        person = self._person(nip)
        return _ok(rw_jabatan(_well_keyed(person.record))) if person else None

    def ref_unor(self, limit: int, offset: int) -> bytes:
        """A page of units."""
        return _ok(self._units[offset : offset + limit], count=len(self._units))

    def entries(self, kind: str, nip: str) -> bytes | None:
        """What was written of one kind about one person; as SIASN has it, nothing is a 404."""
        person = self._person(nip)
        kept = self.ledger.entries(kind, str(_well_keyed(person.record)["id"])) if person else []
        return _ok(kept) if kept else None

    def nips_of(self, government_id: str) -> list[str]:
        """Whom an agency would ask for, SIASN itself having no such list."""
        return [nip for nip, person in self.persons.items() if person.government_id == government_id]

    def correct(self, nip: str, changes: dict[str, Any]) -> bool:
        """Change fields of a record, as an agency does when it promotes or moves somebody."""
        person = self._person(nip)
        if person is None:
            return False
        ids = {code: siasn_id for siasn_id, code in PNS_RANKS}
        if "golRuangAkhir" in changes:
            changes = {"golRuangAkhirId": ids.get(changes["golRuangAkhir"], "")} | changes
        self.persons[nip] = Person(person.record | changes, person.flaw, person.government_id)
        self._bodies.pop(nip, None)
        return True

    def _person(self, nip: str) -> Person | None:
        person = self.persons.get(nip)
        return None if person is None or person.flaw == "not_found" else person


def _by_nip(count: int, seed: int) -> dict[str, Person]:
    return {person.nip: person for person in people(count, seed)}


def _ok(data: object, **more: int) -> bytes:
    return json.dumps({"code": 1, "data": data, **more}, ensure_ascii=False).encode()


def _well_keyed(record: dict[str, Any]) -> dict[str, Any]:
    return {f"{key[0].lower()}{key[1:]}": value for key, value in record.items()}
