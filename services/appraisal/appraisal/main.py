"""The appraisal service, put together."""

from __future__ import annotations

from fastapi import FastAPI
from kinara.kit.app import Service, build
from kinara.kit.regional import calendar_of, warn_of_unknown_years

from appraisal import api, consumers, queries, store
from appraisal.commands.moves import MOVER
from appraisal.commands.rounds import Closer
from appraisal.commands.simulations import Simulator
from appraisal.domain.refusals import Refusal
from appraisal.settings import Settings


def create() -> FastAPI:
    """The application; uvicorn calls this (``--factory``)."""
    settings = Settings()
    calendar = calendar_of(settings.regional)
    app = build(
        Service(
            name="appraisal",
            settings=settings,
            routers=api.ROUTERS,
            collections=store.COLLECTIONS,
            refusal=Refusal,
            statuses=api.STATUS,
            inbox=consumers.inbox,
            prepare=store.ship_policies,
            chores=[Simulator().run, Closer(calendar).run, MOVER.run],
            streams=[queries.live],
            uploads=api.UPLOADS,
        )
    )
    app.state.calendar = calendar
    warn_of_unknown_years(calendar)
    return app
