"""Citizens, officers and trainers who all speak at once, and keep the receipts that they are given."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpx
from kinara.kit.identity import Role
from kinara.kit.ids import new_id

from embedded.demo.callers import Callers, month_in
from embedded.demo.ledger import Told

Job = Callable[[], Awaitable[None]]
Done = Callable[[], None]

REPEATED = 0.05
"""Share of requests that a citizen's telephone sends twice, under the same Idempotency-Key."""


def period_of(person: Person) -> str:
    """The period that today is appraised in, by the cadence of the person's policy."""
    month = month_in(person.unit_path)
    quarter = f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
    return quarter if person.quarterly else month


@dataclass(frozen=True)
class Month:
    """What somebody's month was like."""

    amount: str
    """Documents done of 500."""
    voices: int
    """Citizens served, with a ticket each, who give the best mark."""
    behaviour: int
    """The superior's mark for each value."""


@dataclass(frozen=True)
class Person:
    """An employee of the demonstration, as appraisal knows them, and what citizens tend to think of them."""

    id: str
    name: str
    unit_path: str
    supervisor: str | None
    quarterly: bool
    leaning: float
    """The mean rating that citizens give, 1 to 4."""


class Crowd:
    """Sends requests from many people at once and notes what was accepted."""

    def __init__(self, callers: Callers, told: Told, rng: random.Random) -> None:
        self._callers = callers
        self._told = told
        self._rng = rng
        self._citizens = 0

    async def work_through(self, jobs: Iterable[Job], workers: int, done: Done) -> None:
        """Do all jobs, so many at a time: the load that the stack itself sets the pace of."""
        queue = list(jobs)
        self._rng.shuffle(queue)

        async def work() -> None:
            while queue:
                await queue.pop()()
                done()

        await asyncio.gather(*(work() for _ in range(workers)))

    async def rate(self, person: Person) -> str:
        """A citizen rates an officer; returns the feedback's id."""
        rating = min(4, max(1, round(self._rng.gauss(person.leaning, 0.7))))
        return await self._accepted("/v1/feedback", {"rating": rating, "employee_id": person.id}, person)

    async def survey(self, person: Person) -> str:
        """A citizen answers the nine questions about the service of an officer."""
        marks = {f"u{i}": min(4, max(1, round(self._rng.gauss(person.leaning, 0.6)))) for i in range(1, 10)}
        return await self._accepted("/v1/surveys", {**marks, "employee_id": person.id}, person)

    async def _served(self, person: Person) -> None:
        """A citizen with a ticket of the counter is served, and gives the best mark."""
        office = self._callers.bearer(Role.HR) | {"Idempotency-Key": new_id()}
        units = await self._callers.pages("feedback", "/v1/units", path=person.unit_path)
        (unit,) = [unit["id"] for unit in units if unit["unit_path"] == person.unit_path]
        issued = {"unit_id": unit, "employee_id": person.id, "service": "Layanan loket"}
        ticket = await self.insist("feedback", "POST", "/v1/tickets", json=issued, headers=office)
        await self._accepted("/v1/feedback", {"rating": 4, "ticket": ticket["code"]}, person)

    async def _accepted(self, path: str, body: dict[str, Any], person: Person) -> str:
        key = {"Idempotency-Key": new_id(), "X-Forwarded-For": self._address()}
        answer = await self.insist("feedback", "POST", path, json=body, headers=key)
        given: str = answer["id"]
        self._told.accepted[given] = person.id
        if self._rng.random() < REPEATED:
            again = await self.insist("feedback", "POST", path, json=body, headers=key)
            if again["id"] != given:
                raise AssertionError(f"the same key was answered with {given} and {again['id']}")
        return given

    def _address(self) -> str:
        """A citizen's own, told as a proxy on this machine would: those of one address weigh little together."""
        self._citizens += 1
        return f"10.{self._citizens >> 16 & 255}.{self._citizens >> 8 & 255}.{self._citizens & 255}"

    async def insist(self, service: str, method: str, path: str, **options: Any) -> Any:
        """Send until there is an answer, as a telephone does that lost its connection; refusals are raised."""
        for pause in (0.1, 0.3, 1, 2, 4, 8, 8, 8, 8, 8, 8, 8):
            try:
                answer = await self._callers.call(service, method, path, **options)
            except httpx.TransportError:
                self._told.unsure += 1
            else:
                if answer.status_code not in (429, 503):
                    if not answer.is_success:
                        raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
                    return answer.json()
            await asyncio.sleep(pause)
        raise RuntimeError(f"{method} {path}: no answer")

    async def month_of(self, person: Person, month: Month | None = None) -> None:
        """A month's work of one officer: a target agreed, progress reported and verified, behaviour rated.

        Without a month it is left to chance, and to what citizens think of them anyway.
        """
        if person.supervisor is None:
            return
        for _ in range(month.voices if month else 0):
            await self._served(person)
        own = self._callers.bearer(Role.EMPLOYEE, person.id)
        superior = self._callers.bearer(Role.SUPERVISOR, person.supervisor)
        card = f"/v1/scorecards/{person.id}"
        target = {
            "period": period_of(person),
            "name": "Layanan diselesaikan",
            "unit": "berkas",
            "polarity": "max",
            "target": "500",
            "weight": "1",
            "reason": "Dialog kinerja",
        }
        await self.insist("appraisal", "PUT", f"{card}/indicators/layanan", json=target, headers=superior)
        amount = month.amount if month else str(self._rng.randint(250, 560))
        body = {"indicator": "layanan", "amount": amount, "link": "https://contoh.go.id/berkas/layanan"}
        key = {"Idempotency-Key": new_id()}
        report = await self.insist("appraisal", "POST", f"{card}/progress", json=body, headers=own | key)
        seen = f"{card}/progress/{report['report_id']}/verification"
        await self.insist("appraisal", "POST", seen, headers=superior | {"Idempotency-Key": new_id()})
        values = ("berorientasi_pelayanan", "akuntabel", "kompeten", "harmonis", "loyal", "adaptif", "kolaboratif")
        felt = [month.behaviour if month else self._rng.gauss(person.leaning + 0.2, 0.6) for _ in values]
        marks = {value: min(5, max(1, round(mark))) for value, mark in zip(values, felt, strict=True)}
        key = {"Idempotency-Key": new_id()}
        await self.insist("appraisal", "POST", f"{card}/behaviour", json=marks, headers=superior | key)
