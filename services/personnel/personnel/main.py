"""The personnel service, put together."""

from __future__ import annotations

from fastapi import FastAPI
from kinara.kit.app import Service, build

from personnel import api, consumers, store
from personnel.commands import reorganisations
from personnel.commands.imports.runner import Runner
from personnel.commands.moves import MOVER
from personnel.commands.outgoing.making import Maker
from personnel.commands.outgoing.sender import Sender
from personnel.domain.refusals import Refusal
from personnel.settings import Settings


def create() -> FastAPI:
    """The application; uvicorn calls this (``--factory``)."""
    settings = Settings()
    return build(
        Service(
            name="personnel",
            settings=settings,
            routers=[api.router],
            collections=store.COLLECTIONS,
            refusal=Refusal,
            statuses=api.STATUS,
            inbox=consumers.inbox,
            chores=[reorganisations.run, MOVER.run, Runner(settings).run, Maker(settings).run, Sender(settings).run],
            uploads=api.UPLOADS,
        )
    )
