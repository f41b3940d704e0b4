"""Citizens' voices in the profile: heard from feedback, each fact delivered twice, few of them told to few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.feedback import (
    ComplaintReopened,
    ComplaintResolved,
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackReleased,
    FeedbackWithdrawn,
)
from kinara.kit.ids import new_id
from kinara.kit.testing import Deliverer

Bearer = Callable[..., dict[str, str]]
AT = datetime(2026, 5, 4, 3, tzinfo=UTC)


class Citizens:
    """What citizens say about Rani, and what her profile shows of it."""

    def __init__(self, http: httpx.AsyncClient, deliver: Deliverer, rani: Any, bearer: Bearer) -> None:
        self.http, self.deliver, self.rani, self.bearer = http, deliver, rani, bearer
        self.about: dict[str, Any] = {
            "province": Province(code="16"), "unit_path": rani.unit_path, "unit_id": rani.unit_id,
            "employee_id": rani.id,
        }  # fmt: skip

    def voice(self, rating: int, trust: str = "1") -> FeedbackReceived:
        return FeedbackReceived(**self.about, feedback_id=new_id(), rating=rating, trust=Decimal(trust), given_at=AT)

    async def shown(self, who: dict[str, str] | None = None) -> list[tuple[int, int | None, str | None, int]]:
        path = f"/v1/employees/{self.rani.id}/profile"
        answer = await self.http.get(path, headers=who or self.bearer("hr"))
        assert answer.status_code == 200, answer.text
        return [
            (one["year"], one["voices"], one["rating"], one["complaints_solved"]) for one in answer.json()["voices"]
        ]


@pytest.fixture
async def citizens(http: httpx.AsyncClient, deliver: Deliverer, office: Any, bearer: Bearer) -> Citizens:
    unit = await office.unit("plaju", await office.unit("16.71"))
    unit = await office.lead(unit, await office.employee(unit, "Camat Plaju"))
    return Citizens(http, deliver, await office.employee(unit), bearer)


async def test_the_profile_shows_how_many_voices_there_were_and_how_good(citizens: Citizens) -> None:
    assert await citizens.shown() == []
    await citizens.deliver(citizens.voice(4), citizens.voice(1, "0.2"))
    assert await citizens.shown() == [(2026, 2, "3.50", 0)]
    await citizens.deliver(citizens.voice(2).model_copy(update={"given_at": AT.replace(year=2025)}))
    assert await citizens.shown() == [(2025, 1, "2.00", 0), (2026, 2, "3.50", 0)]


async def test_what_is_withdrawn_or_held_in_quarantine_does_not_count(citizens: Citizens) -> None:
    first, second = citizens.voice(4), citizens.voice(1)
    told = {"exclude": {"has_text"}}
    held = FeedbackQuarantined(**second.model_dump(**told), reason="Beruntun")
    await citizens.deliver(first, second, held)
    assert await citizens.shown() == [(2026, 1, "4.00", 0)]
    await citizens.deliver(FeedbackReleased(**second.model_dump(**told), reason="Sah"))
    assert await citizens.shown() == [(2026, 2, "2.50", 0)]
    await citizens.deliver(FeedbackWithdrawn(**first.model_dump(**told), reason="citizen"))
    assert await citizens.shown() == [(2026, 1, "1.00", 0)]


async def test_a_solved_complaint_counts_until_the_citizen_opens_it_again(citizens: Citizens) -> None:
    about = citizens.about | {"complaint_id": new_id(), "opened_at": AT}
    await citizens.deliver(ComplaintResolved(**about, resolved_at=AT, within_sla=True, outcome="solved"))
    assert await citizens.shown() == [(2026, 0, None, 1)]
    await citizens.deliver(ComplaintReopened(**about, reopened_at=AT, was_within_sla=True, was_outcome="solved"))
    assert await citizens.shown() == [(2026, 0, None, 0)]


async def test_few_voices_are_told_to_the_employee_and_their_office_only(citizens: Citizens, bearer: Bearer) -> None:
    superior = bearer("supervisor", citizens.rani.supervisor_id, ())
    await citizens.deliver(*(citizens.voice(3) for _ in range(4)))
    for who in (bearer("hr"), bearer("oversight"), bearer("employee", citizens.rani.id, ())):
        assert await citizens.shown(who) == [(2026, 4, "3.00", 0)]
    assert await citizens.shown(superior) == [(2026, None, None, 0)]
    await citizens.deliver(citizens.voice(3))
    assert await citizens.shown(superior) == [(2026, 5, "3.00", 0)]
    stranger = await citizens.http.get(
        f"/v1/employees/{citizens.rani.id}/profile", headers=bearer("hr", None, ("/17",))
    )
    assert stranger.status_code == 404
