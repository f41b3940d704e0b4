"""The limit of an HTTP door: the same request read by FastAPI and pydantic, one document inserted, nothing else.

No fact, no tally, no scope, no key that makes a repeat harmless, no log. The collector's settings and short turns are
those of our services.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import FastAPI, Request
from kinara.kit import memory
from kinara.kit.threads import short_turns
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel, Field


class Rating(BaseModel):
    """A citizen's rating."""

    rating: Annotated[int, Field(ge=1, le=4)]
    text: Annotated[str, Field(max_length=4000)] = ""
    employee_id: str


class Accepted(BaseModel):
    """Its number."""

    id: str


def create() -> FastAPI:
    """The application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        memory.settle()
        short_turns()
        client: Any = AsyncIOMotorClient(os.environ["KINARA_MONGO"], w="majority", journal=True)
        app.state.feedback = client[os.environ["KINARA_DATABASE"]].feedback
        yield
        client.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/feedback", status_code=201)
    async def give(body: Rating, request: Request) -> Accepted:
        id_ = str(uuid.uuid4())
        await request.app.state.feedback.insert_one({"_id": id_, "at": datetime.now(UTC), **body.model_dump()})
        return Accepted(id=id_)

    @app.get("/health/ready")
    async def ready() -> str:
        return "ready"

    return app
