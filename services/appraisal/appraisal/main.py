"""The appraisal service, put together."""

from __future__ import annotations

from fastapi import FastAPI
from kinara.kit.app import Service, build

from appraisal import api, consumers, queries, store
from appraisal.commands.moves import MOVER
from appraisal.commands.rounds import Closer
from appraisal.commands.simulations import Simulator
from appraisal.domain.refusals import Refusal
from appraisal.settings import Settings


def create() -> FastAPI:
    """The application; uvicorn calls this (``--factory``)."""
    return build(
        Service(
            name="appraisal",
            settings=Settings(),
            routers=api.ROUTERS,
            collections=store.COLLECTIONS,
            refusal=Refusal,
            statuses=api.STATUS,
            inbox=consumers.inbox,
            prepare=store.ship_policies,
            chores=[Simulator().run, Closer().run, MOVER.run],
            streams=[queries.live],
            uploads=api.UPLOADS,
        )
    )
