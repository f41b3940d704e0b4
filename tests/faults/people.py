"""The people of a stage: what they ask of feedback and appraisal, several at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
from embedded.demo.callers import month_in
from embedded.stack import Stack
from kinara.kit.identity import Role
from kinara.kit.ids import new_id

from faults.calls import Calls
from faults.history import History, Operation

PEOPLE, TOGETHER = 10, 8


class People:
    """Officers with one superior, and the citizens who rate them; ``calls`` has to be entered."""

    def __init__(self, stack: Stack, history: History) -> None:
        self.boss, self.ids = new_id(), [new_id() for _ in range(PEOPLE)]
        self.calls = Calls(stack, history)
        self._feedback = stack.address("feedback")

    @property
    def accepted(self) -> int:
        """How many requests were accepted so far."""
        return sum(1 for _ in self.calls.history.of(outcome="ok"))

    @property
    def unknown(self) -> int:
        """Of how many nobody knows what became of them."""
        return sum(op.asked > 0 for op in self.calls.history.of(outcome="unknown"))

    async def many(self, count: int, ask: Callable[[str], Awaitable[Any]], people: Sequence[str] = ()) -> None:
        """Ask something about one person after the other, several at a time."""
        gate, about = asyncio.Semaphore(TOGETHER), people or self.ids

        async def one(number: int) -> None:
            async with gate:
                await ask(about[number % len(about)])

        await asyncio.gather(*(one(number) for number in range(count)))

    async def voice(self, person: str) -> Operation:
        """A citizen's rating."""
        body = {"employee_id": person, "rating": 3, "text": "Terima kasih"}
        return await self.calls.ask("feedback", "feedback", "POST", "/v1/feedback", person, json=body)

    async def voice_twice(self, person: str) -> None:
        """A rating whose answer was lost, so that it is sent once more under its key."""
        done = await self.voice(person)
        headers = {"Idempotency-Key": done.id, "X-Correlation-ID": done.id}
        body = {"employee_id": person, "rating": 3, "text": "Terima kasih"}
        async with httpx.AsyncClient(base_url=self._feedback, timeout=10) as client:
            await client.post("/v1/feedback", json=body, headers=headers)

    async def target(self, person: str) -> Operation:
        """A target, agreed by the superior; a request without a key."""
        body = {
            "period": month_in("/16.71"), "name": "Layanan diselesaikan", "unit": "berkas",
            "polarity": "max", "target": "500", "weight": "1", "reason": "Dialog kinerja",
        }  # fmt: skip
        path = f"/v1/scorecards/{person}/indicators/layanan"
        return await self.calls.ask(
            "appraisal", "target", "PUT", path, person, role=Role.SUPERVISOR, as_=self.boss, json=body
        )

    async def report(self, person: str) -> Operation:
        """Somebody's own report on that target."""
        body, path = {"indicator": "layanan", "amount": "1"}, f"/v1/scorecards/{person}/progress"
        return await self.calls.ask(
            "appraisal", "report", "POST", path, person, role=Role.EMPLOYEE, as_=person, json=body
        )

    async def look(self, person: str) -> Operation:
        """Read somebody's card."""
        path, told = f"/v1/scorecards/{person}", {"document": person}
        return await self.calls.ask("appraisal", "read", "GET", path, person, role=Role.HR, told=told)
