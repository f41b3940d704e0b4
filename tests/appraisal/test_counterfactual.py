"""What would have changed a score, as the explanation tells it: while the period runs, and once it is closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from kinara.contracts.feedback import ComplaintOverdue
from kinara.kit.testing import Deliverer

NOVEMBER = "2026-11"
LAST_DAY = datetime(2026, 11, 30, 2, tzinfo=UTC)


@pytest.fixture
async def worked(town: Any, office: Any, deliver: Deliverer, boss: str) -> str:
    """An officer with a report that waits, complaints that were late, hours still due and an angry citizen."""
    id_: str = await town.officer(superior=boss)
    await office.agree(id_, period=NOVEMBER)
    await office.report(id_, "60")
    seat = town.offer(id_, jp=20)
    late = [town.complaint(id_, ComplaintOverdue, due_at=LAST_DAY) for _ in range(2)]
    await deliver(town.complaint(id_), *late, seat, town.completion(seat, jp=8), town.voice(id_, 1))
    await office.rate(id_, office.superior(boss), 3)
    return id_


@pytest.fixture
def lines(http: httpx.AsyncClient, worked: str) -> Any:
    async def _lines(who: dict[str, str]) -> Any:
        found = await http.get(f"/v1/scorecards/{worked}/periods/{NOVEMBER}/explanation", headers=who)
        assert found.status_code == 200, found.text
        return found.json()["counterfactuals"]

    return _lines


async def test_the_explanation_tells_what_would_have_changed_the_score(
    worked: str, boss: str, lines: Any, bearer: Any
) -> None:
    told = await lines(bearer("employee", worked, ()))

    assert [one["sentence"] for one in told] == [
        "Bila 1 laporan yang belum diverifikasi diverifikasi, K naik dari 30,3 ke 53,03, predikat tetap Butuh "
        "Perbaikan.",
        "Bila Berkas selesai sesuai target per 30-11-2026 (70 berkas lagi), K naik dari 30,3 ke 83,33, predikat "
        "menjadi Baik.",
        "Bila 2 pengaduan yang terlambat atau belum tuntas selesai tepat waktu, A naik dari 69,23 ke 84,62, predikat "
        "tetap Butuh Perbaikan.",
        "Bila 11 JP pembelajaran yang masih kurang diperoleh, L naik dari 36,36 ke 86,36, predikat tetap Butuh "
        "Perbaikan.",
    ]
    assert (told[1]["component"], told[1]["before"], told[1]["after"]) == ("K", "30.30", "83.33")
    assert told[1]["predikat"] == "Baik"
    for who in (bearer("supervisor", boss, ()), bearer("hr"), bearer("oversight")):
        assert await lines(who) == told


async def test_a_closed_period_tells_the_same(worked: str, lines: Any, bearer: Any, office: Any) -> None:
    before = await lines(bearer("hr"))
    office.now = datetime(2026, 12, 2, tzinfo=UTC)
    await office.close(worked, NOVEMBER)
    assert await lines(bearer("hr")) == before


async def test_what_is_verified_is_told_no_longer(
    worked: str, boss: str, office: Any, lines: Any, bearer: Any, card: Any
) -> None:
    (waiting,) = (await card(worked)).months[NOVEMBER].pending
    foretold = (await lines(bearer("hr")))[0]
    scored = await office.verify(worked, waiting, office.superior(boss))
    assert "laporan" not in str(await lines(bearer("hr")))
    score = scored.scores[NOVEMBER]
    assert (f"{score.components['K']:.2f}", str(score.s)) == (foretold["after"], foretold["score"]), "as it was told"
