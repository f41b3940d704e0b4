"""The second act: weeks later periods are closed, and people decide on what the scores propose.

Appraisal is started again with a clock that is ahead, so that it closes by itself what its policies close.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from kinara.kit.identity import Role
from kinara.kit.ids import new_id

from embedded.demo.callers import GOVERNMENTS, Callers, today_in
from embedded.demo.crowd import Crowd, Month, Person, period_of
from embedded.demo.offices import Offices
from embedded.stack import Stack

PLAJU = "/16.71/plaju"
REGIONS = {"plaju": PLAJU, "sorong": "/96.71", "palangkaraya": "/62.71", "bengkulu": "/17"}
CLERK, BEST, WEAK = Month("386", 10, 4), Month("550", 12, 5), Month("50", 2, 2)
"""Of 500 documents: not enough done by somebody whom citizens like; the best of the unit; somebody who needs help."""
LEARNERS = 5
CLOSES_AFTER = 7
CLOSED_WITHIN_S = 240
"""A round through all cards takes seconds on a machine of its own, and minutes where many others work."""
MORE_L = {"K": "0.40", "M": "0.15", "A": "0.05", "L": "0.15", "B": "0.25"}
BAIK = 2


class Sequel:
    """What happens after the busy day: facts that are laid down before it ends, and decisions weeks later."""

    def __init__(self, stack: Stack, callers: Callers, crowd: Crowd) -> None:
        self._stack = stack
        self._callers = callers
        self._crowd = crowd
        self._clerks: dict[str, Person] = {}
        self._offices = Offices(stack, callers, crowd)
        self._best: Person | None = None
        self._weak: Person | None = None
        self._ahead = 0
        """Days by which appraisal's clock is ahead."""

    async def prepare(self, cards: Sequence[dict[str, Any]], taken: Iterable[str]) -> None:
        """The same month for a clerk of every region; one officer of Plaju who shines, one who does not."""
        busy = set(taken)
        superiors = {card["employee_id"]: card["supervisor_id"] for card in cards}

        def somebody(path: str) -> Person:
            """Led by a superior who has one too, and not part of the first act."""
            for card in cards:
                free = card["employee_id"] not in busy and superiors.get(card["supervisor_id"])
                if free and f"{card['unit_path']}/".startswith(f"{path}/"):
                    busy.add(card["employee_id"])
                    quarterly = path != PLAJU
                    return Person(
                        card["employee_id"], card["name"], card["unit_path"], card["supervisor_id"], quarterly, 4
                    )
            raise RuntimeError(f"nobody below {path} is left for the second act")

        self._clerks = {region: somebody(path) for region, path in REGIONS.items()}
        self._best, self._weak = somebody(PLAJU), somebody(PLAJU)
        handler = somebody(REGIONS["palangkaraya"])
        lives = [*((clerk, CLERK) for clerk in self._clerks.values()), (self._best, BEST), (self._weak, WEAK)]
        await asyncio.gather(*(self._crowd.month_of(person, month) for person, month in [*lives, (handler, BEST)]))
        await self._offices.prepare(handler, [somebody(PLAJU) for _ in range(LEARNERS)])

    async def weeks_later(self) -> dict[str, Any]:
        """Let the quarter end, and everybody decide; the figures for the report."""
        self._ahead = (self._closes_on() - today_in("/17")).days + 1  # a day more: the sun rises later in Bengkulu
        await asyncio.to_thread(self._stack.children["appraisal"].stop)
        self._stack.start_service("appraisal", {"KINARA_CLOCK_AHEAD_DAYS": str(self._ahead)})
        await asyncio.to_thread(self._stack.wait_ready, "appraisal")
        verdicts = {region: await self._closed(clerk) for region, clerk in self._clerks.items()}
        decided = {
            "predikat_by_region": {region: verdict["proposed"] for region, verdict in verdicts.items()},
            "objections": await self._objection(self._clerks["plaju"], verdicts["plaju"]),
            "awards": await self._awards(),
            "coaching": await self._coaching(),
            "simulation": await self._simulation(),
        }
        await self._offices.weeks_later(self._ahead)
        return decided | await self._offices.decided()

    def _closes_on(self) -> date:
        """The first day on which both the month of Plaju and the quarter of the others are closed by themselves."""
        today = max(today_in(path) for path in GOVERNMENTS)
        quarter_ends = date(today.year + today.month // 10, (today.month + 2) // 3 * 3 % 12 + 1, 1)
        return quarter_ends + timedelta(days=CLOSES_AFTER)

    async def _closed(self, person: Person) -> Any:
        """The verdict on somebody's period, once the scheduler has closed it."""
        address = f"/v1/scorecards/{person.id}/periods/{period_of(person)}/verdict"
        deadline = time.monotonic() + CLOSED_WITHIN_S
        while time.monotonic() < deadline:
            answer = await self._callers.call("appraisal", "GET", address, headers=self._hr)
            if answer.status_code == 200:
                return answer.json()
            await asyncio.sleep(0.2)
        raise RuntimeError(f"the period of {person.name} was not closed within {CLOSED_WITHIN_S} s")

    async def _objection(self, clerk: Person, verdict: dict[str, Any]) -> int:
        """The superior confirms what was proposed, the clerk objects, and the superior above hears both and decides."""
        path = f"/v1/scorecards/{clerk.id}/periods/{verdict['period']}/verdict"
        boss = self._callers.bearer(Role.SUPERVISOR, verdict["appraiser_id"])
        chief = self._callers.bearer(Role.SUPERVISOR, verdict["superior_id"])
        me = self._callers.bearer(Role.EMPLOYEE, clerk.id)
        heard_on = str(today_in(clerk.unit_path) + timedelta(days=self._ahead))
        await self._post(f"{path}/confirmation", {}, boss)
        await self._post(f"{path}/objection", {"grounds": "Antrean loket dua kali lipat sejak bulan lalu"}, me)
        await self._post(f"{path}/objection/hearing", {"held_on": heard_on, "notes": "Kedua pihak hadir"}, chief)
        decision = {"predikat": BAIK, "reason": "Beban kerja terbukti berlipat"}
        final = await self._post(f"{path}/objection/decision", decision, chief)
        return int(final["state"] == "final")

    async def _awards(self) -> int:
        """The office grants what the rules have nominated, until one is a right to further training."""
        granted: list[dict[str, Any]] = []
        while not any(award["grants"] == "training" for award in granted):
            for award in await self._until_some("/v1/awards", state="nominated"):
                body = {"decree": "SK/1/TIRUAN", "no_running_discipline": True}
                granted.append(await self._post(f"/v1/awards/{award['award_id']}/grant", body, self._hr))
        return len(granted)

    async def _coaching(self) -> int:
        """The superior of whoever needs help opens the case."""
        assert self._weak is not None  # noqa: S101  # it was prepared
        due = await self._until_some("/v1/coaching", state="due")
        (case,) = [one for one in due if one["employee_id"] == self._weak.id]
        boss = self._callers.bearer(Role.SUPERVISOR, self._weak.supervisor)
        plan = {"form": "bimbingan", "plan": "Pendampingan di loket oleh pegawai senior", "days": 60}
        await self._post(f"/v1/coaching/{case['case_id']}/opening", plan, boss)
        return len(await self._callers.pages("appraisal", "/v1/coaching", Role.HR, state="open"))

    async def _simulation(self) -> dict[str, Any]:
        """A draft for Plaju that weighs learning and behaviour more is tried out on the closed month."""
        draft = {
            "code": "plaju", "version": 2, "name": "Kecamatan Plaju, rancangan", "unit_path": PLAJU,
            "effective_from": str(self._closes_on().replace(day=1).replace(year=self._closes_on().year + 1)),
            "cadence": "monthly", "weights": MORE_L, "satisfaction": {"mean": "3.2"},
        }  # fmt: skip
        await self._post("/v1/policies/drafts", draft, self._hr)
        asked = {"period": period_of(self._clerks["plaju"])}
        started = time.monotonic()
        run = await self._post("/v1/policies/drafts/plaju@2/simulations", asked, self._hr)
        while run["state"] not in ("done", "failed"):
            await asyncio.sleep(0.1)
            run = await self._callers.read("appraisal", f"/v1/simulations/{run['id']}")
        if run["state"] == "failed":
            raise RuntimeError(f"the simulation has failed: {run['why']}")
        result = run["result"]
        seconds = round(time.monotonic() - started, 1)
        return {"employees": result["employees"], "seconds": seconds, "moved": result["moved"]}

    async def _until_some(self, address: str, **query: str) -> list[dict[str, Any]]:
        """What is listed there, as soon as something is: rules nominate after the last card is closed."""
        deadline = time.monotonic() + CLOSED_WITHIN_S
        while time.monotonic() < deadline:
            if found := await self._callers.pages("appraisal", address, Role.HR, **query):
                return found
            await asyncio.sleep(0.2)
        raise RuntimeError(f"{address} lists nothing {CLOSED_WITHIN_S} s after the periods were closed")

    async def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        key = {"Idempotency-Key": new_id()}
        return await self._crowd.insist("appraisal", "POST", path, json=body, headers=headers | key)

    @property
    def _hr(self) -> dict[str, str]:
        return self._callers.bearer(Role.HR)
