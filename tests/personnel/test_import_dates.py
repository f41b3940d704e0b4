"""Dirty dates of SIASN: a row whose days cannot be is rejected by its field, and no fact ever carries one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from kinara.kit.outbox import OUTBOX
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work
from personnel.domain.appointment import appointed_on
from personnel.siasn.client import SiasnClient
from personnel.store import REJECTS
from siasn_stub.people import Person, people
from siasn_stub.places import UNITS
from siasn_stub.records import ref_unor, rw_golongan, written

REF_UNOR = "".join(json.dumps(ref_unor(unit)) + "\n" for unit in UNITS)
GOOD = [person for person in people(400, seed=3) if person.flaw is None]
OFFICER = next(
    person for person in GOOD
    if (person.record["jenisJabatanId"], person.record["golRuangAkhir"]) == ("4", "III/a")
    and person.record["statusPegawai"] == "PNS"
)  # fmt: skip
FAR = written(date.today() + timedelta(days=500))  # noqa: DTZ011  # a year and more ahead on any clock
ABSURD = [(field, day) for field in ("tmtJabatan", "tmtGolAkhir") for day in ("01-01-1940", FAR)]
RAISED = {"golRuangAkhirId": "32", "golRuangAkhir": "III/b"}


async def taken(feed: Any, *persons: Person, **changes: str) -> Any:
    text = "".join(json.dumps(person.record | changes) + "\n" for person in persons)
    return await feed.work_off(await feed.file(text, units=REF_UNOR))


async def announced(feed: Any) -> list[dict[str, Any]]:
    """What was said about people."""
    buckets = await feed.database.find(OUTBOX, {}, sort=[("_id", 1)])
    facts = [json.loads(row["data"]) for bucket in buckets for row in bucket["rows"]]
    return [fact for fact in facts if "effective_on" in fact]


def outcomes(run: Any) -> tuple[int, int, int, int]:
    assert run.tally.rows == run.position
    return run.tally.created, run.tally.updated, run.tally.unchanged, run.tally.rejected


@pytest.mark.parametrize(("field", "day"), ABSURD)
async def test_a_person_with_an_impossible_day_is_not_registered_and_everybody_else_is(
    feed: Any, field: str, day: str
) -> None:
    dirty = replace(OFFICER, record=OFFICER.record | {field: day})
    others = [person for person in GOOD if person is not OFFICER][60:65]
    run = await taken(feed, others[0], dirty, *others[1:])
    assert outcomes(run) == (5, 0, 0, 1)
    assert await feed.rejects(run) == [("employee", 2, field)]
    (reject,) = await Work(feed.database).find(REJECTS, SYSTEM, {"run_id": run.id})
    first = written(appointed_on([OFFICER.nip]))
    assert reject.state.reason.startswith(f"{field}: {day} tidak mungkin, diharapkan antara pengangkatan menurut NIP")
    assert (first in reject.state.reason, reject.state.raw[field]) == (True, day)
    corrected = await taken(feed, OFFICER)
    assert outcomes(corrected) == (1, 0, 0, 0)


@pytest.mark.parametrize(("field", "day"), ABSURD)
async def test_a_known_person_is_not_promoted_as_of_an_impossible_day(feed: Any, field: str, day: str) -> None:
    await taken(feed, OFFICER)
    before, said = await feed.people(), await announced(feed)
    run = await taken(feed, OFFICER, **RAISED, **{field: day})
    assert (outcomes(run), await feed.rejects(run)) == ((0, 0, 0, 1), [("employee", 1, field)])
    assert (await feed.people(), await announced(feed)) == (before, said)
    promoted = await taken(feed, OFFICER, **RAISED, tmtGolAkhir="01-11-2025")
    assert outcomes(promoted) == (0, 1, 0, 0)


async def test_an_impossible_day_keeps_nobody_in_service_who_has_retired(feed: Any) -> None:
    await taken(feed, OFFICER)
    run = await taken(feed, OFFICER, kedudukanPnsId="99", tmtJabatan="01-01-1940")
    assert outcomes(run) == (0, 1, 0, 0)
    (gone,) = (await feed.people()).values()
    assert (gone.status, gone.jabatan_since == date(1940, 1, 1)) == ("separated", False)


async def test_everybody_whose_record_is_good_stays_good_with_the_days_that_siasn_states(feed: Any) -> None:
    run = await taken(feed, *GOOD)
    assert outcomes(run) == (len(GOOD), 0, 0, 0)
    known = {employee.id: employee for employee in (await feed.people()).values()}
    for fact in await announced(feed):
        first = appointed_on([known[fact["employee_id"]].nip])
        assert date.fromisoformat(fact["effective_on"]) >= first


async def test_a_history_may_reach_back_beyond_the_appointment_since_it_is_not_announced(
    feed: Any, siasn: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [entry | {"tmtGolongan": "01-01-1940"} for entry in rw_golongan(OFFICER.record)[:1]]

    async def early(_client: SiasnClient, _nip: str) -> list[dict[str, Any]]:
        return entries

    async def same(_client: SiasnClient, _nip: str) -> dict[str, Any]:
        return OFFICER.record

    monkeypatch.setattr(SiasnClient, "rw_golongan", early)
    monkeypatch.setattr(SiasnClient, "data_utama", same)
    await taken(feed)
    run = await feed.work_off(await feed.siasn(OFFICER.record["instansiKerjaKodeCepat"], [OFFICER.nip]))
    assert (outcomes(run), run.histories_rejected) == ((1, 0, 0, 0), 0)
    assert "1940-01-01" not in {fact["effective_on"] for fact in await announced(feed)}
    (known,) = (await feed.people()).values()
    assert known.career.ranks[0].since == date(1940, 1, 1)


async def test_what_nobody_can_see_in_a_name_is_left_out(feed: Any) -> None:
    run = await taken(feed, OFFICER, nama="RANI\u0000 CON\u202eTOH\ud800", jabatanNama="Penelaah\u200f\u0007")
    assert outcomes(run) == (1, 0, 0, 0)
    (known,) = (await feed.people()).values()
    assert (known.name, known.jabatan) == ("Rani Contoh", "Penelaah")
