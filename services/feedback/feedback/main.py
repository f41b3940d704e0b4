"""The feedback service, put together."""

from __future__ import annotations

from fastapi import FastAPI
from kinara.kit.app import Service, build
from kinara.kit.identity import Verifier
from kinara.kit.regional import warn_of_unknown_years

from feedback import api, consumers, store
from feedback.commands.clocks import Timekeeper
from feedback.commands.moves import MOVER
from feedback.commands.publication import Publisher
from feedback.domain.refusals import Refusal
from feedback.settings import Settings


def create() -> FastAPI:
    """The application; uvicorn calls this (``--factory``)."""
    settings = Settings()
    app = build(
        Service(
            name="feedback",
            settings=settings,
            routers=api.ROUTERS,
            collections=store.COLLECTIONS,
            refusal=Refusal,
            statuses=api.STATUS,
            inbox=consumers.inbox,
            chores=[Timekeeper().run, Publisher().run, MOVER.run],
        )
    )
    app.state.citizens = Verifier(settings.citizens) if settings.citizens else None
    app.state.burst_from = settings.burst_from
    app.state.complaints_most = settings.complaints_most
    app.state.clocks = store.clocks_of(settings.regional)
    warn_of_unknown_years(app.state.clocks.calendar)
    app.state.mask = store.mask_of(settings.regional)
    return app
