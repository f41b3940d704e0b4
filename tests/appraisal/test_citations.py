"""Drafts of policies that cite what citizens asked for: only what feedback has told of, in the same government."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from appraisal.store import UNITS
from kinara.contracts import Province
from kinara.contracts.feedback import ForumRecorded, ReferencePublished
from kinara.contracts.personnel import UnitChanged
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer
from kinara.kit.work import Work

Bearer = Callable[..., dict[str, str]]
NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)
PLAJU = "/16.71/plaju"


class Unit:
    """A unit that publishes what residents say; every fact arrives twice."""

    def __init__(self, deliver: Deliverer, path: str) -> None:
        self.deliver, self.id = deliver, new_id()
        self.place = {"province": Province(code=path[1:3]), "unit_path": path, "unit_id": self.id}

    async def forum(self, proposals: int = 1) -> tuple[str, list[str]]:
        """A forum with its proposals, as policies cite them."""
        forum, ids = new_id(), tuple(new_id() for _ in range(proposals))
        facts = {"held_on": NOW.date(), "attendance": 20, "proposals": proposals, "recorded_at": NOW}
        await self.deliver(ForumRecorded(**self.place, **facts, forum_id=forum, proposal_ids=ids))
        return f"forum:{forum}", [f"proposal:{id_}" for id_ in ids]

    async def campaign(self) -> str:
        return await self.published(f"campaign:{new_id()}")

    async def published(self, reference: str) -> str:
        """Something of its own that may be cited."""
        await self.deliver(ReferencePublished(**self.place, reference=reference, published_at=NOW))
        return reference


@pytest.fixture
async def plaju(deliver: Deliverer) -> Unit:
    unit = Unit(deliver, PLAJU)
    await deliver(UnitChanged(**unit.place, name="Kecamatan Plaju", parent_id=None, leader_id=None))
    return unit


@pytest.fixture
def draft(http: httpx.AsyncClient, bearer: Bearer) -> Callable[..., Any]:
    async def write(*cites: str, path: str = PLAJU, code: str = "plaju") -> httpx.Response:
        goal = {"words": "Layanan sore", "measure": "M", "at_least": "80", "cites": list(cites)}
        body = {
            "code": code, "version": 2, "name": "Rancangan", "unit_path": path, "cadence": "monthly",
            "effective_from": f"{datetime.now(UTC).year + 2}-01-01", "satisfaction": {"mean": "3.2"}, "goals": [goal],
            "weights": {"K": "0.45", "M": "0.20", "A": "0.05", "L": "0.10", "B": "0.20"},
        }  # fmt: skip
        headers = bearer("hr", units=["/" + path.split("/")[1]]) | {"Idempotency-Key": new_id()}
        return await http.post("/v1/policies/drafts", json=body, headers=headers)

    return write


async def test_a_draft_cites_forums_proposals_campaigns_figures_and_topics_that_are_known(
    plaju: Unit, draft: Any, prepared: Database
) -> None:
    forum, (proposal, _) = await plaju.forum(2)
    campaign, index = await plaju.campaign(), await plaju.published(f"ikm:{plaju.id}:2026-10")
    cites = [forum, proposal, campaign, index, "topic:waktu"]

    written = await draft(*cites)

    assert written.status_code == 201, written.text
    assert written.json()["content"]["goals"][0]["cites"] == cites
    kept = (await Work(prepared).get(UNITS, plaju.id, SYSTEM)).state
    assert len(kept.references) == 5, "each fact came twice"


async def test_a_draft_that_cites_what_is_not_known_waits_for_the_fact(plaju: Unit, draft: Any) -> None:
    forum, _ = await plaju.forum()
    soon = f"proposal:{new_id()}"
    refused = await draft(forum, soon)
    assert refused.status_code == 422
    problem = refused.json()
    assert (problem["type"], problem["errors"][0]["field"]) == ("urn:kinara:problem:citation-unknown", "cites")
    assert soon in refused.text
    assert "coba lagi sebentar lagi" in refused.text

    told = ReferencePublished(**plaju.place, reference=soon, published_at=NOW)
    await plaju.deliver(told)
    assert (await draft(forum, soon)).status_code == 201


async def test_words_are_no_reference(draft: Any) -> None:
    assert (await draft("Forum Plaju, Maret 2026")).json()["errors"][0]["field"] == "cites"


async def test_what_another_government_published_is_not_known_here(plaju: Unit, draft: Any, deliver: Deliverer) -> None:
    elsewhere, _ = await Unit(deliver, "/96.71/dinkes").forum()
    beside, _ = await Unit(deliver, "/16.71/ilir").forum()
    assert (await draft(elsewhere)).status_code == 422
    assert (await draft(beside)).status_code == 201, "another district of the city"
