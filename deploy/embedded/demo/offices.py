"""What offices do: they ask citizens, answer complaints, spend the money for training, promote, and tell BKN."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import httpx
from kinara.kit.identity import Role
from kinara.kit.ids import new_id

from embedded.demo.callers import Callers, today_in
from embedded.demo.crowd import Crowd, Person
from embedded.stack import STUB, Stack

PLAJU, PALEMBANG = "/16.71/plaju", "/16.71"
SOLVED = 11
"""Complaints that one officer of Palangka Raya solves in a quarter: its policy rewards ten and more with training."""
CODES = 12
PRICE, MONEY = 1_000_000, 1_800_000
"""Of a place, of which the unit pays 60 %; and what the unit has: enough for three."""
REFUSED = 0.02
"""Of the records written to BKN."""
REFUSED_LEAST = 2
"""Of which one is taken when it is sent again."""
WITHIN_S = 90


class Offices:
    """Laid down before the month ends, and decided weeks later."""

    def __init__(self, stack: Stack, callers: Callers, crowd: Crowd) -> None:
        self._stack = stack
        self._callers = callers
        self._crowd = crowd
        self._hr = callers.bearer(Role.HR)
        self._open: tuple[dict[str, Any], Person] | None = None
        """A complaint that nobody answers in time, and the officer who has it."""
        self._told: dict[str, Any] = {}
        self._complaints = Counter[str]()

    async def prepare(self, handler: Person, learners: Sequence[Person]) -> None:
        """A survey, complaints well handled and one that is not, and seats until the money is gone."""
        await self._habits(declined=REFUSED, declined_least=REFUSED_LEAST)
        self._told["ikm"] = await self._survey()
        for _ in range(SOLVED):
            await self._answered(await self._lodged(handler), handler)
        self._open = await self._lodged(learners[0]), learners[0]
        self._told["budget"] = await self._booked(learners)

    async def weeks_later(self, ahead: int) -> None:
        """The forgotten complaint is late, answered and contested; somebody is promoted. Feedback is so far ahead."""
        await asyncio.to_thread(self._stack.children["feedback"].stop)
        self._stack.start_service("feedback", {"KINARA_CLOCK_AHEAD_DAYS": str(ahead)})
        await asyncio.to_thread(self._stack.wait_ready, "feedback")
        await self._overdue()
        self._told["promotions"] = await self._promotion()

    async def decided(self) -> dict[str, Any]:
        """The figures for the report, once awards have been granted and BKN has been told of everything."""
        self._told["entitlements"] = await self._entitlements()
        self._told["bkn_out"] = await self._bkn()
        return {**self._told, "complaints": dict(self._complaints)}

    async def _habits(self, **shares: float) -> None:
        """What the stub SIASN does to what is written to it, of its bad habits."""
        async with httpx.AsyncClient(base_url=self._stack.address(STUB), timeout=30) as stub:
            (await stub.put("/stub/habits", json=shares)).raise_for_status()

    async def _survey(self) -> dict[str, Any]:
        """A survey of Plaju with codes that nobody can follow to a person; what it says of the unit."""
        today = str(today_in(PLAJU))
        asked = {"unit_id": await self._unit(PLAJU), "name": "SKM Plaju", "first": today, "last": today}
        campaign = await self._post("feedback", "/v1/campaigns", asked | {"population": 40})
        address = f"/v1/campaigns/{campaign['id']}"
        codes = (await self._post("feedback", f"{address}/codes", {"count": CODES}))["codes"]
        for number, code in enumerate(codes):
            marks = {f"u{unsur}": 4 if (number + unsur) % 3 else 3 for unsur in range(1, 10)}
            await self._post("feedback", "/v1/surveys", marks | {"ticket": code}, {})
        found = await self._callers.read("feedback", address)
        result = found["result"]
        return {"plaju": result["ikm"], "mutu": result["mutu"], "answers": found["answers"], "rate": found["rate"]}

    async def _lodged(self, officer: Person) -> dict[str, Any]:
        """A citizen complains without an account; the office looks at it and gives it to an officer."""
        unit = await self._unit(officer.unit_path)
        words = {"unit_id": unit, "text": "Antre terlalu lama di loket", "topic": "waktu", "sla_class": "normal"}
        kept: dict[str, Any] = await self._post("feedback", "/v1/complaints", words, {})
        address = f"/v1/complaints/{kept['id']}"
        await self._post("feedback", f"{address}/verification", {"sla_class": "normal", "topic": "waktu"})
        await self._post("feedback", f"{address}/assignment", {"employee_id": officer.id})
        self._complaints["lodged"] += 1
        return kept

    async def _answered(self, kept: dict[str, Any], officer: Person) -> None:
        answer = {"outcome": "solved", "words": "Loket ditambah sejak hari ini"}
        own = self._callers.bearer(Role.EMPLOYEE, officer.id)
        await self._post("feedback", f"/v1/complaints/{kept['id']}/answer", answer, own)
        self._complaints["answered"] += 1

    async def _overdue(self) -> None:
        """The clock has run out, which is said by itself; then there is an answer, and the citizen says it is none."""
        assert self._open is not None  # noqa: S101  # it was prepared
        kept, officer = self._open
        deadline = time.monotonic() + WITHIN_S
        while not (await self._callers.read("feedback", f"/v1/complaints/{kept['id']}"))["overdue"]:
            if time.monotonic() > deadline:
                raise RuntimeError(f"complaint {kept['receipt']} is not overdue")
            await asyncio.sleep(0.2)
        self._complaints["overdue"] += 1
        await self._answered(kept, officer)
        receipt = {"receipt": kept["receipt"], "key": kept["key"], "words": "Antrean masih sama"}
        again = await self._post("feedback", "/v1/complaints/contest", receipt, {})
        self._complaints["reopened"] += again["state"] == "assigned"
        await self._answered(kept, officer)

    async def _booked(self, learners: Sequence[Person]) -> dict[str, Any]:
        """A partner bears part of each place, Plaju the rest, until its money is gone: then people wait, by need."""
        unit, day = await self._unit(PLAJU), today_in(PLAJU) + timedelta(days=1)
        trainer = self._callers.bearer(Role.TRAINER)
        named = {"unit_id": unit, "name": "Politeknik Tiruan", "kind": "education"}
        partner = await self._post("training", "/v1/partners", named, trainer)
        signed = {"number": "PKS/1/TIRUAN", "starts_on": str(day - timedelta(days=1)), "scope": "Pelatihan layanan"}
        ends = {"ends_on": str(day + timedelta(days=365))}
        await self._post("training", f"/v1/partners/{partner['id']}/agreements", signed | ends, trainer)
        course = {
            "unit_id": unit, "title": "Penanganan pengaduan", "partner_id": partner["id"], "jp": 8,
            "course_kind": "4", "competencies": ["pelayanan.penanganan-pengaduan"],
        }  # fmt: skip
        programme = await self._post("training", "/v1/programmes", course, trainer)
        await self._put("training", f"/v1/units/{unit}/budgets/{day.year}", {"planned": str(MONEY)})
        shares = [{"source": "unit", "percent": "60"}, {"source": "partner", "percent": "40"}]
        held = {"unit_id": unit, "starts_on": str(day), "ends_on": str(day), "seats": 30, "place": "Aula"}
        priced = held | {"price": str(PRICE), "shares": shares}
        session = await self._post("training", f"/v1/programmes/{programme['id']}/sessions", priced, trainer)
        await self._post("training", f"/v1/sessions/{session['id']}/opening", {}, trainer)
        places = [
            await self._post("training", f"/v1/sessions/{session['id']}/enrolments", {"employee_id": learner.id})
            for learner in learners
        ]
        use = await self._callers.read("training", "/v1/budget-use", Role.HR, unit_path=PLAJU, year=day.year)
        figures = {name: int(use[name]) for name in ("planned", "reserved", "over")}
        return figures | {"waiting": sum(place["waits_for"] == "money" for place in places)}

    async def _promotion(self) -> int:
        """The first in Palembang who meets every rule once the predikat of the years before Kinara are recorded."""
        first = today_in(PALEMBANG).replace(day=1)
        for card in await self._callers.pages("appraisal", "/v1/scorecards", Role.HR, unit_path=PALEMBANG):
            person = f"/v1/employees/{card['employee_id']}"
            found = await self._eligibility(person, first)
            open_ = {one["rule"] for one in found.get("findings", ()) if one["result"] != "met"}
            if not found or open_ - {"predikat"}:  # a PPPK, or something else that is not met or not known
                continue
            if open_:
                for year in (first.year - 2, first.year - 1):
                    document = {"document_number": f"800/{year}/TIRUAN", "document_date": f"{year}-12-31"}
                    told = {"predikat": 2, "reason": "Dinilai sebelum Kinara"} | document
                    await self._put("personnel", f"{person}/prior-predikat/{year}", told)
                found = await self._eligibility(person, first)
            if found["result"] != "met":
                continue
            wished = {"effective_on": str(first), "promotion_kind": found["promotion_kind"]}
            proposal = await self._post("personnel", f"{person}/promotion-proposals", wished)
            address = f"/v1/promotion-proposals/{proposal['proposal_id']}/approval"
            decided = await self._post("personnel", address, {"decree_number": "823/1/TIRUAN"})
            return int(decided["state"] == "approved")
        return 0

    async def _eligibility(self, person: str, on: date) -> dict[str, Any]:
        """What the rules find; nothing where somebody is not promoted at all."""
        asked = {"headers": self._hr, "params": {"on": str(on)}}
        answer = await self._callers.call("personnel", "GET", f"{person}/promotion-eligibility", **asked)
        return answer.json() if answer.status_code == 200 else {}

    async def _entitlements(self) -> int:
        """Rights to training that complaints well handled have earned, as soon as training has heard of the award."""
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            if found := await self._callers.pages("training", "/v1/entitlements", Role.HR):
                return sum(len(holder["entitlements"]) for holder in found)
            await asyncio.sleep(0.2)
        return 0

    async def _bkn(self) -> dict[str, int]:
        """What BKN has taken and refused, once nothing waits; one that it refused is taken when it is sent again."""
        await self._told_to_bkn()
        await self._habits()
        for record in (await self._callers.pages("personnel", "/v1/outgoing", Role.HR, state="refused"))[:1]:
            await self._post("personnel", f"/v1/outgoing/{record['id']}/retry", {})
        counts = await self._told_to_bkn()
        refused = await self._callers.pages("personnel", "/v1/outgoing", Role.HR, state="refused")
        told = {state: counts[state] for state in ("accepted", "refused", "unknown", "skipped")}
        return told | {"with_reason": sum(bool(record["reason"]) for record in refused)}

    async def _told_to_bkn(self) -> Counter[str]:
        deadline = time.monotonic() + WITHIN_S
        while True:
            found = await self._callers.read("personnel", "/v1/outgoing/counts")
            states = Counter[str]()
            for by_state in found["counts"].values():
                states.update(by_state)
            if (states["accepted"] and not states["pending"]) or time.monotonic() > deadline:
                return states
            await asyncio.sleep(0.3)

    async def _unit(self, path: str) -> str:
        units = await self._callers.pages("feedback", "/v1/units", path=path)
        return next(str(unit["id"]) for unit in units if unit["unit_path"] == path)

    async def _post(self, service: str, path: str, body: dict[str, Any], as_: dict[str, str] | None = None) -> Any:
        headers = (self._hr if as_ is None else as_) | {"Idempotency-Key": new_id()}
        return await self._crowd.insist(service, "POST", path, json=body, headers=headers)

    async def _put(self, service: str, path: str, body: dict[str, Any]) -> Any:
        return await self._crowd.insist(service, "PUT", path, json=body, headers=self._hr)
