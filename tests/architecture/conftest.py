"""The real applications, put together as uvicorn does it, with neither broker nor database in reach."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from house import ROOT, Create, Run

NOWHERE = {"KINARA_KAFKA": "kafka://127.0.0.1:1", "KINARA_MONGO": "mongodb://127.0.0.1:1/?directConnection=true"}


@pytest.fixture
def create(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Create:
    """The application of a service."""
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KINARA_TOPICS", str(ROOT / "deploy" / "topics.yaml"))
    monkeypatch.setenv("KINARA_ISSUER_KEY", str(tmp_path / "issuer.json"))
    return lambda service: importlib.import_module(f"{service}.main").create()


@pytest.fixture
def run(create: Create) -> Run:
    """The application of a service inside its lifespan, where its subscribers exist."""

    @asynccontextmanager
    async def running(service: str) -> AsyncIterator[FastAPI]:
        app = create(service)
        async with app.router.lifespan_context(app):
            yield app

    return running
