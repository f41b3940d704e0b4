"""Continuous load on the four services: a fixed number of people who each do one thing after the other, at random."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import cycle, islice
from types import TracebackType
from typing import Any, Self

from embedded.siasn_stub.people import people
from embedded.siasn_stub.places import UNITS
from embedded.siasn_stub.records import ref_unor
from kinara.kit.identity import Role

from faults.calls import Calls
from faults.history import Operation
from faults.town import RANKS, Person, Town

WORKERS = 6
PAUSE_S = 0.12
"""Between two things that one of them does: the load is modest, so that faults and not queues are what is tested."""
ROWS = 20
VALUES = ("berorientasi_pelayanan", "akuntabel", "kompeten", "harmonis", "loyal", "adaptif", "kolaboratif")

Job = Callable[[], Awaitable[object]]


class Load:
    """An async context in which the town lives; what it did is in the history."""

    def __init__(self, town: Town, workers: int = WORKERS, pause: float = PAUSE_S) -> None:
        self._town = town
        self._calls: Calls = town.calls
        self._rng = town.rng
        self._workers, self._pause = workers, pause
        self._ends = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._receipts: deque[tuple[Person, Operation]] = deque(maxlen=200)
        self._reports: deque[tuple[Person, str]] = deque(maxlen=50)
        self._seats: deque[tuple[Person, str]] = deque(maxlen=50)
        self._rows = rows_to_import()
        self._jobs: dict[Job, int] = {
            self.give_feedback: 30, self._survey: 6, self._withdraw: 6, self._track: 6,
            self._register: 3, self._change: 5, self._promote: 3, self._transfer: 3, self._look: 12,
            self._enrol: 6, self._complete: 6, self._agree: 2, self._report: 8, self._verify: 4, self._rate: 3,
            self.bring_people: 1,
        }  # fmt: skip

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._work(), name=f"load {n}") for n in range(self._workers)]
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._ends.set()
        await asyncio.gather(*self._tasks)

    async def _work(self) -> None:
        jobs, weights = list(self._jobs), list(self._jobs.values())
        while not self._ends.is_set():
            await self._rng.choices(jobs, weights)[0]()
            await asyncio.sleep(self._rng.uniform(0, 2 * self._pause))

    def _somebody(self) -> Person:
        return self._rng.choice(self._town.staff)

    async def give_feedback(self) -> Operation:
        """A citizen rates somebody."""
        person = self._somebody()
        body = {"employee_id": person.id, "rating": self._rng.randint(1, 4), "text": "Terima kasih"}
        given = await self._calls.ask("feedback", "feedback", "POST", "/v1/feedback", person.id, json=body)
        if given.outcome == "ok":
            self._receipts.append((person, given))
        return given

    async def _survey(self) -> None:
        person = self._somebody()
        body = {f"u{i}": self._rng.randint(1, 4) for i in range(1, 10)} | {"employee_id": person.id}
        await self._calls.ask("feedback", "survey", "POST", "/v1/surveys", person.id, json=body)

    async def _withdraw(self) -> None:
        if self._receipts:
            person, given = self._rng.choice(self._receipts)
            body = {name: given.answer[name] for name in ("receipt", "key")}
            told = {"feedback": given.answer["id"]}
            address = "/v1/feedback/withdrawal"
            await self._calls.ask("feedback", "withdrawal", "POST", address, person.id, told=told, json=body)

    async def _track(self) -> None:
        if self._receipts:
            _, given = self._rng.choice(self._receipts)
            body = {name: given.answer[name] for name in ("receipt", "key")}
            told = {"document": given.answer["id"]}
            await self._calls.ask("feedback", "read", "POST", "/v1/feedback/track", told=told, json=body)

    async def _personnel(self, kind: str, method: str, path: str, person: Person, body: dict[str, Any]) -> Operation:
        return await self._calls.ask("personnel", kind, method, path, person.id, role=Role.HR, json=body)

    async def _register(self) -> None:
        unit, nip = self._rng.choice(self._town.units), self._town.nip()
        body = self._town.registration(nip, unit)
        done = await self._calls.ask("personnel", "registration", "POST", "/v1/employees", role=Role.HR, json=body)
        if done.outcome == "ok":
            self._town.people.append(Person(done.answer["id"], nip, unit))

    async def _change(self) -> None:
        person = self._somebody()
        body = self._town.profile(person.nip, person.golongan)
        await self._personnel("change", "PUT", f"/v1/employees/{person.id}", person, body)

    async def _promote(self) -> None:
        person = self._somebody()
        rank = min(person.golongan + 1, len(RANKS) - 1)
        day = self._town.today(person).isoformat()
        decree = {"decree_number": "SK-1", "promotion_kind": "101", "issued_outside": "SK lama dari BKN"}
        body = {"golongan": RANKS[rank], "effective_on": day} | decree
        done = await self._personnel("promotion", "POST", f"/v1/employees/{person.id}/promotions", person, body)
        if done.outcome == "ok":
            person.golongan = rank

    async def _transfer(self) -> None:
        person, unit = self._somebody(), self._rng.choice(self._town.units)
        body = {"unit_id": unit.id, "effective_on": self._town.today(person).isoformat()}
        done = await self._personnel("transfer", "POST", f"/v1/employees/{person.id}/transfers", person, body)
        if done.outcome == "ok":
            person.unit = unit

    async def _look(self) -> None:
        """Read somebody again, wherever."""
        person = self._somebody()
        service, path = self._rng.choice(
            [("personnel", "employees"), ("appraisal", "scorecards"), ("training", "records")]
        )
        address, told = f"/v1/{path}/{person.id}", {"document": person.id}
        await self._calls.ask(service, "read", "GET", address, person.id, role=Role.HR, told=told)

    async def _enrol(self) -> None:
        """Take a seat in today's session; after midnight there is another one."""
        person = self._somebody()
        address = f"/v1/sessions/{self._town.sessions[person.unit.root]}/enrolments"
        body = {"employee_id": person.id}
        seat = await self._calls.ask("training", "enrolment", "POST", address, person.id, role=Role.HR, json=body)
        if seat.outcome == "ok":
            self._seats.append((person, seat.answer["id"]))
        elif seat.answer.get("type", "").endswith("session-started"):
            await self._open_session(person.unit.root)

    async def _open_session(self, government: str) -> None:
        with contextlib.suppress(RuntimeError):  # training may be away just now
            self._town.sessions[government] = await self._town.new_session(government)

    async def _complete(self) -> None:
        """Attend and get a certificate; now and then the seat is given back instead."""
        if not self._seats:
            return
        person, seat = self._seats.popleft()
        if self._rng.random() < 0.3:
            address = f"/v1/enrolments/{seat}/cancellation"
            await self._calls.ask("training", "cancellation", "POST", address, person.id, role=Role.HR)
            return
        address = f"/v1/enrolments/{seat}/attendance/{self._town.today(person)}"
        await self._calls.ask("training", "attendance", "PUT", address, person.id, role=Role.TRAINER)
        address, body = f"/v1/enrolments/{seat}/completion", {"certificate_number": f"SERT/{seat}"}
        await self._calls.ask("training", "completion", "POST", address, person.id, role=Role.TRAINER, json=body)

    async def _superior(self, kind: str, method: str, path: str, person: Person, body: Any = None) -> Operation:
        leader = person.unit.leader
        assert leader is not None
        address = f"/v1/scorecards/{person.id}/{path}"
        return await self._calls.ask(
            "appraisal", kind, method, address, person.id, role=Role.SUPERVISOR, as_=leader.id, json=body
        )

    async def _agree(self) -> None:
        person = self._somebody()
        body = {
            "period": self._town.period(person), "name": "Layanan diselesaikan", "unit": "berkas", "polarity": "max",
            "target": "500", "weight": "1", "reason": "Dialog kinerja",
        }  # fmt: skip
        await self._superior("target", "PUT", "indicators/layanan", person, body)
        person.indicator = True

    async def _report(self) -> None:
        agreed = [person for person in self._town.staff if person.indicator]
        if not agreed:
            await self._agree()
            return
        person = self._rng.choice(agreed)
        link = "https://contoh.go.id/berkas"
        body = {"indicator": "layanan", "amount": str(self._rng.randint(1, 20)), "link": link}
        address = f"/v1/scorecards/{person.id}/progress"
        done = await self._calls.ask(
            "appraisal", "report", "POST", address, person.id, role=Role.EMPLOYEE, as_=person.id, json=body
        )
        if done.outcome == "ok":
            self._reports.append((person, done.answer["report_id"]))

    async def _verify(self) -> None:
        if self._reports:
            person, report = self._reports.popleft()
            await self._superior("verification", "POST", f"progress/{report}/verification", person)

    async def _rate(self) -> None:
        person = self._somebody()
        await self._superior("behaviour", "POST", "behaviour", person, dict.fromkeys(VALUES, self._rng.randint(2, 5)))

    async def bring_people(self) -> None:
        """Some more people of a third government come from a file."""
        await bring(self._calls, list(islice(self._rows, ROWS)))


BENGKULU = [unit for unit in UNITS if unit.government.code == "17"]
REF_UNOR = "".join(json.dumps(ref_unor(unit)) + "\n" for unit in BENGKULU).encode()


async def bring(calls: Calls, rows: Sequence[tuple[str, bool, str]]) -> Operation:
    """Have personnel import these rows, and the units that they name."""
    told = {"rows": len(rows), "nips": [nip for nip, good, _ in rows if good]}
    files = {
        "file": ("pegawai.ndjson", "".join(line for _, _, line in rows).encode()),
        "units": ("unit.ndjson", REF_UNOR),
    }
    return await calls.ask(
        "personnel", "import", "POST", "/v1/imports", role=Role.INTEGRATOR, told=told, files=files,
        data={"instansi": "17"},
    )  # fmt: skip


def rows_to_import() -> Iterator[tuple[str, bool, str]]:
    """Invented people of Bengkulu: NIP, whether the row is good, and the row; over and over, the same rows again."""
    some = [
        (person.nip, person.flaw is None, json.dumps(person.record) + "\n")
        for person in people(2_000, seed=7)
        if person.government_id == BENGKULU[0].government.id and person.flaw in (None, "bad_nip", "unknown_unit")
    ]
    return cycle(some)
