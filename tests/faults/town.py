"""A small town to break things in: two governments with units, leaders and officers, and a training session in each."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from embedded.demo.callers import month_in, today_in
from kinara.kit.identity import Role
from kinara.kit.testing import eventually

from faults.calls import Calls
from faults.ground import Ground
from faults.history import Operation

PROVINCES = {"/16.71": "16", "/96.71": "96"}
UNITS = {"/16.71": ("plaju", "keuangan"), "/96.71": ("pelayanan", "keuangan")}
"""Plaju appraises monthly, the others by the quarter."""
SETTLES_S = 120
STAFF = 5
"""Officers of each unit, its leader beside them."""
RANKS = tuple(f"{n}/{letter}" for n in ("I", "II", "III") for letter in "abcd")


def letters() -> Iterator[str]:
    """Words without digits, each once."""
    count = 0
    while True:
        count += 1
        number, letters = count, ""
        while number:
            number, digit = divmod(number, 26)
            letters = chr(97 + digit) + letters
        yield f"Xy{letters}"


@dataclass
class Person:
    """An officer as the town believes them to be; the services decide."""

    id: str
    nip: str
    unit: Unit
    golongan: int = 0
    indicator: bool = False


@dataclass
class Unit:
    """A unit with its leader."""

    id: str
    path: str
    leader: Person | None = None

    @property
    def root(self) -> str:
        """The path of its government."""
        return "/" + self.path.split("/")[1]


@dataclass
class Town:
    """What the load can speak of."""

    ground: Ground
    calls: Calls
    rng: random.Random
    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    witnesses: list[Person] = field(default_factory=list)
    """Officers of whom the load does not speak: they show whether the town lives."""
    sessions: dict[str, str] = field(default_factory=dict)
    """By government, a session of today with room for everybody."""
    later: dict[str, str] = field(default_factory=dict)
    """By government, a session of a day to come, in which seats can be taken and given back at any time."""
    roots: dict[str, str] = field(default_factory=dict)
    programmes: dict[str, str] = field(default_factory=dict)
    names: Iterator[str] = field(default_factory=letters)
    _serial: int = 0

    @property
    def staff(self) -> list[Person]:
        """Officers who lead nothing."""
        return [person for person in self.people if person.unit.leader is not person]

    async def settle(self) -> None:
        """Found the town through the services' own doors."""
        await asyncio.gather(*map(self._govern, PROVINCES))

    async def _govern(self, path: str) -> None:
        root = await self._unit(path.strip("/"), None, path)
        self.roots[path] = root.answer["id"]
        for code in UNITS[path]:
            unit = Unit((await self._unit(code, root.answer["id"], path)).answer["id"], f"{path}/{code}")
            await self._hire(unit, self.people)
            unit.leader = self.people[-1]
            body = {"name": f"Unit {code}", "leader_id": unit.leader.id}
            address = f"/v1/units/{unit.id}"
            await self.calls.insist("personnel", "leader", "PUT", address, unit.id, role=Role.HR, json=body)
            await asyncio.gather(*(self._hire(unit, self.people) for _ in range(STAFF)))
            await asyncio.gather(*(self._hire(unit, self.witnesses) for _ in range(2)))
            self.units.append(unit)
        await eventually(lambda: self._known("training", "units", 3 * len(PROVINCES)), SETTLES_S)
        await self._teach(path)

    async def _unit(self, code: str, parent: str | None, path: str) -> Operation:
        body = {"code": code, "name": f"Unit {code}", "parent_id": parent}
        if parent is None:
            body["province"] = PROVINCES[path]
        return await self.calls.insist("personnel", "unit", "POST", "/v1/units", role=Role.HR, json=body)

    async def _hire(self, unit: Unit, into: list[Person]) -> None:
        nip = self.nip()
        done = await self.calls.insist(
            "personnel", "registration", "POST", "/v1/employees", role=Role.HR, json=self.registration(nip, unit)
        )
        into.append(Person(done.answer["id"], nip, unit))

    def nip(self) -> str:
        """A NIP that nobody has."""
        self._serial += 1
        day, serial = divmod(self._serial, 900)
        return f"19{70 + day // 336}{1 + day // 28 % 12:02}{1 + day % 28:02}2015031{serial + 1:03}"

    def registration(self, nip: str, unit: Unit) -> dict[str, Any]:
        """Somebody who serves since the beginning of the year."""
        return {**self.profile(nip, 0), "unit_id": unit.id, "effective_on": "2026-01-01"}

    def profile(self, nip: str, golongan: int) -> dict[str, Any]:
        """Who somebody is, under a name that nobody had before."""
        return {
            "nip": nip, "name": f"Budi {next(self.names)}", "golongan": RANKS[golongan],
            "jabatan": "Penelaah Teknis Kebijakan", "jabatan_kind": "pelaksana", "effective_on": "2026-01-01",
        }  # fmt: skip

    async def _teach(self, path: str) -> None:
        course = {
            "unit_id": self.roots[path], "title": "Pelayanan publik",
            "partner": {"name": "Universitas Tiruan", "kind": "education"}, "jp": 1,
            "course_kind": "4", "competencies": ["pelayanan.prima"],
        }  # fmt: skip
        programme = await self._trainer("programme", "/v1/programmes", course)
        self.programmes[path] = programme.answer["id"]
        self.sessions[path] = await self.new_session(path)
        self.later[path] = await self.new_session(path, days=30)

    async def new_session(self, path: str, days: int = 0) -> str:
        """Another session, open; so many days from today."""
        day = (today_in(path) + timedelta(days)).isoformat()
        planned = {"unit_id": self.roots[path], "starts_on": day, "ends_on": day, "seats": 1000}
        address = f"/v1/programmes/{self.programmes[path]}/sessions"
        session = await self._trainer("session", address, planned)
        await self._trainer("opening", f"/v1/sessions/{session.answer['id']}/opening", {})
        return str(session.answer["id"])

    async def _trainer(self, kind: str, path: str, body: Any) -> Operation:
        return await self.calls.insist("training", kind, "POST", path, role=Role.TRAINER, json=body)

    async def known(self) -> None:
        """Wait until the others know everybody, and who leads whom."""
        for service, collection in (("appraisal", "scorecards"), ("training", "records"), ("feedback", "subjects")):
            count = len(self.people) + len(self.witnesses) + (3 * len(PROVINCES) if collection == "subjects" else 0)
            await eventually(lambda s=service, c=collection, n=count: self._known(s, c, n), 60, every=0.2)

    async def _known(self, service: str, collection: str, count: int) -> bool:
        return int(await self.ground.database(service)[collection].count_documents({})) >= count

    def today(self, person: Person) -> date:
        """The day where somebody serves."""
        return today_in(person.unit.path)

    def period(self, person: Person) -> str:
        """The period in which somebody is appraised."""
        month = month_in(person.unit.path)
        return month if "plaju" in person.unit.path else f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
