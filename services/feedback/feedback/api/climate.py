"""HTTP in: the climate pulse, by which a unit asks its own people."""

from __future__ import annotations

from decimal import Decimal

from fastapi import APIRouter, Request
from kinara.contracts import Id
from kinara.kit.http import Body, WorkDep, secret_of
from kinara.kit.identity import PublicScope
from pydantic import Field

from feedback.api.campaigns import CampaignRequest, CampaignView, CodesRequest, CodesView, HrScope
from feedback.api.routes import Code, Mark, ReaderScope
from feedback.commands import climate as commands
from feedback.domain.climate import ITEMS
from feedback.queries import climate as queries

router = APIRouter(prefix="/v1/climate-pulses", tags=["climate"])


class ClimateAnswer(Body):
    """Five statements about work in the unit."""

    code: Code
    c1: Mark
    c2: Mark
    c3: Mark
    c4: Mark
    c5: Mark

    def marks(self) -> dict[str, int]:
        return {item: getattr(self, item) for item in ITEMS}


class PulseView(CampaignView):
    """A pulse, and the unit's means once it is over; ``population`` is how many serve there."""

    questions: dict[str, str] = Field(default_factory=lambda: dict(ITEMS))
    means: dict[str, Decimal] | None = Field(
        default=None, description="None while it runs, and of fewer than ten answers."
    )


@router.post("", status_code=201)
async def announce_pulse(body: CampaignRequest, scope: HrScope, work: WorkDep) -> PulseView:
    """Announce that a unit asks its own people."""
    days = body.first, body.last
    return PulseView.of(await commands.announce(work, scope, body.unit_id, body.name, days, body.population))


@router.post("/{pulse_id}/codes", status_code=201)
async def invite_staff(pulse_id: Id, body: CodesRequest, scope: HrScope, work: WorkDep, request: Request) -> CodesView:
    """One-time codes for the people of the unit."""
    secret = secret_of(request)
    return CodesView.of(await commands.invite(work, scope, pulse_id, body.count, secret), secret)


@router.post("/{pulse_id}/answers", status_code=204)
async def answer_pulse(pulse_id: Id, body: ClimateAnswer, _: PublicScope, work: WorkDep) -> None:
    """Answer without a name, by a code."""
    await commands.answer(work, pulse_id, body.code, body.marks())


@router.post("/{pulse_id}/closing", status_code=201)
async def close_pulse(pulse_id: Id, scope: HrScope, work: WorkDep) -> PulseView:
    """End a pulse before its last day."""
    return PulseView.of(await commands.close(work, scope, pulse_id))


@router.get("/{pulse_id}")
async def read_pulse(pulse_id: Id, scope: ReaderScope, work: WorkDep) -> PulseView:
    """What the unit's people said, as a whole."""
    pulse, means = await queries.pulse(work, pulse_id, scope)
    return PulseView.of(pulse).model_copy(update={"means": means})
