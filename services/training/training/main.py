"""The training service, put together."""

from __future__ import annotations

from fastapi import FastAPI
from kinara.kit.app import Service, build

from training import api, consumers, store
from training.commands.ending import Settler
from training.commands.following import Follower
from training.commands.moves import MOVER
from training.commands.offering import Offerer
from training.commands.standards import Assessor
from training.domain.refusals import Refusal
from training.settings import Settings


def create() -> FastAPI:
    """The application; uvicorn calls this (``--factory``)."""
    settings = Settings()
    return build(
        Service(
            name="training",
            settings=settings,
            routers=[api.router],
            collections=store.COLLECTIONS,
            refusal=Refusal,
            statuses=api.STATUS,
            inbox=consumers.opening_needs_below(settings.need_below, settings.need_complaints),
            prepare=store.ship_catalogue,
            chores=[Assessor().run, Follower().run, Settler().run, Offerer().run, MOVER.run],
        )
    )
