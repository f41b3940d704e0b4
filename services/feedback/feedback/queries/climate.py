"""What a climate pulse came to."""

from __future__ import annotations

from decimal import Decimal

from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

from feedback.domain import climate
from feedback.domain.campaign import Campaign, today_of
from feedback.domain.survey import PARTS
from feedback.store import CLIMATE_TALLIES, PULSES


async def pulse(work: Work, pulse_id: str, scope: Scope) -> tuple[Campaign, dict[str, Decimal] | None]:
    """A pulse inside the scope, and the means of its questions once they may be told."""
    asked = (await work.get(PULSES, pulse_id, scope)).state
    tallies = [one.state for one in await work.find(CLIMATE_TALLIES, SYSTEM, {"pulse_id": pulse_id}, limit=PARTS)]
    return asked, climate.means_of(asked, tallies, today_of(asked.province, work.now()))
