"""A round under way: the ground, the town that lives on it, and the proof that it lives again after a fault."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from kinara.kit.documents import LEDGER
from kinara.kit.identity import Role
from kinara.kit.mongo import DatabaseError

from faults.calls import Calls
from faults.checker import PATIENCE_S
from faults.ground import Ground
from faults.history import History, Injected, Recovery
from faults.load import Load
from faults.town import Person, Town

LOOK_S = 0.03


@dataclass
class Siege:
    """What a nemesis works on."""

    ground: Ground
    town: Town
    load: Load
    rng: random.Random
    history: History
    injected: Injected
    quick: bool = False
    figures: dict[str, Any] = field(default_factory=dict)
    """What a nemesis has measured besides recovery."""
    complaints: list[str] = field(default_factory=list)
    """Promises broken that a nemesis has seen with its own eyes."""
    _turn: int = 0

    @property
    def calls(self) -> Calls:
        """The clients."""
        return self.town.calls

    async def lives(self, fault: str, since: float) -> float:
        """Wait until new commands show their effects downstream, through all four services; seconds since then.

        Not within the patience is a violation, and the siege goes on: what follows shows whether anything was lost.
        """
        self._turn += 1
        person = self.town.witnesses[self._turn % len(self.town.witnesses)]
        try:
            async with asyncio.timeout(2 * PATIENCE_S):
                await asyncio.gather(self._moves(person), self._is_rated(person), self._learns(person))
        except (TimeoutError, RuntimeError) as error:
            self.injected.recoveries.append(Recovery(f"{fault}: {error!r}"[:300], 2.0 * PATIENCE_S))
            return 2.0 * PATIENCE_S
        seconds = time.monotonic() - since
        self.injected.recoveries.append(Recovery(fault, seconds))
        return seconds

    async def _moves(self, person: Person) -> None:
        """Personnel speaks, the three others hear."""
        body = self.town.profile(person.nip, person.golongan)
        address = f"/v1/employees/{person.id}"
        await self.calls.insist("personnel", "change", "PUT", address, person.id, role=Role.HR, json=body)
        name = body["name"]
        for service, collection, at in (
            ("appraisal", "scorecards", "person"), ("training", "records", ""), ("feedback", "subjects", ""),
        ):  # fmt: skip
            await self._shows(
                service, collection, person, lambda d, at=at: (d.get(at) or {} if at else d).get("name") == name
            )

    async def _is_rated(self, person: Person) -> None:
        """Feedback speaks, appraisal hears and speaks, personnel and training hear."""
        body = {"employee_id": person.id, "rating": 1 + 3 * (self._turn // len(self.town.witnesses) % 2)}
        given = await self.calls.insist("feedback", "feedback", "POST", "/v1/feedback", person.id, json=body)
        card = await self._affected(person, given.answer["id"])
        for service, collection in (("personnel", "profiles"), ("training", "records")):
            await self._shows(service, collection, person, lambda d: d["seen"].get("appraisal", 0) >= card["said"])

    async def _learns(self, person: Person) -> None:
        """Training speaks, appraisal hears."""
        address, body = f"/v1/sessions/{self.town.later[person.unit.root]}/enrolments", {"employee_id": person.id}
        asking = ("training", "enrolment", "POST", address, person.id)
        seat = await self.calls.insist(*asking, role=Role.HR, json=body)
        await self._affected(person, seat.answer["id"])
        address = f"/v1/enrolments/{seat.answer['id']}/cancellation"
        await self.calls.insist("training", "cancellation", "POST", address, person.id, role=Role.HR)

    async def _affected(self, person: Person, ref: str) -> dict[str, Any]:
        """The scorecard once it has the effect of a business id, on its page or in the ledger."""
        database = self.ground.database("appraisal")

        async def look() -> dict[str, Any] | None:
            card = await database.find_one("scorecards", {"_id": person.id})
            if card is None:
                return None
            rows = card["page"]["rows"]
            if not any(row.get("ref") == ref for row in rows):
                pages = await database.find(LEDGER, {"subject": person.id}, sort=[("_id", -1)], limit=2)
                rows = [row for page in pages for row in page["rows"]]
            return card if any(row.get("ref") == ref for row in rows) else None

        return await insisted(look)

    async def _shows(
        self, service: str, collection: str, person: Person, condition: Callable[[dict[str, Any]], bool]
    ) -> None:
        database = self.ground.database(service)

        async def look() -> bool:
            document = await database.find_one(collection, {"_id": person.id})
            return document is not None and condition(document)

        await insisted(look)


async def insisted(look: Callable[[], Awaitable[Any]]) -> Any:
    """Look until there is something to see, also while the database comes back."""
    while True:
        try:
            if seen := await look():
                return seen
        except DatabaseError:
            await asyncio.sleep(0.2)
        await asyncio.sleep(LOOK_S)
