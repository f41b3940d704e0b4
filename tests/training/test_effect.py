"""What a programme changed, from the scores that are heard to the public door."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import Scope
from kinara.kit.work import Work
from training import queries
from training.domain import effect
from training.queries import effects

Bearer = Callable[..., dict[str, str]]


def month(away: int) -> str:
    """So many months from this one."""
    today = day_of(utc_now(), "16")
    number = today.year * 12 + today.month - 1 + away
    return f"{number // 12}-{number % 12 + 1:02d}"


async def rose(town: Any, employee_id: str, by: int, path: str = "/16.71/plaju") -> None:
    """Scores of 80 before this month, and so much more after it."""
    for away in (-2, -1, 1, 2):
        score = Decimal(80 + (by if away > 0 else 0))
        await town.scored(employee_id, path=path, period=month(away), score=score, a=score, predikat=None)


async def test_participants_are_compared_with_who_did_not_take_part(
    http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await school.session()
    for by in (10, 6):
        learner = await town.employee()
        await school.certified(session, learner)
        await rose(town, learner, by)
    await rose(town, await town.employee("/16.71/ilir"), 3)
    await rose(town, await town.employee("/96.71/dinkes"), 50, "/96.71/dinkes")

    address = f"/v1/programmes/{session.programme_id}/effect"
    few = (await http.get(address, headers=bearer("hr"))).json()
    assert (few["n"], few["change"], few["change_of_comparables"], few["difference"]) == (2, None, None, None)
    assert few["caveat"].startswith("Baru 2 peserta")
    monkeypatch.setattr(effect, "FEW", 1)
    told = (await http.get(address, headers=bearer("hr"))).json()

    assert (told["n"], told["change"], told["comparables"]) == (2, "8.00", 1)
    assert (told["change_of_comparables"], told["difference"], told["alone"]) == ("3.00", "5.00", 0)
    elsewhere = await http.get(address, headers=bearer("hr", None, ("/96.71",)))
    assert (elsewhere.json()["n"], elsewhere.json()["change"]) == (0, None)
    assert (await http.get(f"/v1/programmes/{new_id()}/effect", headers=bearer("hr"))).status_code == 404


async def test_a_partner_is_rated_by_what_its_programmes_changed_together(
    http: httpx.AsyncClient, town: Any, bearer: Bearer
) -> None:
    registry = {"unit_id": await town.unit("/16.71"), "name": "Lembaga Contoh", "kind": "education"}
    partner = (await http.post("/v1/partners", json=registry, headers=bearer("hr"))).json()

    told = (await http.get(f"/v1/partners/{partner['id']}/effect", headers=bearer("hr"))).json()

    assert (told["n"], told["difference"], told["caveat"][:23]) == (0, None, "Baru 0 peserta yang ter")
    elsewhere = bearer("hr", None, ("/96.71",))
    assert (await http.get(f"/v1/partners/{partner['id']}/effect", headers=elsewhere)).status_code == 404


async def test_everybody_is_gone_through_however_many_pages_it_takes(
    prepared: Database, school: Any, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "READ_AT_ONCE", 2)
    monkeypatch.setattr(effect, "FEW", 3)
    one, other = await school.session(), await school.session(jp=1)
    both = await town.employee()
    for learner, session in [(both, one), (await town.employee(), one), (await town.employee(), other)]:
        await school.certified(session, learner)
        await rose(town, learner, 6)
    for _ in range(5):
        await rose(town, await town.employee(), 2)

    found = await queries.effect_of(
        Work(prepared), Scope(paths=("/16.71", "/16.71/plaju")), [one.programme_id, other.programme_id]
    )

    assert (found.n, found.comparables, found.difference) == (3, 5, Decimal("4.00"))
