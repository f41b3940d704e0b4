"""A day of training in each government: seats taken, people present, certificates given."""

from __future__ import annotations

import asyncio
import random
from datetime import date
from typing import Any

from kinara.kit.identity import Role
from kinara.kit.ids import new_id

from embedded.demo.callers import GOVERNMENTS, Callers, today_in
from embedded.demo.crowd import Crowd, Person
from embedded.demo.ledger import Told

PROGRAMME = {
    "title": "Pelayanan publik berbasis digital",
    "partner": {"name": "Universitas Tiruan", "kind": "education"},
    "jp": 6,
    "course_kind": "4",
    "competencies": ["pelayanan.prima", "teknis.literasi-digital"],
}


class Classroom:
    """Trainers who run one session in each government, and note each completion that was confirmed to them."""

    def __init__(self, callers: Callers, crowd: Crowd, told: Told, rng: random.Random) -> None:
        self._callers = callers
        self._crowd = crowd
        self._told = told
        self._rng = rng
        self._sessions: dict[tuple[str, date], str] = {}
        self._opening = asyncio.Lock()

    async def open_sessions(self) -> None:
        """One session today in each government, with seats for everybody."""
        for path in GOVERNMENTS:
            await self._session(path, today_in(path))

    async def learn(self, person: Person) -> None:
        """One officer takes a seat, attends, and gets a certificate."""
        path = next(path for path in GOVERNMENTS if (person.unit_path + "/").startswith(path + "/"))
        today = today_in(path)
        session = await self._session(path, today)
        seat = await self._as_trainer("POST", f"/v1/sessions/{session}/enrolments", {"employee_id": person.id}, Role.HR)
        enrolment = f"/v1/enrolments/{seat['id']}"
        await self._as_trainer("PUT", f"{enrolment}/attendance/{today}", None)
        certificate = {"certificate_number": f"SERT/{self._rng.randrange(10**8):08d}/2026"}
        done = await self._as_trainer("POST", f"{enrolment}/completion", certificate)
        self._told.accepted[done["completion_id"]] = person.id

    async def _session(self, path: str, day: date) -> str:
        """The session of a government on a day: a story told across midnight needs two."""
        async with self._opening:
            if (path, day) not in self._sessions:
                self._sessions[path, day] = await self._opened(path, day)
            return self._sessions[path, day]

    async def _opened(self, path: str, day: date) -> str:
        units = await self._callers.pages("feedback", "/v1/units", path=path)
        root = next(unit["id"] for unit in units if unit["unit_path"] == path)
        programme = await self._as_trainer("POST", "/v1/programmes", {"unit_id": root, **PROGRAMME})
        planned = {"unit_id": root, "starts_on": str(day), "ends_on": str(day), "seats": 500, "place": "Aula"}
        session = await self._as_trainer("POST", f"/v1/programmes/{programme['id']}/sessions", planned)
        await self._as_trainer("POST", f"/v1/sessions/{session['id']}/opening", {})
        return str(session["id"])

    async def _as_trainer(self, method: str, path: str, body: Any, role: Role = Role.TRAINER) -> Any:
        headers = self._callers.bearer(role) | {"Idempotency-Key": new_id()}
        return await self._crowd.insist("training", method, path, json=body, headers=headers)
